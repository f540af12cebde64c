package spool

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// fileSystem is what a queue needs of one. Tests put faults here.
type fileSystem interface {
	MkdirAll(dir string) error            // mode 0700
	Create(name string) (file, error)     // mode 0600; fails if it exists
	Open(name string) (file, error)       // for reading and writing; an ordinary file and no link to one
	ReadDir(dir string) ([]string, error) // names, sorted
	Rename(from, to string) error         // within one file system
	Remove(name string) error             // a file, or a directory if empty
	SyncDir(dir string) error             // makes its names durable
	Lock(name string) (file, error)       // creates it; errLocked if held elsewhere; Close gives it up
	Is(name string, f file) (bool, error) // whether f has that name; nil stands for any file
}

// file is an open one. Sync may run beside all other methods.
type file interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	Truncate(size int64) error
	Sync() error
	Size() (int64, error)
}

var (
	errLocked  = errors.New("locked by another process")
	errNotFile = errors.New("not an ordinary file")
	errNotDir  = errors.New("not a directory")
)

// osFS is the real one.
type osFS struct{}

type osFile struct{ *os.File }

func (f osFile) Size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func (osFS) MkdirAll(dir string) error { return os.MkdirAll(dir, 0o700) }

func (osFS) Create(name string) (file, error) {
	return opened(os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600))
}

// Open follows no link, which could lead out of the spool to a file that is then
// cut, and does not wait for the other end of a pipe.
func (osFS) Open(name string) (file, error) {
	there, err := os.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !there.Mode().IsRegular() {
		return nil, errNotFile
	}
	f, err := os.OpenFile(name, os.O_RDWR|onlyFiles, 0)
	if err != nil {
		return nil, err
	}
	if mine, err := f.Stat(); err != nil || !os.SameFile(mine, there) {
		f.Close()
		return nil, errors.Join(err, errNotFile)
	}
	return osFile{f}, nil
}

func opened(f *os.File, err error) (file, error) {
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (osFS) ReadDir(dir string) ([]string, error) {
	list, err := os.ReadDir(dir)
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = e.Name()
	}
	return names, err
}

func (osFS) Rename(from, to string) error { return os.Rename(from, to) }
func (osFS) Remove(name string) error     { return os.Remove(name) }

// osLock is a file under a lock, which Close gives up.
type osLock struct{ osFile }

func (l osLock) Close() error {
	unlockFile(l.File)
	return l.File.Close()
}

func (fsys osFS) Lock(name string) (file, error) {
	if home, err := os.Lstat(filepath.Dir(name)); err != nil {
		return nil, err
	} else if !home.IsDir() {
		return nil, errNotDir
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR|onlyFiles, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		f.Close()
		return nil, err
	}
	l := osLock{osFile{f}}
	// Whoever held the lock before may have removed the file on the way out: then
	// this lock is on a file that nobody else can see.
	seen, err := fsys.Is(name, l)
	if err == nil && !seen {
		err = errLocked
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (osFS) Is(name string, f file) (bool, error) {
	there, err := os.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return false, nil
	}
	open, ok := f.(interface{ Stat() (os.FileInfo, error) })
	if err != nil || !ok {
		return err == nil, err
	}
	mine, err := open.Stat()
	return err == nil && os.SameFile(mine, there), err
}

func random() uint32 {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint32(b[:])
}
