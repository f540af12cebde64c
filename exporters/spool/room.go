package spool

// room evicts segments until need bytes more fit, the oldest first, Normal before
// Important. Segments under a lease stay. It returns false, having evicted
// nothing, if there would still be no room for an item of this class.
func (q *diskQueue) room(need int64, class Class) bool {
	if q.bytes+need <= q.maxBytes {
		return true
	}
	free := int64(0)
	for c := Normal; c <= class; c++ {
		for _, s := range q.segments[c] {
			if s.out == 0 {
				free += s.size
			}
		}
	}
	if q.bytes+need-free > q.maxBytes {
		return false
	}
	for c := Normal; c <= class; c++ {
		for i := 0; i < len(q.segments[c]) && q.bytes+need > q.maxBytes; {
			if s := q.segments[c][i]; s.out == 0 {
				q.discard(s, ReasonFull)
				continue // the next one has moved to i
			}
			i++
		}
	}
	return true
}

// expire drops segments whose newest record is too old.
func (q *diskQueue) expire() {
	for c := range q.segments {
		for i := 0; i < len(q.segments[c]); {
			if s := q.segments[c][i]; s.out == 0 && s.size > 0 && q.expired(s, s.last) {
				q.discard(s, ReasonExpired)
				continue
			}
			i++
		}
	}
}

// spill moves what is on the shelf to the directory, once that takes writes
// again. Newer items may have gone there before: the order of what is moved is
// kept, but not between the two.
func (q *diskQueue) spill() {
	for q.writable(q.now()) {
		l := q.shelf.oldest()
		if l == nil {
			return
		}
		e := *l.front()
		if !q.room(headerSize+int64(len(e.Payload)), e.Class) {
			return
		}
		if _, err := q.write(e); err != nil {
			q.trouble(err)
			return
		}
		q.recovered()
		q.wantSync()
		l.pop()
		q.shelf.remove(e.Item)
	}
}
