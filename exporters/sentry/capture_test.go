package sentry_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	sentrygo "github.com/getsentry/sentry-go"
	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/internal/logline"
	"github.com/otelkit/otelkit-go/internal/origin"
	"github.com/otelkit/otelkit-go/internal/sentrytest"
)

func TestCaptureError(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, span := s.tracer.Start(t.Context(), "settle invoices", trace.WithSpanKind(trace.SpanKindConsumer))
	err := fmt.Errorf("invoice 7: %w", os.ErrPermission)
	s.sink.CaptureError(ctx, err,
		sentry.WithFingerprint("invoices"),
		sentry.WithLevel(sentrygo.LevelWarning),
		sentry.WithAttributes(attribute.String("invoice", "7")),
	)
	s.sink.CaptureError(ctx, nil)
	e := s.event() // the span is still open
	if e.Level != "warning" || e.Transaction != "settle invoices" || e.Contexts["trace"]["op"] != "consumer" {
		t.Errorf("level %q, transaction %q, trace %v", e.Level, e.Transaction, e.Contexts["trace"])
	}
	if diff := cmp.Diff([]string{"invoices"}, e.Fingerprint); diff != "" {
		t.Errorf("fingerprint (-want +got):\n%s", diff)
	}
	if attributes, _ := e.Contexts["otel"]["attributes"].(map[string]any); attributes["invoice"] != "7" {
		t.Errorf("attributes are %v", attributes)
	}
	if f := e.LastFrame(); f.Function != "TestCaptureError" || !f.InApp {
		t.Errorf("last frame is %+v, want the caller", f)
	}
	if m := e.Outermost().Mechanism; m.Type != "generic" {
		t.Errorf("mechanism is %+v", m)
	}

	// What follows about the same error is no news.
	span.RecordError(err)
	span.SetStatus(codes.Error, err.Error())
	s.log.ErrorContext(ctx, "failed", "error", fmt.Errorf("settle: %w", err))
	span.End()
	s.event()
}

// The message of a *declined is the same for all, so its issue groups by
// where it was reported and by the type of the root error.
func TestFingerprintOfCallSite(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.log.ErrorContext(t.Context(), "failed", "error", fmt.Errorf("order 7: %w", &declined{"no funds"}))
	want := []string{"{{ default }}", "*sentry_test.declined"}
	if diff := cmp.Diff(want, s.event().Fingerprint); diff != "" {
		t.Errorf("fingerprint (-want +got):\n%s", diff)
	}
}

// traced is an error that brings its own stack, as those of
// github.com/pkg/errors do.
type traced struct {
	text string
	pcs  []uintptr
}

func (e *traced) Error() string         { return e.text }
func (e *traced) StackTrace() []uintptr { return e.pcs }

//go:noinline
func deepInside() error {
	pcs := make([]uintptr, 8)
	return &traced{"index corrupt", pcs[:runtime.Callers(1, pcs)]}
}

func TestStackOfTheErrorItself(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.log.ErrorContext(t.Context(), "failed", "error", fmt.Errorf("read: %w", deepInside()))
	e := s.event()
	if f := e.LastFrame(); f.Function != "deepInside" || !f.InApp || f.Filename != "exporters/sentry/capture_test.go" {
		t.Errorf("last frame is %+v, want where the error was made", f)
	}
	if diff := cmp.Diff([]string{"{{ default }}"}, e.Fingerprint); diff != "" {
		t.Errorf("fingerprint (-want +got):\n%s", diff)
	}
}

func TestStackOfTheSpanEvent(t *testing.T) {
	t.Parallel()
	s := newService(t)
	_, span := s.tracer.Start(t.Context(), "job")
	span.RecordError(errors.New("disk full"), trace.WithStackTrace(true))
	span.SetStatus(codes.Error, "disk full")
	span.End()
	e := s.event()
	if f := e.LastFrame(); !strings.HasPrefix(f.Function, "TestStackOfTheSpanEvent") {
		t.Errorf("last frame is %+v", f)
	}
	if e.Outermost().Type != "sentry_test.TestStackOfTheSpanEvent" {
		t.Errorf("type is %q, want the function, since the error's own says nothing", e.Outermost().Type)
	}
}

func TestErrorWithoutStackIsNamedByItsSpan(t *testing.T) {
	t.Parallel()
	s := newService(t)
	_, span := s.tracer.Start(t.Context(), "settle invoices")
	span.RecordError(errors.New("invoice 4711 is locked"))
	span.End()
	e := s.event()
	if e.Title() != "settle invoices: invoice 4711 is locked" || e.Level != "warning" {
		t.Errorf("%s: %q", e.Level, e.Title())
	}
	if diff := cmp.Diff([]string{"shop", "*errors.errorString", "invoice # is locked"}, e.Fingerprint); diff != "" {
		t.Errorf("fingerprint (-want +got):\n%s", diff)
	}
}

func TestCapturePanicWithValue(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]any{"text": "out of cheese", "error": &declined{"no funds"}, "number": 42} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			func() {
				defer func() { s.sink.CapturePanic(t.Context(), recover()) }()
				panic(value)
			}()
			e := s.event()
			if e.Level != "fatal" || *e.Outermost().Mechanism.Handled || !strings.Contains(e.Outermost().Value, fmt.Sprint(value)) {
				t.Errorf("%s %q %+v", e.Level, e.Title(), e.Outermost().Mechanism)
			}
			if f := e.LastFrame(); !strings.HasPrefix(f.Function, "TestCapturePanicWithValue") {
				t.Errorf("last frame is %+v", f)
			}
		})
	}
}

// An event that BeforeSend refused does not keep the next sighting from being
// reported.
func TestRefusedEventWasNotSeen(t *testing.T) {
	t.Parallel()
	calls := 0
	s := newService(t, with(sentry.WithBeforeSend(func(e *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
		calls++
		switch calls {
		case 1:
			return nil
		case 2:
			panic("bug in BeforeSend")
		}
		return e
	})))
	ctx, span := s.tracer.Start(t.Context(), "job")
	defer span.End()
	err := errors.New("disk full")
	for range 4 {
		s.sink.CaptureError(ctx, err)
	}
	s.event()
	if st := s.sink.Stats(); calls != 3 || st.Dropped["before_send"] != 2 {
		t.Errorf("%d calls, stats %+v", calls, st)
	}
}

// broken is a scrubber that fails.
type broken struct {
	fakeScrubber
	fail func() error
}

func (b broken) SentryEvent(*sentrygo.Event) error { return b.fail() }

func TestScrubberThatFailsLetsNothingOut(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("no rules") },
		"panic": func() error { panic("bug in a rule") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, with(sentry.WithScrubber(broken{fail: fail})))
			s.log.ErrorContext(t.Context(), "lost")
			if err := s.sink.ForceFlush(t.Context()); err == nil {
				t.Error("ForceFlush does not tell of the loss")
			}
			if st := s.sink.Stats(); st.Dropped["scrub_failed"] != 1 || s.receiver.Requests() != 0 {
				t.Errorf("%d requests, stats %+v", s.receiver.Requests(), st)
			}
		})
	}
}

func TestScrubberIsTheLastHand(t *testing.T) {
	t.Parallel()
	s := newService(t, with(sentry.WithBeforeSend(func(e *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
		e.Tags["added"] = secret
		e.Contexts["added"] = sentrygo.Context{"deep": map[string][]string{"list": {secret}}}
		e.User.Email = secret
		return e
	})))
	s.log.ErrorContext(t.Context(), "lost")
	if e := s.event(); e.Tags["added"] != "[redacted]" || strings.Contains(string(s.receiver.Raw()), secret) {
		t.Errorf("what BeforeSend added was not scrubbed:\n%s", s.receiver.Raw())
	}
}

// textScrubber knows texts and leaves events as they are.
type textScrubber struct{ fakeScrubber }

func (textScrubber) SentryEvent(*sentrygo.Event) error { return nil }

// Release and environment are also in the header of an envelope.
func TestNamesAreScrubbed(t *testing.T) {
	t.Parallel()
	s := newService(t, with(
		sentry.WithScrubber(textScrubber{}), sentry.WithRelease("1.0+"+secret), sentry.WithEnvironment("env-"+secret),
		sentry.WithBeforeSend(func(e *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
			e.Dist = secret
			return e
		}),
	))
	ctx, span := s.tracer.Start(t.Context(), "job")
	s.sink.CaptureError(ctx, errors.New("in a trace"))
	s.sink.CaptureError(t.Context(), errors.New("without"))
	span.End()
	if events := s.events(); len(events) != 2 || events[0].Release != "1.0+[redacted]" {
		t.Errorf("events are %+v", events)
	}
	if bytes.Contains(s.receiver.Raw(), []byte(secret)) {
		t.Errorf("the secret left the process:\n%s", s.receiver.Raw())
	}
}

func TestUnknownLevelIsError(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.sink.CaptureError(t.Context(), errors.New("disk full"), sentry.WithLevel("critical"))
	if e := s.event(); e.Level != "error" {
		t.Errorf("level is %q", e.Level)
	}
}

func TestEventIsSmallEnough(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, span := s.tracer.Start(t.Context(), "job")
	long := strings.Repeat("0123456789", 300)
	for range 60 {
		s.log.InfoContext(ctx, long, "a", long, "b", long, "c", long, "d", long)
	}
	s.log.ErrorContext(ctx, "lost", "error", errors.New(strings.Repeat(long, 10)))
	span.End()
	e := s.event()
	if n := len(s.receiver.Raw()); n > 201_000 {
		t.Errorf("%d bytes, want 200 kB at most", n)
	}
	if v := e.Outermost().Value; len(v) > 8<<10 || !strings.HasSuffix(v, "…") {
		t.Errorf("value has %d bytes", len(v))
	}
	if len(e.Breadcrumbs) == 0 || len(e.Breadcrumbs) > 50 {
		t.Errorf("%d breadcrumbs", len(e.Breadcrumbs))
	}
}

// People who go on using sentry-go by hand are linked and scrubbed, too.
func TestClientForUseByHand(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, span := s.tracer.Start(t.Context(), "job")
	defer span.End()
	scope := sentrygo.NewScope()
	scope.SetTag("token", secret)
	id := s.sink.Client().CaptureException(errors.New("by hand"), &sentrygo.EventHint{Context: ctx}, scope)
	if id == nil {
		t.Fatal("the client refused the event")
	}
	e := s.event()
	if got, want := e.Contexts["trace"]["trace_id"], span.SpanContext().TraceID().String(); got != want {
		t.Errorf("trace_id is %v, want %v", got, want)
	}
	if e.Tags["token"] != "[redacted]" {
		t.Errorf("tags are %v", e.Tags)
	}
}

func TestWithClientTakesItsSettings(t *testing.T) {
	t.Parallel()
	r := sentrytest.New(t)
	given, err := sentrygo.NewClient(sentrygo.ClientOptions{
		Dsn: r.DSN(), Release: "7.7", Environment: "theirs", ServerName: "theirs",
		BeforeSend: func(e *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
			e.Tags["before"] = secret
			return e
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer given.Close()
	sink, err := sentry.New(sentry.WithClient(given), sentry.WithScrubber(fakeScrubber{}))
	if err != nil {
		t.Fatal(err)
	}
	sink.CaptureError(t.Context(), errors.New("disk full"))
	if err := sink.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	events := r.Events()
	if len(events) != 1 {
		t.Fatalf("%d events arrived, want 1", len(events))
	}
	if e := events[0]; e.Release != "7.7" || e.Environment != "theirs" || e.Tags["before"] != "[redacted]" {
		t.Errorf("release %q, environment %q, tags %v", e.Release, e.Environment, e.Tags)
	}
}

// collected is a transport of the user's own.
type collected struct {
	sentrygo.MockTransport
	configured, closed int
}

func (c *collected) Configure(sentrygo.ClientOptions) { c.configured++ }
func (c *collected) Close()                           { c.closed++ }

func TestWithClientOfOtherTransport(t *testing.T) {
	t.Parallel()
	transport := &collected{}
	given, err := sentrygo.NewClient(sentrygo.ClientOptions{Transport: transport, Release: "1"})
	if err != nil {
		t.Fatal(err)
	}
	sink, err := sentry.New(sentry.WithClient(given))
	if err != nil {
		t.Fatal(err)
	}
	sink.CaptureError(t.Context(), errors.New("disk full"))
	if err := sink.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(transport.Events()); n != 1 || transport.configured != 1 || transport.closed != 0 {
		t.Errorf("%d events, configured %d times, closed %d times", n, transport.configured, transport.closed)
	}
	given.Close()
}

// Telemetry about telemetry must not make more of it.
func TestLoopGuard(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.log.ErrorContext(t.Context(), "telemetry failed", "error", errors.New("otelkit: sentry: 3 events were lost"))
	_, span := s.tracer.Start(t.Context(), "POST", trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("server.address", "127.0.0.1")))
	span.SetStatus(codes.Error, "connection refused")
	span.End()
	if events := s.events(); len(events) != 0 {
		t.Errorf("unexpected event %q", events[0].Title())
	}
}

// What runs beside Sentry, or a relay of it, on one host is not Sentry.
func TestLoopGuardKnowsThePort(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, root := s.tracer.Start(t.Context(), "job")
	_, call := s.tracer.Start(ctx, "POST", trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("server.address", "127.0.0.1"), attribute.Int("server.port", 1)))
	call.SetStatus(codes.Error, "connection refused")
	call.End()
	silently(root)
	if e := s.event(); e.Outermost().Value != "connection refused" {
		t.Errorf("event is %q", e.Title())
	}
}

func TestNoGoroutinePerSpan(t *testing.T) {
	s := newService(t)
	before := runtime.NumGoroutine()
	for range 1000 {
		ctx, span := s.tracer.Start(t.Context(), "job")
		s.log.ErrorContext(ctx, "failed", "error", errors.New("disk full"))
		defer span.End()
	}
	// The courier may have a connection, with two goroutines on each side.
	if after := runtime.NumGoroutine(); after > before+6 {
		t.Errorf("%d goroutines more after 1000 spans", after-before)
	}
	_ = s.sink.Shutdown(t.Context())
}

func TestCallersCostInAllocations(t *testing.T) {
	if underRace {
		t.Skip("counts allocations, of which the race detector makes more")
	}
	s := newService(t)
	child := endedSpan(trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled,
	})))
	info := infoRecord()
	spans, logs := s.sink.SpanProcessor(), s.sink.LogProcessor()
	for range 50 {
		_ = logs.OnEmit(t.Context(), &info)
	}
	ctx := t.Context()
	still := sentry.NewStill(t)
	failed := infoRecord()
	failed.SetSeverity(log.SeverityError)
	err := fmt.Errorf("checkout: %w", errDeclined)
	line := &logline.Line{
		Logger: logline.NewLogger(&failed), Severity: log.SeverityError, Body: "checkout failed",
		TraceID: trace.TraceID{1}, SpanID: trace.SpanID{3}, Attributes: []attribute.KeyValue{attribute.String("order", "7")},
	}
	withErr := origin.NewContext(ctx, &origin.Origin{Errors: []error{err}})
	for name, tt := range map[string]struct {
		f    func()
		want float64
	}{
		"end of a span":                {func() { spans.OnEnd(child) }, 0},
		"INFO record":                  {func() { _ = logs.OnEmit(ctx, &info) }, 0},
		"ERROR line with an error":     {func() { logline.Lines(still.LogProcessor())(withErr, line) }, 1},
		"ERROR record with an error":   {func() { _ = still.LogProcessor().OnEmit(withErr, &failed) }, 1},
		"capture, which takes a stack": {func() { still.CaptureError(ctx, err) }, 2},
	} {
		if n := testing.AllocsPerRun(200, tt.f); n != tt.want {
			t.Errorf("%s: %v allocations, want %v", name, n, tt.want)
		}
	}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	reader := sdkmetric.NewManualReader()
	s := newService(t, with(sentry.WithMeterProvider(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)))))
	s.log.ErrorContext(t.Context(), "lost")
	s.event()
	var rm metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &rm); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, sm := range rm.ScopeMetrics {
		for _, m := range sm.Metrics {
			names = append(names, m.Name)
			if sum, ok := m.Data.(metricdata.Sum[int64]); ok {
				for _, p := range sum.DataPoints {
					if r, _ := p.Attributes.Value("result"); r.AsString() == "delivered" && p.Value != 1 {
						t.Errorf("%d delivered, want 1", p.Value)
					}
				}
			}
		}
	}
	want := []string{"otelkit.sentry.events", "otelkit.sentry.queue.length", "otelkit.sentry.send.duration", "otelkit.sentry.traces"}
	if diff := cmp.Diff(want, slices.Sorted(slices.Values(names))); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}
