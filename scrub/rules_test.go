package scrub

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

// TestRules holds every rule to its examples in testdata/rules: a file of
// lines, first those in which the rule must find something, then, after a
// line of dashes, those in which it must not. The marker {+} is taken out, so
// that the files hold no secret a scanner of a code host would stop a push
// for. A line "key=> text" is an attribute; \n stands for a line feed.
func TestRules(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Rules() {
		if r.Name == detect.Bound.Name {
			continue // TestBounds
		}
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(filepath.Join("testdata", "rules", r.Name+".txt"))
			if err != nil {
				t.Fatalf("a rule needs examples: %v", err)
			}
			goes, stays, ok := strings.Cut(string(raw), "\n---\n")
			if !ok || strings.TrimSpace(goes) == "" || strings.TrimSpace(stays) == "" {
				t.Fatal("a rule needs examples that must go and examples that must stay")
			}
			for line := range strings.Lines(goes) {
				if key, text := example(line); !finds(s, r.Name, key, text) {
					t.Errorf("%s does not find anything in %q %q", r.Name, key, text)
				}
			}
			for line := range strings.Lines(stays) {
				if key, text := example(line); finds(s, r.Name, key, text) {
					t.Errorf("%s finds something in %q %q", r.Name, key, text)
				}
			}
			if prefix(r.Category) == "" || !strings.HasPrefix(r.Name, prefix(r.Category)+".") || r.Source == "" {
				t.Errorf("rule %+v needs a name that starts with its category, and a source", r)
			}
		})
	}
}

func example(line string) (key, text string) {
	text = strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "{+}", "")
	text = strings.ReplaceAll(text, `\n`, "\n")
	if k, v, ok := strings.Cut(text, "=> "); ok && !strings.Contains(k, " ") {
		return k, v
	}
	return "", text
}

// finds tells whether a rule finds something, by the marker it leaves.
func finds(s *Scrubber, rule, key, text string) bool {
	marker := "[REDACTED:" + rule + "]"
	if key == "" {
		return strings.Contains(s.String(text), marker)
	}
	out := s.KeyValue(attribute.String(key, text)).Value.AsString()
	if rule == detect.SQL.Name {
		return out != text
	}
	return strings.Contains(out, marker)
}
