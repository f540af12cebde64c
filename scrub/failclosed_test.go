package scrub

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/internal/loglinetest"
)

// broken returns a Scrubber that panics wherever it finds something, outside
// the guard of the engine, too.
func broken(t *testing.T) *Scrubber {
	t.Helper()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	// Counting a finding panics, as there is nothing to count in.
	clear(s.stats.found[:])
	return s
}

// The key finds it, so the panic comes up in the wrapper.
var hot = attribute.String("password", "hunter2")

func TestWrappersFailClosed(t *testing.T) {
	t.Parallel()
	check := func(t *testing.T, s *Scrubber, sig signal, got string) {
		t.Helper()
		if strings.Contains(got, "hunter2") {
			t.Errorf("the secret came through: %s", got)
		}
		if s.stats.failed[sig].Load() == 0 {
			t.Error("the failure was not counted")
		}
	}
	t.Run("span", func(t *testing.T) {
		t.Parallel()
		s, exporter := broken(t), tracetest.NewInMemoryExporter()
		processor := NewSpanProcessor(sdktrace.NewSimpleSpanProcessor(exporter), s)
		span := tracetest.SpanStub{Name: "n", Attributes: []attribute.KeyValue{hot}, SpanContext: trace.NewSpanContext(trace.SpanContextConfig{
			TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}, TraceFlags: trace.FlagsSampled,
		})}
		processor.OnEnd(span.Snapshot())
		got := exporter.GetSpans()[0]
		check(t, s, sigTraces, attribute.MapValue(got.Attributes...).String())
		if got.Name != failureMarker || !got.SpanContext.IsValid() {
			t.Errorf("span %q %v", got.Name, got.SpanContext)
		}
	})
	t.Run("log record", func(t *testing.T) {
		t.Parallel()
		s, got := broken(t), ""
		provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(NewLogProcessor(printRecord(func(text string) { got = text }), s)))
		var r log.Record
		r.SetBody(attribute.MapValue(hot))
		r.SetEventName("e")
		r.AddAttributes(attribute.String("note", "harmless"), hot)
		provider.Logger("").Emit(t.Context(), r)
		check(t, s, sigLogs, got)
		want := failureMarker + failureMarker + "note" + failureMarker + "password" + failureMarker
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
	t.Run("line", func(t *testing.T) {
		t.Parallel()
		s, got := broken(t), ""
		p := NewLogProcessor(loglinetest.AsRecords(printRecord(func(text string) { got = text })), s)
		provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(loglinetest.AsLines(p)))
		var r log.Record
		r.SetBody(attribute.StringValue("harmless"))
		r.AddAttributes(attribute.String("note", "harmless"), hot)
		provider.Logger("").Emit(t.Context(), r)
		check(t, s, sigLogs, got)
		if want := failureMarker + "note" + failureMarker + "password" + failureMarker; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
	t.Run("resource", func(t *testing.T) {
		t.Parallel()
		s := broken(t)
		got := Resource(resource.NewSchemaless(hot), s)
		check(t, s, sigResource, got.String())
		if got.Len() != 1 {
			t.Errorf("resource %v", got)
		}
	})
	t.Run("scope", func(t *testing.T) {
		t.Parallel()
		s := broken(t)
		got, changed := s.scope(sigLogs, instrumentation.Scope{Name: "n", Attributes: attribute.NewSet(hot)})
		check(t, s, sigLogs, got.Attributes.Encoded(attribute.DefaultEncoder()))
		if !changed || got.Name != failureMarker {
			t.Errorf("scope %v", got)
		}
	})
	t.Run("metrics", func(t *testing.T) {
		t.Parallel()
		s, next := broken(t), &lastMetrics{}
		err := NewMetricExporter(next, s).Export(t.Context(), &metricdata.ResourceMetrics{ScopeMetrics: []metricdata.ScopeMetrics{{Metrics: []metricdata.Metrics{
			{Name: "bad", Data: metricdata.Sum[int64]{DataPoints: []metricdata.DataPoint[int64]{{Attributes: attribute.NewSet(hot)}}}},
			{Name: "good", Data: metricdata.Sum[int64]{}},
		}}}})
		if err != nil {
			t.Fatal(err)
		}
		check(t, s, sigMetrics, "")
		if got := next.rm.ScopeMetrics[0].Metrics; len(got) != 1 || got[0].Name != "good" {
			t.Errorf("exported %v", got)
		}
	})
	t.Run("view", func(t *testing.T) {
		t.Parallel()
		s := broken(t)
		stream, _ := Views(s)[0](sdkmetric.Instrument{Name: "i"})
		if stream.AttributeFilter(hot) {
			t.Error("the attribute was kept")
		}
		check(t, s, sigMetrics, "")
	})
	t.Run("baggage", func(t *testing.T) {
		t.Parallel()
		s, header := broken(t), propagation.MapCarrier{}
		bag, err := baggage.Parse("password=hunter2,tenant=acme")
		if err != nil {
			t.Fatal(err)
		}
		NewPropagator(propagation.Baggage{}, s).Inject(baggage.ContextWithBaggage(t.Context(), bag), header)
		check(t, s, sigBaggage, header.Get("baggage"))
	})
	t.Run("handler", func(t *testing.T) {
		t.Parallel()
		s := broken(t)
		var buf bytes.Buffer
		logger := slog.New(NewHandler(slog.NewTextHandler(&buf, nil), s))
		logger.Info("m", "password", "hunter2")
		logger.With("password", "hunter2").Info("with")
		check(t, s, sigLogs, buf.String())
		if got := buf.String(); strings.Count(got, failureMarker) != 2 || !strings.Contains(got, "msg=with") {
			t.Errorf("lines: %s", got)
		}
	})
	t.Run("attribute", func(t *testing.T) {
		t.Parallel()
		s := broken(t)
		got := s.KeyValue(hot)
		check(t, s, sigText, got.Value.AsString())
		if want := attribute.String("password", failureMarker); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	})
	t.Run("sentry", func(t *testing.T) {
		t.Parallel()
		s := broken(t)
		if err := s.SentryEvent(&sentrygo.Event{Tags: map[string]string{"password": "hunter2"}}); err == nil {
			t.Error("no error")
		}
		check(t, s, sigSentry, "")
	})
}

type printRecord func(string)

func (printRecord) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
func (printRecord) ForceFlush(context.Context) error                       { return nil }
func (printRecord) Shutdown(context.Context) error                         { return nil }
func (f printRecord) OnEmit(_ context.Context, r *sdklog.Record) error {
	text := r.EventName() + r.Body().String()
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		text += string(kv.Key) + kv.Value.String()
		return true
	})
	f(text)
	return nil
}

type lastMetrics struct {
	sdkmetric.Exporter
	rm *metricdata.ResourceMetrics
}

func (l *lastMetrics) Export(_ context.Context, rm *metricdata.ResourceMetrics) error {
	l.rm = rm
	return nil
}
