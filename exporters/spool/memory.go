package spool

import "context"

type memoryQueue struct {
	held

	last uint64
}

var _ Queue = (*memoryQueue)(nil)

// NewMemory returns a queue that holds its items in memory only: what is not
// sent when the process ends is lost, and reported by Close.
//
// maxBytes bounds the payloads plus 96 bytes for each item; with 0 or less
// nothing is ever stored. onDrop, which may be nil, is told of every item that
// leaves the queue in another way than Done. It is called without a lock held, by
// the goroutine that caused it, and may be called concurrently. It may call the
// queue.
func NewMemory(maxBytes int64, onDrop func(signal byte, records int, reason string)) Queue {
	return &memoryQueue{held: held{books: newBooks(onDrop), shelf: shelf{max: maxBytes}}}
}

func (q *memoryQueue) Put(it Item) error {
	q.lock()
	defer q.unlock()
	switch {
	case q.closed:
		q.dropped(it.Signal, it.Records, ReasonClosed)
		return ErrClosed
	case it.cost() > q.shelf.max:
		q.dropped(it.Signal, it.Records, ReasonTooLarge)
		return ErrTooLarge
	}
	it.Class = min(it.Class, Important)
	q.last++
	if !q.shelf.put(entry{Item: it, stamp: q.last}, q.evicted) {
		q.dropped(it.Signal, it.Records, ReasonFull)
		return ErrFull
	}
	q.add(it.Signal, it.Records)
	q.ready()
	return nil
}

func (q *memoryQueue) Take(ctx context.Context) (*Lease, error) {
	return take(ctx, &q.books, q.next)
}

// next hands out the oldest item, nil if there is none. It is called with the
// lock held.
func (q *memoryQueue) next() *Lease {
	e, ok := q.shelf.take()
	if !ok {
		return nil
	}
	return &Lease{Item: e.Item, stamp: e.stamp, from: q}
}

// take waits until next has something.
func take(ctx context.Context, b *books, next func() *Lease) (*Lease, error) {
	for {
		if err := ctx.Err(); err != nil {
			b.ready() // the token may have been ours
			return nil, err
		}
		b.lock()
		if b.closed {
			b.unlock()
			return nil, ErrClosed
		}
		lease := next()
		b.unlock()
		if lease != nil {
			b.ready()
			return lease, nil
		}
		select {
		case <-b.wake:
		case <-b.ended:
		case <-ctx.Done():
		}
	}
}

func (q *memoryQueue) settle(l *Lease, done bool) {
	q.lock()
	defer q.unlock()
	if l.over {
		return
	}
	l.over = true
	q.settleHeld(l, done)
}

func (q *memoryQueue) Len() (items int, bytes int64) {
	q.lock()
	defer q.unlock()
	return q.shelf.items, q.shelf.bytes
}

func (q *memoryQueue) Close() error {
	q.lock()
	defer q.unlock()
	if q.closed {
		return nil
	}
	q.closed = true
	close(q.ended)
	q.dropHeld()
	return nil
}
