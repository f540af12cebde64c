package spool

import (
	"errors"
	"io"
	"path/filepath"
	"strings"
)

// adopt takes over what processes that have died left behind.
func (q *diskQueue) adopt() {
	names, err := q.fs.ReadDir(q.dir)
	if err != nil {
		return
	}
	for _, name := range names {
		q.lock()
		stop, own := q.closed || q.home == "", filepath.Base(q.home)
		q.unlock()
		if stop {
			return
		}
		if strings.HasPrefix(name, "p-") && name != own {
			q.adoptHome(filepath.Join(q.dir, name))
		}
	}
}

// adoptHome takes over one sub-directory, if its process is dead: then its lock
// can be had.
func (q *diskQueue) adoptHome(home string) {
	release, err := q.fs.Lock(filepath.Join(home, lockName))
	if err != nil {
		return
	}
	names, err := q.fs.ReadDir(home)
	for _, name := range names {
		if s, ok := parseName(name); ok && err == nil {
			err = q.adoptSegment(filepath.Join(home, name), s)
		}
	}
	release()
	if err == nil {
		_ = q.fs.Remove(filepath.Join(home, lockName))
		_ = q.fs.Remove(home)
	}
}

var errEnough = errors.New("closed or without a home")

// adoptSegment moves one file into this queue's home. An error leaves it where
// it is for the next attempt.
func (q *diskQueue) adoptSegment(path string, s *segment) error {
	c, err := q.census(path, s)
	if err != nil {
		return err
	}
	q.lock()
	defer q.unlock()
	if q.closed || q.home == "" {
		return errEnough
	}
	if s.items == 0 {
		err = q.fs.Remove(path)
	} else {
		err = q.fs.Rename(path, q.path(s))
	}
	if err != nil {
		return err
	}
	c.report(q)
	if s.items == 0 {
		return nil
	}
	for signal, n := range s.left {
		q.add(signal, int(n))
		q.adopted(signal, int(n))
	}
	q.items += s.items
	q.bytes += s.size
	q.named(q.home)
	q.wantSync()
	q.insert(s)
	q.room(0, Important)
	q.ready()
	return nil
}

func (q *diskQueue) adopted(signal byte, records int) {
	q.news = append(q.news, func() { q.onAdopt(signal, records) })
}

// losses is what a census found missing.
type losses []struct { //nolint:recvcheck // only add changes the slice
	signal  byte
	records int
	reason  string
}

func (l *losses) add(signal byte, records int, reason string) {
	*l = append(*l, struct {
		signal  byte
		records int
		reason  string
	}{signal, records, reason})
}

// report counts them as adopted and dropped.
func (l losses) report(q *diskQueue) {
	for _, x := range l {
		q.adopted(x.signal, x.records)
		q.dropped(x.signal, x.records, x.reason)
	}
}

// census reads the headers of a file, fills in the segment and cuts a torn tail
// off. Payloads are checked when they are taken.
func (q *diskQueue) census(path string, s *segment) (lost losses, err error) {
	f, err := q.fs.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, err := f.Size()
	if err != nil {
		return nil, err
	}
	for off := int64(0); off < size; {
		h, at, err := findRecord(f, s.salt, off, size)
		if errors.Is(err, io.EOF) {
			lost.add(0, 1, ReasonTorn)
			break
		}
		if err != nil {
			return nil, err
		}
		if at > off {
			lost.add(0, 1, ReasonCorrupt)
		}
		if off = at + h.size(); off > size {
			if h.state != stateDone {
				lost.add(h.signal, int(h.records), ReasonTorn)
			}
			break
		}
		if s.size = off; h.state != stateDone {
			s.hold(h.signal, int(h.records), h.stamp)
		}
	}
	if s.synced = s.size; q.sync != SyncNever {
		_ = f.Sync() // the writer may have died before its own
	}
	if s.size < size {
		_ = f.Truncate(s.size) // if it fails, the reader still stops at s.size
	}
	return lost, nil
}
