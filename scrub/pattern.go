package scrub

import (
	"regexp"
	"strings"
)

// pattern is an added rule that reads values: re runs only on texts that hold
// trigger.
type pattern struct {
	rule    *Rule
	trigger string
	re      *regexp.Regexp
}

// matches returns what of text an added rule replaces, in order.
func (s *Scrubber) matches(p pattern, text string) (out []hit) {
	if s.offRule(p.rule) || !strings.Contains(text, p.trigger) {
		return nil
	}
	for _, m := range p.re.FindAllStringSubmatchIndex(text, -1) {
		start, end := m[0], m[1]
		if len(m) > 2 && m[2] >= 0 {
			start, end = m[2], m[3]
		}
		start, end = max(start, markerEnd(text, start)), max(end, markerEnd(text, end))
		if start < end && !s.allowValues[text[start:end]] && markerAt(text, start) != end {
			out = append(out, hit{start, end, p.rule})
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

// pattern replaces what an added rule matches.
func (s *Scrubber) pattern(sig signal, p pattern, text string) string {
	found := s.matches(p, text)
	if len(found) == 0 {
		return text
	}
	var b strings.Builder
	last := 0
	for _, h := range found {
		s.stats.add(sig, h.rule)
		b.WriteString(text[last:h.start])
		b.WriteString(s.inText(sig, h.rule, text[h.start:h.end]))
		last = h.end
	}
	b.WriteString(text[last:])
	return b.String()
}
