package console

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// SpanProcessor returns the processor that writes a line for each finished
// span of interest; the package documentation says which those are. Its
// ForceFlush is that of the Exporter. Its Shutdown ends the processor, and the
// Exporter too if no other of its processors is left.
func (e *Exporter) SpanProcessor() sdktrace.SpanProcessor { return spanProcessor{newUser(e)} }

type spanProcessor struct{ *user }

var _ sdktrace.SpanProcessor = spanProcessor{}

func (p spanProcessor) OnStart(context.Context, sdktrace.ReadWriteSpan) {}

func (p spanProcessor) OnEnd(s sdktrace.ReadOnlySpan) {
	if p.off() || s == nil || !p.ofInterest(s) {
		return
	}
	en := newEntry()
	defer en.free()
	en.fromSpan(s)
	p.write(en)
}

func (e *Exporter) ofInterest(s sdktrace.ReadOnlySpan) bool {
	kind := s.SpanKind()
	return !s.Parent().IsValid() || s.Parent().IsRemote() ||
		kind == trace.SpanKindServer || kind == trace.SpanKindConsumer ||
		s.Status().Code == codes.Error ||
		e.slow >= 0 && duration(s) >= e.slow
}

func duration(s sdktrace.ReadOnlySpan) time.Duration {
	return s.EndTime().Sub(s.StartTime())
}

func (e *entry) fromSpan(s sdktrace.ReadOnlySpan) {
	e.time = s.EndTime()
	e.level = "info"
	if s.Status().Code == codes.Error {
		e.level = "error"
	}
	e.event = s.Name()
	e.logger = s.InstrumentationScope().Name
	e.attrs = append(e.attrs, s.Attributes()...)
	e.traceID, e.spanID = s.SpanContext().TraceID(), s.SpanContext().SpanID()
	e.span = s
}
