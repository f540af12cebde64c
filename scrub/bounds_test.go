package scrub

import (
	"strings"
	"testing"
)

// TestLongValues holds values to go whole that are longer than what is read
// of them.
func TestLongValues(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	const tail = "zq104hunter"
	long := strings.Repeat("k9Xq", 17<<8) + tail
	for _, text := range []string{
		"client_secret=" + long, "client_secret: " + long, `client_secret="` + long + `"`, `{"client_secret":"` + long + `","n":1}`, "<password>" + long + "</password>", "passphrase=" + long,
		"Authorization: Token " + long, "Authorization: Digest a=" + long, "Cookie: a=" + long, `"Cookie": "a=` + long + `"`, `"passwords":["a","` + long + `"]`, "exp=password=" + long, "--password " + long, `Authorization: "` + long + `"`,
	} {
		if got := s.String(text); strings.Contains(got, tail) {
			t.Errorf("the tail of a long value stays in %.40q … %q", got, got[max(0, len(got)-60):])
		}
	}
	short := `client_secret="` + strings.Repeat("k9Xq", 100) + `" and more`
	if got := s.String(short); !strings.HasSuffix(got, `" and more`) {
		t.Errorf("what stands behind a value is gone: %q", got)
	}
	words := strings.Repeat("plain words ", 3<<10)
	if got := s.String(words); got != words {
		t.Error("long prose was changed")
	}
}
