package spool

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
)

var errDead = errors.New("the process is dead")

// faultFS is a file system in memory that knows what a process wrote, what of it
// is on the medium, and how to fail.
type faultFS struct {
	mu    sync.Mutex
	rnd   *rand.Rand
	dirs  map[string]bool   // whether its name is on the medium
	files map[string]*inode // by path
	named map[string]*inode // the names that are on the medium
	locks map[string]bool

	// Faults. A step is one call.
	steps     int
	dieAt     int // the process dies in this step, half done; 0 never
	readOnly  bool
	noSpace   bool // writes store a part and fail
	truncates bool // truncating fails too
	badReads  bool
	badSyncs  bool
	badInode  *inode // cannot be read

	syncs       int  // of files
	failedSyncs bool // one failed, in a process that lived on
}

type inode struct {
	data    []byte
	durable []byte // as of the last fsync
}

func newFaultFS(rnd *rand.Rand) *faultFS {
	return &faultFS{rnd: rnd, dirs: map[string]bool{}, files: map[string]*inode{}, named: map[string]*inode{}, locks: map[string]bool{}}
}

// step is the start of every call. It says whether the process dies in this one.
func (m *faultFS) step() (dying bool, err error) {
	m.steps++
	if m.dieAt == 0 || m.steps < m.dieAt {
		return false, nil
	}
	if m.steps == m.dieAt {
		return true, errDead
	}
	return false, errDead
}

func (m *faultFS) dead() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dieAt != 0 && m.steps >= m.dieAt
}

// change is a step that changes the directory: if the process dies in it, it
// happens or it does not.
func (m *faultFS) change() error {
	dying, err := m.step()
	switch {
	case dying && m.rnd.IntN(2) == 0:
		return nil
	case err != nil:
		return err
	case m.readOnly:
		return syscall.EROFS
	}
	return nil
}

// reboot ends the process, and with power the machine too: what was not forced
// to the medium is there, half there, or not.
func (m *faultFS) reboot(power bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.locks = map[string]bool{}
	m.dieAt, m.steps = 0, 0
	m.readOnly, m.noSpace, m.truncates, m.badReads, m.badSyncs = false, false, false, false, false
	if !power {
		return
	}
	after := map[string]*inode{}
	for _, path := range slices.Sorted(maps.Keys(m.named)) {
		n := m.named[path]
		now := m.pathOf(n)
		if durable, there := m.dirs[filepath.Dir(now)]; there && !durable {
			now = "" // a name in a directory that is lost
			if m.pathOf(n) != "" {
				now = path
			}
		}
		switch {
		case now == path || m.rnd.IntN(2) == 0: // also: back from the dead, or renamed back
			after[path] = n
		case now != "":
			after[now] = n
		}
	}
	for _, path := range slices.Sorted(maps.Keys(m.files)) {
		n := m.files[path]
		if !slices.Contains(slices.Collect(maps.Values(m.named)), n) && m.rnd.IntN(2) == 0 {
			after[path] = n
		}
	}
	m.files = map[string]*inode{}
	for path, n := range after {
		dir := filepath.Dir(path)
		if durable, there := m.dirs[dir]; there && !durable {
			continue
		}
		m.dirs[dir] = true
		m.files[path] = n
	}
	for dir, durable := range m.dirs {
		if !durable {
			delete(m.dirs, dir)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(m.files)) {
		m.files[path].loseCache(m.rnd)
	}
	m.named = maps.Clone(m.files)
}

func (m *faultFS) pathOf(n *inode) string {
	for path, x := range m.files {
		if x == n {
			return path
		}
	}
	return ""
}

// loseCache goes back to what is on the medium, with some of the rest: pages
// written back in any order, or a length without its bytes.
func (n *inode) loseCache(rnd *rand.Rand) {
	const page = 64
	was := n.data
	n.data = slices.Clone(n.durable)
	if len(was) > len(n.data) && rnd.IntN(2) == 0 {
		n.data = append(n.data, make([]byte, rnd.IntN(len(was)-len(n.data)+1))...)
	}
	for off := 0; off < min(len(was), len(n.data)); off += page {
		if rnd.IntN(2) == 0 {
			end := min(off+page, len(was), len(n.data))
			copy(n.data[off:end], was[off:end])
		}
	}
	n.durable = slices.Clone(n.data)
}

func (m *faultFS) MkdirAll(dir string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.change(); err != nil {
		return err
	}
	for ; dir != "." && dir != "/"; dir = filepath.Dir(dir) {
		if _, ok := m.dirs[dir]; !ok {
			// The base is taken to be there for ever; a home is not.
			m.dirs[dir] = !strings.HasPrefix(filepath.Base(dir), "p-")
		}
	}
	return nil
}

func (m *faultFS) Create(name string) (file, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.change(); err != nil {
		return nil, err
	}
	if _, ok := m.dirs[filepath.Dir(name)]; !ok {
		return nil, fs.ErrNotExist
	}
	if m.files[name] != nil {
		return nil, fs.ErrExist
	}
	if m.noSpace && m.rnd.IntN(2) == 0 {
		return nil, syscall.ENOSPC
	}
	n := &inode{}
	m.files[name] = n
	return &faultFile{fs: m, inode: n}, nil
}

func (m *faultFS) Open(name string) (file, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.step(); err != nil {
		return nil, err
	}
	n := m.files[name]
	if n == nil {
		return nil, fs.ErrNotExist
	}
	if m.badReads && m.rnd.IntN(2) == 0 {
		return nil, syscall.EMFILE
	}
	return &faultFile{fs: m, inode: n}, nil
}

func (m *faultFS) ReadDir(dir string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.step(); err != nil {
		return nil, err
	}
	var names []string
	for path := range m.files {
		if filepath.Dir(path) == dir {
			names = append(names, filepath.Base(path))
		}
	}
	for path := range m.dirs {
		if filepath.Dir(path) == dir {
			names = append(names, filepath.Base(path))
		}
	}
	slices.Sort(names)
	return names, nil
}

func (m *faultFS) Rename(from, to string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.change(); err != nil {
		return err
	}
	n := m.files[from]
	if n == nil {
		return fs.ErrNotExist
	}
	delete(m.files, from)
	m.files[to] = n
	return nil
}

func (m *faultFS) Remove(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.change(); err != nil {
		return err
	}
	if m.files[name] != nil {
		delete(m.files, name)
		return nil
	}
	for path := range m.files {
		if filepath.Dir(path) == name {
			return syscall.ENOTEMPTY
		}
	}
	delete(m.dirs, name)
	return nil
}

func (m *faultFS) SyncDir(dir string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.change(); err != nil {
		return err
	}
	if m.badSyncs {
		return syscall.EIO
	}
	// A name elsewhere of a file that is here now is history.
	here := map[*inode]bool{}
	for path, n := range m.files {
		here[n] = here[n] || filepath.Dir(path) == dir
	}
	for path, n := range m.named {
		if filepath.Dir(path) == dir || here[n] {
			delete(m.named, path)
		}
	}
	for path, n := range m.files {
		if filepath.Dir(path) == dir {
			m.named[path] = n
		}
	}
	for path := range m.dirs {
		if filepath.Dir(path) == dir {
			m.dirs[path] = true
		}
	}
	return nil
}

func (m *faultFS) Lock(name string) (file, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.change(); err != nil {
		return nil, err
	}
	if _, ok := m.dirs[filepath.Dir(name)]; !ok {
		return nil, fs.ErrNotExist
	}
	if m.locks[name] {
		return nil, errLocked
	}
	m.locks[name] = true
	if m.files[name] == nil {
		m.files[name] = &inode{}
	}
	return &faultLock{&faultFile{fs: m, inode: m.files[name]}, name}, nil
}

func (m *faultFS) Is(name string, f file) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, err := m.step(); err != nil {
		return false, err
	}
	there := m.files[name]
	switch f := f.(type) {
	case *faultFile:
		return there == f.inode, nil
	case *faultLock:
		return there == f.inode, nil
	}
	return there != nil, nil
}

type faultLock struct {
	*faultFile

	name string
}

func (l *faultLock) Close() error {
	l.fs.mu.Lock()
	defer l.fs.mu.Unlock()
	if _, err := l.fs.step(); err == nil {
		delete(l.fs.locks, l.name)
	}
	return nil
}

type faultFile struct {
	fs     *faultFS
	inode  *inode
	closed bool
}

func (f *faultFile) ReadAt(b []byte, off int64) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if _, err := f.fs.step(); err != nil {
		return 0, err
	}
	switch {
	case f.closed:
		return 0, fs.ErrClosed
	case f.fs.badReads && f.fs.rnd.IntN(2) == 0, f.inode == f.fs.badInode:
		return 0, syscall.EIO
	case off >= int64(len(f.inode.data)):
		return 0, io.EOF
	}
	n := copy(b, f.inode.data[off:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *faultFile) WriteAt(b []byte, off int64) (int, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	dying, err := f.fs.step()
	n := len(b)
	switch {
	case dying:
		n = f.fs.rnd.IntN(len(b) + 1)
	case err != nil:
		return 0, err
	case f.closed:
		return 0, fs.ErrClosed
	case f.fs.readOnly:
		return 0, syscall.EROFS
	case f.fs.noSpace:
		n, err = f.fs.rnd.IntN(len(b)+1), syscall.ENOSPC
	}
	if end := int(off) + n; end > len(f.inode.data) {
		f.inode.data = append(f.inode.data, make([]byte, end-len(f.inode.data))...)
	}
	return copy(f.inode.data[off:], b[:n]), err
}

func (f *faultFile) Truncate(size int64) error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if err := f.fs.change(); err != nil {
		return err
	}
	if f.fs.truncates {
		return syscall.EIO
	}
	f.inode.data = f.inode.data[:size:size]
	return nil
}

func (f *faultFile) Sync() error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	err := f.fs.change()
	if f.fs.badSyncs && err == nil {
		err = syscall.EIO
	}
	if err != nil {
		f.fs.failedSyncs = f.fs.failedSyncs || !errors.Is(err, errDead)
		return err
	}
	f.fs.syncs++
	f.inode.durable = slices.Clone(f.inode.data)
	return nil
}

func (f *faultFile) Size() (int64, error) {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	if _, err := f.fs.step(); err != nil {
		return 0, err
	}
	return int64(len(f.inode.data)), nil
}

func (f *faultFile) Close() error {
	f.fs.mu.Lock()
	defer f.fs.mu.Unlock()
	f.closed = true
	return nil
}
