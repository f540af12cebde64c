package scrub

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzString(f *testing.F) {
	for _, text := range survivors {
		f.Add(text)
	}
	for _, syntax := range syntaxes {
		f.Add(strings.NewReplacer("K", "password", "V", "hunter2!").Replace(syntax))
	}
	for _, line := range linesOf(f, "secrets.txt") {
		f.Add(strings.NewReplacer("«", "", "»", "").Replace(line.value))
	}
	s, err := New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for range s.find.Hits(text, 0) { // a panic is not caught here
		}
		once := s.String(text)
		if utf8.ValidString(text) && !utf8.ValidString(once) {
			t.Errorf("%q came out as invalid UTF-8: %q", text, once)
		}
		if twice := s.String(once); twice != once {
			t.Errorf("not idempotent: %q\n1 %q\n2 %q", text, once, twice)
		}
	})
}

// What the first look lets pass, nothing else reads: it must see all that the pass
// would find.
func FuzzFirstLook(f *testing.F) {
	for _, file := range []string{"secrets.txt", "exact.txt"} {
		for _, line := range linesOf(f, file) {
			f.Add(strings.NewReplacer("«", "", "»", "").Replace(line.value))
		}
	}
	s, err := New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		base := s.find.First(text)
		for h := range s.find.Hits(text, 0) {
			if base < 0 || h.End <= base {
				t.Errorf("%q: %s is found in %q, and the first look starts at %d", text, h.Rule.Name, text[h.Start:h.End], base)
			}
		}
	})
}

// planted are secrets whose form alone tells, whatever stands around them.
var planted = []string{
	"ghp" + "_16C7e42F292c6912E7710c838347Ae178B4a", "AKIA" + "QYLPMN5HHHFPZAM2", "glpat" + "-tFrjFXD7soVU2fqxuDMh",
	"eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
	"xoxb" + "-893582989554-899326518131-JRHeVv1o9Cf99fwDpuortR2D",
}

func FuzzPlanted(f *testing.F) {
	f.Add("", "", uint8(0))
	f.Add("a=", " b", uint8(1))
	f.Add(`{"x":"`, `"}`, uint8(2))
	f.Add("token: ", ", next", uint8(3))
	s, err := New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, before, after string, pick uint8) {
		if piece(before[max(0, len(before)-1):]) || piece(after[:min(1, len(after))]) {
			return // it is a piece of something longer
		}
		secret := planted[int(pick)%len(planted)]
		if got := s.String(before + secret + after); strings.Contains(got, secret) {
			t.Errorf("%q stays in %q", secret, got)
		}
	})
}

// piece tells whether a byte may belong to a token.
func piece(s string) bool {
	return s != "" && (strings.Contains("-_.+/=", s) || s[0]-'0' < 10 || s[0]|0x20-'a' < 26)
}

func FuzzSurvivors(f *testing.F) {
	f.Add(uint16(0), uint16(1))
	s, err := New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, i, j uint16) {
		text := survivors[int(i)%len(survivors)] + "\n" + survivors[int(j)%len(survivors)]
		if got := s.String(text); got != text {
			t.Errorf("changed %q to %q", text, got)
		}
	})
}
