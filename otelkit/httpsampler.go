package otelkit

import (
	"reflect"
	"slices"
	"sync"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// requestSampler gives the span of a request the attributes that it begins with:
// they are made only for those who look at them, which are a sampler that wants
// them and a span that is recorded. As an option of Start they would be made
// each time, and copied once more.
type requestSampler struct {
	sdktrace.Sampler
	blind  bool // it does not look at attributes
	report func(error)
}

func newRequestSampler(s sdktrace.Sampler, report func(error)) requestSampler {
	return requestSampler{Sampler: s, blind: isBlind(reflect.ValueOf(s)), report: report}
}

// ShouldSample asks the sampler of the kit.
func (s requestSampler) ShouldSample(p sdktrace.SamplingParameters) sdktrace.SamplingResult {
	x := starting(p)
	if x == nil {
		return s.ask(p)
	}
	if !s.blind {
		p.Attributes = x.appendStart(nil)
	}
	result := s.ask(p)
	switch {
	case result.Decision == sdktrace.Drop:
	case !s.blind:
		result.Attributes = append(slices.Clip(result.Attributes), p.Attributes...)
	default:
		x.start = attributesPool.Get().(*attributes)
		result.Attributes = x.appendStart(x.start.kvs[:0])
	}
	return result
}

// ask asks the sampler. If it panics, the span is not sampled.
func (s requestSampler) ask(p sdktrace.SamplingParameters) (result sdktrace.SamplingResult) {
	result.Tracestate = trace.SpanContextFromContext(p.ParentContext).TraceState()
	defer reportPanic(s.report, "the sampler")
	return s.Sampler.ShouldSample(p)
}

// starting returns the request whose span is about to start, or nil. It returns it
// once: a span that a processor starts meanwhile is another one.
func starting(p sdktrace.SamplingParameters) *exchange {
	if p.Kind != trace.SpanKindServer {
		return nil
	}
	if s := scopeOf(p.ParentContext); s != nil && s.exchange != nil && s.exchange.starting {
		s.exchange.starting = false
		return s.exchange
	}
	return nil
}

// sdkPackage is where the samplers are that look at the trace id and the parent only.
var sdkPackage = reflect.TypeFor[sdktrace.SamplingParameters]().PkgPath()

// isBlind reports whether v, a sampler or a part of one, decides without a look
// at attributes: it is the SDK's, and so are all that it asks.
func isBlind(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		return !v.IsNil() && isBlind(v.Elem())
	case reflect.Func:
		return false
	}
	if p := v.Type().PkgPath(); p != "" && p != sdkPackage {
		return false
	}
	if v.Kind() == reflect.Struct {
		for _, part := range v.Fields() {
			if !isBlind(part) {
				return false
			}
		}
	}
	return true
}

// attributes is memory for attributes that the SDK copies.
type attributes struct{ kvs [12]attribute.KeyValue }

// release gives a back, without what it held.
func (a *attributes) release() {
	clear(a.kvs[:])
	attributesPool.Put(a)
}

var attributesPool = sync.Pool{New: func() any { return new(attributes) }}
