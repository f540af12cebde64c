package sentry

import (
	"slices"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// explanation is a failure in a trace of which an issue was made, or left out.
// What failed because of it needs no issue of its own.
type explanation struct {
	// when it was seen or, if its root is known, when that began.
	when time.Time
	// root is the local root in which it was, zero if that is not known.
	root trace.SpanID
	// parent is that of root, local if it ran in this process.
	parent trace.SpanID
	local  bool
	// call is the span of a failed call. A local root below it is what failed.
	call trace.SpanID
}

// maxExplained is how many explanations are kept of a trace.
const maxExplained = 16

// explain notes that c needs no further issue. Its root is home, if that is
// known.
func (l *local) explain(c *candidate, home sdktrace.ReadOnlySpan) {
	e := explanation{when: c.seen}
	if home != nil {
		parent := home.Parent()
		e = explanation{
			when:   home.StartTime(),
			root:   home.SpanContext().SpanID(),
			parent: parent.SpanID(),
			local:  !isRootUnder(parent),
		}
	}
	if c.class == promotable {
		e.call = c.spanID
	}
	if slices.Contains(l.explained, e) {
		return
	}
	if len(l.explained) == maxExplained {
		l.explained = slices.Delete(l.explained, 0, 1)
	}
	l.explained = append(l.explained, e)
}

// explains reports whether the failure of root is a consequence of one that was
// explained: one of its own, or that of another root inside it. One that began
// earlier is not, such as the attempt that a gateway has repeated, nor is one
// that runs beside it. Those inside were called by it: their parent is local, or
// one of its failed calls.
func (l *local) explains(root sdktrace.ReadOnlySpan, calls []*candidate) bool {
	if root == nil {
		return len(l.explained) > 0
	}
	id, parent, start := root.SpanContext().SpanID(), root.Parent().SpanID(), root.StartTime()
	return slices.ContainsFunc(l.explained, func(e explanation) bool {
		switch {
		case e.root == id, e.call.IsValid() && e.call == parent:
			return true
		case e.when.Before(start):
			return false
		case !e.root.IsValid():
			return true
		default:
			return e.parent != parent && (e.local || called(e.parent, calls))
		}
	})
}

// called reports whether what runs below span was called by one of calls.
func called(span trace.SpanID, calls []*candidate) bool {
	return slices.ContainsFunc(calls, func(c *candidate) bool { return c.spanID == span })
}

// isInside reports whether c was seen in a local root that runs inside root,
// which made calls.
func (s *Sink) isInside(c *candidate, root sdktrace.ReadOnlySpan, calls []*candidate) bool {
	home := s.home(c, nil)
	if home == nil {
		return false
	}
	parent := home.Parent()
	return parent.SpanID() != root.Parent().SpanID() && (!isRootUnder(parent) || called(parent.SpanID(), calls))
}

// home returns the local root in which c was seen, nil if it is not known: that
// is the case if c was seen deeper than right below it. It may be root, which
// has ended.
func (s *Sink) home(c *candidate, root sdktrace.ReadOnlySpan) sdktrace.ReadOnlySpan {
	if c.root != nil {
		return c.root
	}
	if root != nil && c.spanID == root.SpanContext().SpanID() {
		return root
	}
	if open := s.traces.roots.above(c); open != nil {
		return open
	}
	if root != nil && c.isChildOf(root) {
		return root
	}
	return nil
}

// belongsTo reports whether it is root, which has ended, that decides about c.
// The call that root answers is older than root.
func (s *Sink) belongsTo(c *candidate, root sdktrace.ReadOnlySpan) bool {
	if home := s.home(c, root); home != nil {
		return isSameSpan(home, root)
	}
	return c.spanID != root.Parent().SpanID() && c.within(root)
}

func isSameSpan(a, b sdktrace.ReadOnlySpan) bool {
	return a.SpanContext().SpanID() == b.SpanContext().SpanID()
}
