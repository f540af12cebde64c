package scrub

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// NewSpanProcessor returns a processor that hands next every ended span with
// its sensitive parts replaced: name, attributes, names and attributes of
// events, attributes of links, status description, trace states, resource and
// instrumentation scope. Put it in front of the batcher:
//
//	sdktrace.WithSpanProcessor(scrub.NewSpanProcessor(sdktrace.NewBatchSpanProcessor(exporter), s))
//
// next.OnEnd gets the span itself if there is nothing to replace, and
// otherwise a view of it that does not change any more and may be read by
// several goroutines. A span that cannot be scrubbed keeps its ids, times,
// resource and status code; the rest is left out. next.OnStart gets the span itself, as it
// may want to add to it: it must not export what it reads there.
//
// The processor is as safe for concurrent use as next; ForceFlush and Shutdown
// are those of next. A nil s has default options.
func NewSpanProcessor(next sdktrace.SpanProcessor, s *Scrubber) sdktrace.SpanProcessor {
	return &spanProcessor{next: next, scrubber: s.orDefault()}
}

type spanProcessor struct {
	next     sdktrace.SpanProcessor
	scrubber *Scrubber
	seen     producers
}

func (p *spanProcessor) OnStart(parent context.Context, span sdktrace.ReadWriteSpan) {
	p.next.OnStart(parent, span)
}

func (p *spanProcessor) OnEnd(span sdktrace.ReadOnlySpan) {
	p.next.OnEnd(p.scrubber.span(span, &p.seen))
}

func (p *spanProcessor) ForceFlush(ctx context.Context) error { return p.next.ForceFlush(ctx) }

func (p *spanProcessor) Shutdown(ctx context.Context) error { return p.next.Shutdown(ctx) }

// NewSpanExporter returns an exporter that scrubs as [NewSpanProcessor] does,
// for set-ups in which the processor is not theirs to wrap. A processor is
// better where there is the choice: behind this exporter nothing sensitive
// leaves, but what stands beside it still sees the spans as they are. It is as
// safe for concurrent use as next, and Shutdown is that of next.
func NewSpanExporter(next sdktrace.SpanExporter, s *Scrubber) sdktrace.SpanExporter {
	return &spanExporter{next: next, scrubber: s.orDefault()}
}

type spanExporter struct {
	next     sdktrace.SpanExporter
	scrubber *Scrubber
	seen     producers
}

// producers is what is known of the resources and scopes that spans come from.
type producers struct {
	resources resourceCache
	scopes    scopeCache
}

func (e *spanExporter) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	clean := make([]sdktrace.ReadOnlySpan, len(spans))
	for i, span := range spans {
		clean[i] = e.scrubber.span(span, &e.seen)
	}
	return e.next.ExportSpans(ctx, clean)
}

func (e *spanExporter) Shutdown(ctx context.Context) error { return e.next.Shutdown(ctx) }

// span returns what may be shown of span: span itself or a view.
func (s *Scrubber) span(span sdktrace.ReadOnlySpan, seen *producers) (out sdktrace.ReadOnlySpan) {
	defer func() {
		if recover() != nil {
			s.failed(sigTraces)
			out = s.withheld(span, seen)
		}
	}()
	name, h1 := s.text(sigTraces, "", span.Name())
	attributes, h2 := s.attributes(sigTraces, span.Attributes())
	events, h3 := rewrite(span.Events(), s.event)
	links, h4 := rewrite(span.Links(), s.link)
	status := span.Status()
	description, h5 := s.text(sigTraces, "", status.Description)
	spanContext, h6 := s.spanContext(sigTraces, span.SpanContext())
	parent, h7 := s.spanContext(sigTraces, span.Parent())
	res, h8 := seen.resources.get(s, span.Resource())
	producer := span.InstrumentationScope()
	scope, h9 := seen.scopes.get(s, &producer)
	if !(h1 || h2 || h3 || h4 || h5 || h6 || h7 || h8 || h9) {
		return span
	}
	status.Description = description
	return &spanView{
		ReadOnlySpan: span,
		name:         name, attributes: attributes, events: events, links: links, status: status,
		spanContext: spanContext, parent: parent, resource: res, scope: scope,
	}
}

func (s *Scrubber) event(e sdktrace.Event) (_ sdktrace.Event, keep, changed bool) {
	name, h1 := s.text(sigTraces, "", e.Name)
	attributes, h2 := s.attributes(sigTraces, e.Attributes)
	e.Name, e.Attributes = name, attributes
	return e, true, h1 || h2
}

func (s *Scrubber) link(l sdktrace.Link) (_ sdktrace.Link, keep, changed bool) {
	sc, h1 := s.spanContext(sigTraces, l.SpanContext)
	attributes, h2 := s.attributes(sigTraces, l.Attributes)
	l.SpanContext, l.Attributes = sc, attributes
	return l, true, h1 || h2
}

// withheld is the view of a span whose contents cannot be vouched for.
func (s *Scrubber) withheld(span sdktrace.ReadOnlySpan, seen *producers) sdktrace.ReadOnlySpan {
	res, _ := seen.resources.get(s, span.Resource())
	return &spanView{
		ReadOnlySpan: span,
		name:         failureMarker,
		status:       sdktrace.Status{Code: span.Status().Code},
		spanContext:  span.SpanContext().WithTraceState(trace.TraceState{}),
		parent:       span.Parent().WithTraceState(trace.TraceState{}),
		resource:     res,
	}
}

// spanView is a span with everything replaced that holds text. It is not
// changed once it is made.
type spanView struct {
	sdktrace.ReadOnlySpan
	name        string
	attributes  []attribute.KeyValue
	events      []sdktrace.Event
	links       []sdktrace.Link
	status      sdktrace.Status
	spanContext trace.SpanContext
	parent      trace.SpanContext
	resource    *resource.Resource
	scope       instrumentation.Scope
}

var _ sdktrace.ReadOnlySpan = (*spanView)(nil)

func (v *spanView) Name() string                                { return v.name }
func (v *spanView) Attributes() []attribute.KeyValue            { return v.attributes }
func (v *spanView) Events() []sdktrace.Event                    { return v.events }
func (v *spanView) Links() []sdktrace.Link                      { return v.links }
func (v *spanView) Status() sdktrace.Status                     { return v.status }
func (v *spanView) SpanContext() trace.SpanContext              { return v.spanContext }
func (v *spanView) Parent() trace.SpanContext                   { return v.parent }
func (v *spanView) Resource() *resource.Resource                { return v.resource }
func (v *spanView) InstrumentationScope() instrumentation.Scope { return v.scope }

// InstrumentationLibrary is the old name of InstrumentationScope. It must not
// be the way around it.
func (v *spanView) InstrumentationLibrary() instrumentation.Library { //nolint:staticcheck // part of the interface
	return v.scope
}
