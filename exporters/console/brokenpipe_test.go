//go:build unix

package console

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestBrokenPipe runs this binary as a service whose log shipper has gone away.
func TestBrokenPipe(t *testing.T) {
	t.Parallel()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	read.Close()
	defer write.Close()
	var report strings.Builder
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), brokenPipeChild+"=1")
	child.Stdout = write
	child.Stderr = &report
	if err := child.Run(); err != nil {
		t.Errorf("the child was ended: %v", err)
	}
	if got := report.String(); !strings.Contains(got, "dropped 1") {
		t.Errorf("the child says %q, want dropped 1", got)
	}
}
