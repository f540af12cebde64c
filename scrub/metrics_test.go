package scrub_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/exemplar"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/otelkit/otelkit-go/scrub"
)

// keepMetrics is an exporter that keeps the text of what it is handed.
type keepMetrics struct {
	sdkmetric.Exporter
	got []*metricdata.ResourceMetrics
	err error
}

func (k *keepMetrics) Export(_ context.Context, rm *metricdata.ResourceMetrics) error {
	k.got = append(k.got, rm)
	return k.err
}

// export sends data through the exporter and returns what came out.
func export(t *testing.T, s *scrub.Scrubber, data metricdata.Aggregation) metricdata.Aggregation {
	t.Helper()
	next := &keepMetrics{}
	in := metricdata.ResourceMetrics{ScopeMetrics: []metricdata.ScopeMetrics{{Metrics: []metricdata.Metrics{{Name: "m", Data: data}}}}}
	before := showMetrics(&in)
	if err := scrub.NewMetricExporter(next, s).Export(t.Context(), &in); err != nil {
		t.Fatal(err)
	}
	if after := showMetrics(&in); after != before {
		t.Errorf("the exporter changed what it was handed from\n%s\nto\n%s", before, after)
	}
	return next.got[0].ScopeMetrics[0].Metrics[0].Data
}

func showMetrics(rm *metricdata.ResourceMetrics) string {
	b, err := json.Marshal(rm)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func plantedSet(p *planter, place string) attribute.Set {
	return attribute.NewSet(attribute.String("note", p.secret(place)), attribute.StringSlice("list", []string{p.secret(place + "-list")}))
}

func exemplars[N int64 | float64](p *planter, place string) []metricdata.Exemplar[N] {
	return []metricdata.Exemplar[N]{{FilteredAttributes: []attribute.KeyValue{attribute.String("user", p.text(place))}, Value: 1}}
}

func plantedMetrics(p *planter) *metricdata.ResourceMetrics {
	var metrics []metricdata.Metrics
	add := func(data metricdata.Aggregation) {
		metrics = append(metrics, metricdata.Metrics{Name: "m", Data: data})
	}
	add(metricdata.Sum[int64]{DataPoints: []metricdata.DataPoint[int64]{{Attributes: plantedSet(p, "sum-int"), Exemplars: exemplars[int64](p, "sum-int-exemplar")}}})
	add(metricdata.Sum[float64]{DataPoints: []metricdata.DataPoint[float64]{{Attributes: plantedSet(p, "sum-float"), Exemplars: exemplars[float64](p, "sum-float-exemplar")}}})
	add(metricdata.Gauge[int64]{DataPoints: []metricdata.DataPoint[int64]{{Attributes: plantedSet(p, "gauge-int"), Exemplars: exemplars[int64](p, "gauge-int-exemplar")}}})
	add(metricdata.Gauge[float64]{DataPoints: []metricdata.DataPoint[float64]{{Attributes: plantedSet(p, "gauge-float"), Exemplars: exemplars[float64](p, "gauge-float-exemplar")}}})
	add(metricdata.Histogram[int64]{DataPoints: []metricdata.HistogramDataPoint[int64]{{Attributes: plantedSet(p, "hist-int"), Exemplars: exemplars[int64](p, "hist-int-exemplar")}}})
	add(metricdata.Histogram[float64]{DataPoints: []metricdata.HistogramDataPoint[float64]{{Attributes: plantedSet(p, "hist-float"), Exemplars: exemplars[float64](p, "hist-float-exemplar")}}})
	add(metricdata.ExponentialHistogram[int64]{DataPoints: []metricdata.ExponentialHistogramDataPoint[int64]{{Attributes: plantedSet(p, "exp-int"), Exemplars: exemplars[int64](p, "exp-int-exemplar")}}})
	add(metricdata.ExponentialHistogram[float64]{DataPoints: []metricdata.ExponentialHistogramDataPoint[float64]{{Attributes: plantedSet(p, "exp-float"), Exemplars: exemplars[float64](p, "exp-float-exemplar")}}})
	add(metricdata.Summary{DataPoints: []metricdata.SummaryDataPoint{{Attributes: plantedSet(p, "summary")}}})
	metrics = append(metrics, metricdata.Metrics{
		Name: p.secret("name"), Description: p.text("description"), Unit: p.secret("unit"), Data: metricdata.Sum[int64]{},
	})
	return &metricdata.ResourceMetrics{
		Resource: resource.NewSchemaless(attribute.String("note", p.secret("resource"))),
		ScopeMetrics: []metricdata.ScopeMetrics{{
			Scope: instrumentation.Scope{
				Name: p.secret("scope-name"), Version: p.secret("scope-version"), Attributes: plantedSet(p, "scope"),
			},
			Metrics: metrics,
		}},
	}
}

func TestMetricExporterCoversEveryPlace(t *testing.T) {
	t.Parallel()
	var p planter
	in, next := plantedMetrics(&p), &keepMetrics{}
	before := showMetrics(in)
	if err := scrub.NewMetricExporter(next, nil).Export(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	p.check(t, before, showMetrics(next.got[0]))
	if diff := cmp.Diff(before, showMetrics(in)); diff != "" {
		t.Errorf("the data of the SDK was changed:\n%s", diff)
	}
	if got := len(next.got[0].ScopeMetrics[0].Metrics); got != len(in.ScopeMetrics[0].Metrics) {
		t.Errorf("%d metrics came through, want all", got)
	}
}

func TestMetricExporterHandsOnCleanData(t *testing.T) {
	t.Parallel()
	in, next := &metricdata.ResourceMetrics{
		Resource: resource.NewSchemaless(attribute.String("service.name", "orders")),
		ScopeMetrics: []metricdata.ScopeMetrics{{Metrics: []metricdata.Metrics{{Name: "m", Data: metricdata.Sum[int64]{
			DataPoints: []metricdata.DataPoint[int64]{{Attributes: attribute.NewSet(cleanAttributes()...)}},
		}}}}},
	}, &keepMetrics{err: errors.New("down")}
	if err := scrub.NewMetricExporter(next, nil).Export(t.Context(), in); !errors.Is(err, next.err) {
		t.Errorf("Export returned %v, want the error of next", err)
	}
	if next.got[0] != in {
		t.Error("clean data did not come through as it is")
	}
}

// A mask in a metric is fixed, or each user would make a series.
func TestMetricExporterTakesNoPseudonyms(t *testing.T) {
	t.Parallel()
	s, err := scrub.New(scrub.WithAction("pii", scrub.Pseudonym("k1", []byte("0123456789abcdef0123456789abcdef"))))
	if err != nil {
		t.Fatal(err)
	}
	got := export(t, s, metricdata.Sum[int64]{DataPoints: []metricdata.DataPoint[int64]{
		{Attributes: attribute.NewSet(attribute.String("user", secretAt("a"))), Value: 1},
		{Attributes: attribute.NewSet(attribute.String("user", secretAt("b"))), Value: 2},
	}}).(metricdata.Sum[int64])
	if len(got.DataPoints) != 1 || got.DataPoints[0].Value != 3 {
		t.Errorf("got %+v, want one data point of 3", got.DataPoints)
	}
}

var (
	early = time.Unix(100, 0)
	mid   = time.Unix(150, 0)
	late  = time.Unix(200, 0)

	ada   = attribute.NewSet(attribute.String("user", secretAt("ada")), attribute.String("shop", "a"))
	bob   = attribute.NewSet(attribute.String("user", secretAt("bob")), attribute.String("shop", "a"))
	other = attribute.NewSet(attribute.String("user", secretAt("eve")), attribute.String("shop", "b"))

	masked      = attribute.NewSet(attribute.String("user", "[REDACTED:pii.email]"), attribute.String("shop", "a"))
	maskedOther = attribute.NewSet(attribute.String("user", "[REDACTED:pii.email]"), attribute.String("shop", "b"))
)

func TestMergeSums(t *testing.T) {
	t.Parallel()
	for _, temporality := range []metricdata.Temporality{metricdata.CumulativeTemporality, metricdata.DeltaTemporality} {
		for _, monotonic := range []bool{true, false} {
			got := export(t, nil, metricdata.Sum[float64]{Temporality: temporality, IsMonotonic: monotonic, DataPoints: []metricdata.DataPoint[float64]{
				{Attributes: ada, StartTime: mid, Time: mid, Value: 1.5, Exemplars: []metricdata.Exemplar[float64]{{Value: 1}}},
				{Attributes: other, StartTime: early, Time: late, Value: 7},
				{Attributes: bob, StartTime: early, Time: late, Value: 2, Exemplars: []metricdata.Exemplar[float64]{{Value: 2}}},
			}})
			want := metricdata.Sum[float64]{Temporality: temporality, IsMonotonic: monotonic, DataPoints: []metricdata.DataPoint[float64]{
				{Attributes: masked, StartTime: early, Time: late, Value: 3.5, Exemplars: []metricdata.Exemplar[float64]{{Value: 1}, {Value: 2}}},
				{Attributes: maskedOther, StartTime: early, Time: late, Value: 7},
			}}
			diffData(t, want, got)
		}
	}
}

func TestMergeGauges(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		a, b, want metricdata.DataPoint[int64]
	}{
		"later wins": {
			metricdata.DataPoint[int64]{Attributes: ada, Time: early, Value: 9},
			metricdata.DataPoint[int64]{Attributes: bob, Time: late, Value: 1},
			metricdata.DataPoint[int64]{Attributes: masked, Time: late, Value: 1},
		},
		"later wins in any order": {
			metricdata.DataPoint[int64]{Attributes: ada, Time: late, Value: 1},
			metricdata.DataPoint[int64]{Attributes: bob, Time: early, Value: 9},
			metricdata.DataPoint[int64]{Attributes: masked, Time: late, Value: 1},
		},
		"larger wins at one time": {
			metricdata.DataPoint[int64]{Attributes: ada, Time: late, Value: 9},
			metricdata.DataPoint[int64]{Attributes: bob, Time: late, Value: 1},
			metricdata.DataPoint[int64]{Attributes: masked, Time: late, Value: 9},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := export(t, nil, metricdata.Gauge[int64]{DataPoints: []metricdata.DataPoint[int64]{tt.a, tt.b}})
			diffData(t, metricdata.Gauge[int64]{DataPoints: []metricdata.DataPoint[int64]{tt.want}}, got)
		})
	}
}

func TestMergeHistograms(t *testing.T) {
	t.Parallel()
	type point = metricdata.HistogramDataPoint[int64]
	extrema := metricdata.NewExtrema[int64]
	tests := map[string]struct{ a, b, want point }{
		"same bounds": {
			point{Count: 3, Sum: 30, Bounds: []float64{10, 20}, BucketCounts: []uint64{1, 1, 1}, Min: extrema(1), Max: extrema(25), StartTime: mid, Time: mid},
			point{Count: 2, Sum: 40, Bounds: []float64{10, 20}, BucketCounts: []uint64{0, 1, 1}, Min: extrema(11), Max: extrema(29), StartTime: early, Time: late},
			point{Count: 5, Sum: 70, Bounds: []float64{10, 20}, BucketCounts: []uint64{1, 2, 2}, Min: extrema(1), Max: extrema(29), StartTime: early, Time: late},
		},
		"shared bounds": {
			point{Count: 10, Bounds: []float64{1, 2, 5}, BucketCounts: []uint64{1, 2, 3, 4}},
			point{Count: 100, Bounds: []float64{2, 3, 5, 9}, BucketCounts: []uint64{10, 20, 30, 30, 10}},
			point{Count: 110, Bounds: []float64{2, 5}, BucketCounts: []uint64{13, 53, 44}},
		},
		"no bound shared": {
			point{Count: 3, Bounds: []float64{1}, BucketCounts: []uint64{1, 2}},
			point{Count: 7, Bounds: []float64{2}, BucketCounts: []uint64{3, 4}},
			point{Count: 10, BucketCounts: []uint64{10}},
		},
		"no buckets": {
			point{Count: 3, Sum: 5},
			point{Count: 7, Sum: 6, Bounds: []float64{2}, BucketCounts: []uint64{3, 4}},
			point{Count: 10, Sum: 11},
		},
		"extrema not kept": {
			point{Count: 1, Min: extrema(1), Max: extrema(1)}, point{Count: 1}, point{Count: 2},
		},
		"extrema of nothing": {
			point{Count: 1, Min: extrema(4), Max: extrema(5)}, point{}, point{Count: 1, Min: extrema(4), Max: extrema(5)},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, pair := range [][2]point{{tt.a, tt.b}, {tt.b, tt.a}} {
				a, b := pair[0], pair[1]
				a.Attributes, b.Attributes, tt.want.Attributes = ada, bob, masked
				got := export(t, nil, metricdata.Histogram[int64]{Temporality: metricdata.DeltaTemporality, DataPoints: []point{a, b}})
				diffData(t, metricdata.Histogram[int64]{Temporality: metricdata.DeltaTemporality, DataPoints: []point{tt.want}}, got)
			}
		})
	}
}

func TestMergeExponentialHistograms(t *testing.T) {
	t.Parallel()
	type (
		point  = metricdata.ExponentialHistogramDataPoint[float64]
		bucket = metricdata.ExponentialBucket
	)
	tests := map[string]struct{ a, b, want point }{
		"one scale": {
			point{Scale: 3, Count: 6, ZeroCount: 1, PositiveBucket: bucket{Offset: 2, Counts: []uint64{1, 2}}, NegativeBucket: bucket{Offset: 0, Counts: []uint64{2}}},
			point{Scale: 3, Count: 7, ZeroCount: 2, PositiveBucket: bucket{Offset: 4, Counts: []uint64{5}}},
			point{Scale: 3, Count: 13, ZeroCount: 3, PositiveBucket: bucket{Offset: 2, Counts: []uint64{1, 2, 5}}, NegativeBucket: bucket{Offset: 0, Counts: []uint64{2}}},
		},
		"two scales": {
			point{Scale: 2, Count: 15, PositiveBucket: bucket{Offset: -3, Counts: []uint64{1, 2, 3, 4, 5}}},
			point{Scale: 1, Count: 30, PositiveBucket: bucket{Offset: -2, Counts: []uint64{10, 20}}},
			point{Scale: 1, Count: 45, PositiveBucket: bucket{Offset: -2, Counts: []uint64{11, 25, 9}}},
		},
		"too far apart for the scale": {
			point{Scale: 10, Count: 1, PositiveBucket: bucket{Offset: -100, Counts: []uint64{1}}},
			point{Scale: 10, Count: 1, PositiveBucket: bucket{Offset: 219, Counts: []uint64{1}}},
			point{Scale: 9, Count: 2, PositiveBucket: bucket{Offset: -50, Counts: append(append([]uint64{1}, make([]uint64, 158)...), 1)}},
		},
		"the ends of float64": {
			point{Scale: 20, Count: 1, PositiveBucket: bucket{Offset: -1074 << 20, Counts: []uint64{1}}},
			point{Scale: 20, Count: 1, PositiveBucket: bucket{Offset: 1023 << 20, Counts: []uint64{1}}},
			point{Scale: -4, Count: 2, PositiveBucket: bucket{Offset: -68, Counts: append(append([]uint64{1}, make([]uint64, 130)...), 1)}},
		},
		"a wider zero": {
			// At scale 0 bucket i is (2^i, 2^(i+1)].
			point{Scale: 0, Count: 6, ZeroCount: 1, ZeroThreshold: 3, PositiveBucket: bucket{Offset: 1, Counts: []uint64{2, 3}}},
			point{Scale: 0, Count: 70, PositiveBucket: bucket{Offset: -1, Counts: []uint64{10, 20, 0, 40}}},
			point{Scale: 0, Count: 76, ZeroCount: 31, ZeroThreshold: 3, PositiveBucket: bucket{Offset: -1, Counts: []uint64{0, 0, 2, 43}}},
		},
		"a zero that would split a bucket": {
			point{Scale: 0, Count: 6, ZeroCount: 1, ZeroThreshold: 3, PositiveBucket: bucket{Offset: 1, Counts: []uint64{2, 3}}},
			point{Scale: 0, Count: 40, NegativeBucket: bucket{Offset: 1, Counts: []uint64{40}}},
			point{Scale: 0, Count: 46, ZeroCount: 43, ZeroThreshold: 4, PositiveBucket: bucket{Offset: 1, Counts: []uint64{0, 3}}, NegativeBucket: bucket{Offset: 1, Counts: []uint64{0}}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, pair := range [][2]point{{tt.a, tt.b}, {tt.b, tt.a}} {
				a, b := pair[0], pair[1]
				a.Attributes, b.Attributes, tt.want.Attributes = ada, bob, masked
				got := export(t, nil, metricdata.ExponentialHistogram[float64]{DataPoints: []point{a, b}})
				diffData(t, metricdata.ExponentialHistogram[float64]{DataPoints: []point{tt.want}}, got)
			}
		})
	}
}

// Two series recorded by the SDK and merged here are what the SDK makes of one
// series with the measurements of both, but for the scale.
func TestMergedExponentialHistogramsAgreeWithTheSDK(t *testing.T) {
	t.Parallel()
	record := func(users ...string) metricdata.ExponentialHistogramDataPoint[float64] {
		next := &keepMetrics{}
		reader := sdkmetric.NewManualReader()
		provider := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader), sdkmetric.WithView(sdkmetric.NewView(
			sdkmetric.Instrument{Name: "h"}, sdkmetric.Stream{Aggregation: sdkmetric.AggregationBase2ExponentialHistogram{MaxSize: 20, MaxScale: 20}})))
		h, err := provider.Meter("").Float64Histogram("h")
		if err != nil {
			t.Fatal(err)
		}
		for i := range 200 {
			user := users[i%len(users)]
			h.Record(t.Context(), math.Pow(1.07, float64(i-100)), metric.WithAttributes(attribute.String("user", user)))
		}
		var rm metricdata.ResourceMetrics
		if err := reader.Collect(t.Context(), &rm); err != nil {
			t.Fatal(err)
		}
		if err := scrub.NewMetricExporter(next, nil).Export(t.Context(), &rm); err != nil {
			t.Fatal(err)
		}
		points := next.got[0].ScopeMetrics[0].Metrics[0].Data.(metricdata.ExponentialHistogram[float64]).DataPoints
		if len(points) != 1 {
			t.Fatalf("%d data points, want 1", len(points))
		}
		return points[0]
	}
	one, two := record(secretAt("ada")), record(secretAt("ada"), secretAt("bob"))
	if two.Scale > one.Scale+3 || one.Scale > two.Scale {
		t.Fatalf("scales %d and %d", one.Scale, two.Scale)
	}
	counts := map[int32]uint64{}
	for i, n := range two.PositiveBucket.Counts {
		counts[(two.PositiveBucket.Offset+int32(i))>>(two.Scale-one.Scale)] += n
	}
	for i, n := range one.PositiveBucket.Counts {
		if got := counts[one.PositiveBucket.Offset+int32(i)]; got != n {
			t.Errorf("bucket %d holds %d, want %d", one.PositiveBucket.Offset+int32(i), got, n)
		}
	}
	if math.Abs(one.Sum-two.Sum) > 1e-6*one.Sum || one.Count != two.Count || one.Min != two.Min || one.Max != two.Max {
		t.Errorf("merged to %+v, want %+v", two, one)
	}
}

func TestMergeSummaries(t *testing.T) {
	t.Parallel()
	got := export(t, nil, metricdata.Summary{DataPoints: []metricdata.SummaryDataPoint{
		{Attributes: ada, Count: 1, Sum: 2, QuantileValues: []metricdata.QuantileValue{{Quantile: .5, Value: 2}}},
		{Attributes: bob, Count: 2, Sum: 3, QuantileValues: []metricdata.QuantileValue{{Quantile: .5, Value: 1}}},
	}})
	diffData(t, metricdata.Summary{DataPoints: []metricdata.SummaryDataPoint{{Attributes: masked, Count: 3, Sum: 5}}}, got)
}

func TestMergeBoundsExemplars(t *testing.T) {
	t.Parallel()
	var points []metricdata.DataPoint[int64]
	for i := range 100 {
		set := attribute.NewSet(attribute.String("user", secretAt(fmt.Sprintf("u%d", i))))
		points = append(points, metricdata.DataPoint[int64]{Attributes: set, Value: 1, Exemplars: make([]metricdata.Exemplar[int64], 3)})
	}
	got := export(t, nil, metricdata.Sum[int64]{DataPoints: points}).(metricdata.Sum[int64])
	if len(got.DataPoints) != 1 || got.DataPoints[0].Value != 100 || len(got.DataPoints[0].Exemplars) != 16 {
		t.Errorf("got %d points: %+v", len(got.DataPoints), got.DataPoints[0])
	}
}

func diffData(t *testing.T, want, got metricdata.Aggregation) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b attribute.Set) bool { return a.Equals(&b) }),
		cmp.AllowUnexported(metricdata.Extrema[int64]{}, metricdata.Extrema[float64]{})); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestViews(t *testing.T) {
	t.Parallel()
	reader := sdkmetric.NewManualReader()
	provider := sdkmetric.NewMeterProvider(
		sdkmetric.WithReader(reader),
		sdkmetric.WithExemplarFilter(exemplar.AlwaysOnFilter),
		sdkmetric.WithView(scrub.Views(nil,
			sdkmetric.NewView(sdkmetric.Instrument{Name: "renamed"}, sdkmetric.Stream{Name: "new.name"}),
			sdkmetric.NewView(sdkmetric.Instrument{Name: "filtered"}, sdkmetric.Stream{AttributeFilter: attribute.NewAllowKeysFilter("shop", "user.email")}),
			sdkmetric.NewView(sdkmetric.Instrument{Name: "gone"}, sdkmetric.Stream{Aggregation: sdkmetric.AggregationDrop{}}),
		)...),
	)
	var p planter
	for _, name := range []string{"plain", "renamed", "filtered", "gone"} {
		counter, err := provider.Meter("").Int64Counter(name, metric.WithUnit("{order}"), metric.WithDescription("orders"))
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			counter.Add(t.Context(), 1, metric.WithAttributes(
				attribute.String("user.email", p.secret(fmt.Sprint("user", i))), attribute.Int("card.number", i), attribute.String("shop", "a"), attribute.Bool("vip", true)))
		}
	}
	var rm metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &rm); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, m := range rm.ScopeMetrics[0].Metrics {
		for _, point := range m.Data.(metricdata.Sum[int64]).DataPoints {
			got[m.Name] += fmt.Sprintf("%d %s%s%s;", point.Value, show(point.Attributes.ToSlice()), m.Unit, m.Description)
		}
	}
	want := map[string]string{
		"plain":    "5 shop=a vip=true {order}orders;",
		"new.name": "5 shop=a vip=true {order}orders;",
		"filtered": "5 shop=a {order}orders;",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	// The exemplars still hold what was dropped.
	next := &keepMetrics{}
	if err := scrub.NewMetricExporter(next, nil).Export(t.Context(), &rm); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(p.places, func(place string) bool { return strings.Contains(showMetrics(&rm), secretAt(place)) }) {
		t.Error("no exemplar holds a secret: the test is blind")
	}
	if s := p.survivors(showMetrics(next.got[0])); len(s) > 0 {
		t.Errorf("exemplars leaked %v", s)
	}
}

func BenchmarkMetricExporter(b *testing.B) {
	var points []metricdata.DataPoint[int64]
	for i := range 100 {
		points = append(points, metricdata.DataPoint[int64]{Attributes: attribute.NewSet(append(cleanAttributes(), attribute.Int("i", i))...)})
	}
	rm := &metricdata.ResourceMetrics{ScopeMetrics: []metricdata.ScopeMetrics{{Metrics: []metricdata.Metrics{{Name: "m", Data: metricdata.Sum[int64]{DataPoints: points}}}}}}
	exporter := scrub.NewMetricExporter(discardMetrics{}, nil)
	b.ReportAllocs()
	for b.Loop() {
		_ = exporter.Export(b.Context(), rm)
	}
}

type discardMetrics struct{ sdkmetric.Exporter }

func (discardMetrics) Export(context.Context, *metricdata.ResourceMetrics) error { return nil }

func ExampleNewMetricExporter() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	exporter := scrub.NewMetricExporter(printMetrics{}, s)
	provider := sdkmetric.NewMeterProvider(
		sdkmetric.WithReader(sdkmetric.NewPeriodicReader(exporter)),
		sdkmetric.WithView(scrub.Views(s)...),
	)
	orders, err := provider.Meter("example").Int64Counter("orders")
	if err != nil {
		panic(err)
	}
	for _, user := range []string{"ada@example.com", "bob@example.com"} {
		orders.Add(context.Background(), 1, metric.WithAttributes(
			attribute.String("user.email", user), // dropped by its key
			attribute.String("buyer", user),      // masked by its looks
			attribute.String("shop", "berlin"),
		))
	}
	if err := provider.Shutdown(context.Background()); err != nil {
		panic(err)
	}
	// Output: orders 2 buyer=[REDACTED:pii.email] shop=berlin
}

type printMetrics struct{}

func (printMetrics) Export(_ context.Context, rm *metricdata.ResourceMetrics) error {
	for _, scope := range rm.ScopeMetrics {
		for _, m := range scope.Metrics {
			for _, point := range m.Data.(metricdata.Sum[int64]).DataPoints {
				fmt.Println(m.Name, point.Value, show(point.Attributes.ToSlice()))
			}
		}
	}
	return nil
}

func (printMetrics) Temporality(sdkmetric.InstrumentKind) metricdata.Temporality {
	return metricdata.CumulativeTemporality
}

func (printMetrics) Aggregation(k sdkmetric.InstrumentKind) sdkmetric.Aggregation {
	return sdkmetric.DefaultAggregationSelector(k)
}
func (printMetrics) ForceFlush(context.Context) error { return nil }
func (printMetrics) Shutdown(context.Context) error   { return nil }

// foreignData is a kind of data that this package does not know.
type foreignData struct{ metricdata.Sum[int64] }

func TestMetricExporterLeavesOutWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	next := &keepMetrics{}
	in := &metricdata.ResourceMetrics{ScopeMetrics: []metricdata.ScopeMetrics{{Metrics: []metricdata.Metrics{
		{Name: "strange", Data: foreignData{}}, {Name: "none"}, {Name: "known", Data: metricdata.Sum[int64]{}},
	}}}}
	if err := scrub.NewMetricExporter(next, nil).Export(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if got := next.got[0].ScopeMetrics[0].Metrics; len(got) != 1 || got[0].Name != "known" {
		t.Errorf("got %+v, want only the known kind", got)
	}
}

// However two exponential histograms differ, no value gets lost or crosses a
// boundary that the result still has.
func TestMergedExponentialHistogramsKeepEveryValue(t *testing.T) {
	t.Parallel()
	type point = metricdata.ExponentialHistogramDataPoint[float64]
	random := rand.New(rand.NewPCG(1, 2))
	bucket := func() metricdata.ExponentialBucket {
		counts := make([]uint64, random.IntN(200))
		for i := range counts {
			counts[i] = uint64(random.IntN(3))
		}
		return metricdata.ExponentialBucket{Offset: int32(random.IntN(4000) - 2000), Counts: counts}
	}
	total := func(p point) (n uint64) {
		for _, counts := range [][]uint64{{p.ZeroCount}, p.PositiveBucket.Counts, p.NegativeBucket.Counts} {
			for _, c := range counts {
				n += c
			}
		}
		return n
	}
	// within counts the values up to base^index of scale.
	within := func(p point, b metricdata.ExponentialBucket, index, scale int32) (n uint64) {
		for i, c := range b.Counts {
			if (b.Offset+int32(i))>>(p.Scale-scale) < index {
				n += c
			}
		}
		return n
	}
	for range 500 {
		var pair [2]point
		for i := range pair {
			pair[i] = point{Scale: int32(random.IntN(24) - 4), ZeroCount: uint64(random.IntN(5)), PositiveBucket: bucket(), NegativeBucket: bucket()}
			pair[i].Count = total(pair[i])
		}
		pair[0].Attributes, pair[1].Attributes = ada, bob
		got := export(t, nil, metricdata.ExponentialHistogram[float64]{DataPoints: pair[:]}).(metricdata.ExponentialHistogram[float64]).DataPoints[0]
		if got.Count != pair[0].Count+pair[1].Count || total(got) != got.Count {
			t.Fatalf("count %d, in buckets %d, want %d", got.Count, total(got), pair[0].Count+pair[1].Count)
		}
		if n := max(len(got.PositiveBucket.Counts), len(got.NegativeBucket.Counts)); n > 200 {
			t.Fatalf("%d buckets", n)
		}
		for i := range got.PositiveBucket.Counts {
			index := got.PositiveBucket.Offset + int32(i)
			want := within(pair[0], pair[0].PositiveBucket, index, got.Scale) + within(pair[1], pair[1].PositiveBucket, index, got.Scale)
			if n := within(got, got.PositiveBucket, index, got.Scale); n != want {
				t.Fatalf("%d values below bucket %d of scale %d, want %d", n, index, got.Scale, want)
			}
		}
	}
}
