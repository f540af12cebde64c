package spool

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
)

// adopt takes over what processes that have died left behind. What cannot be
// taken over stays where it is, told once, and is tried again the next time.
func (q *diskQueue) adopt() {
	names, err := q.fs.ReadDir(q.dir)
	if err != nil {
		return
	}
	var found oddities
	defer func() { found.tell(q) }()
	for _, name := range names {
		q.lock()
		stop, own := q.closed || q.home == "", filepath.Base(q.home)
		q.unlock()
		if stop {
			return
		}
		if strings.HasPrefix(name, "p-") && name != own {
			q.adoptHome(filepath.Join(q.dir, name), &found)
		}
	}
}

// adoptHome takes over one sub-directory, if its process is dead: then its lock
// can be had.
func (q *diskQueue) adoptHome(home string, found *oddities) {
	lock, err := q.fs.Lock(filepath.Join(home, lockName))
	if err != nil {
		if !errors.Is(err, errLocked) && !errors.Is(err, fs.ErrNotExist) {
			found.add(q, home, err)
		}
		return
	}
	names, err := q.fs.ReadDir(home)
	empty := err == nil
	for _, name := range names {
		s, ok := parseName(name)
		if !ok {
			continue
		}
		path := filepath.Join(home, name)
		if err := q.adoptSegment(path, s); errors.Is(err, errEnough) {
			empty = false
			break
		} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
			empty = false
			found.add(q, path, err)
		}
	}
	lock.Close()
	if empty {
		_ = q.fs.Remove(filepath.Join(home, lockName))
		_ = q.fs.Remove(home)
	}
}

// oddities are what one adoption found that it could not take over, and nobody
// was told of yet.
type oddities struct {
	strange, foreign int   // files that cannot be read or moved, files of another version
	first            error // of the strange
	where            string
}

func (o *oddities) add(q *diskQueue, path string, err error) {
	if q.odd[path] != nil {
		return
	}
	if q.odd == nil {
		q.odd = map[string]error{}
	}
	q.odd[path] = err
	switch {
	case errors.Is(err, errVersion):
		o.foreign++
		o.where = path
	case o.strange == 0:
		if reason, ok := errors.AsType[*fs.PathError](err); ok {
			err = reason.Err
		}
		o.first = fmt.Errorf("%s: %w", path, err)
		fallthrough
	default:
		o.strange++
	}
}

func (o *oddities) tell(q *diskQueue) {
	q.lock()
	defer q.unlock()
	if o.strange > 0 {
		q.warn(fmt.Errorf("spool: left where they are, as they cannot be read or moved: %d files, the first %w", o.strange, o.first))
	}
	if o.foreign > 0 {
		q.warn(fmt.Errorf("spool: left as they are, for the version of otelkit that wrote them: %d files, the last %s", o.foreign, o.where))
	}
}

var errEnough = errors.New("closed or without a home")

// adoptSegment moves one file into this queue's home. An error leaves it where
// it is for the next attempt.
func (q *diskQueue) adoptSegment(path string, s *segment) error {
	if errors.Is(q.odd[path], errVersion) {
		return errVersion // not to be searched through each time
	}
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
	s.since = q.now()
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
	ours := false
	for off := int64(0); off < size; {
		h, at, err := findRecord(f, s.salt, off, size)
		if errors.Is(err, io.EOF) {
			lost.add(0, 1, ReasonTorn)
			break
		}
		if err != nil {
			return nil, err
		}
		ours = true
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
	if other, err := otherVersion(f, s.salt, size); !ours && (other || err != nil) {
		return nil, errors.Join(err, errVersion)
	}
	if s.synced = s.size; q.sync != SyncNever {
		_ = f.Sync() // the writer may have died before its own
	}
	if s.size < size {
		_ = f.Truncate(s.size) // if it fails, the reader still stops at s.size
	}
	return lost, nil
}
