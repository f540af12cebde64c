//go:build unix

package spool

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// onlyFiles keeps links from being followed and pipes from being waited for.
const onlyFiles = unix.O_NOFOLLOW | unix.O_NONBLOCK

// lockFile takes a lock that ends with the open file, so also with the process.
func lockFile(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return errLocked
	}
	return err
}

// unlockFile gives the lock up although a child process that is just being
// started may hold the file open still: until it runs its own program, it shares
// all files of its parent, and with the file the lock.
func unlockFile(f *os.File) { _ = unix.Flock(int(f.Fd()), unix.LOCK_UN) }

func (osFS) SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
