package otelkit_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/otelkit/otelkit-go/internal/sentrytest"
	"github.com/otelkit/otelkit-go/otelkit"
)

// These tests stand outside the package: its own frames are no part of a stack.

// observed is a kit as a service has it, and what leaves it.
type observed struct {
	kit    *otelkit.Kit
	spans  *tracetest.SpanRecorder
	issues *sentrytest.Receiver
	ctx    context.Context // has the kit
	ended  chan string     // names of ended spans

	mu    sync.Mutex
	lines []map[string]string
}

func observe(t *testing.T, opts ...otelkit.Option) *observed {
	t.Helper()
	o := &observed{spans: tracetest.NewSpanRecorder(), issues: sentrytest.New(t), ended: make(chan string, 1000)}
	kit, err := otelkit.Init(t.Context(), append(opts,
		otelkit.WithoutGlobals(), otelkit.WithDiagnostics(io.Discard), otelkit.WithConsole(otelkit.ConsoleOff),
		otelkit.WithoutRuntimeMetrics(), otelkit.WithServiceName("test"), otelkit.WithSentryDSN(o.issues.DSN()),
		otelkit.WithSpanProcessor(o.spans), otelkit.WithSpanProcessor(ends{o}), otelkit.WithLogProcessor(o))...)
	if err != nil {
		t.Fatal(err)
	}
	o.kit, o.ctx = kit, kit.Context(t.Context())
	t.Cleanup(func() { _ = kit.Shutdown(context.WithoutCancel(t.Context())) })
	return o
}

func (o *observed) Enabled(context.Context, log.EnabledParameters) bool { return true }
func (o *observed) Shutdown(context.Context) error                      { return nil }
func (o *observed) ForceFlush(context.Context) error                    { return nil }

func (o *observed) OnEmit(_ context.Context, r *log.Record) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	l := map[string]string{"msg": r.Body().AsString(), "level": r.SeverityText()}
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		l[string(kv.Key)] = kv.Value.String()
		return true
	})
	o.lines = append(o.lines, l)
	return nil
}

// ends tells of the end of spans.
type ends struct{ *observed }

func (ends) OnStart(context.Context, sdktrace.ReadWriteSpan) {}
func (e ends) OnEnd(s sdktrace.ReadOnlySpan)                 { e.ended <- s.Name() }

// await returns when a span called name has ended.
func (o *observed) await(name string) {
	for ended := range o.ended {
		if ended == name {
			return
		}
	}
}

// story are the events logged so far.
func (o *observed) story() (events []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, l := range o.lines {
		events = append(events, l["level"]+" "+l["msg"])
	}
	return events
}

// sent are the issues made so far.
func (o *observed) sent(t *testing.T) []sentrytest.Event {
	t.Helper()
	if err := o.kit.ForceFlush(t.Context()); err != nil {
		t.Error(err)
	}
	return o.issues.Events()
}

func (o *observed) start(name string) (context.Context, func()) {
	ctx, span := o.kit.TracerProvider().Tracer("test").Start(o.ctx, name)
	return ctx, func() { span.End() }
}

var errGone = errors.New("disk gone")

func store(ctx context.Context) error {
	otelkit.CaptureException(ctx, errGone, "disk", "sda")
	return errGone
}

func TestCaptureException(t *testing.T) {
	t.Parallel()
	o := observe(t)
	ctx, end := o.start("save")
	err := store(otelkit.Bind(ctx, "user_id", "u1"))
	o.kit.Logger("test").ErrorContext(ctx, "save_failed", "error", err)
	end()

	issues := o.sent(t)
	if len(issues) != 1 {
		t.Fatalf("%d issues, want 1", len(issues))
	}
	if f := issues[0].LastFrame(); f.Function != "store" {
		t.Errorf("the issue points at %+v", f)
	}
	if issues[0].Level != "error" || issues[0].User["id"] != "u1" || issues[0].Contexts["otel"]["attributes"] == nil {
		t.Errorf("level %q, user %v, contexts %v", issues[0].Level, issues[0].User, issues[0].Contexts)
	}
	if diff := cmp.Diff([]string{"ERROR exception_captured", "ERROR save_failed"}, o.story()); diff != "" {
		t.Error(diff)
	}
	l := o.lines[0]
	if first, _, _ := strings.Cut(l["exception.stacktrace"], "("); !strings.HasSuffix(first, "otelkit_test.store") {
		t.Errorf("the stack of the line begins with %q", first)
	}
	if l["disk"] != "sda" || l["user_id"] != "u1" || l["error"] != "disk gone" || l["exception.message"] != "disk gone" {
		t.Errorf("line %v", l)
	}
	checkFailed(t, o.spans.Ended()[0], "disk gone", "otelkit_test.store")
}

// checkFailed wants span to have failed with an exception whose stack begins in
// function.
func checkFailed(t *testing.T, span sdktrace.ReadOnlySpan, text, function string) {
	t.Helper()
	if span.Status().Code != codes.Error {
		t.Errorf("status of %s: %v", span.Name(), span.Status())
	}
	if len(span.Events()) != 1 {
		t.Fatalf("%s has %d events", span.Name(), len(span.Events()))
	}
	event := map[string]string{}
	for _, kv := range span.Events()[0].Attributes {
		event[string(kv.Key)] = kv.Value.String()
	}
	first, _, _ := strings.Cut(event["exception.stacktrace"], "()")
	if event["exception.message"] != text || !strings.HasSuffix(first, function) {
		t.Errorf("the exception of %s is %q in %q, want %q in %q", span.Name(), event["exception.message"], first, text, function)
	}
}

// nilError hides from vet that panicking with it panics with nil.
func nilError() error { return nil }

func breakDown() { panic("boom") }

func TestRecover(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(context.Context){
		"Recover": func(ctx context.Context) {
			defer otelkit.Recover(ctx)
			breakDown()
		},
		"RecoverAndRepanic": func(ctx context.Context) {
			defer func() {
				if v := recover(); v != "boom" {
					t.Errorf("the panic went on with %v", v)
				}
			}()
			defer otelkit.RecoverAndRepanic(ctx)
			breakDown()
		},
		"Go": func(ctx context.Context) {
			otelkit.Go(ctx, "background", func(context.Context) { breakDown() })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := observe(t)
			ctx, end := o.start("work")
			run(ctx)
			if name == "Go" {
				o.await("background") // the report comes after the goroutine's own defers
			}
			end()
			issues := o.sent(t)
			if len(issues) != 1 {
				t.Fatalf("%d issues, want 1", len(issues))
			}
			i := issues[0]
			if h := i.Outermost().Mechanism.Handled; i.Level != "fatal" || h == nil || *h || i.LastFrame().Function != "breakDown" {
				t.Errorf("level %q, handled %v, last frame %+v", i.Level, h, i.LastFrame())
			}
			for _, s := range o.spans.Ended() {
				if s.Name() == "background" || name != "Go" {
					checkFailed(t, s, "boom", "otelkit_test.breakDown")
				}
			}
			if diff := cmp.Diff([]string{"ERROR panic_recovered"}, o.story()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What is not a failure is not reported, and a panic that is none goes by.
func TestNothingToReport(t *testing.T) {
	t.Parallel()
	o := observe(t)
	otelkit.CaptureException(o.ctx, nil)
	func() { defer otelkit.Recover(o.ctx) }()
	func() { defer otelkit.RecoverAndRepanic(o.ctx) }()
	func() {
		defer otelkit.Recover(o.ctx)
		panic(http.ErrAbortHandler)
	}()
	if len(o.sent(t)) != 0 || len(o.story()) != 0 {
		t.Errorf("%d issues, lines %q", len(o.issues.Events()), o.story())
	}
}

// A nil context and a context without a kit are no reason to fail.
func TestCaptureWithoutKit(t *testing.T) {
	t.Parallel()
	ctx := (*otelkit.Kit)(nil).Context(t.Context())
	otelkit.BindScope(ctx, "key", "value")
	otelkit.BindScope(nil, "key", "value") //nolint:staticcheck // a caller's mistake must not panic
	done := make(chan struct{})
	otelkit.Go(ctx, "background", func(context.Context) { close(done) })
	<-done
}

// A panic in a goroutine that outlives the request is an issue of its own trace
// and leaves the response alone.
func TestPanicInGoroutineOfRequest(t *testing.T) {
	t.Parallel()
	o := observe(t)
	h := otelkit.HTTPMiddleware(otelkit.WithKit(o.kit))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		otelkit.Go(r.Context(), "background", func(context.Context) { breakDown() })
	}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	o.await("background")
	issues := o.sent(t)
	if w.Code != http.StatusOK || len(issues) != 1 || issues[0].LastFrame().Function != "breakDown" {
		t.Errorf("response %d, %d issues", w.Code, len(issues))
	}
	var request, background sdktrace.ReadOnlySpan
	for _, s := range o.spans.Ended() {
		if s.Name() == "background" {
			background = s
		} else {
			request = s
		}
	}
	checkFailed(t, background, "boom", "otelkit_test.breakDown")
	if request.Status().Code != codes.Unset || background.Parent().SpanID() != request.SpanContext().SpanID() {
		t.Errorf("status of the request %v, parent of the goroutine %v", request.Status(), background.Parent().SpanID())
	}
	id := o.lines[0]["request_id"]
	for _, l := range o.lines {
		if l["request_id"] != id || id == "" {
			t.Errorf("%s has request_id %q, want %q", l["msg"], l["request_id"], id)
		}
	}
}
