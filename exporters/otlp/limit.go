package otlp

import (
	"sync"
	"sync/atomic"
)

// growth lets the limit of a request rise again after a receiver found requests
// too large: it may have been another one behind the same address, or one record.
type growth struct {
	limit *atomic.Int64 // of the pipe, which the batcher reads

	mu       sync.Mutex
	taken    int // requests since the limit changed
	patience int // requests before it rises
	risen    bool
}

const (
	firstPatience = 4
	lastPatience  = 1024
)

func newGrowth(limit *atomic.Int64) *growth { return &growth{limit: limit, patience: firstPatience} }

// refused says that a request of so many bytes was too large. There is no floor: a
// receiver that finds every request too large gets records one by one, and those
// are dropped.
func (g *growth) refused(bytes int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.limit.Store(max(min(g.limit.Load(), int64(bytes)/2), 1))
	g.taken = 0
	if g.risen { // for nothing: the receiver's own limit is met again and again
		g.patience = min(2*g.patience, lastPatience)
		g.risen = false
	}
}

// took says that a request was taken.
func (g *growth) took() {
	if g.limit.Load() >= maxRequest {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.taken++; g.taken < g.patience {
		return
	}
	g.limit.Store(min(2*g.limit.Load(), maxRequest))
	g.taken, g.risen = 0, true
	if g.limit.Load() == maxRequest {
		g.patience = firstPatience
	}
}
