package sentry

import (
	"math"
	"slices"
	"time"

	sentrygo "github.com/getsentry/sentry-go"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// endedSpan is a local root that ended.
type endedSpan = sdktrace.ReadOnlySpan

// work is the worker: it merges candidates by cause and makes events of them.
func (s *Sink) work() {
	timer := time.NewTimer(time.Hour)
	timer.Stop()
	armed := false
	sweep := time.NewTimer(sweepTime)
	sweep.Stop()
	sweeping := false
	for {
		select {
		case <-s.stop:
			return
		case <-s.traces.roots.wake:
			if !sweeping {
				sweep.Reset(sweepTime)
				sweeping = true
			}
		case <-sweep.C:
			if sweeping = s.traces.roots.sweep(); sweeping {
				sweep.Reset(sweepTime)
			}
		case j := <-s.jobs:
			s.do(j)
		case <-s.wake:
			if !armed {
				timer.Reset(holdTime)
				armed = true
			}
		case now := <-timer.C:
			due, next := s.traces.due(now, false)
			s.settleAll(due)
			if armed = !next.IsZero(); armed {
				timer.Reset(max(time.Until(next), time.Millisecond))
			}
		}
	}
}

func (s *Sink) do(j job) {
	switch {
	case j.now != nil:
		s.sendNow(j)
	case j.trace != nil:
		s.settle(j.trace, j.root)
	}
	if j.all {
		due, _ := s.traces.due(time.Time{}, true)
		s.settleAll(due)
	}
	if j.done != nil {
		close(j.done)
	}
}

func (s *Sink) settleAll(due []*local) {
	for _, l := range due {
		s.settle(l, nil)
	}
}

// settle makes issues of the candidates of a trace. While its local root is
// open, only what does not depend on it is sent.
func (s *Sink) settle(l *local, root endedSpan) {
	defer s.recovered()
	pending, o := s.traces.take(l)
	if root != nil {
		// Order is important here: last is that of take.
		o.others = o.others || o.root != nil && !isSameSpan(o.root, root)
		o.root, o.ended = root, true
	}
	if o.ended {
		defer s.traces.finish(l)
	}
	if len(pending) == 0 {
		return
	}
	result := succeeded
	if o.ended {
		result = outcomeOf(o.root, factsOf(o.root.Attributes()))
	}

	var primaries, promotables, fallbacks, waiting []*candidate
	for _, c := range pending {
		s.prepare(c, o.root)
		switch {
		case isOwn(c, math.MaxInt):
			s.stats.drop(reasonIgnored)
		case s.config.ignore.match(c):
			l.explain(c, s.home(c, o.root))
			s.stats.drop(reasonIgnored)
		case o.ended && o.others && !s.belongsTo(c, o.root):
			waiting = append(waiting, c)
		case result == rejected && c.source == fromSpanEvent:
			s.stats.drop(reasonRejected)
		case c.class == primary:
			primaries = append(primaries, c)
		case !o.ended:
			waiting = append(waiting, c)
		case c.class == promotable:
			promotables = append(promotables, c)
		default:
			fallbacks = append(fallbacks, c)
		}
	}
	// A caller may well end before what it has called.
	waiting = slices.DeleteFunc(waiting, func(c *candidate) bool {
		inside := c.class == primary && s.isInside(c, o.root, promotables)
		if inside {
			primaries = append(primaries, c)
		}
		return inside
	})
	s.report(primaries, o)
	s.putBack(l, waiting, o)
	// The last attempt is the one that made the root fail.
	if groups := group(promotables); len(groups) > 0 && (result == failed || result == degraded) && !l.explains(o.root, promotables) {
		s.issue(groups[len(groups)-1], o)
	}
	for _, c := range fallbacks {
		if !l.explains(c.root, promotables) {
			s.issue([]*candidate{c}, o)
		}
	}
}

// putBack lets candidates wait for their root. If the trace is not held any more,
// what is a failure by itself is reported now. Failed calls are not: nobody will
// learn whether their root failed because of them.
func (s *Sink) putBack(l *local, waiting []*candidate, o occasion) {
	if s.traces.putBack(l, waiting) {
		return
	}
	var primaries []*candidate
	for _, c := range waiting {
		if c.class == primary {
			primaries = append(primaries, c)
		}
	}
	s.report(primaries, o)
	for _, c := range waiting {
		if c.class == fallback && !l.explains(c.root, nil) {
			s.issue([]*candidate{c}, o)
		}
	}
}

// prepare makes c ready to be compared. Root is the local root that is known
// best, nil if there is none.
func (s *Sink) prepare(c *candidate, root sdktrace.ReadOnlySpan) {
	if c.texts != nil {
		return
	}
	c.strangers = s.strangers
	c.prepare(s.config.scrubber)
	if around := s.around(c, root); around != nil {
		c.around = around.SpanContext().SpanID()
	}
}

// sendNow reports a candidate that cannot wait, together with those of the
// same cause that did.
func (s *Sink) sendNow(j job) {
	defer s.recovered()
	if isOwn(j.now, math.MaxInt) {
		s.stats.drop(reasonIgnored)
		return
	}
	s.prepare(j.now, j.now.root)
	if s.config.ignore.match(j.now) {
		s.stats.drop(reasonIgnored)
		if j.trace != nil {
			j.trace.explain(j.now, s.home(j.now, nil))
		}
		return
	}
	if j.trace == nil {
		s.report([]*candidate{j.now}, occasion{})
		return
	}
	pending, o := s.traces.take(j.trace)
	if j.now.root != nil {
		o.root, o.ended = j.now.root, true
	}
	for _, c := range pending {
		s.prepare(c, o.root)
	}
	together := group(append([]*candidate{j.now}, pending...))
	mine := slices.IndexFunc(together, func(g []*candidate) bool { return slices.Contains(g, j.now) })
	s.putBack(j.trace, slices.DeleteFunc(pending, func(c *candidate) bool { return slices.Contains(together[mine], c) }), o)
	s.report(together[mine], o)
}

// occasion is what surrounds the candidates of an event.
type occasion struct {
	trace *local
	story []crumb
	root  sdktrace.ReadOnlySpan // nil if it was not recorded
	ended bool
	// others means that the trace has more local roots that are open or still
	// to be settled.
	others bool
}

// report makes an issue of each cause among candidates.
func (s *Sink) report(candidates []*candidate, o occasion) {
	for _, g := range group(candidates) {
		s.issue(g, o)
	}
}

// issue sends one event for candidates of one cause, unless that was done
// already or there have been too many.
func (s *Sink) issue(g []*candidate, o occasion) {
	s.stats.duplicates.Add(uint64(len(g) - 1))
	now := time.Now()
	if home := s.home(earliest(g), o.root); home != nil {
		o.root = home
	}
	if s.wasSeen(g, o.trace, now) {
		s.stats.duplicates.Add(1)
		s.explain(g, o)
		return
	}
	if s.limiter.exhausted(now) {
		s.stats.drop(reasonRate)
		s.see(g, o, now)
		return
	}
	id := s.identify(g, o.root)
	suppressed, ok := s.limiter.allow(id.key, now)
	if !ok {
		s.stats.drop(reasonRate)
		s.see(g, o, now)
		return
	}
	if s.capture(s.draft(g, id, o), suppressed) {
		s.see(g, o, now)
	}
}

// capture builds the event and hands it to the client, which calls BeforeSend
// and the scrubber. It reports whether the event was accepted.
func (s *Sink) capture(d draft, suppressed int) bool {
	if suppressed > 0 {
		d.event.Contexts["otelkit"] = sentrygo.Context{"suppressed": suppressed}
	}
	hint := &sentrygo.EventHint{OriginalException: d.err}
	return s.client.CaptureEvent(d.event, hint, d.scope) != nil
}
