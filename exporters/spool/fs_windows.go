package spool

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// onlyFiles is nothing: what is opened is compared with what was seen before.
const onlyFiles = 0

// lockFile takes a lock that ends with the open file, so also with the process.
func lockFile(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errLocked
	}
	return err
}

// unlockFile does nothing: closing the file ends the lock.
func unlockFile(*os.File) {}

// SyncDir does nothing: Windows has no such call.
func (osFS) SyncDir(string) error { return nil }
