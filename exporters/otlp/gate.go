package otlp

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// The pauses between attempts while a receiver is failing: doubled from
// firstPause up to lastPause, of which a random part of up to a half is left
// out. lastPause bounds how long nothing flows after the receiver is back.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 1500 * time.Millisecond
	// longestThrottle bounds what a receiver may ask for.
	longestThrottle = 5 * time.Minute
)

// gate lets requests pass freely while the receiver takes them. After a failure
// it closes for a while and then lets one through to see.
type gate struct {
	mu        sync.Mutex
	failures  int
	throttled bool // the receiver itself named the time
	until     time.Time
	probing   bool
	changed   chan struct{} // closed and replaced at each change
}

func newGate() *gate { return &gate{changed: make(chan struct{})} }

// wait returns when a request may be sent, whose end is then to be told by ok,
// fail or leave.
func (g *gate) wait(ctx context.Context) error {
	for {
		g.mu.Lock()
		if g.failures == 0 {
			g.mu.Unlock()
			return ctx.Err()
		}
		changed, pause := g.changed, time.Until(g.until)
		if !g.probing && pause <= 0 {
			g.probing = true
			g.mu.Unlock()
			return ctx.Err()
		}
		probing := g.probing
		g.mu.Unlock()
		if err := sleep(ctx, pause, probing, changed); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, pause time.Duration, forChange bool, changed <-chan struct{}) error {
	var expired <-chan time.Time
	if !forChange {
		timer := time.NewTimer(pause)
		defer timer.Stop()
		expired = timer.C
	}
	select {
	case <-expired:
		return nil
	case <-changed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ok says that the receiver answered.
func (g *gate) ok() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.failures, g.probing, g.throttled = 0, false, false
	g.change()
}

// fail says that it did not; after is the pause it asked for, if any. It returns
// how many attempts have failed one after the other.
func (g *gate) fail(after time.Duration) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	// Requests that were under way together fail together: that is one failure.
	if g.failures == 0 || g.probing {
		g.failures++
		g.until = time.Now().Add(pause(g.failures))
	}
	if after > 0 {
		g.throttled = true
		g.until = time.Now().Add(min(after, longestThrottle))
	}
	g.probing = false
	g.change()
	return g.failures
}

// leave says that the attempt was given up and tells nothing.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.probing = false
	g.change()
}

// hurry ends the present pause, unless the receiver asked for it.
func (g *gate) hurry() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failures > 0 && !g.throttled {
		g.until = time.Time{}
		g.change()
	}
}

// insist ends the present pause, whoever asked for it: for the last attempt before
// records are lost.
func (g *gate) insist() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.until = time.Time{}
	g.change()
}

func (g *gate) change() {
	close(g.changed)
	g.changed = make(chan struct{})
}

func pause(failures int) time.Duration {
	d := min(firstPause<<min(failures-1, 10), lastPause)
	return d - rand.N(d/2)
}
