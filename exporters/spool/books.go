package spool

import (
	"maps"
	"sync"
)

// books is what both queues share: the lock, the count of records, and the news
// that have to wait until the lock is released.
type books struct {
	mu      sync.Mutex
	pending map[byte]int64
	closed  bool
	news    []func()      // guarded by mu; run by unlock, in order
	wake    chan struct{} // holds one token while there may be something to take
	ended   chan struct{} // closed by Close
	onDrop  func(signal byte, records int, reason string)
}

func newBooks(onDrop func(byte, int, string)) books {
	if onDrop == nil {
		onDrop = func(byte, int, string) {}
	}
	return books{
		pending: map[byte]int64{},
		wake:    make(chan struct{}, 1),
		ended:   make(chan struct{}),
		onDrop:  onDrop,
	}
}

func (b *books) lock() { b.mu.Lock() }

// unlock releases the lock and then makes the calls that came up under it:
// a callback may call the queue.
func (b *books) unlock() {
	news := b.news
	b.news = nil
	b.mu.Unlock()
	for _, tell := range news {
		tell()
	}
}

func (b *books) dropped(signal byte, records int, reason string) {
	b.news = append(b.news, func() { b.onDrop(signal, records, reason) })
}

func (b *books) add(signal byte, records int) {
	n := b.pending[signal] + int64(records)
	if n == 0 {
		delete(b.pending, signal)
		return
	}
	b.pending[signal] = n
}

// ready lets one taker look. A taker that leaves something behind calls it too,
// so one token is enough for all of them.
func (b *books) ready() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Pending implements Queue.
func (b *books) Pending() map[byte]int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make(map[byte]int64, len(b.pending))
	maps.Copy(out, b.pending)
	return out
}
