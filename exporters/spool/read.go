package spool

import (
	"errors"
	"io"
	"io/fs"
	"time"
)

// next hands out the oldest item, nil if there is none. It is called with the
// lock held, which it releases while it reads: a cold disk must not hold up Put.
// There is one caller at a time, the holder of turn.
func (q *diskQueue) next() *Lease {
	for !q.closed {
		s := q.oldest()
		stamp := ^uint64(0)
		if s != nil {
			stamp = s.head.stamp
		}
		shelved := q.shelf.oldest()
		if shelved != nil && shelved.front().stamp < stamp {
			stamp = shelved.front().stamp
			s = nil
		}
		if q.back.len() > 0 && q.back.front().stamp < stamp {
			e := q.back.pop()
			e.seg.back--
			return q.lease(e)
		}
		switch {
		case s != nil:
			if l := q.takeHead(s); l != nil {
				return l
			}
		case shelved != nil:
			e, _ := q.shelf.take()
			return q.lease(e)
		default:
			return nil
		}
	}
	return nil
}

func (q *diskQueue) lease(e entry) *Lease {
	if e.seg != nil {
		e.seg.out++
	}
	return &Lease{Item: e.Item, stamp: e.stamp, from: q, seg: e.seg, off: e.off}
}

// oldest returns the segment with the oldest head, nil if there is none.
func (q *diskQueue) oldest() (best *segment) {
	for class := range q.segments {
		if s := q.front(Class(class)); s != nil && (best == nil || s.head.stamp < best.head.stamp) {
			best = s
		}
	}
	if best != nil && !best.peeked {
		return q.oldest() // it went while the other class was read
	}
	return best
}

// front returns the first segment of a class that has something to hand out,
// with its head read.
func (q *diskQueue) front(class Class) *segment {
	for i := 0; i < len(q.segments[class]); {
		s := q.segments[class][i]
		switch {
		case q.retire(s):
			// The next one has moved to i.
		case s.read >= s.size || s.tries > 0 && q.now().Before(s.retry):
			i++
		case s.peeked:
			return s
		default:
			q.peek(s)
			i = 0 // the lock was released
		}
	}
	return nil
}

// peek reads the header of the next live record. If there is none, or it cannot
// be read now, it leaves peeked unset and front goes on.
func (q *diskQueue) peek(s *segment) {
	if e, ok := q.recall(s); ok && !q.expired(s, e.stamp) {
		s.head = header{signal: e.Signal, length: uint32(len(e.Payload)), records: uint32(e.Records), stamp: e.stamp}
		s.peeked = true
		return
	}
	var (
		h        header
		at       int64
		from, to = s.read, s.size
	)
	err := q.readUnlocked(s, func(f file) (err error) {
		h, at, err = findRecord(f, s.salt, from, to)
		return err
	})
	switch {
	case s.gone:
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || err == nil && at+h.size() > to:
		// Nothing more is to be found, though there should be.
		s.read = to
		q.seal(s)
	case err != nil:
		q.unreadable(s, err)
	default:
		if at > from {
			q.seal(s) // damaged: retire counts what is missing, once it is drained
		}
		s.read, s.tries = at, 0
		switch {
		case h.state == stateDone:
			s.read += h.size()
		case q.expired(s, h.stamp):
			s.read += h.size()
			q.lose(s, at, h, ReasonExpired)
		default:
			s.head, s.peeked = h, true
		}
	}
}

// takeHead hands out the record whose header was read. It returns nil if that
// came to nothing.
func (q *diskQueue) takeHead(s *segment) *Lease {
	h, off := s.head, s.read
	if e, ok := q.recall(s); ok {
		q.recent -= e.cost()
		s.peeked = false
		s.read += h.size()
		return q.lease(s.recent.pop().in(s))
	}
	var (
		payload []byte
		ok      bool
	)
	err := q.readUnlocked(s, func(f file) (err error) {
		payload, ok, err = readPayload(f, s.salt, off, h)
		return err
	})
	if s.gone {
		return nil
	}
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		q.unreadable(s, err)
		return nil
	}
	s.peeked = false
	s.read += h.size()
	if !ok {
		q.lose(s, off, h, ReasonCorrupt)
		return nil
	}
	it := h.item(payload)
	it.Class = s.class
	return q.lease(entry{Item: it, stamp: h.stamp, seg: s, off: off})
}

// lose counts the record at off as dropped, for this process and the next.
func (q *diskQueue) lose(s *segment, off int64, h header, reason string) {
	s.mark(off)
	s.items--
	q.items--
	s.left[h.signal] -= int64(h.records)
	q.add(h.signal, -int(h.records))
	q.dropped(h.signal, int(h.records), reason)
}

const maxTries = 5

// unreadable puts the reading of a segment off. A file that is not there any
// more, or fails again and again, is given up; others go on meanwhile.
func (q *diskQueue) unreadable(s *segment, err error) {
	s.tries++
	s.retry = q.now().Add(retryAfter)
	if s.tries < maxTries && !errors.Is(err, fs.ErrNotExist) {
		return
	}
	s.damage, s.peeked, s.read = ReasonUnreadable, false, s.size
	q.seal(s)
}

// expired says whether a record in s is too old. A stamp from before there was
// this package, or of the future, was set by a clock that was wrong then or is
// now (machines without a battery start in 1970): it tells no age, and the time
// this process has had the file counts.
func (q *diskQueue) expired(s *segment, stamp uint64) bool {
	if q.maxAge == 0 {
		return false
	}
	now := q.now()
	if stamp < earliest || stamp > uint64(now.UnixNano()) {
		return now.Sub(s.since) > q.maxAge
	}
	return time.Duration(now.UnixNano()-int64(stamp)) > q.maxAge
}

// earliest is the start of 2020.
const earliest = 1_577_836_800e9
