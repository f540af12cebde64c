package sentry

import (
	"slices"
	"time"
)

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
