package spool

// entry is an item with its place in the queue.
type entry struct {
	Item

	stamp uint64
	seg   *segment // nil: in memory only
	off   int64
}

// in returns e as an entry of a segment.
func (e entry) in(s *segment) entry {
	e.seg = s
	return e
}

// overhead is what an item costs in memory beside its payload, rounded up.
const overhead = 96

func (it Item) cost() int64 { return int64(len(it.Payload)) + overhead }

// line is a double-ended queue of entries in the order of their stamps. The zero
// value is empty.
type line struct {
	entries []entry
	head    int
	bytes   int64
}

func (l *line) len() int      { return len(l.entries) - l.head }
func (l *line) front() *entry { return &l.entries[l.head] }

func (l *line) push(e entry) {
	l.entries = append(l.entries, e)
	l.bytes += e.cost()
}

func (l *line) pop() entry {
	e := l.entries[l.head]
	l.bytes -= e.cost()
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
	l.bytes += e.cost()
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
		if e.seg == seg {
			l.bytes -= e.cost()
			continue
		}
		kept = append(kept, e)
	}
	n := l.len() - len(kept)
	clear(l.entries[len(kept):])
	l.entries, l.head = kept, 0
	return n
}
