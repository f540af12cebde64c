package detect

import (
	"regexp"
	"slices"
	"strings"
)

// Pattern is a rule that is a regular expression. It is run only on texts that
// hold Trigger; what it matches, or its first group, is a finding.
type Pattern struct {
	Rule    *Rule
	Trigger string
	Expr    *regexp.Regexp
}

// matches returns what the patterns find, in the order of the text.
func (f *Finder) matches(text string) (out []Hit) {
	for _, p := range f.Patterns {
		if !f.Off(p.Rule) && strings.Contains(text, p.Trigger) {
			out = apart(out, f.matchesOf(p, text))
		}
	}
	return out
}

// matchesOf is matches for one pattern.
func (f *Finder) matchesOf(p Pattern, text string) (out []Hit) {
	for _, m := range p.Expr.FindAllStringSubmatchIndex(text, -1) {
		start, end := m[0], m[1]
		if len(m) > 2 && m[2] >= 0 {
			start, end = m[2], m[3]
		}
		start, end = max(start, markerEnd(text, start)), max(end, markerEnd(text, end))
		if start < end && !f.AllowValues[text[start:end]] && markerAt(text, start) != end {
			out = append(out, Hit{start, end, p.Rule})
		}
	}
	return out
}

// markerEnd returns where the marker ends that i is inside of, or i: no rule takes
// a part of one.
func markerEnd(text string, i int) int {
	low := max(0, i-maxMarker)
	open := low + strings.LastIndex(text[low:min(len(text), i+len(markerOpen)-1)], markerOpen)
	if open < low || open == i {
		return i
	}
	return max(i, markerAt(text, open))
}

// apart adds to found what of more lies apart from it. Both come in the order of
// the text, in which found is returned.
func apart(found, more []Hit) []Hit {
	out, next := found, 0
	for _, h := range more {
		for next < len(found) && found[next].End <= h.Start {
			next++
		}
		if next == len(found) || h.End <= found[next].Start {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b Hit) int { return a.Start - b.Start })
	return out
}
