package otlp

import (
	"sync"
	"time"

	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
	"github.com/otelkit/otelkit-go/exporters/spool"
)

// batcher gathers encoded records into export requests and puts them into the
// queue. Important records travel in requests of their own, so that they can be
// the last to go when the queue is full.
//
// Whoever fills a batch closes it: the caller that adds the last record does
// the one copy and the Put, others go on with a fresh batch meanwhile. No
// goroutine waits; one timer runs while a batch is open.
type batcher struct {
	ledger     *ledger
	maxRecords int
	delay      time.Duration // 0: each record is put into the queue at once
	limit      func() int    // bytes of a request
	put        func(spool.Class, *wire.Batch)

	mu      sync.Mutex
	through *through       // nil if the queue does not outlive the process
	open    [2]*wire.Batch // by class
	timer   *time.Timer
	armed   bool
	closed  bool
	puts    sync.WaitGroup // batches on their way into the queue
	spare   []*wire.Batch
	fresh   func() *wire.Batch
}

// maxSpare is how many empty batches are kept. A sync.Pool would lose them, and
// the buffers they have grown to, with each collection of garbage, of which a
// service that logs much sees dozens a second.
const maxSpare = 2

func newBatcher(l *ledger, shape wire.Shape, maxRecords int, delay time.Duration, limit func() int, put func(spool.Class, *wire.Batch)) *batcher {
	b := &batcher{ledger: l, maxRecords: maxRecords, delay: delay, limit: limit, put: put}
	b.fresh = func() *wire.Batch { return wire.NewBatch(shape) }
	for class := range b.open {
		b.open[class] = b.fresh()
	}
	return b
}

// add copies message, which counts as n records, and enters them as accepted.
// It returns false after close, having taken nothing.
func (b *batcher) add(class spool.Class, res *resource.Resource, scope instrumentation.Scope, message []byte, n int) bool { //nolint:unparam // tests ask
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return false
	}
	b.ledger.accept(n)
	var before, after *wire.Batch
	batch := b.open[class]
	if batch.Records() > 0 && batch.Size()+len(message)+requestOverhead > b.limit() {
		before = b.swap(class)
		batch = b.open[class]
	}
	batch.Add(res, scope, message, n)
	switch {
	case batch.Records() >= b.maxRecords || b.delay == 0 || b.through.spend():
		after = b.swap(class)
	case !b.armed:
		b.arm()
	}
	b.mu.Unlock()
	b.hand(class, before)
	b.hand(class, after)
	return true
}

// requestOverhead is room for what a first record brings along: its resource
// and scope.
const requestOverhead = 16 << 10

// arm is called with the lock held.
func (b *batcher) arm() {
	b.armed = true
	if b.timer == nil {
		b.timer = time.AfterFunc(b.delay, b.flush)
		return
	}
	b.timer.Reset(b.delay)
}

// swap takes the open batch out. It is called with the lock held.
func (b *batcher) swap(class spool.Class) *wire.Batch {
	full := b.open[class]
	if last := len(b.spare) - 1; last >= 0 {
		b.open[class], b.spare = b.spare[last], b.spare[:last]
	} else {
		b.open[class] = b.fresh()
	}
	b.puts.Add(1)
	return full
}

func (b *batcher) hand(class spool.Class, batch *wire.Batch) {
	if batch == nil {
		return
	}
	defer b.puts.Done()
	b.put(class, batch)
	batch.Reset()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.spare) < maxSpare {
		b.spare = append(b.spare, batch)
	}
}

// flush puts the open batches into the queue.
func (b *batcher) flush() {
	b.mu.Lock()
	b.armed = false
	var full [2]*wire.Batch
	for class, batch := range b.open {
		if batch.Records() > 0 {
			full[class] = b.swap(spool.Class(class))
		}
	}
	b.mu.Unlock()
	for class, batch := range full {
		b.hand(spool.Class(class), batch)
	}
}

// close puts what is open into the queue and returns when nothing is on its way
// there any more.
func (b *batcher) close() {
	b.mu.Lock()
	b.closed = true
	if b.timer != nil {
		b.timer.Stop()
	}
	b.mu.Unlock()
	b.flush()
	b.puts.Wait()
}
