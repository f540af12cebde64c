package otelkit

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.opentelemetry.io/otel/log"
)

func TestHandlerKeepsSlogsContract(t *testing.T) {
	t.Parallel()
	var rec *recorder
	slogtest.Run(t, func(t *testing.T) slog.Handler {
		var kit *Kit
		kit, rec = start(t)
		return kit.Logger("test").Handler()
	}, func(t *testing.T) map[string]any { return rec.last(t) })
}

func TestHandlerSeverity(t *testing.T) {
	t.Parallel()
	kit, rec := start(t, WithLogLevel(slog.LevelDebug-4))
	for level, want := range map[slog.Level]log.Severity{
		slog.LevelDebug - 4: log.SeverityTrace1,
		slog.LevelDebug:     log.SeverityDebug1,
		slog.LevelInfo:      log.SeverityInfo1,
		slog.LevelInfo + 1:  log.SeverityInfo2,
		slog.LevelWarn:      log.SeverityWarn1,
		slog.LevelError:     log.SeverityError1,
		slog.LevelError + 4: log.SeverityFatal1,
	} {
		kit.Logger("test").Log(t.Context(), level, "event")
		if got := rec.severityOf(); got != want {
			t.Errorf("%v: severity %v, want %v", level, got, want)
		}
	}
}

func TestHandlerCorrelates(t *testing.T) {
	t.Parallel()
	kit, rec := start(t)
	ctx, span := kit.TracerProvider().Tracer("test").Start(t.Context(), "work")
	kit.Logger("test").InfoContext(ctx, "inside")
	span.End()

	got := rec.last(t)
	sc := span.SpanContext()
	if got["trace_id"] != sc.TraceID().String() || got["span_id"] != sc.SpanID().String() {
		t.Errorf("line has %v/%v, its span %v/%v", got["trace_id"], got["span_id"], sc.TraceID(), sc.SpanID())
	}
	kit.Logger("test").Info("outside")
	if got := rec.last(t); got["trace_id"] != nil {
		t.Errorf("a line without a span has trace_id %v", got["trace_id"])
	}
}

type declined struct{ code int }

func (d *declined) Error() string { return fmt.Sprintf("declined %d", d.code) }

func TestHandlerKeepsEveryError(t *testing.T) {
	t.Parallel()
	kit, rec := start(t)
	first := fmt.Errorf("charge: %w", &declined{code: 51})
	second, third := errors.New("refund failed"), errors.New("lock lost")

	kit.Logger("test").With("lock", third).ErrorContext(t.Context(), "order_failed",
		"charge", first, slog.Group("cleanup", "refund", second), "typed_nil", (*declined)(nil))

	got := rec.last(t)
	stack, _ := got["exception.stacktrace"].(string)
	delete(got, "exception.stacktrace")
	delete(got, "time")
	want := map[string]any{
		"msg": "order_failed", "level": "ERROR",
		"charge": "charge: declined 51", "lock": "lock lost", "typed_nil": nil,
		"cleanup":           map[string]any{"refund": "refund failed"},
		"exception.type":    "*otelkit.declined",
		"exception.message": "charge: declined 51",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if first, _, _ := strings.Cut(stack, "\n"); !strings.HasSuffix(first, "TestHandlerKeepsEveryError()") {
		t.Errorf("the stack does not begin at the call:\n%s", stack)
	}
	o := rec.origins[0]
	if diff := cmp.Diff([]error{first, second, third}, o.Errors, cmpopts.EquateErrors()); diff != "" {
		t.Error(diff)
	}
	if o.PC == 0 || len(o.Stack) == 0 || o.Stack[0] != o.PC {
		t.Errorf("the call site is not carried: PC %#x, stack %#x", o.PC, o.Stack)
	}
}

// Lines below WARN do not pay for what only errors need.
func TestHandlerCarriesNoOriginBelowWarn(t *testing.T) {
	t.Parallel()
	kit, rec := start(t)
	kit.Logger("test").Info("fine", "error", errors.New("expected"))
	got := rec.last(t)
	if rec.origins[0] != nil || got["exception.stacktrace"] != nil {
		t.Errorf("origin %v, stack %v", rec.origins[0], got["exception.stacktrace"])
	}
	if got["exception.message"] != "expected" {
		t.Errorf("exception.message = %v", got["exception.message"])
	}
}

type bomb struct{}

func (bomb) LogValue() slog.Value { panic("log value") }

type stringBomb struct{ _ int }

func (stringBomb) String() string { panic("string") }

type errorBomb struct{}

func (errorBomb) Error() string { panic("error") }
func (errorBomb) Unwrap() error { panic("unwrap") }

// What panics while it is logged costs its own value and nothing else.
func TestHandlerSurvivesForeignCode(t *testing.T) {
	t.Parallel()
	kit, rec := start(t)
	kit.Logger("test").Error("event", "valuer", bomb{}, "stringer", stringBomb{}, "error", errorBomb{}, "after", 1)
	got := rec.last(t)
	for key, want := range map[string]string{"valuer": "log value", "stringer": "string", "error": "error", "exception.message": "error"} {
		if text, _ := got[key].(string); !strings.Contains(text, "PANIC") || !strings.Contains(text, want) {
			t.Errorf("%s = %q", key, text)
		}
	}
	if got["after"] != int64(1) {
		t.Errorf("after = %v", got["after"])
	}
}

type card struct {
	Number string
	Holder struct{ Email string }
	secret string
}

func TestHandlerValues(t *testing.T) {
	t.Parallel()
	kit, rec := start(t)
	c := card{Number: "x", secret: "y"}
	at := time.Date(2026, 11, 22, 13, 46, 40, 99e6, time.UTC)
	kit.Logger("test").Info("event", "struct", c, "pointer", &c, "map", map[string]int{"a": 1},
		"duration", 1500*time.Millisecond, "at", at, "nothing", nil, "names", []string{"a", "b"})
	got := rec.last(t)
	for _, key := range []string{"msg", "level", "time"} {
		delete(got, key)
	}
	// The scrubber of the default kit knows what a Number and an Email are.
	structure := func(v any) []string {
		m, _ := v.(map[string]any)
		return []string{fmt.Sprint(len(m)), fmt.Sprintf("%T", m["Holder"])}
	}
	for _, key := range []string{"struct", "pointer"} {
		if diff := cmp.Diff([]string{"2", "map[string]interface {}"}, structure(got[key])); diff != "" {
			t.Errorf("%s = %v", key, got[key])
		}
		delete(got, key)
	}
	want := map[string]any{
		"map": map[string]any{"a": int64(1)}, "duration": "1.5s", "at": "2026-11-22T13:46:40.099Z", "nothing": nil,
		"names": []string{"a", "b"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBind(t *testing.T) {
	t.Parallel()
	kit, rec := start(t)
	outer := Bind(t.Context(), "request_id", "r1", "step", 1)
	inner := Bind(outer, slog.Int("step", 2), slog.Group("cart", "size", 3))
	kit.Logger("test").WithGroup("g").With("a", 1).InfoContext(inner, "inner", "step", "own")
	kit.Logger("test").With("request_id", "logger").InfoContext(outer, "outer", "step", "line")

	all := rec.all()
	for _, m := range all {
		delete(m, "time")
	}
	want := []map[string]any{
		{"msg": "inner", "level": "INFO", "request_id": "r1", "step": int64(2), "cart": map[string]any{"size": int64(3)}, "g": map[string]any{"a": int64(1), "step": "own"}},
		{"msg": "outer", "level": "INFO", "request_id": "logger", "step": "line"},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Error(diff)
	}
}

// With and WithGroup on one logger must not reach another made from it.
func TestHandlerCopies(t *testing.T) {
	t.Parallel()
	kit, rec := start(t)
	base := kit.Logger("test").With("a", 1).WithGroup("g").With("b", 2)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			key := fmt.Sprint("k", i)
			base.With(key, i).WithGroup("deep").Info("event", "i", i)
		})
	}
	wg.Wait()
	for _, m := range rec.all() {
		g := m["g"].(map[string]any)
		i := g["deep"].(map[string]any)["i"].(int64)
		delete(g, "deep")
		if diff := cmp.Diff(map[string]any{"b": int64(2), fmt.Sprint("k", i): i}, g); diff != "" {
			t.Error(diff)
		}
	}
}

// Concurrent lines share pooled buffers; none may show another's attributes.
func TestHandlerConcurrently(t *testing.T) {
	t.Parallel()
	kit, rec := start(t)
	logger := kit.Logger("test")
	const workers, lines = 16, 50
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			ctx := Bind(t.Context(), "worker", w)
			for range lines {
				logger.InfoContext(ctx, "event", "a", w, "b", w, "c", w, "d", w, "e", w, "f", w)
			}
		})
	}
	wg.Wait()
	all := rec.all()
	if len(all) != workers*lines {
		t.Errorf("%d lines, want %d", len(all), workers*lines)
	}
	for _, m := range all {
		for _, key := range []string{"a", "b", "c", "d", "e", "f"} {
			if m[key] != m["worker"] {
				t.Fatalf("a line of worker %v has %s=%v", m["worker"], key, m[key])
			}
		}
	}
}

func TestHandlerWithoutContext(t *testing.T) {
	t.Parallel()
	kit, rec := start(t)
	if err := kit.Logger("test").Handler().Handle(nil, slog.NewRecord(time.Time{}, slog.LevelInfo, "event", 0)); err != nil { //nolint:staticcheck // what a careless caller does
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"level", "msg"}, slices.Sorted(maps.Keys(rec.last(t)))); diff != "" {
		t.Error(diff)
	}
}

// What is over the limit of a record is cut off at its end. That must not be the
// error.
func TestLineOfManyAttributes(t *testing.T) {
	t.Parallel()
	kit, rec := start(t)
	args := []any{"error", errors.New("card declined")}
	for i := range 1000 {
		args = append(args, "k"+strconv.Itoa(i%500), i)
	}
	kit.Logger("test").Error("failed", args...)
	got := rec.last(t)
	if got["exception.message"] != "card declined" || got["k7"] != int64(507) {
		t.Errorf("exception.message %v, k7 %v; want the error, and the last of each key", got["exception.message"], got["k7"])
	}
}
