package detect

import (
	"regexp"
	"strings"
	"testing"
)

// scrubbed returns text with markers in place of what f finds.
func scrubbed(f *Finder, text string) string {
	for range 5 {
		var b strings.Builder
		last := 0
		for h := range f.Hits(text, 0) {
			b.WriteString(text[last:h.Start] + h.Rule.Marker)
			last = h.End
		}
		if last == 0 {
			break
		}
		text = b.String() + text[last:]
	}
	return text
}

// TestPatterns holds added rules to find what they match, first group first,
// one beside the other, and nothing in markers.
func TestPatterns(t *testing.T) {
	t.Parallel()
	rules := Builtins()
	badge := NewRule("pii.badge", PII, "test", len(rules))
	crew := NewRule("pii.crew", PII, "test", len(rules)+1)
	f := New(Config{Rules: append(rules, badge, crew), Patterns: []Pattern{
		{badge, "BADGE", regexp.MustCompile(`BADGE-(\d+)`)}, {crew, "CREW", regexp.MustCompile(`CREW-\d+`)}, {crew, "pii", regexp.MustCompile(`pii\.badge`)},
	}})
	for in, want := range map[string]string{
		"BADGE-77 and BADGE-78":             "BADGE-[REDACTED:pii.badge] and BADGE-[REDACTED:pii.badge]",
		"CREW-1, BADGE-2, a" + "@b.example": "[REDACTED:pii.crew], BADGE-[REDACTED:pii.badge], [REDACTED:pii.email]",
		"no badge":                          "no badge",
		"CREW-x":                            "CREW-x",
		"BADGE-CREW-1":                      "BADGE-[REDACTED:pii.crew]",
	} {
		if got := scrubbed(f, in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if got := f.First(want); got >= 0 && scrubbed(f, want) != want {
			t.Errorf("%q is not left alone", want)
		}
	}
}
