package scrub

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

// linesOf returns the lines of a file in testdata. A line "key=> text" is an
// attribute; \n stands for a line feed, and {+} is taken out, as in
// testdata/rules.
func linesOf(t testing.TB, name string) (out []sampled) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(raw)) {
		key, text := example(line)
		out = append(out, sampled{key, text})
	}
	return out
}

func scrubbed(s *Scrubber, key, text string) string {
	if key == "" {
		return s.String(text)
	}
	return s.KeyValue(attribute.String(key, text)).Value.AsString()
}

// TestCleanLines holds lines of forty kinds of servers and tools, and
// sentences that sound like more than they say, to come out as they went in.
func TestCleanLines(t *testing.T) {
	t.Parallel()
	stay(t, "clean.txt")
}

// stay holds the lines of a file to come out as they went in.
func stay(t *testing.T, file string) {
	t.Helper()
	var s *Scrubber
	for _, line := range linesOf(t, file) {
		if got := scrubbed(s, line.key, line.value); got != line.value {
			t.Errorf("%s %q\nto %q", line.key, line.value, got)
		}
	}
}

// TestConventionLines holds each attribute of the semantic conventions, with a
// value that they give as an example, to come out as it went in; user.email
// and user.full_name, which name a person, are not among them.
func TestConventionLines(t *testing.T) {
	t.Parallel()
	stay(t, "conventions.txt")
}

// TestSecretLines holds what stands between « and » to go, and all else to
// stay: files of configuration, commands, headers, sentences, records.
func TestSecretLines(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	quotes := strings.NewReplacer("«", "", "»", "")
	for _, line := range linesOf(t, "secrets.txt") {
		got := scrubbed(s, line.key, quotes.Replace(line.value))
		rest, last := got, ""
		for i, piece := range strings.Split(line.value, "«") {
			secret, after, ok := strings.Cut(piece, "»")
			if i == 0 {
				secret, after, ok = "", piece, true
			}
			if !ok || secret != "" && strings.Contains(got, secret) {
				t.Errorf("%q stays in %q", secret, got)
			}
			at := strings.Index(rest, after)
			if at < 0 {
				t.Errorf("%q is lost in %q", after, got)
				break
			}
			rest, last = rest[at+len(after):], after
		}
		if again := scrubbed(s, line.key, got); again != got {
			t.Errorf("not idempotent: %q, then %q", got, again)
		}
		if last != "" && !strings.HasSuffix(got, last) {
			t.Errorf("%q does not end %q", last, got)
		}
	}
}
