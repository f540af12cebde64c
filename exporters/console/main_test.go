package console

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// brokenPipeChild is the variable that makes the test binary the child of
// TestBrokenPipe.
const brokenPipeChild = "CONSOLE_BROKEN_PIPE_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(brokenPipeChild) != "" {
		writeIntoBrokenPipe()
		return
	}
	goleak.VerifyTestMain(m)
}

// writeIntoBrokenPipe is the child.
func writeIntoBrokenPipe() {
	e, err := New(WithFormat(JSON))
	if err != nil {
		panic(err)
	}
	e.write(&entry{event: "unheard"})
	fmt.Fprintln(os.Stderr, "dropped", e.Dropped())
	_ = e.Shutdown(context.Background())
}
