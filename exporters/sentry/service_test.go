package sentry_test

import (
	"context"
	"log/slog"
	"reflect"
	"runtime"
	"strings"
	"testing"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/goleak"

	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/internal/attrvalue"
	"github.com/otelkit/otelkit-go/internal/origin"
	"github.com/otelkit/otelkit-go/internal/sentrytest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service is a small application with the Sink of the test in it.
type service struct {
	t        testing.TB
	sink     *sentry.Sink
	receiver *sentrytest.Receiver
	traces   *sdktrace.TracerProvider
	tracer   trace.Tracer
	log      *slog.Logger
}

type setting func(*settings)

type settings struct {
	sampler sdktrace.Sampler
	options []sentry.Option
	dsn     string
	logs    int // how often each record is processed
}

func with(options ...sentry.Option) setting {
	return func(s *settings) { s.options = append(s.options, options...) }
}

func newService(t testing.TB, change ...setting) *service {
	t.Helper()
	r := sentrytest.New(t)
	set := settings{sampler: sdktrace.AlwaysSample(), dsn: r.DSN(), logs: 1}
	for _, f := range change {
		f(&set)
	}
	sink, err := sentry.New(append([]sentry.Option{
		sentry.WithDSN(set.dsn),
		sentry.WithScrubber(fakeScrubber{}),
		sentry.WithErrorHandler(func(error) {}),
	}, set.options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
		cancel()
		_ = sink.Shutdown(ctx)
	})
	res := resource.NewSchemaless(
		attribute.String("service.name", "shop"),
		attribute.String("service.version", "1.2.3"),
		attribute.String("service.instance.id", "shop-0"),
		attribute.String("deployment.environment.name", "test"),
	)
	s := &service{t: t, sink: sink, receiver: r}
	s.traces = sdktrace.NewTracerProvider(
		sdktrace.WithSampler(set.sampler),
		sdktrace.WithResource(res),
		sdktrace.WithSpanProcessor(sink.SpanProcessor()),
	)
	s.tracer = s.traces.Tracer("shop/orders")
	logs := []sdklog.LoggerProviderOption{sdklog.WithResource(res)}
	for range set.logs {
		logs = append(logs, sdklog.WithProcessor(sink.LogProcessor()))
	}
	s.log = slog.New(handler{logger: sdklog.NewLoggerProvider(logs...).Logger("shop.log")})
	return s
}

// events returns what arrived after all that is held back was sent.
func (s *service) events() []sentrytest.Event {
	s.t.Helper()
	if err := s.sink.ForceFlush(s.t.Context()); err != nil {
		s.t.Error(err)
	}
	return s.receiver.Events()
}

// event returns the one event that arrived.
func (s *service) event() sentrytest.Event {
	s.t.Helper()
	events := s.events()
	if len(events) != 1 {
		for _, e := range events {
			s.t.Logf("%s: %s %q", e.Level, e.Title(), e.Fingerprint)
		}
		s.t.Fatalf("%d events arrived, want 1; %+v", len(events), s.sink.Stats())
	}
	return events[0]
}

// handler turns slog records into log records the way otelkit's own does: the
// errors and the stack go into the context.
type handler struct{ logger log.Logger }

func (h handler) Enabled(context.Context, slog.Level) bool { return true }
func (h handler) WithAttrs([]slog.Attr) slog.Handler       { return h }
func (h handler) WithGroup(string) slog.Handler            { return h }

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	var out log.Record
	out.SetTimestamp(r.Time)
	out.SetBody(attribute.StringValue(r.Message))
	out.SetSeverity(log.Severity(r.Level) + log.SeverityInfo)
	o := &origin.Origin{PC: r.PC}
	r.Attrs(func(a slog.Attr) bool {
		if err, ok := a.Value.Any().(error); ok {
			o.Errors = append(o.Errors, err)
			if out.Err() == nil {
				out.SetErr(err)
			}
		}
		switch a.Value.Kind() {
		case slog.KindFloat64:
			out.AddAttributes(attribute.Float64(a.Key, a.Value.Float64()))
		case slog.KindGroup:
			out.AddAttributes(attrvalue.AppendAttr(nil, a)...)
		default:
			out.AddAttributes(attribute.String(a.Key, a.Value.String()))
		}
		return true
	})
	if r.Level >= slog.LevelError {
		pcs := make([]uintptr, 64)
		pcs = pcs[:runtime.Callers(1, pcs)]
		for i, pc := range pcs {
			if pc == r.PC {
				o.Stack = pcs[i:]
			}
		}
	}
	h.logger.Emit(origin.NewContext(ctx, o), out)
	return nil
}

// fakeScrubber stands for the real one: it removes one word from every text.
type fakeScrubber struct{}

// secret is put together so that no scanner takes it for one.
var secret = strings.Join([]string{"hunter", "2", "hunter"}, "-")

func (fakeScrubber) String(text string) string { return strings.ReplaceAll(text, secret, "[redacted]") }

func (f fakeScrubber) SentryEvent(e *sentrygo.Event) error {
	walk(reflect.ValueOf(e).Elem(), f.String)
	return nil
}

// walk changes every text in v.
func walk(v reflect.Value, change func(string) string) {
	copied := func(v reflect.Value) reflect.Value {
		c := reflect.New(v.Type()).Elem()
		c.Set(v)
		walk(c, change)
		return c
	}
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(change(v.String()))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), change)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), change)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), change)
		}
	case reflect.Interface:
		if !v.IsNil() && v.CanSet() {
			v.Set(copied(v.Elem()))
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			v.SetMapIndex(k, copied(v.MapIndex(k)))
		}
	}
}

// tracer makes the spans of tests without a service.
type tracer = trace.Tracer

// withSpan returns the context of the test with span in it.
func withSpan(t *testing.T, span trace.Span) context.Context {
	return trace.ContextWithSpan(t.Context(), span)
}

// fatal emits a record of severity FATAL.
func fatal(ctx context.Context, sink *sentry.Sink) {
	logger := sdklog.NewLoggerProvider(sdklog.WithProcessor(sink.LogProcessor())).Logger("test")
	var r log.Record
	r.SetSeverity(log.SeverityFatal)
	r.SetBody(attribute.StringValue("giving up"))
	logger.Emit(ctx, r)
}

func emitInfo(ctx context.Context, sink *sentry.Sink, body string) {
	logger := sdklog.NewLoggerProvider(sdklog.WithProcessor(sink.LogProcessor())).Logger("test")
	var r log.Record
	r.SetSeverity(log.SeverityInfo)
	r.SetBody(attribute.StringValue(body))
	logger.Emit(ctx, r)
}
