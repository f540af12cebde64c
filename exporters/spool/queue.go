package spool

import (
	"context"
	"errors"
)

// Class says what an item is worth when something has to go.
type Class byte

const (
	// Normal items are evicted first. It is the zero value.
	Normal Class = iota
	// Important items (those that hold a record of severity ERROR or above) are
	// evicted only when no Normal item is left to go.
	Important

	classes = 2
)

// The reasons handed to an onDrop callback.
const (
	ReasonFull       = "queue_full" // evicted at the bound, or itself worth less than all that is there
	ReasonTooLarge   = "too_large"  // larger than the whole bound
	ReasonClosed     = "closed"     // Put after Close, or held in memory only when Close came
	ReasonExpired    = "expired"    // older than the maximal age
	ReasonCorrupt    = "corrupt"    // damaged in its file
	ReasonTorn       = "torn"       // the end of a file that a crash cut off
	ReasonUnreadable = "unreadable" // its file is gone, or could not be read repeatedly
)

var (
	// ErrFull is returned by Put for an item that was not stored because all that
	// is stored is worth more or is under a lease.
	ErrFull = errors.New("spool: queue full")
	// ErrTooLarge is returned by Put for an item larger than the whole bound.
	ErrTooLarge = errors.New("spool: item larger than the queue")
	// ErrClosed is returned by Put and Take after Close.
	ErrClosed = errors.New("spool: queue closed")
)

// Item is one encoded export request.
type Item struct {
	// Signal is the caller's tag for the books. 0 is kept for records whose
	// file is too damaged to tell the signal.
	Signal byte
	// Class says what is evicted first.
	Class Class
	// Records is the number of log records, spans or data points inside, 0 or more.
	Records int
	// Payload is the request, uncompressed and scrubbed. It belongs to the queue
	// from Put on; nobody may change it afterwards, the holder of a lease neither.
	Payload []byte
}

// Queue is a bounded queue of export requests. All methods are safe for
// concurrent use.
type Queue interface {
	// Put stores the item and takes over its payload. Over the bound the oldest
	// items are evicted, Normal before Important. It never waits for a taker, nor
	// for anything slower than a buffered file write. An error says that the item
	// was not stored; it was reported to onDrop by then, so a caller that keeps
	// its books there has nothing more to do.
	Put(Item) error

	// Take hands out the oldest item and waits for one if there is none. It
	// returns the context's error once that has ended and [ErrClosed] after Close.
	// Any number of leases may be out. Every lease must be settled.
	Take(ctx context.Context) (*Lease, error)

	// Len returns the number of items, those under a lease included, and the bytes
	// that count towards the bound.
	Len() (items int, bytes int64)

	// Pending returns the number of records by signal, those under a lease
	// included. The map is the caller's. After Close of a queue on disk it holds
	// what a next process will find, after Close of one in memory what is still
	// under a lease.
	Pending() map[byte]int64

	// Close ends waiting Takes. A queue in memory reports what is left to onDrop;
	// one on disk leaves it to the next process. It does not wait for leases: one
	// settled later still counts, but what a queue on disk had handed out is then
	// sent again by the next process. Further calls do nothing and return nil.
	Close() error
}

// Lease is an item that was handed out. Its holder calls Done or Return; the
// first call counts and all others do nothing. The methods are safe for
// concurrent use.
type Lease struct {
	Item

	stamp uint64 // the item's place in the queue
	from  settler
	seg   *segment // where it lies on disk; nil: in memory only
	off   int64
	over  bool // settled; guarded by the queue's lock
}

// settler is a queue as a lease sees it.
type settler interface {
	settle(l *Lease, done bool)
}

// Done says that the item arrived, or that it is final in another way that the
// caller counts himself. It is removed from the queue.
func (l *Lease) Done() { l.from.settle(l, true) }

// Return puts the item back where it was, at the front. The queue may be over
// its bound for the next Put; returning never drops, except after Close of a
// queue in memory.
func (l *Lease) Return() { l.from.settle(l, false) }
