package collector

import (
	"regexp"
	"strings"
	"testing"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

func builtin() *detect.Finder { return detect.New(detect.Config{Rules: detect.Builtins()}) }

// What the Collector is told must be what the engine does: each key is one of
// that rule, and no convention is masked by it.
func TestKeysAreThoseOfTheEngine(t *testing.T) {
	t.Parallel()
	f := builtin()
	for _, k := range keyRules {
		re := regexp.MustCompile(keyPattern(k.keys))
		for _, phrase := range k.keys {
			snake := strings.ReplaceAll(phrase, " ", "_")
			camel := "user"
			for word := range strings.FieldsSeq(phrase) {
				camel += strings.ToUpper(word[:1]) + word[1:]
			}
			for _, key := range []string{snake, "user." + snake, strings.ToUpper(snake), camel} {
				if r := f.Verdict(key).Rule; r == nil || r.Name != k.rule {
					t.Errorf("%s: the engine does not say %s", key, k.rule)
				}
				if !re.MatchString(key) {
					t.Errorf("%s: the pattern does not match", key)
				}
			}
			if key := snake + "less"; re.MatchString(key) {
				t.Errorf("%s matches", key)
			}
		}
		for _, key := range detect.Conventions() {
			if re.MatchString(key) {
				t.Errorf("%s matches, but is a convention", key)
			}
		}
	}
}

// What a service has scrubbed must pass the second wall unchanged.
func TestPatternsLeaveMarkers(t *testing.T) {
	t.Parallel()
	f := builtin()
	var patterns []*regexp.Regexp
	for _, e := range (&writer{f: f, written: map[string]bool{}}).values() {
		patterns = append(patterns, regexp.MustCompile(e.text))
	}
	for _, r := range f.Rules {
		for _, text := range []string{r.Marker, "cookie: " + r.Marker, "token=" + r.Marker, `"password": "` + r.Marker + `"`, "https://u:" + r.Marker + "@h/", "Bearer " + r.Marker} {
			for _, re := range patterns {
				if re.MatchString(text) {
					t.Errorf("%s matches %s", re, text)
				}
			}
		}
	}
}
