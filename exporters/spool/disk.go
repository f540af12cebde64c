package spool

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// diskQueue is a queue in the segment files of one sub-directory, its home, that
// this process holds the lock of. What the directory does not take is on the
// shelf, in memory.
type diskQueue struct {
	held
	config
	dir    string
	home   string // "" while the directory could not be used
	locked file   // the home's lock, which Close gives up

	segments [classes][]*segment // in the order of their birth
	active   [classes]*segment   // the one that is appended to
	items    int                 // in segments, not settled
	bytes    int64               // of all segments
	back     line                // returned leases of segments
	last     uint64              // newest stamp
	scratch  []byte
	recent   int64    // bytes remembered, of all segments
	unnamed  []string // directories whose names are not durable yet

	odd map[string]error // what adoption left where it is and has told; its own

	failing bool // the last write failed
	unsafe  bool // the last fsync failed
	retry   time.Time

	turn      chan struct{} // held by the one taker that reads
	unwritten chan struct{} // holds a token while something waits for fsync
	flushing  sync.Mutex    // one fsync at a time; taken before the lock
	keepers   sync.WaitGroup
}

var _ Queue = (*diskQueue)(nil)

// Open returns a queue in files below dir, which is made if it is missing, with
// mode 0700; files have mode 0600. Each process works in a sub-directory of its
// own and takes over those of processes that have died, now and every 30 s.
//
// Several processes may share dir; each has the bounds for itself. The only
// errors are wrong options. A directory that cannot be used (read-only, full, not
// there) is told to [WithOnError] and tried again every second; until then items
// are held in memory.
//
// Close forces what is left to the medium unless [SyncNever] is set.
func Open(dir string, opts ...Option) (Queue, error) {
	c, err := newConfig(dir, opts)
	if err != nil {
		return nil, err
	}
	q := newDisk(dir, c)
	q.keepers.Go(q.keep)
	if c.sync == SyncInterval {
		q.keepers.Go(q.keepSynced)
	}
	return q, nil
}

func newDisk(dir string, c config) *diskQueue {
	q := &diskQueue{
		held:      held{books: newBooks(c.onDrop), shelf: shelf{max: c.memory}},
		config:    c,
		dir:       dir,
		turn:      make(chan struct{}, 1),
		unwritten: make(chan struct{}, 1),
	}
	q.lock()
	defer q.unlock()
	if err := q.claim(); err != nil {
		q.trouble(err)
	}
	return q
}

const lockName = "lock"

// claim makes a home. It is called with the lock held.
func (q *diskQueue) claim() error {
	var err error
	for range 5 {
		name := fmt.Sprintf("p-%d-%08x", os.Getpid(), q.random())
		home := filepath.Join(q.dir, name)
		if err = q.fs.MkdirAll(home); err != nil {
			return err
		}
		// Between the two calls another process may take the new directory for one
		// left behind and remove it: try with the next name.
		var locked file
		if locked, err = q.fs.Lock(filepath.Join(home, lockName)); err == nil {
			q.home, q.locked = home, locked
			q.named(q.dir)
			return nil
		}
		if !errors.Is(err, errLocked) && !errors.Is(err, fs.ErrNotExist) {
			_ = q.fs.Remove(home)
			return err
		}
	}
	return err
}

// forsake gives the home up if someone removed it, so that the next write makes
// a new one.
func (q *diskQueue) forsake(err error) {
	if !errors.Is(err, fs.ErrNotExist) {
		return
	}
	q.locked.Close()
	q.home, q.locked = "", nil
}

func (q *diskQueue) Put(it Item) error {
	s, end, err := q.put(it)
	if s != nil && q.sync == SyncAlways {
		q.flush(s, end)
	}
	return err
}

// put stores an item, in a segment if it can.
func (q *diskQueue) put(it Item) (_ *segment, end int64, _ error) {
	q.lock()
	defer q.unlock()
	it.Class = min(it.Class, Important)
	need := headerSize + int64(len(it.Payload))
	refuse := func(reason string, err error) (*segment, int64, error) {
		q.dropped(it.Signal, it.Records, reason)
		return nil, 0, err
	}
	switch {
	case q.closed:
		return refuse(ReasonClosed, ErrClosed)
	case need > q.maxBytes:
		return refuse(ReasonTooLarge, ErrTooLarge)
	}
	now := q.now()
	q.last = max(q.last+1, uint64(now.UnixNano()))
	e := entry{Item: it, stamp: q.last}
	if q.writable(now) {
		if !q.room(need, it.Class) {
			return refuse(ReasonFull, ErrFull)
		}
		s, err := q.write(e)
		if err == nil {
			q.recovered()
			q.stored(it)
			q.wantSync()
			return s, s.size, nil
		}
		q.trouble(err)
	}
	if !q.shelf.put(e, q.evicted) {
		return refuse(ReasonFull, ErrFull)
	}
	q.stored(it)
	return nil, 0, nil
}

func (q *diskQueue) stored(it Item) {
	q.add(it.Signal, it.Records)
	q.ready()
}

// writable says whether to try the directory: not in the second after a failure.
func (q *diskQueue) writable(now time.Time) bool {
	return !q.failing || !now.Before(q.retry)
}

const retryAfter = time.Second

func (q *diskQueue) trouble(err error) {
	q.retry = q.now().Add(retryAfter)
	if q.failing {
		return
	}
	q.failing = true
	q.tell(fmt.Errorf("spool: %s takes no writes, holding up to %d bytes in memory: %w", q.dir, q.memory, err))
}

func (q *diskQueue) recovered() {
	if q.failing {
		q.failing = false
		q.tell(nil)
	}
}

func (q *diskQueue) tell(err error) {
	q.news = append(q.news, func() { q.onError(err) })
}

func (q *diskQueue) warn(err error) {
	q.news = append(q.news, func() { q.onWarning(err) })
}

func (q *diskQueue) settle(l *Lease, done bool) {
	q.lock()
	defer q.unlock()
	if l.over {
		return
	}
	l.over = true
	if l.seg == nil {
		q.settleHeld(l, done)
		return
	}
	s := l.seg
	s.out--
	if !done {
		if !q.closed { // else it lies in its file for the next process
			s.back++
			q.back.insert(entry{Item: l.Item, stamp: l.stamp, seg: s, off: l.off})
			q.ready()
		}
		return
	}
	q.add(l.Signal, -l.Records)
	q.items--
	s.items--
	s.left[l.Signal] -= int64(l.Records)
	if !q.closed && !q.retire(s) {
		s.mark(l.off)
	}
}

func (q *diskQueue) Len() (items int, bytes int64) {
	q.lock()
	defer q.unlock()
	return q.items + q.shelf.items, q.bytes + q.shelf.bytes
}

func (q *diskQueue) Close() error {
	q.lock()
	if q.closed {
		q.unlock()
		return nil
	}
	q.closed = true
	close(q.ended)
	q.unlock()
	q.keepers.Wait()
	q.turn <- struct{}{} // no one reads any more
	defer func() { <-q.turn }()

	q.verify()
	q.flushing.Lock()
	q.lock()
	q.retry = time.Time{} // the last chance
	q.rescue()
	q.spill()
	q.flushing.Unlock()
	q.unlock()
	q.syncAll()
	q.leave()
	return nil
}

// leave gives the home up: what is pending stays in it for the next process.
func (q *diskQueue) leave() {
	q.lock()
	defer q.unlock()
	q.dropHeld()
	for class := range q.segments {
		for _, s := range append([]*segment(nil), q.segments[class]...) {
			s.sealed = true
			if s.items == 0 {
				q.discard(s, ReasonCorrupt)
			} else if s.out == 0 && !q.there(q.path(s), nil) {
				q.discard(s, ReasonUnreadable) // no next process finds it
			} else if !q.retire(s) && s.file != nil {
				s.file.Close()
				s.file = nil
			}
		}
	}
	if q.home == "" {
		return
	}
	empty := len(q.segments[Normal])+len(q.segments[Important]) == 0
	q.locked.Close()
	if empty {
		_ = q.fs.Remove(filepath.Join(q.home, lockName))
		_ = q.fs.Remove(q.home)
	}
}

func (q *diskQueue) Take(ctx context.Context) (*Lease, error) {
	select {
	case q.turn <- struct{}{}:
	case <-q.ended:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-q.turn }()
	return take(ctx, &q.books, q.next)
}
