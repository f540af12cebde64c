package sentry

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Bounds of what is kept about local traces.
const (
	shardCount    = 16
	maxTraces     = 4096
	maxPending    = 16 // candidates of a trace
	maxCrumbs     = 50 // breadcrumbs of a trace
	maxAllCrumbs  = 8192
	maxFree       = 32 // traces of a shard that wait to be used again
	maxReused     = 16 // breadcrumbs that such a trace has room for
	traceLifetime = 10 * time.Minute
	lateLifetime  = time.Minute     // in which late duplicates are recognised
	holdTime      = 5 * time.Second // for candidates whose root does not end
)

// traces holds what was told about the local traces that are under way. It is
// locked in shards by trace id, since every log record comes by. Nothing is
// held of a trace of which there is nothing to tell.
type traces struct {
	shards [shardCount]shard
	held   atomic.Int64 // traces in all shards
	roots  *roots
}

// shard keeps its traces in a ring in order of use. The element root stands
// between the newest, root.next, and the oldest, root.prev.
type shard struct {
	all    *traces
	mu     sync.Mutex
	byID   map[trace.TraceID]*local
	root   local
	crumbs int
	free   *local
	spare  int // length of free
	// like counts the traces by another byte of their ids. It may be read
	// without the lock.
	like [256]atomic.Int32
}

// local is the part of a trace that runs in this process. Its fields belong to
// the lock of the shard, except seen and explained, which belong to the worker.
type local struct {
	id         trace.TraceID
	prev, next *local
	touched    time.Time

	// last is the local root that ended last, while the worker still has to
	// hear of it.
	last sdktrace.ReadOnlySpan
	// story is a ring once it is full, oldest at told.
	story []crumb
	told  int

	pending []*candidate
	room    [1]*candidate // of pending, until the worker takes it
	due     time.Time     // when primaries are sent though the root is open
	// used means that the worker may hold on to it, so it is never reused.
	used bool

	seen      []sighting
	explained []explanation // the latest
}

// sighting is an issue that was made of the trace.
type sighting struct {
	cause
	source source
	panics int       // that were under way
	when   time.Time // the failure
	seen   time.Time
	at     time.Time // the issue
}

func newTraces() *traces {
	t := &traces{roots: newRoots()}
	for i := range t.shards {
		s := &t.shards[i]
		s.all = t
		s.byID = make(map[trace.TraceID]*local)
		s.root.prev, s.root.next = &s.root, &s.root
	}
	return t
}

// of returns the shard of id. The last byte of a trace id is random in every
// generator in use.
func (t *traces) of(id trace.TraceID) *shard { return &t.shards[id[15]%shardCount] }

// mayHold reports whether there may be something to tell of the trace with id, at
// the cost of no lock and no look into a map.
func (t *traces) mayHold(id trace.TraceID) bool {
	return t.of(id).like[id[14]].Load() > 0
}

// get returns the trace with id, made if need be, as the newest of its shard.
// Traces that had to give way and still have candidates are returned too.
func (s *shard) get(id trace.TraceID) (l *local, evicted *local) {
	if l = s.byID[id]; l != nil {
		if s.root.next != l {
			s.unlink(l)
			s.link(l)
		}
		return l, nil
	}
	now := time.Now()
	if oldest := s.root.prev; len(s.byID) >= maxTraces/shardCount || oldest != &s.root && s.isOver(oldest, now) {
		evicted = s.drop(oldest)
	}
	if l = s.free; l != nil {
		s.free, l.next = l.next, nil
		s.spare--
	} else {
		l = &local{}
	}
	l.id, l.touched, l.pending = id, now, l.room[:0]
	s.byID[id] = l
	s.all.held.Add(1)
	s.like[id[14]].Add(1)
	s.link(l)
	return l, evicted
}

// isOver reports whether nothing more is expected of l.
func (s *shard) isOver(l *local, now time.Time) bool {
	switch age := now.Sub(l.touched); {
	case age <= lateLifetime:
		return false
	case age > traceLifetime:
		return true
	default:
		return len(l.pending) == 0 && s.all.roots.innermost(l.id) == nil
	}
}

func (s *shard) link(l *local) {
	l.prev, l.next = &s.root, s.root.next
	l.prev.next, l.next.prev = l, l
}

func (s *shard) unlink(l *local) {
	l.prev.next, l.next.prev = l.next, l.prev
	l.prev, l.next = nil, nil
}

// drop forgets l, and returns it if it has candidates that are still to be
// looked at.
func (s *shard) drop(l *local) *local {
	delete(s.byID, l.id)
	s.all.held.Add(-1)
	s.like[l.id[14]].Add(-1)
	s.unlink(l)
	s.crumbs -= len(l.story)
	if len(l.pending) > 0 {
		l.used = true
		return l
	}
	if !l.used && s.spare < maxFree {
		s.recycle(l)
	}
	return nil
}

// recycle keeps l for the next trace, with room for its story.
func (s *shard) recycle(l *local) {
	clear(l.story)
	*l = local{story: l.story[:0], next: s.free}
	if cap(l.story) > maxReused {
		l.story = nil
	}
	s.free = l
	s.spare++
}

// forget drops the story of l.
func (s *shard) forget(l *local) {
	s.crumbs -= len(l.story)
	l.story, l.told = nil, 0
}

// step makes room for one more step in the story of l, at the cost of the
// oldest story of the shard if there are too many. It is to be filled in before
// the shard is unlocked.
func (s *shard) step(l *local) *crumb {
	if len(l.story) == maxCrumbs {
		c := &l.story[l.told]
		l.told = (l.told + 1) % maxCrumbs
		c.span, c.used = nil, 0
		return c
	}
	l.story = append(l.story, crumb{})
	s.crumbs++
	for old := s.root.prev; s.crumbs > maxAllCrumbs/shardCount && old != l; old = old.prev {
		s.forget(old)
	}
	return &l.story[len(l.story)-1]
}

// stories returns a copy of the story of l, oldest first.
func (l *local) stories() []crumb {
	story := make([]crumb, 0, len(l.story))
	story = append(story, l.story[l.told:]...)
	return append(story, l.story[:l.told]...)
}

// take moves what is pending to the worker, with the story and the local root
// it belongs to: the innermost that is open, else the last that ended.
func (t *traces) take(l *local) (pending []*candidate, o occasion) {
	s := t.of(l.id)
	s.mu.Lock()
	defer s.mu.Unlock()
	pending = slices.Clone(l.pending)
	l.pending, l.room, l.due = nil, [1]*candidate{}, time.Time{}
	o = occasion{trace: l, story: l.stories(), root: l.last, ended: l.last != nil}
	if root := t.roots.innermost(l.id); root != nil {
		o.root, o.ended, o.others = root, false, true
	}
	return pending, o
}

// finish ends the story of l if its root ended. Late duplicates are still
// recognised.
func (t *traces) finish(l *local) {
	s := t.of(l.id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(l.pending) > 0 || t.roots.innermost(l.id) != nil {
		return
	}
	l.last = nil
	if s.byID[l.id] == l {
		s.forget(l)
	}
}

// putBack returns candidates that are to wait for the end of their root.
func (t *traces) putBack(l *local, waiting []*candidate) {
	if len(waiting) == 0 {
		return
	}
	s := t.of(l.id)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID[l.id] != l {
		return
	}
	l.pending = append(waiting, l.pending...)
	for _, c := range waiting {
		if due := c.seen.Add(holdTime); c.class == primary && (l.due.IsZero() || due.Before(l.due)) {
			l.due = due
		}
	}
}

// due returns the traces whose primaries have waited long enough at now, and
// when the next one will have. With all, every trace that has candidates is
// due.
func (t *traces) due(now time.Time, all bool) (due []*local, next time.Time) {
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		for l := s.root.next; l != &s.root; l = l.next {
			switch {
			case len(l.pending) == 0:
			case all, !l.due.IsZero() && !l.due.After(now):
				l.used = true
				due = append(due, l)
			case !l.due.IsZero() && (next.IsZero() || l.due.Before(next)):
				next = l.due
			}
		}
		s.mu.Unlock()
	}
	return due, next
}

func (t *traces) len() int {
	n := 0
	for i := range t.shards {
		s := &t.shards[i]
		s.mu.Lock()
		n += len(s.byID)
		s.mu.Unlock()
	}
	return n
}
