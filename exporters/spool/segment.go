package spool

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// segment is one file of a queue on disk. It is appended to while it is active,
// read from front to back once, and removed when everything in it is settled.
// All fields are guarded by the queue's lock; the file is read and synced without
// it.
type segment struct {
	name  string
	born  uint64 // stamp at creation; orders the files
	salt  uint32
	class Class
	since time.Time // when this process made it or took it over

	file   file   // nil while nothing is done with it
	size   int64  // bytes up to the end of the last whole record
	synced int64  // of these, forced to the medium
	last   uint64 // newest stamp inside
	sealed bool   // nothing is appended any more
	gone   bool   // removed
	orphan bool   // its file has lost its name and lives while it is open

	read    int64  // what lies before it was handed out
	head    header // of the record at read
	peeked  bool   // head is valid
	reading bool   // without the lock
	recent  line   // some of what lies at or behind read, see remember

	items int            // not settled
	left  map[byte]int64 // their records by signal
	out   int            // leases
	back  int            // returned leases, waiting in diskQueue.back

	tries  int       // failed attempts to read it
	retry  time.Time // not before
	damage string    // the reason for what is missing when all was read
}

// A segment's name tells all that is not in its records, so that no damage inside
// can make a file unreadable as a whole.
func (s *segment) setName() {
	s.name = fmt.Sprintf("%016x-%08x-%c.seg", s.born, s.salt, "ni"[s.class])
}

func parseName(name string) (*segment, bool) {
	s := &segment{left: map[byte]int64{}, sealed: true}
	stem, ok := strings.CutSuffix(name, ".seg")
	parts := strings.Split(stem, "-")
	if !ok || len(parts) != 3 {
		return nil, false
	}
	born, err1 := strconv.ParseUint(parts[0], 16, 64)
	salt, err2 := strconv.ParseUint(parts[1], 16, 32)
	class := strings.Index("ni", parts[2])
	if err1 != nil || err2 != nil || class < 0 {
		return nil, false
	}
	s.born, s.salt, s.class = born, uint32(salt), Class(class)
	s.setName()
	return s, s.name == name
}

func (s *segment) hold(signal byte, records int, stamp uint64) {
	s.items++
	s.left[signal] += int64(records)
	s.last = max(s.last, stamp)
}

// mark writes down that the record at off is done with. Without it a crash would
// send again all of the file that is done; if it fails, that is what happens.
func (s *segment) mark(off int64) {
	if s.file != nil {
		_, _ = s.file.WriteAt([]byte{stateDone}, off+stateOffset)
	}
}

// unlocked runs f without the lock.
func (q *diskQueue) unlocked(f func()) {
	q.mu.Unlock()
	defer q.mu.Lock()
	f()
}

// readUnlocked lets read have the file, opened if need be, without the lock. The
// segment may be evicted meanwhile: then it is gone, and what was read with it.
func (q *diskQueue) readUnlocked(s *segment, read func(file) error) (err error) {
	f, path := s.file, q.path(s)
	s.reading = true
	q.unlocked(func() {
		if f == nil {
			f, err = q.fs.Open(path)
		}
		if err == nil {
			err = read(f)
		}
	})
	s.reading = false
	if s.gone && f != nil {
		f.Close()
		return err
	}
	s.file = f
	return err
}

func (q *diskQueue) path(s *segment) string { return filepath.Join(q.home, s.name) }

// write appends an item to the active segment of its class. After an error the
// file is as before.
func (q *diskQueue) write(e entry) (*segment, error) {
	q.scratch = q.scratch[:0]
	need := headerSize + int64(len(e.Payload))
	s := q.active[e.Class]
	if s != nil && s.size > 0 && s.size+need > q.segmentBytes {
		q.seal(s)
		s = nil
	}
	if s == nil {
		var err error
		if s, err = q.create(e.Class, e.stamp); err != nil {
			return nil, err
		}
	}
	q.scratch = appendRecord(q.scratch, s.salt, e.stamp, e.Item)
	if _, err := s.file.WriteAt(q.scratch, s.size); err != nil {
		if s.file.Truncate(s.size) != nil {
			q.seal(s) // it ends with half a record
		}
		return nil, err
	}
	if cap(q.scratch) > 1<<20 {
		q.scratch = nil
	}
	q.remember(s, e, s.size)
	s.size += need
	s.hold(e.Signal, e.Records, e.stamp)
	q.bytes += need
	q.items++
	return s, nil
}

func (q *diskQueue) create(class Class, stamp uint64) (*segment, error) {
	s := &segment{born: stamp, since: q.now(), salt: q.random(), class: class, left: map[byte]int64{}}
	s.setName()
	f, err := q.newFile(s)
	if err != nil {
		return nil, err
	}
	s.file = f
	q.insert(s)
	q.active[class] = s
	return s, nil
}

func (q *diskQueue) insert(s *segment) {
	list := q.segments[s.class]
	i, _ := slices.BinarySearchFunc(list, s.born, func(s *segment, born uint64) int {
		if s.born < born {
			return -1
		}
		return 1
	})
	q.segments[s.class] = slices.Insert(list, i, s)
}

// seal ends the writing to a segment.
func (q *diskQueue) seal(s *segment) {
	s.sealed = true
	if q.active[s.class] == s {
		q.active[s.class] = nil
	}
	q.rest(s)
}

// rest closes the file of a segment that nothing is done with for now. While
// leases are out, or can be had without reading, it is needed for their marks.
func (q *diskQueue) rest(s *segment) {
	if s.file != nil && s.sealed && !s.orphan && !s.reading && s.out == 0 && s.read == 0 && s.recent.len() == 0 && !q.unsynced(s) {
		s.file.Close()
		s.file = nil
	}
}

// retire removes a segment if nothing in it is of use any more. Records that
// were never found in it are counted as lost.
func (q *diskQueue) retire(s *segment) bool {
	if s.gone || !s.sealed || s.read < s.size || s.out > 0 || s.back > 0 {
		return s.gone
	}
	reason := s.damage
	if reason == "" {
		reason = ReasonCorrupt
	}
	q.discard(s, reason)
	return true
}

// discard removes a segment and counts what was left in it.
func (q *diskQueue) discard(s *segment, reason string) {
	if s.back > 0 {
		s.back -= q.back.drop(s)
	}
	for signal, n := range s.left {
		if n != 0 {
			q.add(signal, -int(n))
			q.dropped(signal, int(n), reason)
		}
	}
	q.forget(s)
	q.items -= s.items
	q.bytes -= s.size
	s.items, s.left, s.gone, s.sealed, s.peeked = 0, nil, true, true, false
	if q.active[s.class] == s {
		q.active[s.class] = nil
	}
	if s.file != nil {
		s.file.Close()
		s.file = nil
	}
	// A file that cannot be removed is sent again by a next process: at least once.
	if q.home != "" {
		_ = q.fs.Remove(q.path(s))
	}
	q.segments[s.class] = slices.DeleteFunc(q.segments[s.class], func(x *segment) bool { return x == s })
}
