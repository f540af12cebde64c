package otlp

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"
	colmetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	"google.golang.org/protobuf/proto"
)

// An export above the limit of a request arrives in several, each data point
// once; a metric that OTLP does not have costs itself.
func TestLargeExportIsSplit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		requests, got := 0, map[int64]int{}
		answer := clientFunc(func(_ context.Context, payload []byte) result {
			if len(payload) > maxRequest {
				t.Errorf("a request of %d bytes", len(payload))
			}
			var req colmetrics.ExportMetricsServiceRequest
			if err := proto.Unmarshal(payload, &req); err != nil {
				return result{verdict: refuse, err: err}
			}
			mu.Lock()
			defer mu.Unlock()
			requests++
			for _, p := range req.ResourceMetrics[0].ScopeMetrics[0].Metrics[0].GetSum().GetDataPoints() {
				got[p.GetAsInt()]++
			}
			return result{}
		})
		e, err := New(WithMetrics(Endpoint{URL: "http://localhost/v1/metrics"}), WithErrorHandler(nil),
			optionFunc(func(c *config) {
				c.dial = func(Signal, Endpoint, target) (client, error) { return answer, nil }
			}))
		if err != nil {
			t.Fatal(err)
		}
		points := make([]metricdata.DataPoint[int64], 100_000)
		for i := range points {
			points[i].Value = int64(i)
			points[i].Attributes = attribute.NewSet(attribute.Int("series", i), attribute.String("path", "/items/{id}/parts/{part}"))
		}
		x := e.MetricExporter()
		if err := x.Export(t.Context(), &metricdata.ResourceMetrics{
			Resource: resource.Empty(),
			ScopeMetrics: []metricdata.ScopeMetrics{{Metrics: []metricdata.Metrics{
				{Name: "odd", Data: metricdata.Sum[int64]{DataPoints: points[:3]}}, // no temporality
				{Name: "none"},
				{Name: "m", Data: metricdata.Sum[int64]{DataPoints: points, Temporality: metricdata.CumulativeTemporality}},
			}}},
		}); err != nil {
			t.Error(err)
		}
		if err := x.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if requests < 2 || len(got) != len(points) {
			t.Errorf("%d of %d points in %d requests", len(got), len(points), requests)
		}
		if b := e.Stats().Metrics; b.Accepted != 100_003 || b.Delivered != 100_000 || b.Dropped[DropUnknown] != 3 {
			t.Errorf("books: %+v", b)
		}
		if err := x.Export(t.Context(), &metricdata.ResourceMetrics{}); err == nil {
			t.Error("Export after Shutdown returned nil")
		}
	})
}

type clientFunc func(context.Context, []byte) result

func (f clientFunc) send(ctx context.Context, p []byte) result { return f(ctx, p) }
func (clientFunc) close()                                      {}
