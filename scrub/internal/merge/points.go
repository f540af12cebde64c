// Package merge makes one of what has become equal by masking: scopes whose
// attributes named a person, metrics whose names did, points of one series. It
// changes nothing of what it gets: the SDK uses the memory behind it again.
package merge

import (
	"cmp"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// Part leads from a data point to the attributes that make its series, and to its
// exemplars.
type Part[P any, N int64 | float64] func(*P) (*attribute.Set, *[]metricdata.Exemplar[N])

// NumberPart is the Part of a sum or gauge.
func NumberPart[N int64 | float64](p *metricdata.DataPoint[N]) (*attribute.Set, *[]metricdata.Exemplar[N]) {
	return &p.Attributes, &p.Exemplars
}

// HistogramPart is the Part of a histogram.
func HistogramPart[N int64 | float64](p *metricdata.HistogramDataPoint[N]) (*attribute.Set, *[]metricdata.Exemplar[N]) {
	return &p.Attributes, &p.Exemplars
}

// ExponentialPart is the Part of an exponential histogram.
func ExponentialPart[N int64 | float64](p *metricdata.ExponentialHistogramDataPoint[N]) (*attribute.Set, *[]metricdata.Exemplar[N]) {
	return &p.Attributes, &p.Exemplars
}

// SummaryPart is the Part of a summary, which has no exemplars.
func SummaryPart(p *metricdata.SummaryDataPoint) (*attribute.Set, *[]metricdata.Exemplar[float64]) {
	return &p.Attributes, &[]metricdata.Exemplar[float64]{}
}

// maxExemplars bounds what many merged points keep of their exemplars.
const maxExemplars = 16

// Numbers adds two data points of a sum.
func Numbers[N int64 | float64](a, b metricdata.DataPoint[N]) metricdata.DataPoint[N] {
	a.StartTime, a.Time = earlier(a.StartTime, b.StartTime), later(a.Time, b.Time)
	a.Value += b.Value
	a.Exemplars = addExemplars(a.Exemplars, b.Exemplars)
	return a
}

// LastNumber returns the later of two data points of a gauge. It prefers the larger of two values of one time, as the order of
// data points is not stable and a gauge that flips between two values would
// mean nothing.
func LastNumber[N int64 | float64](a, b metricdata.DataPoint[N]) metricdata.DataPoint[N] {
	a.StartTime = earlier(a.StartTime, b.StartTime)
	if b.Time.After(a.Time) || b.Time.Equal(a.Time) && b.Value > a.Value {
		a.Time, a.Value = b.Time, b.Value
	}
	a.Exemplars = addExemplars(a.Exemplars, b.Exemplars)
	return a
}

// Histograms adds two histograms, in the buckets that both can tell apart.
func Histograms[N int64 | float64](a, b metricdata.HistogramDataPoint[N]) metricdata.HistogramDataPoint[N] {
	bounds := sharedBounds(a.Bounds, b.Bounds)
	var counts []uint64
	// A histogram may come without buckets: then the sum of both has none.
	if len(a.BucketCounts) == len(a.Bounds)+1 && len(b.BucketCounts) == len(b.Bounds)+1 {
		counts = make([]uint64, len(bounds)+1)
		addBuckets(counts, bounds, a.BucketCounts, a.Bounds)
		addBuckets(counts, bounds, b.BucketCounts, b.Bounds)
	} else {
		bounds = nil
	}
	a.Min = extreme(a.Min, a.Count, b.Min, b.Count, -1)
	a.Max = extreme(a.Max, a.Count, b.Max, b.Count, +1)
	a.StartTime, a.Time = earlier(a.StartTime, b.StartTime), later(a.Time, b.Time)
	a.Count += b.Count
	a.Sum += b.Sum
	a.Bounds, a.BucketCounts = bounds, counts
	a.Exemplars = addExemplars(a.Exemplars, b.Exemplars)
	return a
}

// sharedBounds returns the bounds that are in both lists. Buckets can be
// joined at the others without an error, but never split.
func sharedBounds(a, b []float64) []float64 {
	if slices.Equal(a, b) {
		return slices.Clone(a)
	}
	var out []float64
	for _, bound := range a {
		if _, ok := slices.BinarySearch(b, bound); ok {
			out = append(out, bound)
		}
	}
	return out
}

// addBuckets adds counts, which are of the buckets within from, to dst, which
// are of those within bounds, a subset of from.
func addBuckets(dst []uint64, bounds []float64, counts []uint64, from []float64) {
	to := 0
	for i, n := range counts {
		dst[to] += n
		if i < len(from) && to < len(bounds) && from[i] == bounds[to] {
			to++
		}
	}
}

// Summaries adds two summaries, which lose their quantiles: these cannot be
// merged.
func Summaries(a, b metricdata.SummaryDataPoint) metricdata.SummaryDataPoint {
	a.StartTime, a.Time = earlier(a.StartTime, b.StartTime), later(a.Time, b.Time)
	a.Count += b.Count
	a.Sum += b.Sum
	a.QuantileValues = nil
	return a
}

// extreme returns the smaller (sign < 0) or the larger of two extrema. One of
// no values says nothing; one of values that were not kept leaves the result
// unknown.
func extreme[N int64 | float64](a metricdata.Extrema[N], na uint64, b metricdata.Extrema[N], nb uint64, sign int) metricdata.Extrema[N] {
	if na == 0 {
		return b
	}
	if nb == 0 {
		return a
	}
	x, okA := a.Value()
	y, okB := b.Value()
	switch {
	case !okA || !okB:
		return metricdata.Extrema[N]{}
	case cmp.Compare(y, x) == sign:
		return b
	default:
		return a
	}
}

func addExemplars[N int64 | float64](a, b []metricdata.Exemplar[N]) []metricdata.Exemplar[N] {
	room := maxExemplars - len(a)
	if room <= 0 || len(b) == 0 {
		return a
	}
	return slices.Concat(a, b[:min(room, len(b))])
}

// earlier returns the earlier time of the two that is known.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
