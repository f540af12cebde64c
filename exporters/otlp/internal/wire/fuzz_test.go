package wire_test

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

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
	collogs "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	"google.golang.org/protobuf/proto"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
)

// source makes values out of fuzzed bytes; when they are used up it makes
// zeros, so that everything ends.
type source struct {
	data  []byte
	valid bool // strings are valid UTF-8
}

func (s *source) byte() byte {
	if len(s.data) == 0 {
		return 0
	}
	b := s.data[0]
	s.data = s.data[1:]
	return b
}

func (s *source) below(n int) int { return int(s.byte()) % n }
func (s *source) bool() bool      { return s.byte()&1 == 1 }

func (s *source) int() int64 {
	var v int64
	for range s.below(9) {
		v = v<<8 | int64(s.byte())
	}
	if s.bool() {
		return -v
	}
	return v
}

func (s *source) float() float64 {
	switch s.below(6) {
	case 0:
		return math.NaN()
	case 1:
		return math.Inf(int(s.int()))
	case 2:
		return math.Copysign(0, -1)
	case 3:
		return float64(s.int())
	}
	return math.Float64frombits(uint64(s.int()))
}

func (s *source) bytes() []byte {
	n := min(s.below(40), len(s.data))
	b := s.data[:n]
	s.data = s.data[n:]
	if s.below(16) == 1 {
		b = bytes.Repeat(b, s.below(200))
	}
	return b
}

func (s *source) string() string {
	text := string(s.bytes())
	if s.valid {
		return strings.ToValidUTF8(text, "?")
	}
	return text
}

func (s *source) time() time.Time {
	if s.below(4) == 0 {
		return time.Time{}
	}
	return time.Unix(0, s.int())
}

func list[T any](s *source, most int, one func() T) (out []T) {
	for range s.below(most) {
		out = append(out, one())
	}
	return out
}

func (s *source) value(depth int) attribute.Value {
	kinds := 12
	if depth > 4 {
		kinds = 10
	}
	switch s.below(kinds) {
	case 1:
		return attribute.BoolValue(s.bool())
	case 2:
		return attribute.Int64Value(s.int())
	case 3:
		return attribute.Float64Value(s.float())
	case 4:
		return attribute.StringValue(s.string())
	case 5:
		return attribute.BoolSliceValue(list(s, 5, s.bool))
	case 6:
		return attribute.Int64SliceValue(list(s, 5, s.int))
	case 7:
		return attribute.Float64SliceValue(list(s, 5, s.float))
	case 8:
		return attribute.StringSliceValue(list(s, 5, s.string))
	case 9:
		return attribute.ByteSliceValue(s.bytes())
	case 10:
		return attribute.SliceValue(list(s, 6, func() attribute.Value { return s.value(depth + 1) })...)
	case 11:
		return attribute.MapValue(list(s, 8, func() attribute.KeyValue { return s.keyValue(depth + 1) })...)
	}
	return attribute.Value{}
}

func (s *source) keyValue(depth int) attribute.KeyValue {
	return attribute.KeyValue{Key: attribute.Key(s.string()), Value: s.value(depth)}
}

func (s *source) attributes() []attribute.KeyValue {
	return list(s, 12, func() attribute.KeyValue { return s.keyValue(0) })
}

func (s *source) set() attribute.Set { return attribute.NewSet(s.attributes()...) }

// resource and scope are taken from few, so that records share them.
func (s *source) resource() *resource.Resource {
	return []*resource.Resource{resource.Empty(), service, bare}[s.below(3)]
}

func (s *source) scope() instrumentation.Scope {
	if s.below(8) == 7 {
		return instrumentation.Scope{Name: s.string(), Version: s.string(), SchemaURL: s.string()}
	}
	return []instrumentation.Scope{{}, library, {Name: "other"}}[s.below(3)]
}

func (s *source) spanContext() trace.SpanContext {
	var cfg trace.SpanContextConfig
	copy(cfg.TraceID[:], s.bytes())
	copy(cfg.SpanID[:], s.bytes())
	cfg.TraceFlags, cfg.Remote = trace.TraceFlags(s.byte()), s.bool()
	return trace.NewSpanContext(cfg)
}

func (s *source) log() sdklog.Record {
	return newRecord(s.resource(), s.scope(), func(r *sdklog.Record) {
		r.SetEventName(s.string())
		r.SetTimestamp(s.time())
		r.SetObservedTimestamp(s.time())
		r.SetSeverity(otellog.Severity(s.below(40) - 5))
		r.SetSeverityText(s.string())
		r.SetBody(s.value(0))
		r.SetAttributes(s.attributes()...)
		r.AddAttributes(s.attributes()...)
		r.AddAttributes(s.attributes()...)
		sc := s.spanContext()
		r.SetTraceID(sc.TraceID())
		r.SetSpanID(sc.SpanID())
		r.SetTraceFlags(sc.TraceFlags())
	})
}

func (s *source) span() tracetest.SpanStub {
	return tracetest.SpanStub{
		Name: s.string(), SpanContext: s.spanContext(), Parent: s.spanContext(),
		SpanKind: trace.SpanKind(s.below(9) - 1), StartTime: s.time(), EndTime: s.time(), Attributes: s.attributes(),
		Events: list(s, 5, func() sdktrace.Event {
			return sdktrace.Event{Name: s.string(), Attributes: s.attributes(), DroppedAttributeCount: int(s.int()), Time: s.time()}
		}),
		Links: list(s, 4, func() sdktrace.Link {
			return sdktrace.Link{SpanContext: s.spanContext(), Attributes: s.attributes(), DroppedAttributeCount: int(s.int())}
		}),
		Status:            sdktrace.Status{Code: codes.Code(s.below(5)), Description: s.string()},
		DroppedAttributes: int(s.int()), DroppedEvents: int(s.int()), DroppedLinks: int(s.int()),
		Resource: s.resource(), InstrumentationScope: s.scope(),
	}
}

func fuzzMetric[N int64 | float64](s *source, number func() N) metricdata.Metrics {
	t := []metricdata.Temporality{metricdata.DeltaTemporality, metricdata.CumulativeTemporality}[s.below(2)]
	exemplars := func() []metricdata.Exemplar[N] {
		return list(s, 3, func() metricdata.Exemplar[N] {
			return metricdata.Exemplar[N]{FilteredAttributes: s.attributes(), Time: s.time(), Value: number(), SpanID: s.bytes(), TraceID: s.bytes()}
		})
	}
	extremum := func() (x metricdata.Extrema[N]) {
		if s.bool() {
			x = metricdata.NewExtrema(number())
		}
		return x
	}
	counts := func() []uint64 { return list(s, 20, func() uint64 { return uint64(s.int()) }) }
	bucket := func() metricdata.ExponentialBucket {
		return metricdata.ExponentialBucket{Offset: int32(s.int()), Counts: counts()}
	}
	points := func() []metricdata.DataPoint[N] {
		return list(s, 5, func() metricdata.DataPoint[N] {
			return metricdata.DataPoint[N]{Attributes: s.set(), StartTime: s.time(), Time: s.time(), Value: number(), Exemplars: exemplars()}
		})
	}
	m := metricdata.Metrics{Name: s.string(), Description: s.string(), Unit: s.string()}
	switch s.below(5) {
	case 0:
		m.Data = metricdata.Gauge[N]{DataPoints: points()}
	case 1:
		m.Data = metricdata.Sum[N]{DataPoints: points(), Temporality: t, IsMonotonic: s.bool()}
	case 2:
		m.Data = metricdata.Histogram[N]{Temporality: t, DataPoints: list(s, 4, func() metricdata.HistogramDataPoint[N] {
			return metricdata.HistogramDataPoint[N]{
				Attributes: s.set(), StartTime: s.time(), Time: s.time(), Count: uint64(s.int()), Sum: number(),
				Bounds: list(s, 9, s.float), BucketCounts: counts(), Min: extremum(), Max: extremum(), Exemplars: exemplars(),
			}
		})}
	case 3:
		m.Data = metricdata.ExponentialHistogram[N]{Temporality: t, DataPoints: list(s, 4, func() metricdata.ExponentialHistogramDataPoint[N] {
			return metricdata.ExponentialHistogramDataPoint[N]{
				Attributes: s.set(), StartTime: s.time(), Time: s.time(), Count: uint64(s.int()), Sum: number(), Scale: int32(s.int()),
				ZeroCount: uint64(s.int()), ZeroThreshold: s.float(), PositiveBucket: bucket(), NegativeBucket: bucket(),
				Min: extremum(), Max: extremum(), Exemplars: exemplars(),
			}
		})}
	case 4:
		m.Data = metricdata.Summary{DataPoints: list(s, 4, func() metricdata.SummaryDataPoint {
			return metricdata.SummaryDataPoint{
				Attributes: s.set(), StartTime: s.time(), Time: s.time(), Count: uint64(s.int()), Sum: s.float(),
				QuantileValues: list(s, 4, func() metricdata.QuantileValue {
					return metricdata.QuantileValue{Quantile: s.float(), Value: s.float()}
				}),
			}
		})}
	}
	return m
}

// seeds are bytes that lead into all branches.
func seeds(f *testing.F) {
	x := uint32(1)
	for n := range 48 {
		b := make([]byte, 200*n)
		for i := range b {
			x ^= x << 13
			x ^= x >> 17
			x ^= x << 5
			b[i] = byte(x)
		}
		f.Add(b)
	}
}

func FuzzEqualOfficial(f *testing.F) {
	o := newOfficial(f)
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &source{data: data, valid: true}
		switch s.below(3) {
		case 0:
			if records := list(s, 6, s.log); len(records) > 0 {
				o.diffLogs(t, records)
			}
		case 1:
			if spans := tracetest.SpanStubs(list(s, 6, s.span)); len(spans) > 0 {
				o.diffSpans(t, spans.Snapshots())
			}
		case 2:
			one := func() metricdata.Metrics {
				if s.bool() {
					return fuzzMetric(s, s.int)
				}
				return fuzzMetric(s, s.float)
			}
			scopes := list(s, 4, func() metricdata.ScopeMetrics {
				// Without metrics a scope is sent by the official exporter only.
				return metricdata.ScopeMetrics{Scope: s.scope(), Metrics: append(list(s, 4, one), one())}
			})
			// Scopes that are given twice are sent twice by the official exporter only.
			slices.SortFunc(scopes, func(a, b metricdata.ScopeMetrics) int { return strings.Compare(key(a.Scope), key(b.Scope)) })
			scopes = slices.CompactFunc(scopes, func(a, b metricdata.ScopeMetrics) bool { return a.Scope == b.Scope })
			if len(scopes) > 0 {
				o.diffMetrics(t, &metricdata.ResourceMetrics{Resource: s.resource(), ScopeMetrics: scopes})
			}
		}
	})
}

func key(s instrumentation.Scope) string { return s.Name + "|" + s.Version + "|" + s.SchemaURL }

// Whatever is in a record, it becomes a message that protobuf takes, with valid
// strings of limited length.
func FuzzAnyString(f *testing.F) {
	seeds(f)
	f.Add([]byte("\xff\xfe\x00\xc3(\xed\xa0\x80"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := &source{data: data}
		b, e := wire.NewBatch(wire.LogShape), &wire.Encoder{MaxValue: 16 + s.below(64)}
		r := s.log()
		e.Log(&r)
		b.Add(r.Resource(), r.InstrumentationScope(), e.Bytes(), 1)
		var got collogs.ExportLogsServiceRequest
		if err := proto.Unmarshal(b.Payload(), &got); err != nil {
			t.Fatal(err)
		}
		body := got.ResourceLogs[0].ScopeLogs[0].LogRecords[0].Body.GetStringValue()
		if !utf8.ValidString(body) || len(body) > 3*e.MaxValue {
			t.Errorf("body of %d bytes: %q", len(body), body)
		}
		if in := r.Body(); in.Type() == attribute.STRING && len(in.AsString()) <= e.MaxValue && utf8.ValidString(in.AsString()) && body != in.AsString() {
			t.Errorf("body %q, want %q", body, in.AsString())
		}
	})
}

// Bytes that are no request are refused, and a request that is split holds the
// same records afterwards.
func FuzzSplit(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, p := range []wire.Path{wire.LogPath, wire.SpanPath, wire.MetricPath} {
			_, _ = p.Count(data)
			_, _, _ = p.Split(data)
		}
		wire.ParseResponse(data)
		wire.ParseCutResponse(data)
		wire.ParseStatus(data)
		wire.ParseRetryInfo(data)

		s := &source{data: data, valid: true}
		b, e := wire.NewBatch(wire.LogShape), &wire.Encoder{}
		n := s.below(20)
		for range n {
			r := s.log()
			e.Reset()
			e.Log(&r)
			b.Add(r.Resource(), r.InstrumentationScope(), e.Bytes(), 1)
		}
		whole := b.Payload()
		var want, got []string
		records(t, whole, &want)
		pieces := splitAll(t, wire.LogPath, whole)
		if len(pieces) != max(n, 1) {
			t.Errorf("%d records in %d pieces", n, len(pieces))
		}
		for _, p := range pieces {
			records(t, p, &got)
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Error("the pieces hold other records than the whole")
		}
	})
}

func splitAll(t *testing.T, p wire.Path, request []byte) [][]byte {
	a, b, ok := p.Split(request)
	if !ok {
		return [][]byte{request}
	}
	na, _ := p.Count(a)
	nb, _ := p.Count(b)
	if n, _ := p.Count(request); na+nb != n || na == 0 || nb == 0 {
		t.Fatalf("%d records were split into %d and %d", n, na, nb)
	}
	return append(splitAll(t, p, a), splitAll(t, p, b)...)
}

// records appends each record with its resource and scope.
func records(t *testing.T, request []byte, out *[]string) {
	var m collogs.ExportLogsServiceRequest
	if err := proto.Unmarshal(request, &m); err != nil {
		t.Fatal(err)
	}
	for _, r := range m.ResourceLogs {
		for _, s := range r.ScopeLogs {
			for _, l := range s.LogRecords {
				text := ""
				for _, part := range []proto.Message{r.Resource, s.Scope, l} {
					b, err := proto.MarshalOptions{Deterministic: true}.Marshal(part)
					if err != nil {
						t.Fatal(err)
					}
					text += string(b) + "|"
				}
				*out = append(*out, text+r.SchemaUrl+"|"+s.SchemaUrl)
			}
		}
	}
}

func TestSplitMetricPoints(t *testing.T) {
	t.Parallel()
	points := make([]metricdata.DataPoint[int64], 1000)
	for i := range points {
		points[i].Value = int64(i)
	}
	b, e := wire.NewBatch(wire.MetricShape), &wire.Encoder{}
	n, ok := e.Metric(metricdata.Metrics{Name: "m", Unit: "By", Data: metricdata.Sum[int64]{DataPoints: points, Temporality: metricdata.DeltaTemporality}})
	if !ok || n != 1000 {
		t.Fatalf("Metric: %d, %v", n, ok)
	}
	b.Add(service, library, e.Bytes(), n)
	if pieces := splitAll(t, wire.MetricPath, b.Payload()); len(pieces) != 1000 {
		t.Errorf("%d pieces, want 1000", len(pieces))
	}
}
