package scrub

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// Two points of one series in one request overwrite each other, also if it was
// the name of a scope or a metric that told them apart.
func TestMetricsThatBecomeEqualAreMerged(t *testing.T) {
	t.Parallel()
	shop := attribute.NewSet(attribute.String("shop", "berlin"))
	count := func(name string, n int64) metricdata.Metrics {
		return metricdata.Metrics{Name: name, Data: metricdata.Sum[int64]{
			Temporality: metricdata.CumulativeTemporality, IsMonotonic: true, DataPoints: []metricdata.DataPoint[int64]{{Attributes: shop, Value: n}},
		}}
	}
	level := func(name string, n float64) metricdata.Metrics {
		return metricdata.Metrics{Name: name, Data: metricdata.Gauge[float64]{DataPoints: []metricdata.DataPoint[float64]{{Attributes: shop, Value: n}}}}
	}
	delta := count("orders", 16)
	delta.Data = metricdata.Sum[int64]{Temporality: metricdata.DeltaTemporality, IsMonotonic: true, DataPoints: delta.Data.(metricdata.Sum[int64]).DataPoints}
	scope := func(user string) instrumentation.Scope {
		return instrumentation.Scope{Name: "tenants", Attributes: attribute.NewSet(attribute.String("user.email", user))}
	}
	in := &metricdata.ResourceMetrics{ScopeMetrics: []metricdata.ScopeMetrics{
		{Scope: scope("ada@example.com"), Metrics: []metricdata.Metrics{count("orders", 1), level("load", 0.5), count("of ada@example.com", 100)}},
		{Scope: instrumentation.Scope{Name: "other"}, Metrics: []metricdata.Metrics{count("orders", 4)}},
		{Scope: scope("bob@example.com"), Metrics: []metricdata.Metrics{count("orders", 2), delta, level("orders", 8), level("load", 0.7), count("of bob@example.com", 200)}},
	}}
	before := fmt.Sprint(in)
	sink := &lastMetrics{}
	if err := NewMetricExporter(sink, nil).Export(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if after := fmt.Sprint(in); after != before {
		t.Errorf("what the SDK uses again was changed (-before +after):\n%s", cmp.Diff(before, after))
	}
	var got []string
	for _, sm := range sink.rm.ScopeMetrics {
		for _, m := range sm.Metrics {
			switch d := m.Data.(type) {
			case metricdata.Sum[int64]:
				got = append(got, fmt.Sprint(sm.Scope.Name, " ", m.Name, " ", d.Temporality, " ", len(d.DataPoints), " ", d.DataPoints[0].Value))
			case metricdata.Gauge[float64]:
				got = append(got, fmt.Sprint(sm.Scope.Name, " ", m.Name, " gauge ", len(d.DataPoints), " ", d.DataPoints[0].Value))
			}
		}
	}
	want := []string{
		"tenants orders CumulativeTemporality 1 3", "tenants load gauge 1 0.7", "tenants of [REDACTED:pii.email] CumulativeTemporality 1 300",
		"tenants orders DeltaTemporality 1 16", "tenants orders gauge 1 8", "other orders CumulativeTemporality 1 4",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
