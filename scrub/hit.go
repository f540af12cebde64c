package scrub

import (
	"slices"
	"strings"
)

// hit is one finding: text[start:end] is what rule says.
type hit struct {
	start, end int
	rule       *Rule
}

// ahead notes a finding that lies ahead of what was read: the text in between
// is still to be read.
func (sc *scan) ahead(r *Rule, start, end int) {
	if start < end && !sc.s.offRule(r) && !sc.s.allowValues[sc.text[start:end]] && markerAt(sc.text, start) < end {
		sc.later = append(sc.later, hit{start, end, r})
	}
}

// merge puts the findings ahead to the others.
func (sc *scan) merge() {
	if len(sc.later) == 0 {
		return
	}
	all := append(sc.hits, sc.later...)
	slices.SortStableFunc(all, func(a, b hit) int { return a.start - b.start })
	out := all[:1]
	for _, h := range all[1:] {
		if last := &out[len(out)-1]; h.start < last.end {
			last.end = max(last.end, h.end)
			continue
		}
		out = append(out, h)
	}
	sc.hits, sc.later = out, nil
}

// found notes a finding. One that reaches back over earlier ones takes their
// place.
func (sc *scan) found(r *Rule, start, end int) {
	if start >= end || sc.s.offRule(r) {
		return
	}
	if sc.s.allowValues[sc.text[start:end]] || markerAt(sc.text, start) >= end {
		sc.done = max(sc.done, end)
		return
	}
	for n := len(sc.hits); n > 0 && sc.hits[n-1].end > start; n = len(sc.hits) {
		start = min(start, sc.hits[n-1].start)
		sc.hits = sc.hits[:n-1]
	}
	sc.hits = append(sc.hits, hit{start, end, r})
	sc.done = end
}

func (sc *scan) replace(sig signal) string {
	var b strings.Builder
	b.Grow(len(sc.text) + 24*len(sc.hits))
	last := 0
	for _, h := range sc.hits {
		b.WriteString(sc.text[last:h.start])
		quote := quoteOf(sc.text, h.start, h.end)
		b.WriteString(quote)
		b.WriteString(sc.s.inText(sig, h.rule, sc.text[h.start:h.end]))
		b.WriteString(quote)
		last = h.end
	}
	b.WriteString(sc.text[last:])
	return b.String()
}
