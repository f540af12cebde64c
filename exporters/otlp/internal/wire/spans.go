package wire

import (
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Bits of Span.flags beside the W3C trace flags (trace.v1.SpanFlags).
const (
	flagHasIsRemote = 0x100
	flagIsRemote    = 0x200
)

// Span appends the fields of a trace.v1.Span.
func (e *Encoder) Span(s sdktrace.ReadOnlySpan) {
	sc, parent := s.SpanContext(), s.Parent()
	traceID, spanID := sc.TraceID(), sc.SpanID()
	e.bytes(1, traceID[:])
	e.bytes(2, spanID[:])
	e.string(3, sc.TraceState().String())
	if id := parent.SpanID(); id.IsValid() {
		e.bytes(4, id[:])
	}
	e.string(5, s.Name())
	e.uint(6, spanKind(s.SpanKind()))
	e.time(7, s.StartTime())
	e.time(8, s.EndTime())
	e.attributes(9, s.Attributes())
	e.count(10, s.DroppedAttributes())
	e.events(s.Events())
	e.count(12, s.DroppedEvents())
	e.links(s.Links())
	e.count(14, s.DroppedLinks())
	e.status(s.Status())
	e.fixed32(16, spanFlags(sc.TraceFlags(), parent))
}

// spanKind turns a kind into its OTLP number. The two differ by nothing but
// the invalid ones.
func spanKind(k trace.SpanKind) uint64 {
	if k < trace.SpanKindInternal || k > trace.SpanKindConsumer {
		return 0
	}
	return uint64(k)
}

func spanFlags(own trace.TraceFlags, other trace.SpanContext) uint32 {
	flags := uint32(own) | flagHasIsRemote
	if other.IsRemote() {
		flags |= flagIsRemote
	}
	return flags
}

func (e *Encoder) events(events []sdktrace.Event) {
	for i := range events {
		start := e.open(11)
		e.time(1, events[i].Time)
		e.string(2, events[i].Name)
		e.attributes(3, events[i].Attributes)
		e.count(4, events[i].DroppedAttributeCount)
		e.close(start)
	}
}

func (e *Encoder) links(links []sdktrace.Link) {
	for i := range links {
		sc := links[i].SpanContext
		traceID, spanID := sc.TraceID(), sc.SpanID()
		start := e.open(13)
		e.bytes(1, traceID[:])
		e.bytes(2, spanID[:])
		e.attributes(4, links[i].Attributes)
		e.count(5, links[i].DroppedAttributeCount)
		e.fixed32(6, spanFlags(sc.TraceFlags(), sc))
		e.close(start)
	}
}

func (e *Encoder) status(s sdktrace.Status) {
	start := e.open(15)
	e.string(2, s.Description)
	switch s.Code {
	case codes.Ok:
		e.uint(3, 1)
	case codes.Error:
		e.uint(3, 2)
	}
	e.close(start)
}
