package scrub_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/otelkit/otelkit-go/scrub"
)

func TestCollectorConfigFollowsThePolicy(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "policy.yaml")
	policy := `
without: [health, auth.github]
allow: {keys: [author.email], values: ['a$b']}
rules:
  - {name: pii.crew, keys: [crew id], trigger: CREW-, pattern: "CREW-'[0-9]+$"}
`
	if err := os.WriteFile(path, []byte(policy), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := scrub.New(scrub.WithPolicy(path))
	if err != nil {
		t.Fatal(err)
	}
	text := s.CollectorConfig()
	for want, there := range map[string]bool{
		"# health.key": false, "ghp_": false, "glpat": true, "- 'author.email'": true, `- '^a\$$b$$'`: true,
		"- 'CREW-''[0-9]+$$'": true, "crew[^A-Za-z0-9]?id": true, "# pii.crew\n": true,
	} {
		if strings.Contains(text, want) != there {
			t.Errorf("%q: there: %v, want %v", want, !there, there)
		}
	}
	var parsed struct {
		Processors struct {
			Redaction struct {
				Values []string `yaml:"blocked_values"`
				Keys   []string `yaml:"blocked_key_patterns"`
			}
		}
	}
	if err := yaml.Unmarshal([]byte(text), &parsed); err != nil {
		t.Fatal(err)
	}
	for _, expr := range append(parsed.Processors.Redaction.Values, parsed.Processors.Redaction.Keys...) {
		if _, err := regexp.Compile(strings.ReplaceAll(expr, "$$", "$")); err != nil {
			t.Error(err)
		}
	}
	if len(parsed.Processors.Redaction.Values) < 100 {
		t.Errorf("only %d patterns", len(parsed.Processors.Redaction.Values))
	}
}

// What the policy allows may hold anything that YAML gives a meaning to.
func TestCollectorConfigQuotes(t *testing.T) {
	t.Parallel()
	values := []string{"it's", "two\nlines", "a\tb \u0085 c", `back\slash "quoted"`, "ключ"}
	s, err := scrub.New(scrub.WithAllowedKeys(values...))
	if err != nil {
		t.Fatal(err)
	}
	var parsed struct {
		Processors struct {
			Redaction struct {
				Keys []string `yaml:"ignored_keys"`
			}
		}
	}
	if err := yaml.Unmarshal([]byte(s.CollectorConfig()), &parsed); err != nil {
		t.Fatal(err)
	}
	for _, v := range values {
		if !slices.Contains(parsed.Processors.Redaction.Keys, v) {
			t.Errorf("%q is not read back", v)
		}
	}
}
