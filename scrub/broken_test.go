package scrub

import (
	"strings"
	"testing"
)

// TestBrokenExamples cuts each example at each place, and puts a sign there that
// means something to a detector: nothing may panic, and scrubbing twice changes
// nothing more.
func TestBrokenExamples(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range linesOf(t, "secrets.txt") {
		text := strings.NewReplacer("«", "", "»", "").Replace(line.value)
		text = text[:min(len(text), 200)]
		for i := range text {
			for _, sign := range []string{"", "\"", "=", "\x00"} {
				read(t, s, text[:i]+sign)
				read(t, s, text[:i]+sign+text[i+1:])
			}
			read(t, s, text[i:])
		}
	}
}

// read scrubs text without the guard that takes panics.
func read(t *testing.T, s *Scrubber, text string) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("%q: %v", text, p)
		}
	}()
	once := s.stable(sigText, text, 0)
	if twice := s.String(once); twice != once {
		t.Errorf("not idempotent: %q\n1 %q\n2 %q", text, once, twice)
	}
}
