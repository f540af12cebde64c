package wire

import (
	"math"
	"time"

	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// Metric appends the fields of a metrics.v1.Metric and returns how many data
// points it has. It returns false, having appended nothing that counts, if the
// aggregation or the temporality is unknown.
func (e *Encoder) Metric(m metricdata.Metrics) (points int, ok bool) {
	e.string(1, m.Name)
	e.string(2, m.Description)
	e.string(3, m.Unit)
	switch d := m.Data.(type) {
	case metricdata.Gauge[int64]:
		return gauge(e, d), true
	case metricdata.Gauge[float64]:
		return gauge(e, d), true
	case metricdata.Sum[int64]:
		return sum(e, d)
	case metricdata.Sum[float64]:
		return sum(e, d)
	case metricdata.Histogram[int64]:
		return histogram(e, d)
	case metricdata.Histogram[float64]:
		return histogram(e, d)
	case metricdata.ExponentialHistogram[int64]:
		return exponentialHistogram(e, d)
	case metricdata.ExponentialHistogram[float64]:
		return exponentialHistogram(e, d)
	case metricdata.Summary:
		return e.summary(d), true
	}
	return 0, false
}

// Fields of metrics.v1.Metric.data.
const (
	metricGauge                = 5
	metricSum                  = 7
	metricHistogram            = 9
	metricExponentialHistogram = 10
	metricSummary              = 11
)

// temporality returns the OTLP number: 1 delta, 2 cumulative.
func temporality(t metricdata.Temporality) (uint64, bool) {
	switch t {
	case metricdata.DeltaTemporality:
		return 1, true
	case metricdata.CumulativeTemporality:
		return 2, true
	}
	return 0, false
}

func gauge[N int64 | float64](e *Encoder, g metricdata.Gauge[N]) int {
	start := e.open(metricGauge)
	numbers(e, g.DataPoints)
	e.close(start)
	return len(g.DataPoints)
}

func sum[N int64 | float64](e *Encoder, s metricdata.Sum[N]) (int, bool) {
	t, ok := temporality(s.Temporality)
	if !ok {
		return len(s.DataPoints), false
	}
	start := e.open(metricSum)
	numbers(e, s.DataPoints)
	e.uint(2, t)
	if s.IsMonotonic {
		e.uint(3, 1)
	}
	e.close(start)
	return len(s.DataPoints), true
}

func numbers[N int64 | float64](e *Encoder, points []metricdata.DataPoint[N]) {
	for i := range points {
		p := &points[i]
		start := e.open(1)
		e.time(2, p.StartTime)
		e.time(3, p.Time)
		number(e, p.Value, 4, 6)
		exemplars(e, 5, p.Exemplars)
		e.set(7, p.Attributes.Iter())
		e.close(start)
	}
}

// number appends v as the as_double or the as_int of a oneof.
func number[N int64 | float64](e *Encoder, v N, asDouble, asInt uint64) {
	switch v := any(v).(type) {
	case float64:
		e.oneofFixed64(asDouble, math.Float64bits(v))
	case int64:
		e.oneofFixed64(asInt, uint64(v))
	}
}

func exemplars[N int64 | float64](e *Encoder, field uint64, list []metricdata.Exemplar[N]) {
	for i := range list {
		x := &list[i]
		start := e.open(field)
		e.time(2, x.Time)
		number(e, x.Value, 3, 6)
		e.bytes(4, x.SpanID)
		e.bytes(5, x.TraceID)
		e.attributes(7, x.FilteredAttributes)
		e.close(start)
	}
}

func histogram[N int64 | float64](e *Encoder, h metricdata.Histogram[N]) (int, bool) {
	t, ok := temporality(h.Temporality)
	if !ok {
		return len(h.DataPoints), false
	}
	start := e.open(metricHistogram)
	for i := range h.DataPoints {
		p := &h.DataPoints[i]
		point := e.open(1)
		e.interval(p.StartTime, p.Time)
		e.fixed64(4, p.Count)
		e.oneofFixed64(5, math.Float64bits(float64(p.Sum)))
		e.packedFixed64(6, p.BucketCounts)
		e.packedDoubles(7, p.Bounds)
		exemplars(e, 8, p.Exemplars)
		e.set(9, p.Attributes.Iter())
		extremum(e, 11, p.Min)
		extremum(e, 12, p.Max)
		e.close(point)
	}
	e.uint(2, t)
	e.close(start)
	return len(h.DataPoints), true
}

func exponentialHistogram[N int64 | float64](e *Encoder, h metricdata.ExponentialHistogram[N]) (int, bool) {
	t, ok := temporality(h.Temporality)
	if !ok {
		return len(h.DataPoints), false
	}
	start := e.open(metricExponentialHistogram)
	for i := range h.DataPoints {
		p := &h.DataPoints[i]
		point := e.open(1)
		e.set(1, p.Attributes.Iter())
		e.interval(p.StartTime, p.Time)
		e.fixed64(4, p.Count)
		e.oneofFixed64(5, math.Float64bits(float64(p.Sum)))
		e.sint(6, p.Scale)
		e.fixed64(7, p.ZeroCount)
		e.buckets(8, p.PositiveBucket)
		e.buckets(9, p.NegativeBucket)
		exemplars(e, 11, p.Exemplars)
		extremum(e, 12, p.Min)
		extremum(e, 13, p.Max)
		e.double(14, p.ZeroThreshold)
		e.close(point)
	}
	e.uint(2, t)
	e.close(start)
	return len(h.DataPoints), true
}

func (e *Encoder) buckets(field uint64, b metricdata.ExponentialBucket) {
	start := e.open(field)
	e.sint(1, b.Offset)
	if len(b.Counts) > 0 {
		packed := e.open(2)
		for _, c := range b.Counts {
			e.uvarint(c)
		}
		e.close(packed)
	}
	e.close(start)
}

func (e *Encoder) summary(s metricdata.Summary) int {
	start := e.open(metricSummary)
	for i := range s.DataPoints {
		p := &s.DataPoints[i]
		point := e.open(1)
		e.interval(p.StartTime, p.Time)
		e.fixed64(4, p.Count)
		e.double(5, p.Sum)
		for _, q := range p.QuantileValues {
			quantile := e.open(6)
			e.double(1, q.Quantile)
			e.double(2, q.Value)
			e.close(quantile)
		}
		e.set(7, p.Attributes.Iter())
		e.close(point)
	}
	e.close(start)
	return len(s.DataPoints)
}

func (e *Encoder) interval(start, end time.Time) {
	e.time(2, start)
	e.time(3, end)
}

func extremum[N int64 | float64](e *Encoder, field uint64, x metricdata.Extrema[N]) {
	if v, ok := x.Value(); ok {
		e.oneofFixed64(field, math.Float64bits(float64(v)))
	}
}

func (e *Encoder) packedFixed64(field uint64, vs []uint64) {
	if len(vs) == 0 {
		return
	}
	start := e.open(field)
	for _, v := range vs {
		e.raw64(v)
	}
	e.close(start)
}

func (e *Encoder) packedDoubles(field uint64, vs []float64) {
	if len(vs) == 0 {
		return
	}
	start := e.open(field)
	for _, v := range vs {
		e.raw64(math.Float64bits(v))
	}
	e.close(start)
}
