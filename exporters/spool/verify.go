package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
)

// verify notices, once a second and at the end, that somebody removed or moved
// files while they are in use. Writes to them go on to succeed, and what is
// written is gone with the process.
func (q *diskQueue) verify() {
	if !q.flushing.TryLock() {
		return // a file must not be changed for another under an fsync
	}
	q.lock()
	defer q.unlock() // runs callbacks, hence last
	defer q.flushing.Unlock()
	if q.home == "" {
		return
	}
	q.verifyLock()
	for _, s := range q.active {
		if s != nil && !q.there(q.path(s), s.file) {
			q.verifySegments()
			break
		}
	}
	q.rescue()
}

// there is true also if it cannot be found out.
func (q *diskQueue) there(path string, f file) bool {
	is, err := q.fs.Is(path, f)
	return is || err != nil
}

// verifyLock takes the lock again if its file is gone: another process could take
// this one for dead.
func (q *diskQueue) verifyLock() {
	path := filepath.Join(q.home, lockName)
	if q.there(path, q.locked) {
		return
	}
	locked, err := q.fs.Lock(path)
	switch {
	case err == nil:
		q.warn(fmt.Errorf("spool: %s was removed while in use: another process may have sent files of this one", path))
		q.locked.Close()
		q.locked = locked
		q.verifySegments()
	case errors.Is(err, fs.ErrNotExist):
		q.verifySegments()
		q.forsake(err)
	}
	// Else another process is just taking files over: look again.
}

// verifySegments finds the files that have gone. What is open can still be read
// and becomes an orphan; the others are lost.
func (q *diskQueue) verifySegments() {
	gone := 0
	for class := range q.segments {
		for _, s := range append([]*segment(nil), q.segments[class]...) {
			if s.orphan || q.there(q.path(s), s.file) {
				continue
			}
			gone++
			if s.file == nil && s.out == 0 && !s.reading {
				q.discard(s, ReasonUnreadable)
				continue
			}
			s.orphan, s.synced = true, s.size
			q.seal(s)
		}
	}
	if gone == 0 {
		return
	}
	q.warn(fmt.Errorf("spool: %d files in %s were removed while in use", gone, q.home))
	q.trouble(errRemoved)
}

var errRemoved = errors.New("files were removed while in use")

// rescue writes orphans to new files. It is called with flushing held.
func (q *diskQueue) rescue() {
	for _, list := range q.segments {
		for _, s := range list {
			if !s.orphan || s.file == nil || s.reading || !q.writable(q.now()) {
				continue
			}
			if err := q.rewrite(s); err != nil {
				q.trouble(err)
				return
			}
		}
	}
}

func (q *diskQueue) rewrite(s *segment) error {
	f, err := q.newFile(s)
	if err != nil {
		return err
	}
	b := make([]byte, s.size)
	if err = readFull(s.file, b, 0); err == nil {
		_, err = f.WriteAt(b, 0)
	}
	if err != nil {
		f.Close()
		_ = q.fs.Remove(q.path(s))
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = nil // there is nothing to save: reading will tell
		}
		return err
	}
	s.file.Close()
	s.file, s.synced, s.orphan = f, 0, false
	q.recovered()
	q.wantSync()
	return nil
}

// newFile creates the file of a segment, and a home if there is none.
func (q *diskQueue) newFile(s *segment) (file, error) {
	if q.home == "" {
		if err := q.claim(); err != nil {
			return nil, err
		}
	}
	f, err := q.fs.Create(q.path(s))
	if err != nil {
		q.forsake(err)
		return nil, err
	}
	q.named(q.home)
	return f, nil
}
