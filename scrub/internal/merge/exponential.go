package merge

import (
	"math"

	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// maxBuckets bounds the buckets of a merged exponential histogram, on each
// side of zero. It is the default of the SDK.
const maxBuckets = 160

// ExponentialHistograms follows the data model of OpenTelemetry metrics:
// the smaller scale wins, as buckets can be joined but not split, and the
// larger zero region swallows the buckets of the other within it.
func ExponentialHistograms[N int64 | float64](a, b metricdata.ExponentialHistogramDataPoint[N]) metricdata.ExponentialHistogramDataPoint[N] {
	limit := max(maxBuckets, len(a.PositiveBucket.Counts), len(a.NegativeBucket.Counts), len(b.PositiveBucket.Counts), len(b.NegativeBucket.Counts))
	scale := min(a.Scale, b.Scale)
	for ; scale > -32; scale-- {
		if bucketSpan(a.PositiveBucket, a.Scale-scale, b.PositiveBucket, b.Scale-scale) <= limit &&
			bucketSpan(a.NegativeBucket, a.Scale-scale, b.NegativeBucket, b.Scale-scale) <= limit {
			break
		}
	}
	x, y := rescale(a, scale), rescale(b, scale)
	threshold := zeroThreshold(x, y)
	x, y = widenZero(x, threshold), widenZero(y, threshold)

	a.Min = extreme(a.Min, a.Count, b.Min, b.Count, -1)
	a.Max = extreme(a.Max, a.Count, b.Max, b.Count, +1)
	a.StartTime, a.Time = earlier(a.StartTime, b.StartTime), later(a.Time, b.Time)
	a.Count += b.Count
	a.Sum += b.Sum
	a.Scale, a.ZeroThreshold = scale, threshold
	a.ZeroCount = x.ZeroCount + y.ZeroCount
	a.PositiveBucket = addExponentialBuckets(x.PositiveBucket, y.PositiveBucket)
	a.NegativeBucket = addExponentialBuckets(x.NegativeBucket, y.NegativeBucket)
	a.Exemplars = addExemplars(a.Exemplars, b.Exemplars)
	return a
}

// bucketSpan is the number of buckets that both take together when their
// scales are lowered by da and db. It is an int, as the indexes of float64
// values at the largest scale are 2^31 apart.
func bucketSpan(a metricdata.ExponentialBucket, da int32, b metricdata.ExponentialBucket, db int32) int {
	if len(a.Counts) == 0 {
		a, da = b, db
	}
	if len(b.Counts) == 0 {
		b, db = a, da
	}
	first := min(a.Offset>>da, b.Offset>>db)
	last := max(lastIndex(a)>>da, lastIndex(b)>>db)
	return int(last) - int(first) + 1
}

func lastIndex(b metricdata.ExponentialBucket) int32 { return b.Offset + int32(len(b.Counts)) - 1 }

// rescale returns p with buckets of its own at scale, which is not larger than
// that of p. Index i at one scale is index i>>1 at the next smaller one.
func rescale[N int64 | float64](p metricdata.ExponentialHistogramDataPoint[N], scale int32) metricdata.ExponentialHistogramDataPoint[N] {
	delta := p.Scale - scale
	p.Scale = scale
	p.PositiveBucket = lowerScale(p.PositiveBucket, delta)
	p.NegativeBucket = lowerScale(p.NegativeBucket, delta)
	return p
}

func lowerScale(b metricdata.ExponentialBucket, delta int32) metricdata.ExponentialBucket {
	if len(b.Counts) == 0 {
		return metricdata.ExponentialBucket{}
	}
	offset := b.Offset >> delta
	counts := make([]uint64, lastIndex(b)>>delta-offset+1)
	for i, n := range b.Counts {
		counts[(b.Offset+int32(i))>>delta-offset] += n
	}
	return metricdata.ExponentialBucket{Offset: offset, Counts: counts}
}

// zeroThreshold returns the zero threshold of the sum of a and b, which are of
// one scale. It is the larger of the two, or, where that would split a bucket
// that holds something, the upper boundary of this bucket.
func zeroThreshold[N int64 | float64](a, b metricdata.ExponentialHistogramDataPoint[N]) float64 {
	threshold := max(a.ZeroThreshold, b.ZeroThreshold)
	if a.ZeroThreshold == b.ZeroThreshold {
		return threshold
	}
	narrow := a
	if b.ZeroThreshold < a.ZeroThreshold {
		narrow = b
	}
	out := threshold
	for _, bucket := range []metricdata.ExponentialBucket{narrow.PositiveBucket, narrow.NegativeBucket} {
		for i, n := range bucket.Counts {
			index := bucket.Offset + int32(i)
			if n > 0 && boundary(index, a.Scale) < threshold && threshold < boundary(index+1, a.Scale) {
				out = max(out, boundary(index+1, a.Scale))
			}
		}
	}
	return out
}

// widenZero moves the buckets of p within threshold to its zero count. It may
// change the buckets of p.
func widenZero[N int64 | float64](p metricdata.ExponentialHistogramDataPoint[N], threshold float64) metricdata.ExponentialHistogramDataPoint[N] {
	if p.ZeroThreshold == threshold {
		return p
	}
	p.ZeroThreshold = threshold
	for _, bucket := range []metricdata.ExponentialBucket{p.PositiveBucket, p.NegativeBucket} {
		for i, n := range bucket.Counts {
			if boundary(bucket.Offset+int32(i)+1, p.Scale) <= threshold {
				p.ZeroCount += n
				bucket.Counts[i] = 0
			}
		}
	}
	return p
}

// boundary is base^index for base = 2^(2^-scale).
func boundary(index, scale int32) float64 {
	return math.Exp2(math.Ldexp(float64(index), int(-scale)))
}

func addExponentialBuckets(a, b metricdata.ExponentialBucket) metricdata.ExponentialBucket {
	if len(a.Counts) == 0 {
		return b
	}
	if len(b.Counts) == 0 {
		return a
	}
	offset := min(a.Offset, b.Offset)
	counts := make([]uint64, max(lastIndex(a), lastIndex(b))-offset+1)
	for _, bucket := range []metricdata.ExponentialBucket{a, b} {
		for i, n := range bucket.Counts {
			counts[bucket.Offset+int32(i)-offset] += n
		}
	}
	return metricdata.ExponentialBucket{Offset: offset, Counts: counts}
}
