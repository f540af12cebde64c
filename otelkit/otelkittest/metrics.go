package otelkittest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// Metric is an instrument and its series, as they would leave the process.
type Metric struct {
	Name, Unit, Scope string
	Kind              MetricKind
	Points            []Point
}

// MetricKind says how points of a metric are to be read.
type MetricKind string

// The kinds.
const (
	Sum       MetricKind = "sum"
	Gauge     MetricKind = "gauge"
	Histogram MetricKind = "histogram"
)

// Point is one series of a metric, since the kit was made.
type Point struct {
	Attributes Attributes
	Value      float64 // the sum, or the last value of a gauge
	Count      uint64  // of the measurements of a histogram
}

// Metrics are metrics in the order in which their instruments were made.
type Metrics []Metric

// Metrics collects and returns all metrics.
func (k *Kit) Metrics() Metrics {
	k.tb.Helper()
	k.flush()
	return k.metrics.all()
}

// Named returns the metric of this name. It has no points if there is none.
func (m Metrics) Named(name string) Metric {
	i := slices.IndexFunc(m, func(x Metric) bool { return x.Name == name })
	if i < 0 {
		return Metric{Name: name}
	}
	return m[i]
}

// With returns the first point that has these attributes, given as keys and
// values in turn, whatever others it has. The values are compared as text.
func (m Metric) With(args ...any) (p Point, ok bool) {
	for _, p := range m.Points {
		match := true
		for i := 0; i+1 < len(args); i += 2 {
			match = match && fmt.Sprint(p.Attributes[fmt.Sprint(args[i])]) == fmt.Sprint(args[i+1])
		}
		if match {
			return p, true
		}
	}
	return Point{}, false
}

// metricRecorder is a metric exporter that keeps the latest collection.
type metricRecorder struct {
	mu     sync.Mutex
	latest Metrics
}

var _ sdkmetric.Exporter = (*metricRecorder)(nil)

func (r *metricRecorder) Temporality(sdkmetric.InstrumentKind) metricdata.Temporality {
	return metricdata.CumulativeTemporality
}

func (r *metricRecorder) Aggregation(k sdkmetric.InstrumentKind) sdkmetric.Aggregation {
	return sdkmetric.DefaultAggregationSelector(k)
}

func (r *metricRecorder) ForceFlush(context.Context) error { return nil }
func (r *metricRecorder) Shutdown(context.Context) error   { return nil }

func (r *metricRecorder) Export(_ context.Context, rm *metricdata.ResourceMetrics) error {
	var all Metrics
	for _, scope := range rm.ScopeMetrics {
		for _, m := range scope.Metrics {
			kind, points := read(m.Data)
			all = append(all, Metric{Name: m.Name, Unit: m.Unit, Scope: scope.Scope.Name, Kind: kind, Points: points})
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.latest = all
	return nil
}

func (r *metricRecorder) all() Metrics {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.latest)
}

func read(data metricdata.Aggregation) (MetricKind, []Point) {
	switch d := data.(type) {
	case metricdata.Sum[int64]:
		return Sum, values(d.DataPoints)
	case metricdata.Sum[float64]:
		return Sum, values(d.DataPoints)
	case metricdata.Gauge[int64]:
		return Gauge, values(d.DataPoints)
	case metricdata.Gauge[float64]:
		return Gauge, values(d.DataPoints)
	case metricdata.Histogram[int64]:
		return Histogram, distributions(d.DataPoints)
	case metricdata.Histogram[float64]:
		return Histogram, distributions(d.DataPoints)
	case metricdata.ExponentialHistogram[int64]:
		return Histogram, exponential(d.DataPoints)
	case metricdata.ExponentialHistogram[float64]:
		return Histogram, exponential(d.DataPoints)
	}
	return "", nil
}

func values[N int64 | float64](in []metricdata.DataPoint[N]) []Point {
	return points(in, func(p metricdata.DataPoint[N]) (attribute.Set, Point) {
		return p.Attributes, Point{Value: float64(p.Value)}
	})
}

func distributions[N int64 | float64](in []metricdata.HistogramDataPoint[N]) []Point {
	return points(in, func(p metricdata.HistogramDataPoint[N]) (attribute.Set, Point) {
		return p.Attributes, Point{Value: float64(p.Sum), Count: p.Count}
	})
}

func exponential[N int64 | float64](in []metricdata.ExponentialHistogramDataPoint[N]) []Point {
	return points(in, func(p metricdata.ExponentialHistogramDataPoint[N]) (attribute.Set, Point) {
		return p.Attributes, Point{Value: float64(p.Sum), Count: p.Count}
	})
}

// points converts points and puts them in the order of their attributes: the
// SDK has none.
func points[P any](in []P, convert func(P) (attribute.Set, Point)) []Point {
	byAttributes := map[string]Point{}
	for _, p := range in {
		set, point := convert(p)
		point.Attributes = attributesOf(set.ToSlice())
		byAttributes[set.Encoded(attribute.DefaultEncoder())] = point
	}
	var out []Point
	for _, key := range slices.SortedFunc(maps.Keys(byAttributes), strings.Compare) {
		out = append(out, byAttributes[key])
	}
	return out
}
