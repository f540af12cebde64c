package scrub

import (
	"regexp"
	"strings"
)

// text returns text, held under key, without its sensitive parts, and
// whether anything changed. A text that is to be dropped comes back empty.
func (s *Scrubber) text(sig signal, key, text string) (string, bool) {
	s = s.orDefault()
	v := s.verdict(key)
	switch {
	case v.allow:
		return text, false
	case v.rule != nil && !s.settled(text):
		s.stats.add(sig, v.rule)
		if s.dryRun {
			return text, false
		}
		return s.replacement(sig, v.rule, text), true
	case v.rule != nil:
		return text, false
	}
	return s.scan(sig, v, text)
}

// settled tells that text needs no mask any more: it is empty or a marker.
func (s *Scrubber) settled(text string) bool {
	return text == "" || text == "null" || s.allowValues[text] || strings.HasPrefix(text, "[REDACTED:") && strings.HasSuffix(text, "]")
}

// first is the first engine: it makes way for the one-pass scanner.
var first = []struct {
	rule  *Rule
	re    *regexp.Regexp
	group int
}{
	{builtin("auth.jwt", Auth, "RFC 7519"), regexp.MustCompile(`\beyJ[\w-]+\.[\w-]+\.[\w-]*`), 0},
	{builtin("auth.bearer", Auth, "RFC 6750"), regexp.MustCompile(`(?i)\b(?:bearer|basic)\s+([\w.~+/=-]{8,})`), 1},
	{builtin("password.url", Password, "RFC 3986 3.2.1"), regexp.MustCompile(`://[^\s/@:]*:([^\s/@\[]+)@`), 1},
	{builtin("password.assignment", Password, "key sep value"), regexp.MustCompile(`(?i)(?:password|passwd|pwd|token|secret|api_key|apikey)["']?\s*[=:]\s*["']?([^\s"',;&\[]+)`), 1},
	{builtin("financial.pan", Financial, "ISO/IEC 7812-1"), regexp.MustCompile(`\b\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b`), 0},
	{builtin("pii.email", PII, "RFC 5321"), regexp.MustCompile(`[\w.+-]+@[\w-]+(?:\.[\w-]+)+`), 0},
}

func (s *Scrubber) scan(sig signal, _ keyVerdict, text string) (string, bool) {
	out, changed := text, false
	for _, d := range first {
		if s.off[d.rule.Category] {
			continue
		}
		loc := d.re.FindAllStringSubmatchIndex(out, -1)
		for i := len(loc) - 1; i >= 0; i-- {
			a, b := loc[i][2*d.group], loc[i][2*d.group+1]
			s.stats.add(sig, d.rule)
			if s.dryRun {
				continue
			}
			out, changed = out[:a]+d.rule.marker+out[b:], true
		}
	}
	return out, changed
}
