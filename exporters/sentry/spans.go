package sentry

import (
	"context"
	"slices"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// spanProcessor is the ear of a Sink on spans.
type spanProcessor struct{ sink *Sink }

var _ sdktrace.SpanProcessor = spanProcessor{}

// SpanProcessor returns the processor that sees exception events, error
// statuses and panics that pass by a span, of every span that is recorded,
// sampled or not. It never changes a span. It may be registered behind a
// scrubbing processor, and it may be registered alone, without
// [Sink.LogProcessor]. Its ForceFlush is that of the Sink. Its Shutdown ends
// this signal, flushes, and shuts down the Sink if the other signal has ended
// or was never asked for.
func (s *Sink) SpanProcessor() sdktrace.SpanProcessor {
	if s != nil {
		s.spans.taken.Store(true)
	}
	return spanProcessor{s}
}

func (p spanProcessor) ForceFlush(ctx context.Context) error { return p.sink.ForceFlush(ctx) }

func (p spanProcessor) Shutdown(ctx context.Context) error {
	if p.sink == nil {
		return nil
	}
	return p.sink.end(ctx, &p.sink.spans, &p.sink.logs)
}

// OnStart remembers local root spans, whose name becomes the transaction of
// the issue.
func (p spanProcessor) OnStart(_ context.Context, span sdktrace.ReadWriteSpan) {
	s := p.sink
	if !s.open() || s.spans.ended.Load() || !isLocalRoot(span) {
		return
	}
	defer s.recovered()
	if s.resource.Load() == nil {
		s.resource.Store(span.Resource())
	}
	s.traces.roots.add(span.SpanContext().TraceID(), span)
}

// OnEnd looks for failures in an ended span and, if it is a local root, sends
// what was held back for it.
func (p spanProcessor) OnEnd(span sdktrace.ReadOnlySpan) {
	s := p.sink
	if !s.open() || s.spans.ended.Load() {
		return
	}
	// Order is important here: every question to an ended span costs about
	// 10 ns, and those about its ids more.
	var (
		parent = span.Parent()
		events = span.Events()
		code   = span.Status().Code
		root   = isRootUnder(parent)
		kind   trace.SpanKind // of what is under a local span
	)
	if !root {
		kind = span.SpanKind()
		root = isEntry(kind)
	}
	if len(events) > 0 || code == codes.Error {
		s.failures(span, events, code)
	}
	switch {
	case root && s.traces.held.Load() > 0:
		// The id is that of the remote parent, if there is one.
		id := parent.TraceID()
		if !id.IsValid() {
			id = span.SpanContext().TraceID()
		}
		if s.traces.mayHold(id) {
			s.rootEnded(span, id)
		}
	case !root && kind == trace.SpanKindClient:
		s.called(span, parent.TraceID())
	}
}

// failures makes candidates of what span tells of.
func (s *Sink) failures(span sdktrace.ReadOnlySpan, events []sdktrace.Event, code codes.Code) {
	defer s.recovered()
	s.exceptions(span, events)
	if code == codes.Error && !hasException(events) {
		s.status(span)
	}
}

// called adds the step "called another service" to the story of a trace.
func (s *Sink) called(span sdktrace.ReadOnlySpan, id trace.TraceID) {
	defer s.recovered()
	s.tell(id, clientCrumb(span))
}

// isLocalRoot reports whether the outcome of span is one of its own: that of
// what began in this process, or of a request or message that came in, be it
// below a span that runs as long as the process.
func isLocalRoot(span sdktrace.ReadOnlySpan) bool {
	return isRootUnder(span.Parent()) || isEntry(span.SpanKind())
}

// isRootUnder reports whether a span under parent is a local root, whatever its
// kind.
func isRootUnder(parent trace.SpanContext) bool {
	return !parent.SpanID().IsValid() || parent.IsRemote()
}

// isEntry reports whether a span of kind is a local root, whatever its parent.
func isEntry(kind trace.SpanKind) bool {
	return kind == trace.SpanKindServer || kind == trace.SpanKindConsumer
}

const exceptionEvent = "exception"

func hasException(events []sdktrace.Event) bool {
	return slices.ContainsFunc(events, func(e sdktrace.Event) bool { return e.Name == exceptionEvent })
}

// exceptions makes candidates of the exception events of span.
func (s *Sink) exceptions(span sdktrace.ReadOnlySpan, events []sdktrace.Event) {
	for _, e := range events {
		if e.Name != exceptionEvent {
			continue
		}
		c := fromSpan(span, fromSpanEvent)
		c.time = e.Time
		for _, kv := range e.Attributes {
			c.takes(kv)
		}
		var v verdict
		v, c.level = ofException(span.SpanKind(), span.Status().Code)
		// A span that is ended by a panic records it while it ends; all
		// other exceptions come before.
		if !e.Time.Before(span.EndTime()) {
			if pcs := callers(); panicsIn(pcs) > 0 {
				c.source, c.level, c.stack, v = fromPanic, sentrygo.LevelFatal, pcs, urgent
			}
		}
		s.judge(c, v)
	}
}

// status makes a candidate of the status of span, which has no exception event
// to say more.
func (s *Sink) status(span sdktrace.ReadOnlySpan) {
	facts := factsOf(span.Attributes())
	result := outcomeOf(span, facts)
	if result == succeeded || result == rejected {
		return
	}
	c := fromSpan(span, fromStatus)
	c.level = sentrygo.LevelError
	if result == degraded {
		c.level = sentrygo.LevelWarning
	}
	c.title, c.subtitle, c.named = statusTitle(span, facts)
	switch kind := span.SpanKind(); {
	case kind == trace.SpanKindClient || kind == trace.SpanKindProducer:
		c.message = span.Status().Description
		c.class = promotable
	case isLocalRoot(span):
		c.class = fallback
	default:
		return
	}
	s.hold(c)
}

// statusTitle names a failure of which nothing but the status is known. Routes
// and methods are names, while that of a span may contain anything.
func statusTitle(span sdktrace.ReadOnlySpan, f spanFacts) (title, subtitle string, named bool) {
	subtitle = span.Name()
	switch {
	case f.httpStatus >= 400:
		title = "HTTP " + attribute.Int64Value(f.httpStatus).String()
		if f.route != "" {
			subtitle, named = f.method+" "+f.route, true
		}
	case f.grpcStatus != "":
		title = "gRPC " + f.grpcStatus
		if f.rpc != "" {
			// A method that does not exist was named by the caller.
			subtitle, named = f.rpc, f.grpcStatus != "UNIMPLEMENTED"
		}
	default:
		title = span.Name()
		subtitle = span.Status().Description
		if subtitle == "" {
			subtitle = "the span ended with status Error"
		}
	}
	return title, subtitle, named
}

// fromSpan starts a candidate with what is known of its span. The slices of an
// ended span are never written again, so they are shared.
func fromSpan(span sdktrace.ReadOnlySpan, from source) *candidate {
	sc, parent := span.SpanContext(), span.Parent()
	c := &candidate{
		source:     from,
		time:       span.EndTime(),
		traceID:    sc.TraceID(),
		spanID:     sc.SpanID(),
		parentID:   parent.SpanID(),
		spanName:   span.Name(),
		spanKind:   span.SpanKind(),
		attributes: span.Attributes(),
		resource:   span.Resource(),
		scope:      span.InstrumentationScope().Name,
	}
	if isRootUnder(parent) || isEntry(c.spanKind) {
		c.root = span
	}
	return c
}

// clientCrumb is the step "called another service".
func clientCrumb(span sdktrace.ReadOnlySpan) crumb {
	c := crumb{
		time:     span.EndTime(),
		level:    sentrygo.LevelInfo,
		category: "span.client",
		message:  span.Name(),
		span:     span.Attributes(),
	}
	if st := span.Status(); st.Code == codes.Error {
		c.level = sentrygo.LevelWarning
		if st.Description != "" {
			c.message += ": " + st.Description
		}
	}
	return c
}

// rootEnded hands a trace to the worker if it has anything to tell, and
// forgets it otherwise.
func (s *Sink) rootEnded(span sdktrace.ReadOnlySpan, id trace.TraceID) {
	defer s.recovered()
	sh := s.traces.of(id)
	sh.mu.Lock()
	l := sh.byID[id]
	if l == nil {
		sh.mu.Unlock()
		return
	}
	settle := len(l.pending) > 0 || l.used
	switch {
	case settle:
		l.used, l.last = true, span
	case s.traces.roots.innermost(id) == nil:
		sh.drop(l)
	}
	sh.mu.Unlock()
	if settle {
		// If the worker cannot keep up, it finds the trace when its time
		// has come.
		s.offer(job{trace: l, root: span})
	}
}
