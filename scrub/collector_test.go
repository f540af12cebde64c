package scrub

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// What the Collector is told must be what the engine does: each key is one of
// that rule, and no convention is masked by it.
func TestCollectorKeysAreThoseOfTheEngine(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range collectorKeys {
		re := regexp.MustCompile(keyPattern(k.keys))
		for _, phrase := range k.keys {
			snake := strings.ReplaceAll(phrase, " ", "_")
			camel := "user"
			for word := range strings.FieldsSeq(phrase) {
				camel += strings.ToUpper(word[:1]) + word[1:]
			}
			for _, key := range []string{snake, "user." + snake, strings.ToUpper(snake), camel} {
				if r := s.verdict(key).rule; r == nil || r.Category != k.rule.Category {
					t.Errorf("%s: the engine does not say %s", key, k.rule.Category)
				}
				if !re.MatchString(key) {
					t.Errorf("%s: the pattern does not match", key)
				}
			}
			if key := snake + "less"; re.MatchString(key) {
				t.Errorf("%s matches", key)
			}
		}
		for key := range conventions {
			if re.MatchString(key) {
				t.Errorf("%s matches, but is a convention", key)
			}
		}
	}
}

// What a service has scrubbed must pass the second wall unchanged.
func TestCollectorPatternsLeaveMarkers(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	var patterns []*regexp.Regexp
	for _, e := range (&collectorWriter{s: s, written: map[string]bool{}}).values() {
		patterns = append(patterns, regexp.MustCompile(e.text))
	}
	for _, r := range s.rules {
		for _, text := range []string{r.marker, "cookie: " + r.marker, "token=" + r.marker, `"password": "` + r.marker + `"`, "https://u:" + r.marker + "@h/", "Bearer " + r.marker} {
			for _, re := range patterns {
				if re.MatchString(text) {
					t.Errorf("%s matches %s", re, text)
				}
			}
		}
	}
}

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
	s, err := New(WithPolicy(path))
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
	s, err := New(WithAllowedKeys(values...))
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
