package otelkit

import (
	"context"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// WithBoundSpans puts the attributes bound by [Bind] and [BindScope] on each
// span that is started with their context, as they are on lines. What is bound
// to a request, task or command later is put on its span too.
//
// Default: bound attributes are on lines only.
func WithBoundSpans() Option { return set(func(c *config) { c.boundSpans = true }) }

// boundSpans puts bound attributes on spans.
type boundSpans struct{ sdktrace.SpanProcessor }

var _ sdktrace.SpanProcessor = boundSpans{}

// OnStart reads ctx and nothing else, so it may be called concurrently.
func (p boundSpans) OnStart(ctx context.Context, s sdktrace.ReadWriteSpan) {
	if b := boundTo(ctx); b != nil && s.IsRecording() {
		s.SetAttributes(b.appendTo(nil)...)
	}
	p.SpanProcessor.OnStart(ctx, s)
}
