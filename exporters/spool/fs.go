package spool

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// fileSystem is what a queue needs of one. Tests put faults here.
type fileSystem interface {
	MkdirAll(dir string) error                  // mode 0700
	Create(name string) (file, error)           // mode 0600; fails if it exists
	Open(name string) (file, error)             // for reading and writing
	ReadDir(dir string) ([]string, error)       // names, sorted
	Rename(from, to string) error               // within one file system
	Remove(name string) error                   // a file, or a directory if empty
	SyncDir(dir string) error                   // makes its names durable
	Lock(name string) (release func(), _ error) // creates it; errLocked if held elsewhere
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

var errLocked = errors.New("locked by another process")

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

func (osFS) Open(name string) (file, error) {
	return opened(os.OpenFile(name, os.O_RDWR, 0))
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

func (osFS) Lock(name string) (func(), error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := lockFile(f); err != nil {
		f.Close()
		return nil, err
	}
	// Whoever held the lock before may have removed the file on the way out: then
	// this lock is on a file that nobody else can see.
	mine, err := f.Stat()
	if err == nil {
		var there os.FileInfo
		if there, err = os.Stat(name); err == nil && !os.SameFile(mine, there) {
			err = errLocked
		}
	}
	release := func() {
		unlockFile(f)
		f.Close()
	}
	if err != nil {
		release()
		return nil, err
	}
	return release, nil
}

func random() uint32 {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return binary.LittleEndian.Uint32(b[:])
}
