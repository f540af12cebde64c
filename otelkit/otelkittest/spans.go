package otelkittest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Span is an ended span as it would leave the process.
type Span struct {
	Name          string
	Kind          trace.SpanKind
	Status        codes.Code
	StatusMessage string
	TraceID       trace.TraceID
	SpanID        trace.SpanID
	ParentID      trace.SpanID // zero if it has none
	Start, End    time.Time
	Scope         string // name of the tracer
	Attributes    Attributes
	Events        []SpanEvent
	Links         []trace.SpanContext
	Children      Spans // those that have ended, in the order in which they started

	started, ended int64
}

// SpanEvent is an event of a span.
type SpanEvent struct {
	Name       string
	Time       time.Time
	Attributes Attributes
}

// Spans are spans in the order in which they started.
type Spans []*Span

// Spans returns all ended spans so far. They are copies; those of one call
// belong together.
func (k *Kit) Spans() Spans {
	all := k.spans.all()
	for _, s := range all {
		if p := all.parent(s); p != nil {
			p.Children = append(p.Children, s)
		}
	}
	return all
}

func (s Spans) parent(of *Span) *Span {
	i := slices.IndexFunc(s, func(p *Span) bool {
		return of.ParentID.IsValid() && p.SpanID == of.ParentID && p.TraceID == of.TraceID
	})
	if i < 0 {
		return nil
	}
	return s[i]
}

// Named returns the first span of this name, and nil if there is none.
func (s Spans) Named(name string) *Span {
	for _, span := range s {
		if span.Name == name {
			return span
		}
	}
	return nil
}

// Roots returns the spans whose parents are not among them.
func (s Spans) Roots() Spans {
	return slices.DeleteFunc(slices.Clone(s), func(span *Span) bool { return s.parent(span) != nil })
}

// spanRecorder is a span processor that keeps what it gets.
type spanRecorder struct {
	order *order

	mu    sync.Mutex
	open  map[trace.SpanID]openSpan
	ended chan struct{} // not nil while somebody waits for the last of open
	spans []Span
}

// openSpan is one that has not ended.
type openSpan struct {
	span    sdktrace.ReadOnlySpan
	started int64
}

var _ sdktrace.SpanProcessor = (*spanRecorder)(nil)

func newSpanRecorder(o *order) *spanRecorder {
	return &spanRecorder{order: o, open: map[trace.SpanID]openSpan{}}
}

func (r *spanRecorder) ForceFlush(context.Context) error { return nil }
func (r *spanRecorder) Shutdown(context.Context) error   { return nil }

func (r *spanRecorder) OnStart(_ context.Context, s sdktrace.ReadWriteSpan) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open[s.SpanContext().SpanID()] = openSpan{s, r.order.next()}
}

func (r *spanRecorder) OnEnd(s sdktrace.ReadOnlySpan) {
	span := Span{
		Name: s.Name(), Kind: s.SpanKind(), Status: s.Status().Code, StatusMessage: s.Status().Description,
		TraceID: s.SpanContext().TraceID(), SpanID: s.SpanContext().SpanID(), ParentID: s.Parent().SpanID(),
		Start: s.StartTime(), End: s.EndTime(), Scope: s.InstrumentationScope().Name, Attributes: attributesOf(s.Attributes()),
	}
	for _, e := range s.Events() {
		span.Events = append(span.Events, SpanEvent{Name: e.Name, Time: e.Time, Attributes: attributesOf(e.Attributes)})
	}
	for _, l := range s.Links() {
		span.Links = append(span.Links, l.SpanContext)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	span.started, span.ended = r.open[span.SpanID].started, r.order.next()
	delete(r.open, span.SpanID)
	r.spans = append(r.spans, span)
	if len(r.open) == 0 && r.ended != nil {
		close(r.ended)
		r.ended = nil
	}
}

// settle waits until no span is open, or for as long as a server may take to be
// done with a request whose response its client has already.
func (r *spanRecorder) settle() {
	r.mu.Lock()
	if len(r.open) == 0 {
		r.mu.Unlock()
		return
	}
	if r.ended == nil {
		r.ended = make(chan struct{})
	}
	ended := r.ended
	r.mu.Unlock()
	select {
	case <-ended:
	case <-time.After(time.Second):
	}
}

// stillOpen returns the names of the spans that have not ended, in the order in which
// they started.
func (r *spanRecorder) stillOpen() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	open := slices.SortedFunc(maps.Values(r.open), func(a, b openSpan) int { return int(a.started - b.started) })
	names := make([]string, len(open))
	for i, o := range open {
		names[i] = o.span.Name()
	}
	return names
}

func (r *spanRecorder) all() Spans {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out Spans
	for _, s := range r.spans {
		out = append(out, &s)
	}
	slices.SortFunc(out, func(a, b *Span) int { return int(a.started - b.started) })
	return out
}
