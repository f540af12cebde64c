package scrub

import (
	"context"

	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// NewPropagator returns a propagator that keeps sensitive baggage and trace
// state out of outgoing requests, whatever the format that next writes. A
// baggage member under a sensitive key is left out, as is one whose key itself
// gives something away; in other members and their properties the sensitive
// parts are masked. Trace and span ids and flags stay.
//
// Baggage in the process stays as it is: Inject gives next a context of its
// own. Extract and Fields are those of next, so incoming baggage comes in
// untouched. If scrubbing fails, neither baggage nor trace state is sent.
//
// The propagator is as safe for concurrent use as next. A nil s has default
// options.
func NewPropagator(next propagation.TextMapPropagator, s *Scrubber) propagation.TextMapPropagator {
	return propagator{TextMapPropagator: next, scrubber: s.orDefault()}
}

// propagator takes all methods but Inject from the one it wraps.
type propagator struct {
	propagation.TextMapPropagator
	scrubber *Scrubber
}

func (p propagator) Inject(ctx context.Context, carrier propagation.TextMapCarrier) {
	p.TextMapPropagator.Inject(p.scrubber.outgoing(ctx), carrier)
}

// outgoing returns ctx with what may leave the process, or ctx itself if that
// is all of it.
func (s *Scrubber) outgoing(ctx context.Context) (out context.Context) {
	defer func() {
		if recover() != nil {
			s.failed(sigBaggage)
			out = baggage.ContextWithoutBaggage(ctx)
			out = trace.ContextWithSpanContext(out, trace.SpanContextFromContext(ctx).WithTraceState(trace.TraceState{}))
		}
	}()
	if bag, hit := s.baggage(baggage.FromContext(ctx)); hit {
		ctx = baggage.ContextWithBaggage(ctx, bag)
	}
	if sc, hit := s.spanContext(sigBaggage, trace.SpanContextFromContext(ctx)); hit {
		ctx = trace.ContextWithSpanContext(ctx, sc)
	}
	return ctx
}

func (s *Scrubber) baggage(bag baggage.Baggage) (baggage.Baggage, bool) {
	if bag.Len() == 0 {
		return bag, false
	}
	members, changed := rewrite(bag.Members(), s.member)
	if !changed {
		return bag, false
	}
	// An error says that members did not fit: there are fewer than before.
	out, _ := baggage.New(members...)
	return out, true
}

func (s *Scrubber) member(m baggage.Member) (_ baggage.Member, keep, changed bool) {
	if _, hit := s.text(sigBaggage, "", m.Key()); hit {
		return m, false, true
	}
	value, h1 := s.text(sigBaggage, m.Key(), m.Value())
	if _, sensitive := s.SensitiveKey(m.Key()); sensitive && h1 {
		return m, false, true
	}
	props, h2 := rewrite(m.Properties(), s.property)
	if !h1 && !h2 {
		return m, true, false
	}
	out, err := baggage.NewMemberRaw(m.Key(), value, props...)
	return out, err == nil, true
}

func (s *Scrubber) property(p baggage.Property) (_ baggage.Property, keep, changed bool) {
	if _, hit := s.text(sigBaggage, "", p.Key()); hit {
		return p, false, true
	}
	value, ok := p.Value()
	if !ok {
		return p, true, false
	}
	clean, hit := s.text(sigBaggage, p.Key(), value)
	if !hit {
		return p, true, false
	}
	if _, sensitive := s.SensitiveKey(p.Key()); sensitive {
		return p, false, true
	}
	out, err := baggage.NewKeyValuePropertyRaw(p.Key(), clean)
	return out, err == nil, true
}
