package scrub

import (
	"encoding/json"
	"strings"
	"testing"
)

// besides are texts in which a secret stands beside something that may be taken
// for a part of it, or hide it. Exactly what stands between ‹ and › goes. {+} is
// nothing, so that no scanner takes this file for a leak.
var besides = []string{
	// A capital that starts a word behind another one.
	`-DPasswort=‹Geheim{+}123›`,
}

// TestBeside holds each secret to be found alone and whole wherever it stands in
// the blocks of the scanner, and JSON to stay JSON.
func TestBeside(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	for _, marked := range besides {
		marked = strings.ReplaceAll(marked, "{+}", "")
		before, rest, _ := strings.Cut(marked, "‹")
		secret, after, _ := strings.Cut(rest, "›")
		for n := range 130 {
			pad := strings.Repeat("\n", n)
			got := s.String(pad + before + secret + after)
			mask, _ := strings.CutPrefix(got, pad+before)
			mask, ok := strings.CutSuffix(mask, after)
			if !ok || !strings.HasPrefix(mask, "[REDACTED:") || strings.IndexByte(mask, ']') != len(mask)-1 {
				t.Errorf("behind %d bytes, %q became %q", n, before+secret+after, got[min(n, len(got)):])
				break
			}
			if json.Valid([]byte(before+secret+after)) && !json.Valid([]byte(got)) {
				t.Errorf("no JSON any more: %s", got)
			}
		}
	}
}
