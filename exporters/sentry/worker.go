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
	return joinTold(groups)
}

// joinTold puts the records that tell of a failure by its text to that failure.
// Those that tell of several go to the first: what they report together are
// different failures.
func joinTold(groups [][]*candidate) [][]*candidate {
	for i, g := range groups {
		if slices.ContainsFunc(g, (*candidate).failed) {
			continue
		}
		if of := slices.IndexFunc(groups, func(other []*candidate) bool { return tellOf(g, other) }); of >= 0 {
			groups[of], groups[i] = append(groups[of], g...), nil
		}
	}
	return slices.DeleteFunc(groups, func(g []*candidate) bool { return g == nil })
}

// tellOf reports whether a record of g tells of a failure of other.
func tellOf(g, other []*candidate) bool {
	return slices.ContainsFunc(g, func(c *candidate) bool {
		return len(c.told) > 0 && slices.ContainsFunc(other, func(o *candidate) bool { return causeOf(c).cites(causeOf(o)) != "" })
	})
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
	for i := range seen {
		old := &seen[i]
		if now.Sub(old.at) > lateLifetime {
			continue
		}
		if l != nil && old.comesBack(g) || l == nil && slices.ContainsFunc(g, old.repeats) {
			return true
		}
	}
	return false
}

// comesBack reports whether g is the failure of old. A record that tells of
// several failures stands for the first that comes.
func (old *sighting) comesBack(g []*candidate) bool {
	failed := slices.ContainsFunc(g, (*candidate).failed)
	for _, c := range g {
		cause := causeOf(c)
		if old.same(cause) || !failed && cause.cites(old.cause) != "" {
			return true
		}
		if text := old.cites(cause); text != "" {
			old.told = []string{text}
			return true
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
	failed := slices.ContainsFunc(g, (*candidate).failed)
	for _, c := range g {
		if len(*seen) >= maxSeen {
			*seen = append((*seen)[:0], (*seen)[1:]...)
		}
		cause := causeOf(c)
		cause.links = slices.Clone(cause.links) // which may be part of c
		if failed {
			cause.told = nil // it has found its failure
		}
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
func (old *sighting) repeats(c *candidate) bool {
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
