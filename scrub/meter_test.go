package scrub

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

func TestObserve(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	reader := sdkmetric.NewManualReader()
	mp := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader), sdkmetric.WithView(Views(s)...))
	registration, err := s.Observe(mp)
	if err != nil {
		t.Fatal(err)
	}
	s.String("to lin@example.org and to kim@example.org")
	s.KeyValue(attribute.String("password", "x"))

	want := map[string]int64{
		"otelkit.scrub.redactions pii pii.email text": 2, "otelkit.scrub.redactions password pw.key text": 1,
	}
	// The second time shows that what is exported is not counted itself.
	for range 2 {
		if diff := cmp.Diff(want, collectRedactions(t, s, reader)); diff != "" {
			t.Errorf("redactions (-want +got):\n%s", diff)
		}
	}
	if err := registration.Unregister(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int64{}, collectRedactions(t, s, reader)); diff != "" {
		t.Errorf("after Unregister (-want +got):\n%s", diff)
	}
}

// collectRedactions reads the counters as they would leave, behind s.
func collectRedactions(t *testing.T, s *Scrubber, reader *sdkmetric.ManualReader) map[string]int64 {
	t.Helper()
	var rm metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &rm); err != nil {
		t.Fatal(err)
	}
	sink := &lastMetrics{}
	if err := NewMetricExporter(sink, s).Export(t.Context(), &rm); err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, sm := range sink.rm.ScopeMetrics {
		for _, m := range sm.Metrics {
			for _, p := range m.Data.(metricdata.Sum[int64]).DataPoints {
				key := m.Name
				for _, kv := range p.Attributes.ToSlice() { // sorted by key
					key += " " + kv.Value.AsString()
				}
				got[key] = p.Value
			}
		}
	}
	return got
}

func TestObserveFailures(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	reader := sdkmetric.NewManualReader()
	if _, err := s.Observe(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))); err != nil {
		t.Fatal(err)
	}
	s.stats.fail(sigLogs)
	s.stats.fail(sigLogs)
	if diff := cmp.Diff(map[string]int64{"otelkit.scrub.failures logs": 2}, collectRedactions(t, s, reader)); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
}

func TestObserveTime(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	reader := sdkmetric.NewManualReader()
	if _, err := s.Observe(sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))); err != nil {
		t.Fatal(err)
	}
	for range timedEvery {
		s.String("clean")
		s.String("to lin@example.org")
	}
	var rm metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &rm); err != nil {
		t.Fatal(err)
	}
	for _, m := range rm.ScopeMetrics[0].Metrics {
		if m.Name != "otelkit.scrub.time" {
			continue
		}
		points := m.Data.(metricdata.Sum[float64]).DataPoints
		if signal, _ := points[0].Attributes.Value("signal"); len(points) != 1 || signal.AsString() != "text" || points[0].Value <= 0 {
			t.Errorf("time spent: %+v", points)
		}
		return
	}
	t.Errorf("no time spent in %+v", rm.ScopeMetrics)
}
