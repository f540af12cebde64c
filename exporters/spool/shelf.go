package spool

// shelf is a bounded set of items in memory, oldest first, the two classes apart.
// It has no lock of its own.
type shelf struct {
	lines [classes]line
	items int   // those under a lease included
	bytes int64 // likewise
	max   int64
}

// put stores e and evicts what has to go for it. It returns false, having evicted
// nothing, if e itself is the one to go.
func (s *shelf) put(e entry, evict func(Item)) bool {
	need, free := e.cost(), s.lines[Normal].bytes
	if e.Class == Important {
		free += s.lines[Important].bytes
	}
	if s.bytes+need-free > s.max {
		return false
	}
	for s.bytes+need > s.max {
		victim := Normal
		if s.lines[Normal].len() == 0 {
			victim = Important
		}
		old := s.lines[victim].pop()
		s.remove(old.Item)
		evict(old.Item)
	}
	s.items++
	s.bytes += need
	s.lines[e.Class].push(e)
	return true
}

// oldest returns the line with the oldest entry that is not under a lease, nil if
// there is none.
func (s *shelf) oldest() *line {
	n, i := &s.lines[Normal], &s.lines[Important]
	switch {
	case n.len() == 0 && i.len() == 0:
		return nil
	case n.len() == 0:
		return i
	case i.len() == 0 || n.front().stamp < i.front().stamp:
		return n
	}
	return i
}

// take hands out the oldest entry. It stays on the books until remove or
// giveBack.
func (s *shelf) take() (entry, bool) {
	l := s.oldest()
	if l == nil {
		return entry{}, false
	}
	return l.pop(), true
}

func (s *shelf) giveBack(e entry) { s.lines[e.Class].insert(e) }

// remove takes an item that is in no line any more off the books.
func (s *shelf) remove(it Item) {
	s.items--
	s.bytes -= it.cost()
}

// held is the part of a queue that is in memory, with the books: all of one in
// memory, and what the directory does not take of one on disk. Its methods are
// called with the lock held.
type held struct {
	books

	shelf shelf
}

// evicted enters an item that had to go for another.
func (h *held) evicted(it Item) {
	h.add(it.Signal, -it.Records)
	h.dropped(it.Signal, it.Records, ReasonFull)
}

// settleHeld ends a lease of an item that is in memory only.
func (h *held) settleHeld(l *Lease, done bool) {
	if !done && !h.closed {
		h.shelf.giveBack(entry{Item: l.Item, stamp: l.stamp})
		h.ready()
		return
	}
	h.shelf.remove(l.Item)
	h.add(l.Signal, -l.Records)
	if !done {
		h.dropped(l.Signal, l.Records, ReasonClosed)
	}
}

// dropHeld gives up what nobody has under a lease.
func (h *held) dropHeld() {
	for e, ok := h.shelf.take(); ok; e, ok = h.shelf.take() {
		h.shelf.remove(e.Item)
		h.add(e.Signal, -e.Records)
		h.dropped(e.Signal, e.Records, ReasonClosed)
	}
}
