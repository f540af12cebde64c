package otlp

import (
	"context"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
	"github.com/otelkit/otelkit-go/exporters/spool"
)

// traces encodes spans where they end.
type traces struct{ *pipe }

var _ sdktrace.SpanProcessor = traces{}

// OnStart does nothing.
func (traces) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

// OnEnd encodes the span. It keeps nothing of s.
func (t traces) OnEnd(s sdktrace.ReadOnlySpan) {
	if !s.SpanContext().IsSampled() {
		return
	}
	class := spool.Normal
	if s.Status().Code == codes.Error {
		class = spool.Important
	}
	t.record(class, s.Resource(), s.InstrumentationScope(), func(e *wire.Encoder) { e.Span(s) })
}
