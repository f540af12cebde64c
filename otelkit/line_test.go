package otelkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/trace"
	collogspb "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"
)

// bystander wants records, and leaves them as they are.
type bystander struct{ sdklog.Processor }

func (bystander) OnEmit(context.Context, *sdklog.Record) error { return nil }
func (bystander) ForceFlush(context.Context) error             { return nil }
func (bystander) Shutdown(context.Context) error               { return nil }

// wiretap returns a kit and a function that delivers what it has recorded and
// returns the requests that arrived.
func wiretap(t *testing.T, opts ...Option) (*Kit, func() []byte) {
	t.Helper()
	bodies := make(chan []byte, 2)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		bodies <- body
	}))
	t.Cleanup(receiver.Close)
	kit, err := Init(t.Context(), quiet(append(opts, WithEndpoint(receiver.URL),
		WithResourceAttributes(attribute.String("service.instance.id", "one")))...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kit.Shutdown(context.WithoutCancel(t.Context())) })
	return kit, func() []byte {
		t.Helper()
		if err := kit.ForceFlush(t.Context()); err != nil {
			t.Fatal(err)
		}
		select {
		case body := <-bodies:
			return body
		default:
			return nil
		}
	}
}

// everyLine are lines of all kinds of values, by what is special about them.
func everyLine() map[string][]any {
	secret := "hunter2" + "-hunter2"
	many := make([]any, 0, 400)
	for i := range 200 {
		many = append(many, slog.Int(fmt.Sprint("n", i), i))
	}
	deep := slog.Attr{Key: "deep", Value: slog.StringValue("end")}
	for range 30 {
		deep = slog.Attr{Key: "deep", Value: slog.GroupValue(deep, slog.Int("n", 1))}
	}
	large := make([]any, 0, 16)
	for i := range 16 {
		large = append(large, slog.String(fmt.Sprint("m", 15-i), "v"))
	}
	return map[string][]any{
		"nothing": nil,
		"kinds": {
			"string", "text", "empty", "", "int", -1, "zero", 0, "min", math.MinInt64, "max", math.MaxInt64, "uint", uint64(math.MaxUint64),
			"float", 1.5, "nan", math.NaN(), "inf", math.Inf(-1), "negative_zero", math.Copysign(0, -1), "yes", true, "no", false,
			"took", 1500 * time.Millisecond, "at", time.Unix(1, 5).UTC(), "nil", nil,
		},
		"any": {
			"strings",
			[]string{"a", "", "c"},
			"ints",
			[]int{-1, 0, 1},
			"floats",
			[]float64{0, .5},
			"bools",
			[]bool{true, false},
			"no_strings",
			[]string{},
			"bytes",
			[]byte{0xff, 0},
			"struct",
			struct{ A, B int }{1, 2},
			"map",
			map[string]any{"a": []any{1, "b", nil}},
			"no_map",
			map[string]int{},
		},
		"groups":     {slog.Group("g", "b", 1, slog.Group("in", "x", "y"), "a", 2), slog.Group("", "inline", 1), slog.Group("empty"), deep, slog.Group("large", large...)},
		"errors":     {"first", fmt.Errorf("charge: %w", errors.New("declined")), slog.Group("g", "second", io.EOF), "typed_nil", (*declined)(nil), "bomb", errorBomb{}},
		"keys":       {"", 1, "a", 1, "b", 2, "a", 3, "msg", "m", "ключ", "v", strings.Repeat("k", 120), 1, strings.Repeat("k", 200), "v"},
		"UTF-8":      {"bad", "a\xffb", "\xc3\x28", "bad key", "good", "größer", "long", strings.Repeat("é", 300), "bad_long", strings.Repeat("é", 300) + "\xff", "bad_bool\x80", true},
		"lengths":    {"a", strings.Repeat("x", 119), "b", strings.Repeat("x", 120), "c", strings.Repeat("x", 121), "d", strings.Repeat("x", 128), "e", strings.Repeat("x", 20_000)},
		"duplicates": {"a", 1, "b", 2, "a", 3, slog.Group("a", "x", 1), "b", 4},
		"many":       many,
		"sensitive": {
			"password", secret, "note", "mail ada@example.org", "card", int64(4111_1111_1111_1111), slog.Group("user", "password", secret, "name", "ada"),
			"texts",
			[]string{"ada@example.org"},
			"ada@example.org", 1,
		},
	}
}

// TestLinesLikeRecords sends lines on the short way and, with a processor that
// wants them, as records of the SDK, and compares what arrives byte by byte.
func TestLinesLikeRecords(t *testing.T) {
	for name, limits := range map[string]map[string]string{
		"default limits": {},
		"short values":   {"OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT": "5", "OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT": "1000"},
		"no attributes":  {"OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT": "0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("OTEL_METRICS_EXPORTER", "none")
			for key, value := range limits {
				t.Setenv(key, value)
			}
			short, gotShort := wiretap(t)
			long, gotLong := wiretap(t, WithLogProcessor(bystander{}))
			if !shortWay(short) || shortWay(long) {
				t.Fatal("lines take the wrong way")
			}
			for name, args := range everyLine() {
				for _, level := range []slog.Level{slog.LevelInfo, slog.LevelInfo + 1, slog.LevelError} {
					emitAll(t, short, level, args)
					emitAll(t, long, level, args)
					diffRequests(t, fmt.Sprint(name, " at ", level), gotLong(), gotShort())
				}
			}
		})
	}
}

func shortWay(kit *Kit) bool {
	return kit.Logger("shop").Handler().(*handler).source.intake.lines != nil
}

// emitAll logs args by loggers of several kinds.
func emitAll(t *testing.T, kit *Kit, level slog.Level, args []any) {
	t.Helper()
	ids := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceFlags: trace.FlagsSampled})
	inSpan := trace.ContextWithSpanContext(t.Context(), ids)
	base := kit.Logger("shop")
	grouped := base.With("from", "logger", "a", 0).WithGroup("g").With("in", "group").WithGroup("empty")
	for _, l := range []*slog.Logger{base, grouped} {
		for _, ctx := range []context.Context{t.Context(), Bind(inSpan, "request_id", "r1", "b", 0)} {
			r := slog.NewRecord(time.Unix(1_800_000_000, 1), level, "order_paid", 0)
			r.Add(args...)
			if err := l.Handler().Handle(ctx, r); err != nil {
				t.Error(err)
			}
		}
	}
}

func diffRequests(t *testing.T, name string, want, got []byte) {
	t.Helper()
	text := func(body []byte) string {
		var r collogspb.ExportLogsServiceRequest
		if err := proto.Unmarshal(body, &r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return prototext.Format(&r)
	}
	wantText, gotText := text(want), text(got)
	if len(want) == 0 || !bytes.Equal(want, got) {
		t.Errorf("%s (-record +line):\n%s", name, cmp.Diff(wantText, gotText))
	}
}
