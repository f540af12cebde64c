package otelkit

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
)

// WithDebugOnError keeps the last lines below the level of their logger, from
// DEBUG up, of each request, task and command, and exports them, with the time at which they were logged,
// if it fails. They are forgotten if it does not. lines bounds those of one; all
// together keep at most 16384.
//
// Default: none are kept.
func WithDebugOnError(lines int) Option {
	return optionFunc(func(c *config) error {
		if lines < 0 {
			return fmt.Errorf("WithDebugOnError(%d): must be 0 or more", lines)
		}
		c.debugLines = lines
		return nil
	})
}

// maxKept bounds the lines that all rings of a kit keep together.
const maxKept = 16384

// ring keeps the last lines of a scope that are below the level.
type ring struct {
	total *atomic.Int64 // of all rings of the kit

	mu     sync.Mutex
	lines  []keptLine // a ring once it is full, oldest at oldest
	oldest int
	max    int
	lost   int
	closed bool
}

// keptLine is a line that may still be emitted.
type keptLine struct {
	source *source
	ctx    context.Context
	attrs  []attribute.KeyValue
	entry  entry
}

func (k *Kit) newRing() *ring {
	if k.config.debugLines == 0 {
		return nil
	}
	return &ring{total: &k.kept, max: k.config.debugLines}
}

// keep takes over what l and e say; l itself is used again.
func (r *ring) keep(src *source, l *line, e entry) {
	e.errs = slices.Clone(e.errs)
	r.add(keptLine{source: src, ctx: l.ctx, attrs: slices.Clone(l.Attributes), entry: e})
}

func (r *ring) add(l keptLine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.closed:
	case len(r.lines) < r.max && r.total.Add(1) <= maxKept:
		r.lines = append(r.lines, l)
	case len(r.lines) == r.max:
		r.lines[r.oldest] = l
		r.oldest = (r.oldest + 1) % r.max
		r.lost++
	default:
		r.total.Add(-1)
		r.lost++
	}
}

// close forgets the lines, after having emitted them if the scope failed. It
// returns attributes for the line that says so.
func (r *ring) close(failed bool) []attribute.KeyValue {
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil
	}
	r.closed = true
	r.total.Add(-int64(len(r.lines)))
	lines := r.lines
	r.lines = nil
	if !failed {
		return nil
	}
	for i := range lines {
		kept := lines[(r.oldest+i)%len(lines)]
		l := &line{ctx: context.WithValue(kept.ctx, keptKey{}, true)}
		l.Attributes = kept.attrs
		l.emit(kept.source, kept.entry)
	}
	if r.lost > 0 {
		return []attribute.KeyValue{attribute.Int("debug_lines_lost", r.lost)}
	}
	return nil
}

// keptKey marks the context of a line that was kept, since it tells of a failure
// whatever its level.
type keptKey struct{}

func wasKept(ctx context.Context) bool { return ctx.Value(keptKey{}) != nil }
