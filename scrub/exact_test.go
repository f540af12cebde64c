package scrub

import (
	"strings"
	"testing"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

// place is the bounds of a finding.
type place struct{ start, end int }

// rebuilt returns text with what Explain found replaced as String and KeyValue
// do.
func rebuilt(text string, found []Finding) string {
	var b strings.Builder
	last := 0
	for _, f := range found {
		quote := ""
		if !f.Key {
			quote = detect.QuoteOf(text, f.Start, f.End)
		}
		b.WriteString(text[last:f.Start] + quote + "[REDACTED:" + f.Rule + "]" + quote)
		last = f.End
	}
	return b.String() + text[last:]
}

func counted(s *Scrubber) (n uint64) {
	for _, r := range s.Stats().Redactions {
		n += r.Count
	}
	return n
}

// TestExplained holds Explain to tell of each finding by name and place, and the
// counters to count each once.
func TestExplained(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	quotes := strings.NewReplacer("«", "", "»", "")
	for _, file := range []string{"secrets.txt", "exact.txt"} {
		for _, line := range linesOf(t, file) {
			text, before := quotes.Replace(line.value), counted(s)
			found := s.Explain(line.key, text)
			if counted(s) != before {
				t.Errorf("Explain counts %q", text)
			}
			got, want := rebuilt(text, found), scrubbed(s, line.key, text)
			if got != want && !(len(found) == 1 && found[0].Rule == detect.SQL.Name) {
				t.Errorf("%s %q is explained as\n%q, but becomes\n%q", line.key, text, got, want)
			}
			if n := counted(s) - before; n != uint64(len(found)) {
				t.Errorf("%s %q: %d counted, %+v found", line.key, text, n, found)
			}
		}
	}
}

// TestExact holds exactly what stands between « and » to go: not a sign more,
// not a sign less.
func TestExact(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	for _, line := range linesOf(t, "exact.txt") {
		var text strings.Builder
		var want []place
		for i, piece := range strings.FieldsFunc("\x00"+line.value, func(r rune) bool { return r == '«' || r == '»' }) {
			piece = strings.TrimPrefix(piece, "\x00")
			if i%2 == 1 {
				want = append(want, place{text.Len(), text.Len() + len(piece)})
			}
			text.WriteString(piece)
		}
		var got []place
		for _, f := range s.Explain(line.key, text.String()) {
			got = append(got, place{f.Start, f.End})
		}
		if len(got) != len(want) {
			t.Errorf("%q: %d found, want %d: %q", line.value, len(got), len(want), scrubbed(s, line.key, text.String()))
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q: found %q", line.value, text.String()[got[i].start:got[i].end])
			}
		}
	}
}

// TestZeroByte holds what stands behind a zero byte in a statement to be read, too.
func TestZeroByte(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	if got, want := scrubbed(s, "db.query.text", "SELECT 'x'\x00, 'y' FROM t"), "SELECT ?\x00, ? FROM t"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
