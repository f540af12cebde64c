package wire_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	otellog "go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
	"github.com/otelkit/otelkit-go/internal/loglinetest"
)

var (
	when    = time.Date(2026, 3, 4, 5, 6, 7, 89, time.UTC)
	service = resource.NewWithAttributes("https://example.com/schema", attribute.String("service.name", "shop"), attribute.Int("n", 3))
	bare    = resource.NewSchemaless(attribute.String("service.name", "bare"))
	library = instrumentation.Scope{
		Name: "lib", Version: "v1.2.3", SchemaURL: "https://example.com/lib",
		Attributes: attribute.NewSet(attribute.Bool("beta", true)),
	}
	traceID = trace.TraceID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}
	spanID  = trace.SpanID{1, 2, 3, 4, 5, 6, 7, 8}
)

// everyValue has one attribute of each type, with their edges.
var everyValue = []attribute.KeyValue{
	attribute.String("string", "text"),
	attribute.String("string.empty", ""),
	attribute.String("string.long", strings.Repeat("x", 127)),
	attribute.String("string.longer", strings.Repeat("é", 8200)),
	attribute.Bool("bool.true", true),
	attribute.Bool("bool.false", false),
	attribute.Int64("int.min", math.MinInt64),
	attribute.Int64("int.zero", 0),
	attribute.Int64("int.max", math.MaxInt64),
	attribute.Float64("float", 1.5),
	attribute.Float64("float.zero", 0),
	attribute.Float64("float.negative.zero", math.Copysign(0, -1)),
	attribute.Float64("float.inf", math.Inf(-1)),
	attribute.ByteSlice("bytes", []byte{0, 0xff, 0xfe}),
	attribute.ByteSlice("bytes.empty", nil),
	attribute.StringSlice("strings", []string{"a", "", "c"}),
	attribute.StringSlice("strings.empty", nil),
	attribute.Int64Slice("ints", []int64{-1, 0, 1}),
	attribute.Float64Slice("floats", []float64{-1.5, 0, math.MaxFloat64}),
	attribute.BoolSlice("bools", []bool{true, false}),
	attribute.Slice("slice", attribute.StringValue("a"), attribute.Value{}, attribute.SliceValue(attribute.Int64Value(1)), attribute.MapValue()),
	attribute.Slice("slice.empty"),
	attribute.Map("map", attribute.String("a", "b"), attribute.Map("in", attribute.Slice("deep", attribute.BoolValue(false)), attribute.KeyValue{Key: "nil"})),
	attribute.Map("map.empty"),
	{Key: "empty"},
	nested("deep", 5),
}

func nested(key string, depth int) attribute.KeyValue {
	kv := attribute.String(key, strings.Repeat("v", 60))
	for range depth {
		kv = attribute.Map(key, kv, attribute.Int("n", depth))
	}
	return kv
}

// newRecord returns a record as a processor of the SDK gets it.
func newRecord(res *resource.Resource, scope instrumentation.Scope, change func(*sdklog.Record)) sdklog.Record {
	var c capture
	p := sdklog.NewLoggerProvider(
		sdklog.WithProcessor(&c), sdklog.WithResource(res),
		sdklog.WithAttributeCountLimit(len(everyValue)), sdklog.WithAllowKeyDuplication(),
	)
	p.Logger(scope.Name,
		otellog.WithInstrumentationVersion(scope.Version), otellog.WithSchemaURL(scope.SchemaURL),
		otellog.WithInstrumentationAttributeSet(scope.Attributes),
	).Emit(context.Background(), otellog.Record{})
	r := sdklog.Record(c)
	if change != nil {
		change(&r)
	}
	return r
}

type capture sdklog.Record

func (c *capture) OnEmit(_ context.Context, r *sdklog.Record) error {
	*c = capture(r.Clone())
	return nil
}
func (*capture) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
func (*capture) Shutdown(context.Context) error                         { return nil }
func (*capture) ForceFlush(context.Context) error                       { return nil }

func full(r *sdklog.Record) {
	r.SetEventName("event")
	r.SetTimestamp(when)
	r.SetObservedTimestamp(when.Add(time.Second))
	r.SetSeverity(otellog.SeverityError3)
	r.SetSeverityText("ERROR")
	r.SetBody(attribute.StringValue("body"))
	r.AddAttributes(everyValue...)
	r.AddAttributes(attribute.Bool("one.too.many", true), attribute.Bool("two.too.many", true))
	r.SetTraceID(traceID)
	r.SetSpanID(spanID)
	r.SetTraceFlags(trace.FlagsSampled)
}

func TestLogsEqualOfficial(t *testing.T) {
	t.Parallel()
	o := newOfficial(t)
	var bodies, severities, mixed []sdklog.Record
	for _, kv := range everyValue {
		bodies = append(bodies, newRecord(service, library, func(r *sdklog.Record) { r.SetBody(kv.Value) }))
	}
	for s := otellog.Severity(-3); s < 30; s++ {
		severities = append(severities, newRecord(bare, library, func(r *sdklog.Record) { r.SetSeverity(s) }))
	}
	for _, res := range []*resource.Resource{service, bare, resource.Empty(), service} {
		for _, scope := range []instrumentation.Scope{library, {}, {Name: "other"}} {
			mixed = append(mixed, newRecord(res, scope, full))
		}
	}
	dropped := newRecord(service, library, full)
	if dropped.DroppedAttributes() != 2 {
		t.Fatalf("the full record has %d dropped attributes, want 2", dropped.DroppedAttributes())
	}
	for name, records := range map[string][]sdklog.Record{
		"full":       {dropped},
		"empty":      {newRecord(resource.Empty(), instrumentation.Scope{}, nil)},
		"before":     {newRecord(bare, library, func(r *sdklog.Record) { r.SetTimestamp(time.Unix(-5, 0)) })},
		"bodies":     bodies,
		"severities": severities,
		"mixed":      mixed,
	} {
		t.Run(name, func(t *testing.T) { o.diffLogs(t, records) })
	}
}

// A line is written as the record that says the same.
func TestLineLikeLog(t *testing.T) {
	t.Parallel()
	text := func(r *sdklog.Record) {
		full(r)
		r.SetEventName("")
	}
	for name, change := range map[string]func(*sdklog.Record){
		"full": text, "empty": func(r *sdklog.Record) { r.SetBody(attribute.StringValue("")) },
		"severity": func(r *sdklog.Record) { text(r); r.SetSeverity(99) },
		"early":    func(r *sdklog.Record) { text(r); r.SetTimestamp(time.Unix(-5, 0)) },
		"UTF-8":    func(r *sdklog.Record) { text(r); r.SetBody(attribute.StringValue("a\xff")) },
	} {
		r := newRecord(service, library, change)
		var log, line wire.Encoder
		log.Log(&r)
		line.Line(loglinetest.Of(&r))
		if !slices.Equal(log.Bytes(), line.Bytes()) || len(log.Bytes()) == 0 || log.Repaired != line.Repaired {
			t.Errorf("%s: the record is\n%x, the line\n%x", name, log.Bytes(), line.Bytes())
		}
	}
}

// Lengths are written as one byte where they fit: here are those around.
func TestLengthsEqualOfficial(t *testing.T) {
	t.Parallel()
	o := newOfficial(t)
	for _, key := range []int{1, 2, 60, 100, 110, 111, 112, 113, 121, 127, 128} {
		var records []sdklog.Record
		for text := range 130 {
			records = append(records, newRecord(bare, library, func(r *sdklog.Record) {
				r.SetAttributes(attribute.String(strings.Repeat("k", key), strings.Repeat("v", text)))
			}))
		}
		for _, v := range everyValue {
			records = append(records, newRecord(bare, library, func(r *sdklog.Record) {
				r.SetAttributes(attribute.KeyValue{Key: attribute.Key(strings.Repeat("k", key)), Value: v.Value})
			}))
		}
		o.diffLogs(t, records)
	}
}

func TestSpansEqualOfficial(t *testing.T) {
	t.Parallel()
	o := newOfficial(t)
	state, err := trace.ParseTraceState("a=1,b=2")
	if err != nil {
		t.Fatal(err)
	}
	sc := func(remote bool) trace.SpanContext {
		return trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: spanID, TraceFlags: 1, TraceState: state, Remote: remote})
	}
	whole := tracetest.SpanStub{
		Name: "op", SpanContext: sc(false), Parent: sc(true), SpanKind: trace.SpanKindServer,
		StartTime: when, EndTime: when.Add(time.Second), Attributes: everyValue,
		Events: []sdktrace.Event{
			{Name: "e", Time: when, Attributes: everyValue, DroppedAttributeCount: 2},
			{},
		},
		Links: []sdktrace.Link{
			{SpanContext: sc(true), Attributes: everyValue, DroppedAttributeCount: 3},
			{SpanContext: sc(false)},
			{},
		},
		Status:            sdktrace.Status{Code: codes.Error, Description: "failed"},
		DroppedAttributes: 1, DroppedEvents: 2, DroppedLinks: 1 << 20, ChildSpanCount: 9,
		Resource: service, InstrumentationScope: library,
	}
	var variants tracetest.SpanStubs
	for kind := trace.SpanKind(-1); kind < 8; kind++ {
		s := whole
		s.SpanKind, s.Status, s.Parent = kind, sdktrace.Status{Code: codes.Code(kind)}, trace.SpanContext{}
		variants = append(variants, s)
	}
	for _, scope := range []instrumentation.Scope{{}, {Name: "other"}, library} {
		for _, res := range []*resource.Resource{bare, resource.Empty(), service} {
			s := whole
			s.InstrumentationScope, s.Resource = scope, res
			variants = append(variants, s)
		}
	}
	for name, spans := range map[string]tracetest.SpanStubs{
		"full":     {whole},
		"empty":    {{Resource: resource.Empty()}},
		"variants": variants,
	} {
		t.Run(name, func(t *testing.T) { o.diffSpans(t, spans.Snapshots()) })
	}
}

func TestMetricsEqualOfficial(t *testing.T) {
	t.Parallel()
	o := newOfficial(t)
	o.diffMetrics(t, &metricdata.ResourceMetrics{Resource: service, ScopeMetrics: []metricdata.ScopeMetrics{
		{Scope: library, Metrics: append(allMetrics[int64](3), allMetrics[float64](-2.5)...)},
		{Metrics: allMetrics[int64](0)},
	}})
}

func allMetrics[N int64 | float64](v N) (out []metricdata.Metrics) {
	set := attribute.NewSet(slices.Clone(everyValue[:6])...) // it sorts in place
	exemplars := []metricdata.Exemplar[N]{
		{FilteredAttributes: everyValue, Time: when, Value: v, SpanID: spanID[:], TraceID: traceID[:]},
		{},
	}
	points := []metricdata.DataPoint[N]{{Attributes: set, StartTime: when, Time: when.Add(1), Value: v, Exemplars: exemplars}, {}}
	add := func(name string, data metricdata.Aggregation) {
		out = append(out, metricdata.Metrics{Name: name, Description: "what it is", Unit: "By", Data: data})
	}
	add("gauge", metricdata.Gauge[N]{DataPoints: points})
	add("gauge.empty", metricdata.Gauge[N]{})
	add("summary", metricdata.Summary{DataPoints: []metricdata.SummaryDataPoint{
		{Attributes: set, StartTime: when, Time: when, Count: 3, Sum: 1.5, QuantileValues: []metricdata.QuantileValue{{}, {Quantile: .5, Value: 2}}}, {},
	}})
	for _, t := range []metricdata.Temporality{metricdata.DeltaTemporality, metricdata.CumulativeTemporality} {
		add("sum", metricdata.Sum[N]{DataPoints: points, Temporality: t})
		add("sum.monotonic", metricdata.Sum[N]{DataPoints: points, Temporality: t, IsMonotonic: true})
		add("histogram", metricdata.Histogram[N]{Temporality: t, DataPoints: []metricdata.HistogramDataPoint[N]{
			{
				Attributes: set, StartTime: when, Time: when, Count: 4, Sum: v, Bounds: []float64{0, 1, 2.5}, BucketCounts: []uint64{0, 1, 3, 0},
				Min: metricdata.NewExtrema(v), Max: metricdata.NewExtrema(v), Exemplars: exemplars,
			}, {},
		}})
		add("exponential", metricdata.ExponentialHistogram[N]{Temporality: t, DataPoints: []metricdata.ExponentialHistogramDataPoint[N]{
			{
				Attributes: set, StartTime: when, Time: when, Count: 4, Sum: v, Scale: -3, ZeroCount: 1, ZeroThreshold: .25,
				PositiveBucket: metricdata.ExponentialBucket{Offset: -7, Counts: []uint64{1, 0, 300}},
				NegativeBucket: metricdata.ExponentialBucket{Offset: 5, Counts: make([]uint64, 200)},
				Min:            metricdata.NewExtrema(v), Max: metricdata.NewExtrema(v), Exemplars: exemplars,
			}, {},
		}})
	}
	return out
}
