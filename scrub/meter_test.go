package scrub

import (
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

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

// Each finding counts once for each time that it would have left, for the signal
// it was in; what is only asked about does not count.
func TestCountedOnce(t *testing.T) {
	t.Parallel()
	const mail = "lin@example.org"
	tests := map[string]struct {
		do   func(*Scrubber)
		want []Redactions
	}{
		"set": {func(s *Scrubber) {
			s.set(sigMetrics, attribute.NewSet(attribute.String("a", mail), attribute.String("b", mail)))
		}, []Redactions{{"metrics", PII, "pii.email", 2}}},
		"key": {func(s *Scrubber) {
			s.keyValue(sigTraces, attribute.Int(mail, 1))
			s.keyValue(sigTraces, attribute.Int(mail, 1))
		}, []Redactions{{"traces", PII, "pii.email", 2}}},
		"key of a handler": {func(s *Scrubber) {
			slog.New(NewHandler(slog.DiscardHandler, s)).Info("m")
			_ = NewHandler(slog.NewTextHandler(io.Discard, nil), s).Handle(t.Context(), record(slog.Int(mail, 1)))
		}, []Redactions{{"logs", PII, "pii.email", 1}}},
		"questions": {func(s *Scrubber) {
			s.SensitiveKey(mail)
			s.Explain(mail, "password=hunter2")
			s.Explain("password", "hunter2")
		}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := New()
			if err != nil {
				t.Fatal(err)
			}
			tt.do(s)
			if diff := cmp.Diff(tt.want, s.Stats().Redactions); diff != "" {
				t.Errorf("redactions (-want +got):\n%s", diff)
			}
		})
	}
}

func record(attrs ...slog.Attr) slog.Record {
	r := slog.NewRecord(time.Time{}, slog.LevelInfo, "m", 0)
	r.AddAttrs(attrs...)
	return r
}

// A key that is replaced is text like any other: in metrics it takes the fixed
// mask, elsewhere the action of its rule.
func TestKeysTakeTheActionOfTheirSignal(t *testing.T) {
	t.Parallel()
	s, err := New(WithAction("pii", Pseudonym("k1", []byte("0123456789abcdef"))))
	if err != nil {
		t.Fatal(err)
	}
	const mail = "lin@example.org"
	if kv, _ := s.keyValue(sigMetrics, attribute.Int(mail, 1)); kv.Key != "[REDACTED:pii.email]" {
		t.Errorf("key of a metric label: %s", kv.Key)
	}
	if kv, _ := s.keyValue(sigTraces, attribute.Int(mail, 1)); !strings.HasPrefix(string(kv.Key), "[REDACTED:pii.email:k1:") {
		t.Errorf("key of a span attribute: %s", kv.Key)
	}
}
