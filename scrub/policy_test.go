package scrub_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/scrub"
)

// writePolicy writes text to a file of its own, beside a key.
func writePolicy(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"policy.yaml": text, "key": strings.Repeat("k", 32) + "\n", "short": "k"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "policy.yaml")
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	const email = "lin@example.org"
	tests := []struct {
		name, policy    string
		key, text, want string
	}{
		{"nothing", "# nothing\n", "text", email, "[REDACTED:pii.email]"},
		{"category off", "without: [pii]", "text", email, email},
		{"rule off", "without: [pii.email]", "text", email, email},
		{"allowed key", "allow: {keys: [author.email]}", "author.email", email, email},
		{"allowed key is exact", "allow: {keys: [author.email]}", "authorEmail", email, "[REDACTED:pii.key]"},
		{"allowed value", "allow: {values: [lin@example.org]}", "text", "to " + email, "to " + email},
		{"added pattern", "rules: [{name: pii.crew, trigger: CREW-, pattern: 'CREW-(\\d{6})'}]", "text", "by CREW-123456.", "by CREW-[REDACTED:pii.crew]."},
		{"added key", "rules: [{name: pw.crew, keys: [crew phrase]}]", "crewPhrase", "x", "[REDACTED:pw.crew]"},
		{"action of an added rule", "actions: {pii.crew: drop}\nrules: [{name: pii.crew, keys: [crew id]}]", "crew_id", "x", ""},
		{"action of a category", "actions: {pii: drop}", "email", email, ""},
		{"action of a rule", "actions: {financial.iban: keep-last-4}", "text", "DE89370400440532013000", "[REDACTED:financial.iban:3000]"},
		{"pseudonym", "pseudonym: {id: k1, key_file: key}\nactions: {pii: pseudonym}", "text", email, "[REDACTED:pii.email:k1:1fc95f7c51acb072]"},
		{"dry run", "dry_run: true", "text", email, email},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, err := scrub.New(scrub.WithPolicy(writePolicy(t, tt.policy)))
			if err != nil {
				t.Fatal(err)
			}
			kv := s.KeyValue(attribute.String(tt.key, tt.text))
			if got := kv.Value.AsString(); got != tt.want {
				t.Errorf("%s=%q: got %q, want %q", tt.key, tt.text, got, tt.want)
			}
		})
	}
}

func TestPolicyErrors(t *testing.T) {
	t.Parallel()
	const mark = "planted-value"
	tests := []struct{ name, policy, want string }{
		{"unknown field", "\nrulez: []", "2: rulez: unknown field"},
		{"unknown field in allow", "allow:\n  key: [" + mark + "]", "2: allow.key: unknown field"},
		{"unknown field in a rule", "rules:\n  - name: pii.a\n    keys: [a]\n    regex: " + mark, "4: rules[0].regex: unknown field"},
		{"field twice", "allow:\n  keys: [a]\n  keys: [b]", "3: allow.keys: given twice"},
		{"not a mapping", "- a", "1: policy: must be a mapping"},
		{"not a list", "without: pii", "1: without: must be a list"},
		{"not a text", "allow:\n  values:\n    - {a: " + mark + "}", "3: allow.values[0]: must be a text"},
		{"an alias", "allow:\n  values: &a [x]\n  keys: *a", "3: allow.keys: must be a list"},
		{"unknown category", "without:\n  - pii\n  - healthy", `3: without[1]: no category or rule "healthy"`},
		{"bad name", "rules:\n  - name: Crew\n    keys: [crew]", `2: rules[0].name: "Crew": must be auth, pw, financial, health or pii, a dot, and small letters`},
		{"no name", "rules:\n  - keys: [crew]", "2: rules[0].name: is missing"},
		{"rule of nothing", "rules:\n  - name: pii.crew", "2: rules[0]: needs keys, or a pattern with its trigger"},
		{"no trigger", "rules:\n  - name: pii.crew\n    pattern: CREW", "2: rules[0].trigger: is missing beside the pattern"},
		{"no pattern", "rules:\n  - name: pii.crew\n    trigger: CREW", "2: rules[0].pattern: is missing beside the trigger"},
		{"short trigger", "rules:\n  - name: pii.crew\n    trigger: C\n    pattern: CREW", "3: rules[0].trigger: the trigger needs two characters or more"},
		{"bad pattern", "rules:\n  - name: pii.crew\n    trigger: CREW\n    pattern: CREW(" + mark, "4: rules[0].pattern: bad pattern: missing closing )"},
		{"pattern of nothing", "rules:\n  - name: pii.crew\n    trigger: CREW\n    pattern: x*", "4: rules[0].pattern: the pattern matches the empty text"},
		{"key without a word", "rules:\n  - name: pii.crew\n    keys: [crew, '--']", "3: rules[0].keys[1]: holds no word"},
		{"key of two rules", "rules:\n  - {name: pii.crew, keys: [crew id]}\n  - {name: pii.ship, keys: [ship, crewId]}", "3: rules[1].keys[1]: is a key of rule pii.crew already"},
		{"unknown action", "actions:\n  pii: hash", `2: actions.pii: no action "hash": must be mask, keep-last-4, pseudonym, drop or truncate`},
		{"unsafe action", "actions:\n  auth.jwt: keep-last-4", `2: actions.auth.jwt: action for "auth.jwt": only card, account and phone numbers may keep their last four`},
		{"action for nothing", "actions:\n  pii.nobody: mask", `2: actions.pii.nobody: action for "pii.nobody": no such rule or category`},
		{"pseudonym without a key", "actions:\n  pii: pseudonym", "2: actions.pii: needs the field pseudonym with id and key_file"},
		{"short key", "pseudonym:\n  id: k1\n  key_file: short", "3: pseudonym.key_file: a pseudonym needs a key of 16 bytes or more"},
		{"short key in use", "actions:\n  pii: pseudonym\npseudonym:\n  id: k1\n  key_file: short", "5: pseudonym.key_file: a pseudonym needs a key of 16 bytes or more"},
		{"truncated mail", "actions:\n  pii.email: truncate", `2: actions.pii.email: action for "pii.email": only IP addresses can be truncated, which rules of your own or the category pii may find`},
		{"last four of any key", "actions:\n  financial.key: keep-last-4", `2: actions.financial.key: action for "financial.key": only card, account and phone numbers may keep their last four`},
		{"a built-in rule", "rules:\n  - name: pii.email\n    keys: [crew]", `2: rules[0].name: "pii.email" is built in: a rule of your own needs another name`},
		{"bad key id", "pseudonym:\n  id: 'k 1'\n  key_file: key", "2: pseudonym.id: a key id is 1 to 16 letters, digits, dashes or underscores"},
		{"half a pseudonym", "pseudonym:\n  id: k1", "2: pseudonym: needs id and key_file"},
		{"not a switch", "dry_run: often", "1: dry_run: must be true or false"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := writePolicy(t, tt.policy)
			_, err := scrub.New(scrub.WithPolicy(path))
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff("scrub: policy "+path+":"+tt.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestPolicyFileErrors(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, policy, want string }{
		{"not YAML", "a: [", ":1: did not find expected node content"},
		{"an alias of nothing", "allow:\n  values: [*hunter2zz]", ":2: an alias of nothing"},
		{"a tab", "allow:\n\tvalues: [a]", ":2: "},
		{"a tab at the start", "\tallow: {}", ":1: "},
		{"a strange character", "@a: b", ":1: "},
		{"not UTF-8", "allow:\n  values:\n    - \xffhunter2", ":3: not valid UTF-8"},
		{"a control character", "allow:\r\n  values: [\"\x01hunter2\"]", ":2: a control character"},
		{"a value for a name", "allow:\n  hunter2zz: x", ":2: allow.(no name): unknown field"},
		{"a name that a terminal obeys", `"hunter2\x1b[2J\n": x`, ":1: (no name): unknown field"},
		{"a key for a name", "? {hunter2: b}\n: c", ":1: (no name): unknown field"},
		{"two documents", "dry_run: true\n---\ndry_run: false", ": more than one document, or text behind it"},
		{"large", strings.Repeat("#", 1<<20+1), ": larger than 1048576 bytes"},
		{"no key file", "pseudonym:\n  id: k1\n  key_file: gone", ":3: pseudonym.key_file: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := writePolicy(t, tt.policy)
			if _, err := scrub.New(scrub.WithPolicy(path)); err == nil || !strings.HasPrefix(err.Error(), "scrub: policy "+path+tt.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
	for _, path := range []string{t.TempDir(), filepath.Join(t.TempDir(), "none")} {
		if _, err := scrub.New(scrub.WithPolicy(path)); err == nil || strings.Count(err.Error(), path) != 1 {
			t.Errorf("got %v, want an error that names %s", err, path)
		}
	}
}

// A policy with nothing in it is that of all defaults, however it is written.
func TestPolicyOfNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "# all of it later\n", "---\n", "\ufeff---\r\n# later\r\n"} {
		if _, err := scrub.New(scrub.WithPolicy(writePolicy(t, text))); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestPolicySaysAllThatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := scrub.New(scrub.WithPolicy(writePolicy(t, "without: [x]\nallow: []\nactions:\n  y: mask\n")))
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("want three errors, got:\n%v", err)
	}
}

func ExampleWithPolicy() {
	dir, err := os.MkdirTemp("", "policy")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "policy.yaml")
	policy := `
without: [health]
allow:
  values: [noreply@example.com]
rules:
  - name: pii.crew
    trigger: CREW-
    pattern: CREW-([0-9]{6})
`
	if err := os.WriteFile(path, []byte(policy), 0o600); err != nil {
		panic(err)
	}
	s, err := scrub.New(scrub.WithPolicy(path))
	if err != nil {
		panic(err)
	}
	fmt.Println(s.String("CREW-123456 wrote to noreply@example.com and lin@example.com"))
	// Output: CREW-[REDACTED:pii.crew] wrote to noreply@example.com and [REDACTED:pii.email]
}
