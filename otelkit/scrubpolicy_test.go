package otelkit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/otelkit/otelkit-go/scrub"
)

func TestScrubPolicy(t *testing.T) {
	t.Parallel()
	const email, masked = "lin@example.org", "[REDACTED:pii.email]"
	policy := func(t *testing.T, text string) string {
		path := filepath.Join(t.TempDir(), "policy.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	lax := policy(t, "without: [pii]")
	plain, err := scrub.New()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, variable string
		opts           []Option
		want           string
	}{
		{"none", "", nil, masked},
		{"variable", lax, nil, email},
		{"option", "", []Option{WithScrubPolicy(lax)}, email},
		{"option over variable", "/nowhere", []Option{WithScrubPolicy(lax)}, email},
		{"scrubber over both", "/nowhere", []Option{WithScrubPolicy("/nowhere"), WithScrubber(plain)}, masked},
		{"no environment", "/nowhere", []Option{WithoutEnvironment()}, masked},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg, err := newConfig(lookupIn(map[string]string{"OTELKIT_SCRUB_POLICY": tt.variable}), tt.opts)
			if err != nil {
				t.Fatal(err)
			}
			if got := cfg.scrubber.String(email); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
	if _, err := newConfig(lookupIn(nil), []Option{WithScrubPolicy("/nowhere")}); err == nil || !strings.Contains(err.Error(), `WithScrubPolicy("/nowhere")`) {
		t.Errorf("an option that is wrong: %v", err)
	}
	wrong := policy(t, "dry_run: 1\nrulez: []")
	if _, err := newConfig(lookupIn(map[string]string{"OTELKIT_SCRUB_POLICY": wrong}), nil); err == nil || !strings.Contains(err.Error(), wrong+":2: rulez: unknown field") {
		t.Errorf("a policy that is wrong: %v", err)
	}
}
