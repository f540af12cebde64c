package otelkit

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// byPath samples by what a request is, and keeps what it was asked with.
type byPath struct {
	sdktrace.Sampler
	asked [][]attribute.KeyValue
}

func (s *byPath) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	s.asked = append(s.asked, p.Attributes)
	set := attribute.NewSet(slices.Clone(p.Attributes)...)
	if path, _ := set.Value("url.path"); path.AsString() == "/noise" {
		return sdktrace.SamplingResult{Decision: sdktrace.Drop}
	}
	return sdktrace.SamplingResult{Decision: sdktrace.RecordAndSample, Attributes: []attribute.KeyValue{attribute.String("rule", "all")}}
}

func TestIsBlind(t *testing.T) {
	t.Parallel()
	never, always, ratio := sdktrace.NeverSample(), sdktrace.AlwaysSample(), sdktrace.TraceIDRatioBased(0.5)
	own := &byPath{Sampler: never}
	for _, test := range []struct {
		name    string
		sampler sdktrace.Sampler
		want    bool
	}{
		{"never", never, true},
		{"always", always, true},
		{"ratio", ratio, true},
		{"ratio of all", sdktrace.TraceIDRatioBased(1), true},
		{"by parent", sdktrace.ParentBased(ratio), true},
		{"always recorded", sdktrace.AlwaysRecord(sdktrace.ParentBased(never)), true},
		{"own, which describes itself as that in it", own, false},
		{"by parent, the root own", sdktrace.ParentBased(own), false},
		{"by parent, one branch own", sdktrace.ParentBased(always, sdktrace.WithRemoteParentSampled(own)), false},
		{"own, always recorded", sdktrace.AlwaysRecord(own), false},
		{"none", sdktrace.ParentBased(nil), false},
	} {
		if got := isBlind(reflect.ValueOf(test.sampler)); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// attributesAtStart keeps what spans have when they start.
type attributesAtStart struct {
	nowhereSpans
	seen [][]attribute.KeyValue
}

type nowhereSpans struct{}

func (nowhereSpans) OnEnd(sdktrace.ReadOnlySpan)      {}
func (nowhereSpans) ForceFlush(context.Context) error { return nil }
func (nowhereSpans) Shutdown(context.Context) error   { return nil }

func (p *attributesAtStart) OnStart(_ context.Context, s sdktrace.ReadWriteSpan) {
	p.seen = append(p.seen, s.Attributes())
}

// Samplers and processors see the attributes of a request when its span starts,
// and those of the span of a request inside have none of them.
func TestHTTPAttributesAtStart(t *testing.T) {
	t.Parallel()
	want := []attribute.KeyValue{
		attribute.String("http.request.method", "GET"),
		attribute.String("url.scheme", "http"),
		attribute.String("server.address", "example.com"),
		attribute.String("network.peer.address", "192.0.2.1"),
		attribute.Int("network.peer.port", 1234),
		attribute.String("client.address", "192.0.2.1"),
		attribute.String("url.path", "/orders"),
		attribute.String("network.protocol.version", "1.1"),
	}
	own := &byPath{Sampler: sdktrace.NeverSample()}
	for _, test := range []struct {
		name    string
		sampler sdktrace.Sampler
		extra   []attribute.KeyValue
	}{
		{"the SDK's sampler", sdktrace.ParentBased(sdktrace.AlwaysSample()), nil},
		{"one that looks", own, []attribute.KeyValue{attribute.String("rule", "all")}},
	} {
		p := &attributesAtStart{}
		kit, _ := start(t, WithSampler(test.sampler), WithSpanProcessor(p))
		serve := func(path string) {
			h := HTTPMiddleware(WithKit(kit))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				_, span := kit.TracerProvider().Tracer("shop").Start(r.Context(), "inner", trace.WithSpanKind(trace.SpanKindServer))
				span.End()
			}))
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		}
		serve("/orders")
		wantSeen := [][]attribute.KeyValue{append(slices.Clip(test.extra), want...), test.extra}
		if diff := cmp.Diff(wantSeen, p.seen, cmp.Comparer(func(a, b attribute.Value) bool { return a == b })); diff != "" {
			t.Errorf("%s: attributes at the start of the spans (-want +got):\n%s", test.name, diff)
		}
		if test.extra == nil {
			continue
		}
		if diff := cmp.Diff(want, own.asked[0], cmp.Comparer(func(a, b attribute.Value) bool { return a == b })); diff != "" {
			t.Errorf("%s was asked with (-want +got):\n%s", test.name, diff)
		}
		if serve("/noise"); len(p.seen) != 3 { // the inner one
			t.Errorf("%d spans started, want that of /noise not to", len(p.seen))
		}
	}
}

// A request that is not recorded is not described.
func TestUnsampledRequestHasNoSpanAttributes(t *testing.T) {
	t.Parallel()
	kit, _ := start(t)
	for _, test := range []struct {
		sampler sdktrace.Sampler
		want    bool
	}{
		{sdktrace.NeverSample(), false},
		{sdktrace.AlwaysSample(), true},
		{sdktrace.AlwaysRecord(sdktrace.NeverSample()), true},
	} {
		x := newExchange(newHTTPServer(kit, &httpConfig{}), httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
		x.starting = true
		result := newRequestSampler(test.sampler, failOn(t)).ShouldSample(sdktrace.SamplingParameters{
			ParentContext: child(t.Context(), &x.binding), Kind: trace.SpanKindServer,
		})
		if got := len(result.Attributes) > 0; got != test.want {
			t.Errorf("%s: attributes made: %v, want %v", test.sampler.Description(), got, test.want)
		}
	}
}

func failOn(t *testing.T) func(error) {
	return func(err error) { t.Error(err) }
}

// spanAtStart starts a span of its own for each request's, as audits do.
type spanAtStart struct {
	nowhereSpans
	tracer trace.Tracer
	seen   []attribute.KeyValue
}

func (p *spanAtStart) OnStart(ctx context.Context, s sdktrace.ReadWriteSpan) {
	if s.Name() == "audit" {
		p.seen = s.Attributes()
		return
	}
	_, span := p.tracer.Start(ctx, "audit", trace.WithSpanKind(trace.SpanKindServer))
	span.End()
}

func TestSpanOfAProcessorIsNotTheRequest(t *testing.T) {
	t.Parallel()
	p := &spanAtStart{}
	kit, _ := start(t, WithSpanProcessor(p))
	p.tracer = kit.TracerProvider().Tracer("audit")
	HTTPMiddleware(WithKit(kit))(http.NotFoundHandler()).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/orders", nil))
	if len(p.seen) > 0 {
		t.Errorf("attributes of the request on another span: %v", p.seen)
	}
}

// broken is a sampler that panics.
type broken struct{ sdktrace.Sampler }

func (broken) ShouldSample(sdktrace.SamplingParameters) sdktrace.SamplingResult { panic("no rules") }

func TestBrokenSamplerStaysHere(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	kit, err := Init(t.Context(), quiet(WithSampler(broken{sdktrace.AlwaysSample()}), WithDiagnostics(&said))...)
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	HTTPMiddleware(WithKit(kit))(http.NotFoundHandler()).
		ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/orders", nil))
	_, span := kit.TracerProvider().Tracer("shop").Start(t.Context(), "charge")
	if answer.Code != http.StatusNotFound || span.SpanContext().IsSampled() {
		t.Errorf("status %d, sampled: %v", answer.Code, span.SpanContext().IsSampled())
	}
	if err := kit.Shutdown(t.Context()); err != nil { // what was said is written by then
		t.Error(err)
	}
	if got := said.String(); !strings.Contains(got, "panic in the sampler: no rules") {
		t.Errorf("said %q", got)
	}
}
