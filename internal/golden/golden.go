// Package golden compares what a test produced with a file that a person has
// reviewed.
//
// The files are testdata/NAME beside the test. Running the tests with
// UPDATE_GOLDEN=1 in the environment rewrites them instead of comparing; a
// flag would break go test ./... in packages that do not know it.
package golden

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Equal fails the test if got differs from the file testdata/name, and shows
// the difference. The name says its extension and may hold slashes. Equal is
// safe for concurrent use as long as names differ.
func Equal(tb testing.TB, name string, got []byte) {
	tb.Helper()
	file := filepath.Join("testdata", filepath.FromSlash(name))
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		update(tb, file, got)
		return
	}
	want, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		tb.Fatalf("golden: %s is missing; UPDATE_GOLDEN=1 writes it", file)
	}
	if err != nil {
		tb.Fatalf("golden: %v", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		tb.Errorf("golden: %s differs (-want +got); UPDATE_GOLDEN=1 accepts it:\n%s", file, diff)
	}
}

func update(tb testing.TB, file string, got []byte) {
	tb.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		tb.Fatalf("golden: %v", err)
	}
	if err := os.WriteFile(file, got, 0o644); err != nil {
		tb.Fatalf("golden: %v", err)
	}
}
