//go:build unix

package lines

import (
	"os"

	"golang.org/x/sys/unix"
)

// duplicate opens the file once more under another descriptor. Go ends the
// process when a write to descriptor 1 or 2 finds that the reading end of a
// pipe is gone (see package os/signal), so a log shipper that restarts would
// take the service along. A write to another descriptor just fails.
func duplicate(f *os.File) (*os.File, error) {
	fd, err := unix.FcntlInt(f.Fd(), unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}
