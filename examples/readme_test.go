// Package examples_test holds what is shown of the examples to what they are.
package examples_test

import (
	"os"
	"strings"
	"testing"
)

// The README shows the quickstart word for word. UPDATE_GOLDEN=1 copies it there.
func TestReadmeShowsTheQuickstart(t *testing.T) {
	t.Parallel()
	const begin, end = "<!-- examples/quickstart/main.go -->\n```go\n", "```\n<!-- end -->"
	program, err := os.ReadFile("quickstart/main.go")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(readme), begin)
	shown, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("README.md has no part between %q and %q", begin, end)
	}
	if shown == string(program) {
		return
	}
	if os.Getenv("UPDATE_GOLDEN") == "" {
		t.Fatal("README.md shows another program than examples/quickstart/main.go; `make golden` copies it")
	}
	if err := os.WriteFile("../README.md", []byte(before+begin+string(program)+end+after), 0o644); err != nil { //nolint:gosec // a document
		t.Fatal(err)
	}
}
