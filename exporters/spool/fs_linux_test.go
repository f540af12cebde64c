package spool

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// TestReleaseBesideChild gives a lock up while its file is still open elsewhere,
// as it is in a child process between fork and exec.
func TestReleaseBesideChild(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), lockName)
	held, err := osFS{}.Lock(name)
	if err != nil {
		t.Fatal(err)
	}
	child, err := unix.FcntlInt(uintptr(openOn(t, name)), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(child)
	if _, err := (osFS{}).Lock(name); err == nil {
		t.Fatal("a lock that is held was given out again")
	}
	held.Close()
	again, err := osFS{}.Lock(name)
	if err != nil {
		t.Fatalf("the lock is not free: %v", err)
	}
	again.Close()
}

// openOn returns the descriptor with which this process has the file open.
func openOn(t *testing.T, name string) int {
	t.Helper()
	want, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	for fd := range 1024 {
		f, err := os.Stat("/proc/self/fd/" + strconv.Itoa(fd))
		if err == nil && os.SameFile(f, want) {
			return fd
		}
	}
	t.Fatal("the file is not open")
	return -1
}
