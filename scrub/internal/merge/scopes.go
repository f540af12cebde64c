package merge

import (
	"reflect"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// Scopes makes one of the scopes that are equal.
func Scopes(in []metricdata.ScopeMetrics) []metricdata.ScopeMetrics {
	type identity struct {
		name, version, schema string
		attributes            attribute.Distinct
	}
	return united(in, func(sm metricdata.ScopeMetrics) identity {
		return identity{sm.Scope.Name, sm.Scope.Version, sm.Scope.SchemaURL, sm.Scope.Attributes.Equivalent()}
	}, func(a, b metricdata.ScopeMetrics) metricdata.ScopeMetrics {
		a.Metrics = Metrics(slices.Concat(a.Metrics, b.Metrics))
		return a
	})
}

// Metrics makes one of the metrics that are equal in what identifies one:
// name, unit, type, temporality and monotonicity (OpenTelemetry metrics data
// model). Of descriptions the first stays.
func Metrics(in []metricdata.Metrics) []metricdata.Metrics {
	type identity struct {
		name, unit  string
		kind        reflect.Type
		temporality metricdata.Temporality
		monotonic   bool
	}
	return united(in, func(m metricdata.Metrics) identity {
		id := identity{name: m.Name, unit: m.Unit, kind: reflect.TypeOf(m.Data)}
		switch d := m.Data.(type) {
		case metricdata.Sum[int64]:
			id.temporality, id.monotonic = d.Temporality, d.IsMonotonic
		case metricdata.Sum[float64]:
			id.temporality, id.monotonic = d.Temporality, d.IsMonotonic
		case metricdata.Histogram[int64]:
			id.temporality = d.Temporality
		case metricdata.Histogram[float64]:
			id.temporality = d.Temporality
		case metricdata.ExponentialHistogram[int64]:
			id.temporality = d.Temporality
		case metricdata.ExponentialHistogram[float64]:
			id.temporality = d.Temporality
		}
		return id
	}, func(a, b metricdata.Metrics) metricdata.Metrics {
		a.Data = joinData(a.Data, b.Data)
		return a
	})
}

// joinData puts together the points of a and b, which are of one type.
func joinData(a, b metricdata.Aggregation) metricdata.Aggregation {
	switch a := a.(type) {
	case metricdata.Sum[int64]:
		a.DataPoints = Points(slices.Concat(a.DataPoints, b.(metricdata.Sum[int64]).DataPoints), NumberPart, Numbers)
		return a
	case metricdata.Sum[float64]:
		a.DataPoints = Points(slices.Concat(a.DataPoints, b.(metricdata.Sum[float64]).DataPoints), NumberPart, Numbers)
		return a
	case metricdata.Gauge[int64]:
		a.DataPoints = Points(slices.Concat(a.DataPoints, b.(metricdata.Gauge[int64]).DataPoints), NumberPart, LastNumber)
		return a
	case metricdata.Gauge[float64]:
		a.DataPoints = Points(slices.Concat(a.DataPoints, b.(metricdata.Gauge[float64]).DataPoints), NumberPart, LastNumber)
		return a
	case metricdata.Histogram[int64]:
		a.DataPoints = Points(slices.Concat(a.DataPoints, b.(metricdata.Histogram[int64]).DataPoints), HistogramPart, Histograms)
		return a
	case metricdata.Histogram[float64]:
		a.DataPoints = Points(slices.Concat(a.DataPoints, b.(metricdata.Histogram[float64]).DataPoints), HistogramPart, Histograms)
		return a
	case metricdata.ExponentialHistogram[int64]:
		a.DataPoints = Points(slices.Concat(a.DataPoints, b.(metricdata.ExponentialHistogram[int64]).DataPoints), ExponentialPart, ExponentialHistograms)
		return a
	case metricdata.ExponentialHistogram[float64]:
		a.DataPoints = Points(slices.Concat(a.DataPoints, b.(metricdata.ExponentialHistogram[float64]).DataPoints), ExponentialPart, ExponentialHistograms)
		return a
	case metricdata.Summary:
		a.DataPoints = Points(slices.Concat(a.DataPoints, b.(metricdata.Summary).DataPoints), SummaryPart, Summaries)
		return a
	default:
		return a
	}
}

// Points makes one of the points that are of one series.
func Points[P any, N int64 | float64](in []P, part Part[P, N], add func(a, b P) P) []P {
	return united(in, func(p P) attribute.Distinct {
		set, _ := part(&p)
		return set.Equivalent()
	}, add)
}

// united makes one of all elements of in that have one identity, in the place
// of the first.
func united[T any, I comparable](in []T, identity func(T) I, add func(a, b T) T) []T {
	index := make(map[I]int, len(in))
	out := in[:0:0]
	for _, elem := range in {
		id := identity(elem)
		if i, ok := index[id]; ok {
			out[i] = add(out[i], elem)
			continue
		}
		index[id] = len(out)
		out = append(out, elem)
	}
	return out
}
