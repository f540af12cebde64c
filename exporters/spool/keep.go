package spool

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"slices"
	"time"
)

const (
	keepEvery  = time.Second
	adoptEvery = 30 // times keepEvery
)

// keep looks after the queue until Close.
func (q *diskQueue) keep() {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for n := 0; ; n++ {
		if n%adoptEvery == 0 {
			q.adopt()
		}
		q.look()
		select {
		case <-tick.C:
		case <-q.ended:
			return
		}
	}
}

// look does what the passing of time asks for.
func (q *diskQueue) look() {
	q.verify()
	q.lock()
	q.expire()
	q.spill()
	q.ready() // a segment that could not be read may be tried again
	q.unlock()
	if q.sync == SyncAlways {
		q.syncAll() // what was spilled
	}
}

// keepSynced forces written bytes out, an interval after the first of them. It
// sleeps while nothing is written.
func (q *diskQueue) keepSynced() {
	for {
		select {
		case <-q.unwritten:
		case <-q.ended:
			return
		}
		timer := time.NewTimer(q.syncInterval)
		select {
		case <-timer.C:
		case <-q.ended:
			timer.Stop()
			return
		}
		q.syncAll()
	}
}

func (q *diskQueue) wantSync() {
	select {
	case q.unwritten <- struct{}{}:
	default:
	}
}

// unsynced says whether a segment has bytes to force out. What is all done by
// then is not worth an fsync: a queue that drains at once makes few.
func (q *diskQueue) unsynced(s *segment) bool {
	return q.sync != SyncNever && s.items > 0 && s.synced < s.size
}

// named notes that a name in dir has to be made durable with the next fsync.
func (q *diskQueue) named(dir string) {
	if q.sync != SyncNever && !slices.Contains(q.unnamed, dir) {
		q.unnamed = append(q.unnamed, dir)
	}
}

func (q *diskQueue) syncAll() {
	q.lock()
	var todo []*segment
	for _, list := range q.segments {
		for _, s := range list {
			if s.file != nil && q.unsynced(s) {
				todo = append(todo, s)
			}
		}
	}
	q.unlock()
	for _, s := range todo {
		q.flush(s, math.MaxInt64)
	}
	q.flushNames()
}

// flushNames makes the names durable that no flush has come by to take along.
func (q *diskQueue) flushNames() {
	q.flushing.Lock()
	q.lock()
	defer q.unlock() // runs callbacks, hence last
	defer q.flushing.Unlock()
	dirs := q.unnamed
	q.unnamed = nil
	var err error
	q.unlocked(func() { err = q.syncDirs(dirs) })
	q.synced(err, dirs)
}

func (q *diskQueue) syncDirs(dirs []string) (err error) {
	for _, dir := range dirs {
		if e := q.fs.SyncDir(dir); !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// synced tells of a failed fsync, once until one succeeds, and keeps the names
// for the next.
func (q *diskQueue) synced(err error, dirs []string) {
	if err == nil {
		q.unsafe = false
		return
	}
	for _, dir := range dirs {
		q.named(dir)
	}
	if !q.unsafe {
		q.unsafe = true
		q.tell(errors.Join(errSync, err))
	}
}

// flush returns when the first end bytes of a segment (or all, if it is shorter)
// are on the medium, or will never be. Those who come while one fsync runs share the next.
func (q *diskQueue) flush(s *segment, end int64) {
	q.flushing.Lock()
	q.lock()
	defer q.unlock() // runs callbacks, hence last
	defer q.flushing.Unlock()
	if s.gone || s.file == nil || s.synced >= min(end, s.size) {
		return
	}
	upTo, f, dirs := s.size, s.file, q.unnamed
	q.unnamed = nil
	var err error
	q.unlocked(func() {
		err = errors.Join(f.Sync(), q.syncDirs(dirs))
	})
	s.synced = upTo
	if errors.Is(err, os.ErrClosed) || errors.Is(err, fs.ErrNotExist) {
		err = nil // removed on the way
	}
	if err != nil {
		// The kernel may have given the bytes up: write no more behind them, and do
		// not try again, as a second fsync would claim that all is well.
		q.seal(s)
	}
	q.synced(err, dirs)
	q.rest(s)
	q.retire(s)
}

var errSync = errors.New("spool: what was written may not survive a loss of power")
