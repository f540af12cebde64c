package sentry

import (
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
		s.prepare(c)
		switch {
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
	s.traces.putBack(l, waiting)
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

func (s *Sink) prepare(c *candidate) {
	c.strangers = &s.strangers
	c.prepare(s.config.scrubber)
}

// sendNow reports a candidate that cannot wait, together with those of the
// same cause that did.
func (s *Sink) sendNow(j job) {
	defer s.recovered()
	s.prepare(j.now)
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
	together, waiting := []*candidate{j.now}, pending[:0:0]
	for _, c := range pending {
		s.prepare(c)
		if causeOf(c).same(causeOf(j.now)) {
			together = append(together, c)
		} else {
			waiting = append(waiting, c)
		}
	}
	s.traces.putBack(j.trace, waiting)
	s.report(together, o)
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

// group sorts candidates by cause, in the order in which they were first seen.
func group(candidates []*candidate) [][]*candidate {
	var groups [][]*candidate
next:
	for _, c := range candidates {
		for i, g := range groups {
			for _, member := range g {
				if causeOf(member).same(causeOf(c)) {
					groups[i] = append(g, c)
					continue next
				}
			}
		}
		groups = append(groups, []*candidate{c})
	}
	return groups
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

// maxSeen is how many issues are remembered of a trace, and how many that
// belong to none.
const maxSeen = 2 * maxPending

// wasSeen reports whether an issue was made of the cause of g in the last
// minute. Without a trace, see repeats.
func (s *Sink) wasSeen(g []*candidate, l *local, now time.Time) bool {
	seen := s.recent
	if l != nil {
		seen = l.seen
	}
	for _, old := range seen {
		if now.Sub(old.at) > lateLifetime {
			continue
		}
		for _, c := range g {
			if l != nil && old.same(causeOf(c)) || l == nil && old.repeats(c) {
				return true
			}
		}
	}
	return false
}

// see remembers that an issue was made of g.
func (s *Sink) see(g []*candidate, o occasion, now time.Time) {
	seen := &s.recent
	if o.trace != nil {
		seen = &o.trace.seen
	}
	s.explain(g, o)
	for _, c := range g {
		if len(*seen) >= maxSeen {
			*seen = append((*seen)[:0], (*seen)[1:]...)
		}
		cause := causeOf(c)
		cause.links = slices.Clone(cause.links) // which may be part of c
		old := sighting{cause: cause, source: c.source, when: c.time, seen: c.seen, at: now}
		if c.source == fromPanic {
			old.panics = panicsIn(c.stack)
		}
		*seen = append(*seen, old)
	}
}

// explain notes that the failures of g need no other issue.
func (s *Sink) explain(g []*candidate, o occasion) {
	if o.trace == nil {
		return
	}
	for _, c := range g {
		o.trace.explain(c, s.home(c, o.root))
	}
}

// repeats reports whether c is the failure of old, delivered once more, where
// no trace tells what belongs together: they share a wrapper, which is made for
// one failure; or an inner error, which may be a sentinel, soon after each other
// and in the same words; or they are one record, or one panic that was thrown on
// after it was reported.
func (old sighting) repeats(c *candidate) bool {
	soon := c.seen.Sub(old.seen) < holdTime
	thrownOn := old.source == fromPanic && c.source == fromPanic && old.panics < panicsIn(c.stack)
	again := old.source == fromLog && c.source == fromLog && old.when.Equal(c.time)
	return shareWrapper(old.links, c.chain) ||
		related(old.texts, c.texts) && (again || soon && (thrownOn || shareIdentity(old.links, c.chain)))
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
