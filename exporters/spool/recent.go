package spool

// A sender that keeps up takes an item right after it was put. Reading it back
// from its file would be most of the cost, so up to recentBytes of what was put
// last stays in memory too.
const recentBytes = 1 << 20

// remember keeps an item that was just written at off, if there is room.
func (q *diskQueue) remember(s *segment, e entry, off int64) {
	if q.recent+e.cost() <= q.recentBytes {
		e.off = off
		s.recent.push(e)
		q.recent += e.cost()
	}
}

// recall returns the item at s.read, if it is remembered. What lies before was
// read from the file: it is forgotten.
func (q *diskQueue) recall(s *segment) (*entry, bool) {
	for s.recent.len() > 0 {
		e := s.recent.front()
		if e.off == s.read {
			return e, true
		}
		if e.off > s.read {
			break
		}
		q.recent -= e.cost()
		s.recent.pop()
	}
	return nil, false
}

// forget drops all that is remembered of a segment.
func (q *diskQueue) forget(s *segment) {
	q.recent -= s.recent.bytes
	s.recent = line{}
}
