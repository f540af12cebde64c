package otelkit

import (
	"bytes"
	"context"
	"errors"
	"io"
	stdlog "log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/exporters/otlp"
)

// The tests that touch globals do not run beside others.

func TestInitInstalls(t *testing.T) {
	rec := &recorder{}
	var said bytes.Buffer
	kit, err := Init(t.Context(), WithServiceName("shop"), WithConsole(ConsoleOff), WithDiagnostics(&said), WithLogProcessor(rec))
	if err != nil {
		t.Fatal(err)
	}
	if otel.GetTracerProvider() != kit.TracerProvider() || otel.GetMeterProvider() != kit.MeterProvider() || otel.GetLoggerProvider() != kit.LoggerProvider() {
		t.Error("the global providers are not the kit's")
	}
	slog.Info("through_slog", "a", 1)
	stdlog.Print("through log")
	if n := len(rec.all()); n != 2 {
		t.Errorf("%d lines reached the kit, want 2", n)
	}
	if got, want := said.String(), "otelkit: service shop; "; !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 1 {
		t.Errorf("start-up line %q", got)
	}

	_, err = Init(t.Context(), WithConsole(ConsoleOff))
	if err == nil || !strings.Contains(err.Error(), "Init called twice") {
		t.Errorf("second Init: %v", err)
	}
	if err := kit.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	again, err := Init(t.Context(), WithConsole(ConsoleOff), WithDiagnostics(&said))
	if err != nil {
		t.Fatalf("Init after Shutdown: %v", err)
	}
	if err := again.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// What is logged when there is no kit, before it was there or after it has gone,
// is seen where it was without one, and scrubbed.
func TestLinesBesideAKit(t *testing.T) {
	defer slog.SetDefault(slog.Default())
	var theirs bytes.Buffer
	loggers := map[string]*slog.Logger{
		"slog's own":    nil, // as it is in the child
		"the service's": slog.New(slog.NewJSONHandler(&theirs, nil)),
	}
	for _, disabled := range []string{"true", "false"} {
		for name, before := range loggers {
			t.Run("disabled "+disabled+", "+name, func(t *testing.T) {
				t.Setenv("OTEL_SDK_DISABLED", disabled)
				theirs.Reset()
				if before == nil {
					before = firstLogger(&theirs)
				}
				slog.SetDefault(before)
				for range 2 { // the second finds what the first has left
					kit, err := Init(t.Context(), WithConsole(ConsoleOff), WithDiagnostics(io.Discard))
					if err != nil {
						t.Fatal(err)
					}
					if err := kit.Shutdown(t.Context()); err != nil {
						t.Error(err)
					}
				}
				slog.Info("late", "password", "hunter2-hunter2", "order_id", 7)
				stdlog.Print("token=0123456789abcdef-key")
				got := theirs.String()
				for _, want := range []string{"late", "order_id", "token=", "REDACTED:pw.key"} {
					if strings.Count(got, want) != 1 {
						t.Errorf("not one %q in:\n%s", want, got)
					}
				}
				for _, secret := range []string{"hunter2", "0123456789abcdef-key"} {
					if strings.Contains(got, secret) {
						t.Errorf("%s is in:\n%s", secret, got)
					}
				}
			})
		}
	}
}

// firstLogger returns the logger a program begins with, whose lines go to w by
// package log.
func firstLogger(w io.Writer) *slog.Logger {
	stdlog.SetOutput(w)
	return slogsOwn
}

var slogsOwn = slog.Default()

// Trace context is passed on by a service whose telemetry is switched off
// (specification, OTEL_SDK_DISABLED).
func TestDisabledStillPropagates(t *testing.T) {
	t.Setenv("OTEL_SDK_DISABLED", "true")
	kit, err := Init(t.Context(), WithoutGlobals())
	if err != nil {
		t.Fatal(err)
	}
	const parent = "00-0102030405060708090a0b0c0d0e0f10-0102030405060708-01"
	out := propagation.MapCarrier{}
	kit.Propagator().Inject(kit.Propagator().Extract(t.Context(), propagation.MapCarrier{"traceparent": parent}), out)
	if out["traceparent"] != parent {
		t.Errorf("passed on %v", out)
	}
}

// The SDK's provider would take a processor that stands beside the scrubber.
func TestNobodyAttachesToAProvider(t *testing.T) {
	t.Parallel()
	kit, _ := start(t)
	if p, ok := kit.TracerProvider().(interface {
		RegisterSpanProcessor(sdktrace.SpanProcessor)
	}); ok {
		t.Errorf("%T takes span processors", p)
	}
}

type panickyProcessor struct{ recorder }

func (p *panickyProcessor) ForceFlush(context.Context) error { panic("flush") }
func (p *panickyProcessor) Shutdown(context.Context) error   { panic("shutdown") }

func TestForeignPanicsAtTheEndStayTheirs(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	kit, rec := start(t, WithDiagnostics(&said), WithLogProcessor(&panickyProcessor{}))
	kit.Logger("test").Info("event")
	if err := errors.Join(kit.ForceFlush(t.Context()), kit.Shutdown(t.Context())); err != nil {
		t.Error(err)
	}
	if n := len(rec.all()); n != 1 {
		t.Errorf("the other processor has %d records, want 1", n)
	}
	for _, want := range []string{"ForceFlush: flush", "Shutdown: shutdown"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("%q was not said:\n%s", want, said.String())
		}
	}
}

// A logger that the service has set meanwhile is the service's business.
func TestShutdownLeavesAForeignDefaultAlone(t *testing.T) {
	defer slog.SetDefault(slog.Default())
	kit, err := Init(t.Context(), WithConsole(ConsoleOff), WithDiagnostics(new(bytes.Buffer)))
	if err != nil {
		t.Fatal(err)
	}
	theirs := slog.New(slog.DiscardHandler)
	slog.SetDefault(theirs)
	if err := kit.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if slog.Default() != theirs {
		t.Error("Shutdown replaced a logger that was not its own")
	}
}

func TestInitFailingLeavesNothing(t *testing.T) {
	before, provider := slog.Default(), otel.GetTracerProvider()
	kit, err := Init(t.Context(), WithConsole("fancy"), WithDiagnostics(new(bytes.Buffer)))
	if err == nil {
		t.Error("no error")
	}
	if kit == nil || kit.Logger("x") == nil {
		t.Fatal("the kit cannot be used")
	}
	if err := kit.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if slog.Default() != before || otel.GetTracerProvider() != provider || current.Load() != nil {
		t.Error("something is left")
	}
}

// The exporter opened last fails; goleak, in TestMain, sees that those before it
// have ended.
func TestInitFailingHalfWay(t *testing.T) {
	cfg, err := newConfig(lookupIn(nil), quiet(WithEndpoint("http://127.0.0.1:1"), WithConsole(ConsolePretty)))
	if err != nil {
		t.Fatal(err)
	}
	cfg.sentryDSN = "not a DSN"
	kit := &Kit{config: cfg}
	if err := kit.start(t.Context()); err == nil || strings.Contains(err.Error(), "not a DSN") {
		t.Errorf("error %v", err)
	}
	if kit.pipeline != nil {
		t.Error("there is a pipeline")
	}
}

func TestDisabled(t *testing.T) {
	t.Setenv("OTEL_SDK_DISABLED", "true")
	provider := otel.GetTracerProvider()
	var said bytes.Buffer
	kit, err := Init(t.Context(), WithEndpoint("http://127.0.0.1:1"), WithDiagnostics(&said))
	if err != nil {
		t.Fatal(err)
	}
	if otel.GetTracerProvider() != provider || said.Len() > 0 {
		t.Error("a disabled kit did something")
	}
	exercise(t, kit)
}

// A nil kit, and one beside an error, can be used like any other.
func TestKitThatDoesNothing(t *testing.T) {
	t.Parallel()
	exercise(t, nil)
	exercise(t, &Kit{})
}

func exercise(t *testing.T, kit *Kit) {
	t.Helper()
	if kit.Logger("x") != slog.Default() {
		t.Error("Logger is not slog's default")
	}
	kit.SetLevel(slog.LevelDebug)
	_, span := kit.TracerProvider().Tracer("x").Start(t.Context(), "work")
	if span.SpanContext().IsValid() {
		t.Error("a span is recorded")
	}
	if _, err := kit.MeterProvider().Meter("x").Int64Counter("n"); err != nil {
		t.Error(err)
	}
	kit.LoggerProvider().Logger("x").Emit(t.Context(), log.Record{})
	if err := errors.Join(kit.ForceFlush(t.Context()), kit.Shutdown(t.Context()), kit.Shutdown(t.Context())); err != nil {
		t.Error(err)
	}
}

// hung is a span processor whose Shutdown and ForceFlush wait for their context.
type hung struct{ sdktrace.SpanProcessor }

func (hung) OnStart(context.Context, sdktrace.ReadWriteSpan) {}
func (hung) OnEnd(sdktrace.ReadOnlySpan)                     {}
func (hung) ForceFlush(ctx context.Context) error            { <-ctx.Done(); return ctx.Err() }
func (hung) Shutdown(ctx context.Context) error              { <-ctx.Done(); return ctx.Err() }

func TestShutdownIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		kit, err := Init(t.Context(), quiet(WithSpanProcessor(hung{}), WithoutRuntimeMetrics())...)
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		if err := kit.ForceFlush(t.Context()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ForceFlush: %v", err)
		}
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("ForceFlush took %v, want 5s", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin = time.Now()
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				if err := kit.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("Shutdown: %v", err)
				}
			})
		}
		wg.Wait()
		if took := time.Since(begin); took != time.Second {
			t.Errorf("Shutdown took %v, want 1s", took)
		}
	})
}

// TestTogetherWaitsForTheBooks has one that needs some time after its deadline,
// and one that never ends.
func TestTogetherWaitsForTheBooks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		counted := errors.New("50 records lost")
		late := func(ctx context.Context) error { <-ctx.Done(); time.Sleep(100 * time.Millisecond); return counted }
		begin := time.Now()
		if err := together(ctx, late); !errors.Is(err, counted) {
			t.Errorf("together: %v, want %v", err, counted)
		}
		if took := time.Since(begin); took != 1100*time.Millisecond {
			t.Errorf("together took %v, want 1.1s", took)
		}
		end := make(chan struct{})
		defer close(end)
		begin = time.Now()
		if err := together(ctx, func(context.Context) error { <-end; return nil }, late); !errors.Is(err, counted) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("together: %v, want both errors", err)
		}
		if took := time.Since(begin); took != grace {
			t.Errorf("together took %v, want %v", took, grace)
		}
	})
}

// TestShutdownWithAHungReceiver ends kits at once whose receiver never answers:
// when Shutdown returns, the books are closed and what is lost has been said.
func TestShutdownWithAHungReceiver(t *testing.T) {
	t.Parallel()
	arrived := make(chan struct{}, 100)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		arrived <- struct{}{}
		<-r.Context().Done()
	}))
	t.Cleanup(receiver.Close)
	for i := range 20 {
		var said bytes.Buffer // read after Shutdown only
		kit, err := Init(t.Context(), WithoutGlobals(), WithoutRuntimeMetrics(), WithDiagnostics(&said), WithEndpoint(receiver.URL))
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			kit.Logger("shop").Info("event")
		}
		ctx, cancel := context.WithCancel(t.Context())
		if i%2 == 0 { // some while a request is under way
			go func() { _ = kit.ForceFlush(ctx) }()
			<-arrived
		}
		cancel()
		err = kit.Shutdown(ctx)
		if want := "logs: shutdown: 50 records not sent, lost"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Shutdown: %v, want %q", err, want)
		}
		want := otlp.Books{Accepted: 50, Dropped: map[string]int64{otlp.DropClosed: 50}}
		if diff := cmp.Diff(want, kit.Health().OTLP.Logs); diff != "" {
			t.Error(diff)
		}
		if want := "lost 50 of 50 records: closed 50"; !strings.Contains(said.String(), want) {
			t.Errorf("said %q, want %q", said.String(), want)
		}
	}
}

func TestRunUntilSignal(t *testing.T) {
	kit, rec := start(t)
	stopped := errors.New("stopped")
	err := kit.RunUntilSignal(t.Context(), func(ctx context.Context) error {
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		<-ctx.Done()
		kit.Logger("test").Info("cleaning_up")
		return stopped
	})
	if !errors.Is(err, stopped) {
		t.Errorf("error %v", err)
	}
	if got := rec.last(t)["msg"]; got != "cleaning_up" {
		t.Errorf("last line %v", got)
	}
	kit.Logger("test").Info("too_late")
	if got := rec.last(t)["msg"]; got != "cleaning_up" {
		t.Errorf("%v was recorded after Shutdown", got)
	}
}

// explosive panics wherever it is called.
type explosive struct{}

func (explosive) OnStart(context.Context, sdktrace.ReadWriteSpan)        { panic("start") }
func (explosive) OnEnd(sdktrace.ReadOnlySpan)                            { panic("end") }
func (explosive) ForceFlush(context.Context) error                       { return nil }
func (explosive) Shutdown(context.Context) error                         { return nil }
func (explosive) OnEmit(context.Context, *sdklog.Record) error           { panic("emit") }
func (explosive) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }

// A processor that panics costs neither the service nor the next processor.
func TestProcessorsThatPanic(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewSpanRecorder()
	var said bytes.Buffer
	kit, rec := start(t, WithDiagnostics(&said), WithSpanProcessor(explosive{}), WithSpanProcessor(spans), WithLogProcessor(explosive{}))
	_, span := kit.TracerProvider().Tracer("test").Start(t.Context(), "work")
	span.End()
	kit.Logger("test").Info("event")
	if len(spans.Ended()) != 1 || len(rec.all()) != 1 {
		t.Errorf("%d spans and %d lines passed, want 1 and 1", len(spans.Ended()), len(rec.all()))
	}
	for _, want := range []string{"OnStart: start", "OnEnd: end", "OnEmit: emit"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("nothing said of %q:\n%s", want, said.String())
		}
	}
}

// Records of other libraries' bridges obey the levels too.
func TestLevelsHoldForBridges(t *testing.T) {
	t.Parallel()
	kit, rec := start(t, WithLogLevel(slog.LevelWarn), WithLogLevel(slog.LevelDebug, "zap.db"))
	emit := func(scope string, severity log.Severity) {
		var r log.Record
		r.SetSeverity(severity)
		kit.LoggerProvider().Logger(scope).Emit(t.Context(), r)
	}
	emit("zap", log.SeverityInfo)
	if n := len(rec.all()); n != 0 {
		t.Errorf("an INFO record passed a logger at WARN")
	}
	if kit.LoggerProvider().Logger("zap").Enabled(t.Context(), log.EnabledParameters{Severity: log.SeverityInfo}) {
		t.Error("INFO is enabled for a logger at WARN")
	}
	emit("zap", log.SeverityWarn)
	emit("zap.db", log.SeverityDebug)
	emit("zap", log.SeverityUndefined)
	if n := len(rec.all()); n != 3 {
		t.Errorf("%d records passed, want 3", n)
	}
	kit.SetLevel(slog.LevelInfo)
	emit("zap", log.SeverityInfo)
	if n := len(rec.all()); n != 4 {
		t.Errorf("after SetLevel(info) %d records passed, want 4", n)
	}
}

// Spans that are not sampled stay out of exporters; the sampler is the one of
// the settings.
func TestSampler(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewSpanRecorder()
	kit, _ := start(t, WithSpanProcessor(spans), WithSampler(sdktrace.ParentBased(sdktrace.NeverSample())))
	tracer := kit.TracerProvider().Tracer("test")
	_, span := tracer.Start(t.Context(), "root")
	span.End()
	remote := trace.NewSpanContext(trace.SpanContextConfig{TraceID: [16]byte{1}, SpanID: [8]byte{1}, TraceFlags: trace.FlagsSampled, Remote: true})
	_, span = tracer.Start(trace.ContextWithRemoteSpanContext(t.Context(), remote), "child")
	span.End()
	if n := len(spans.Ended()); n != 1 {
		t.Errorf("%d spans, want 1: the child of a sampled parent", n)
	}
}

// memoryMetrics is a metric exporter that keeps what it gets.
type memoryMetrics struct {
	mu   sync.Mutex
	data []metricdata.ResourceMetrics
}

func (*memoryMetrics) Temporality(k sdkmetric.InstrumentKind) metricdata.Temporality {
	return sdkmetric.DefaultTemporalitySelector(k)
}

func (*memoryMetrics) Aggregation(k sdkmetric.InstrumentKind) sdkmetric.Aggregation {
	return sdkmetric.DefaultAggregationSelector(k)
}

func (m *memoryMetrics) Export(_ context.Context, rm *metricdata.ResourceMetrics) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.data = append(m.data, *rm)
	return nil
}
func (*memoryMetrics) ForceFlush(context.Context) error { return nil }
func (*memoryMetrics) Shutdown(context.Context) error   { return nil }

func TestMetrics(t *testing.T) {
	t.Parallel()
	m := &memoryMetrics{}
	kit, _ := start(t, WithMetricExporter(m))
	counter, err := kit.MeterProvider().Meter("test").Int64Counter("orders")
	if err != nil {
		t.Fatal(err)
	}
	counter.Add(t.Context(), 3)
	if err := kit.ForceFlush(t.Context()); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, sm := range m.data[0].ScopeMetrics {
		for _, metric := range sm.Metrics {
			names[metric.Name] = true
		}
	}
	for _, want := range []string{"orders", "go.goroutine.count", "go.memory.used"} {
		if !names[want] {
			t.Errorf("no %s among %v", want, names)
		}
	}
}
