package detect

import "slices"

// Hit is one finding: text[Start:End] is what Rule says.
type Hit struct {
	Start, End int
	Rule       *Rule
}

// ahead notes a finding that lies ahead of what was read: the text in between
// is still to be read.
func (sc *scan) ahead(r *Rule, start, end int) {
	if start < end && !sc.f.Off(r) && !sc.f.AllowValues[sc.text[start:end]] && markerAt(sc.text, start) < end {
		sc.later = append(sc.later, Hit{start, end, r})
	}
}

// merge puts the findings ahead to the others.
func (sc *scan) merge() {
	if len(sc.later) == 0 {
		return
	}
	all := append(sc.hits, sc.later...)
	slices.SortStableFunc(all, func(a, b Hit) int { return a.Start - b.Start })
	out := all[:1]
	for _, h := range all[1:] {
		if last := &out[len(out)-1]; h.Start < last.End {
			last.End = max(last.End, h.End)
			continue
		}
		out = append(out, h)
	}
	sc.hits, sc.later = out, nil
}

// found notes a finding. One that reaches back over earlier ones takes their
// place.
func (sc *scan) found(r *Rule, start, end int) {
	if start >= end || sc.f.Off(r) {
		return
	}
	if sc.f.AllowValues[sc.text[start:end]] || markerAt(sc.text, start) >= end {
		sc.done = max(sc.done, end)
		return
	}
	for n := len(sc.hits); n > 0 && sc.hits[n-1].End > start; n = len(sc.hits) {
		start = min(start, sc.hits[n-1].Start)
		sc.hits = sc.hits[:n-1]
	}
	sc.hits = append(sc.hits, Hit{start, end, r})
	sc.done = end
}
