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
