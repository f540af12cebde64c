package otlptest

import (
	coltracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
)

// Span is a span with the resource and the scope it arrived under.
type Span struct {
	*tracepb.Span
	Resource *resourcepb.Resource
	Scope    *commonpb.InstrumentationScope
}

// Spans returns every span in accepted requests, in the order of arrival.
func (r *Receiver) Spans() []Span {
	var all []Span
	for _, q := range r.accepted(Spans) {
		all = append(all, q.Spans()...)
	}
	return all
}

// Spans returns the spans in the request; none if it is of another signal.
func (q Request) Spans() []Span {
	m, ok := q.Message.(*coltracepb.ExportTraceServiceRequest)
	if !ok {
		return nil
	}
	var all []Span
	for _, resource := range m.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			for _, record := range scope.GetSpans() {
				all = append(all, Span{record, resource.GetResource(), scope.GetScope()})
			}
		}
	}
	return all
}
