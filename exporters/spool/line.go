package spool

// entry is an item with its place in the queue.
type entry struct {
	Item

	stamp uint64
	seg   *segment // nil: in memory only
	off   int64
}

// overhead is what an item costs in memory beside its payload, rounded up.
const overhead = 96

func (it Item) cost() int64 { return int64(len(it.Payload)) + overhead }

// line is a double-ended queue of entries in the order of their stamps. The zero
// value is empty.
type line struct {
	entries []entry
	head    int
}

func (l *line) len() int      { return len(l.entries) - l.head }
func (l *line) front() *entry { return &l.entries[l.head] }

func (l *line) push(e entry) { l.entries = append(l.entries, e) }

func (l *line) pop() entry {
	e := l.entries[l.head]
	l.entries[l.head] = entry{}
	l.head++
	switch {
	case l.head == len(l.entries):
		l.entries, l.head = l.entries[:0], 0
	case l.head >= 64 && l.head*2 >= len(l.entries):
		// Half of it is behind the head: move down, so that a line that never runs
		// empty does not grow for ever. Amortised, one move per entry.
		n := copy(l.entries, l.entries[l.head:])
		clear(l.entries[n:])
		l.entries, l.head = l.entries[:n], 0
	}
	return e
}

// insert puts an entry back in its place. That is near the front: only entries
// that were out at the same time can stand before it.
func (l *line) insert(e entry) {
	if l.head > 0 {
		l.head--
	} else {
		l.entries = append(l.entries, entry{})
		copy(l.entries[1:], l.entries)
	}
	i := l.head
	for i+1 < len(l.entries) && l.entries[i+1].stamp < e.stamp {
		l.entries[i] = l.entries[i+1]
		i++
	}
	l.entries[i] = e
}

// drop removes the entries of a segment and returns how many there were.
func (l *line) drop(seg *segment) int {
	kept := l.entries[:0]
	for _, e := range l.entries[l.head:] {
		if e.seg != seg {
			kept = append(kept, e)
		}
	}
	n := l.len() - len(kept)
	clear(l.entries[len(kept):])
	l.entries, l.head = kept, 0
	return n
}

// shelf is a bounded set of items in memory, oldest first, the two classes apart.
// It has no lock of its own.
type shelf struct {
	lines [classes]line
	items int   // those under a lease included
	bytes int64 // likewise
	max   int64
}

// put stores e and evicts what has to go for it. It returns false if e itself is
// the one to go.
func (s *shelf) put(e entry, evict func(Item)) bool {
	need := e.cost()
	for s.bytes+need > s.max {
		victim := Normal
		if s.lines[Normal].len() == 0 {
			if e.Class == Normal || s.lines[Important].len() == 0 {
				return false
			}
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

// remove takes an item that is in no line any more off the books.
func (s *shelf) remove(it Item) {
	s.items--
	s.bytes -= it.cost()
}
