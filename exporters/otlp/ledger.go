package otlp

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// ledger keeps the books of one signal. Every record that is accepted is
// settled once: delivered or dropped. What is not settled is pending, so the
// books balance by construction; that nothing is forgotten is what tests have
// to show.
type ledger struct {
	accepted  atomic.Int64
	settled   atomic.Int64 // delivered and dropped
	repaired  atomic.Int64
	truncated atomic.Int64

	mu        sync.Mutex
	delivered int64
	recovered int64
	dropped   map[string]int64
	failing   bool
	refused   int // requests, one after the other
	lastError string
	lastTime  time.Time
	waiters   []waiter
}

type waiter struct {
	target int64 // of settled
	done   chan struct{}
}

func (l *ledger) accept(n int) { l.accepted.Add(int64(n)) }

func (l *ledger) adopt(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.accepted.Add(int64(n))
	l.recovered += int64(n)
}

func (l *ledger) deliver(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delivered += int64(n)
	l.settle(n)
}

func (l *ledger) drop(n int, reason string) {
	if n == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dropped == nil {
		l.dropped = map[string]int64{}
	}
	l.dropped[reason] += int64(n)
	l.settle(n)
}

// settle is called with the lock held.
func (l *ledger) settle(n int) {
	now := l.settled.Add(int64(n))
	l.waiters = slices.DeleteFunc(l.waiters, func(w waiter) bool {
		if now < w.target {
			return false
		}
		close(w.done)
		return true
	})
}

func (l *ledger) pending() int64 {
	settled := l.settled.Load() // first, so that the difference is never negative
	return l.accepted.Load() - settled
}

// wait returns when as many records are settled as were accepted when it was
// called, or with the error of ctx.
func (l *ledger) wait(ctx context.Context) error {
	w := waiter{target: l.accepted.Load(), done: make(chan struct{})}
	l.mu.Lock()
	if l.settled.Load() >= w.target {
		l.mu.Unlock()
		return nil
	}
	l.waiters = append(l.waiters, w)
	l.mu.Unlock()
	select {
	case <-w.done:
		return nil
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiters = slices.DeleteFunc(l.waiters, func(other waiter) bool { return other.done == w.done })
	return context.Cause(ctx)
}

// attempt notes how the latest attempt to send ended. That one request is refused
// for what is in it says nothing about the next one, that two are in a row does.
func (l *ledger) attempt(r result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.verdict == refuse {
		l.refused++
	} else {
		l.refused = 0
	}
	l.failing = r.verdict == retry || r.verdict == refuse && (!r.contents || l.refused > 1)
	if r.err != nil {
		l.lastError, l.lastTime = r.err.Error(), time.Now()
	}
}

func (l *ledger) books() Books {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := Books{
		Delivered: l.delivered, Recovered: l.recovered, Dropped: maps.Clone(l.dropped),
		Repaired: l.repaired.Load(), Truncated: l.truncated.Load(),
		Failing: l.failing, LastError: l.lastError, LastErrorTime: l.lastTime,
	}
	b.Accepted = l.accepted.Load()
	b.Pending = b.Accepted - b.Delivered - b.Lost()
	return b
}
