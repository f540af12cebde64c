package main

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain is also the program: the test starts this binary as each service.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-run" {
		main()
		return
	}
	// The race detector has each process sleep a second before it ends.
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
	goleak.VerifyTestMain(m)
}
