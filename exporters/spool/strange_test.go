package spool

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// leftover writes a file as a dead process may have left it.
func leftover(t *testing.T, home string, born uint64, items ...Item) string {
	t.Helper()
	s := &segment{born: born, salt: 7}
	s.setName()
	if err := os.MkdirAll(home, 0o700); err != nil {
		t.Fatal(err)
	}
	var b []byte
	for i, it := range items {
		b = appendRecord(b, s.salt, born+uint64(i), it)
	}
	path := filepath.Join(home, s.name)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestStrangeLeftovers puts one thing that is no readable file before the
// leftovers of a dead process: the others are adopted all the same, the thing
// stays, and is told once.
func TestStrangeLeftovers(t *testing.T) {
	t.Parallel()
	for name, strange := range map[string]func(path, elsewhere string) error{
		"directory":     func(path, _ string) error { return os.Mkdir(path, 0o700) },
		"link":          func(path, elsewhere string) error { return os.Symlink(elsewhere, path) },
		"dangling link": func(path, elsewhere string) error { return os.Symlink(elsewhere+"x", path) },
		"link to link":  func(path, _ string) error { return os.Symlink(path, path) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "precious")
			if err := os.WriteFile(elsewhere, []byte("precious"), 0o600); err != nil {
				t.Fatal(err)
			}
			home := filepath.Join(dir, "p-1-dead")
			path := leftover(t, home, 5)
			os.Remove(path)
			if err := strange(path, elsewhere); err != nil {
				t.Skipf("this system has no such thing: %v", err)
			}
			leftover(t, home, 6, item('l', Normal, 1, "a"))
			leftover(t, home, 7, item('l', Normal, 1, "b"))

			var told []string
			q, _ := still(t, dir, WithOnWarning(func(err error) { told = append(told, err.Error()) }))
			q.adopt()
			q.adopt()
			if got := drain(t, q); !slices.Equal(got, []string{"a", "b"}) {
				t.Errorf("took %q, want a and b", got)
			}
			if len(told) != 1 || !strings.Contains(told[0], path) {
				t.Errorf("told %q, want one that names %s", told, path)
			}
			if _, err := os.Lstat(path); err != nil {
				t.Error(err)
			}
			if b, err := os.ReadFile(elsewhere); string(b) != "precious" {
				t.Errorf("the file outside the spool holds %q, %v", b, err)
			}
		})
	}
}

// TestStrangeHome has a home that is a link out of the spool.
func TestStrangeHome(t *testing.T) {
	t.Parallel()
	dir, elsewhere := t.TempDir(), t.TempDir()
	path := leftover(t, elsewhere, 5, item('l', Normal, 1, "a"))
	if err := os.Symlink(elsewhere, filepath.Join(dir, "p-1-dead")); err != nil {
		t.Skipf("this system has no links: %v", err)
	}
	q, _ := still(t, dir)
	q.adopt()
	if n, _ := q.Len(); n != 0 {
		t.Errorf("%d items were adopted from elsewhere", n)
	}
	if entries, err := os.ReadDir(elsewhere); len(entries) != 1 {
		t.Errorf("%v, %v, want %s alone", entries, err, path)
	}
}

// TestWrongClock has leftovers of a machine whose clock was wrong: their stamps
// tell no age, so that counts from when they were found.
func TestWrongClock(t *testing.T) {
	t.Parallel()
	year := 365 * 24 * time.Hour
	now := time.Unix(2e9, 0)
	for name, born := range map[string]time.Time{
		"1970": time.Unix(60, 0), "future": now.Add(year), "far future": now.Add(200 * year),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			leftover(t, filepath.Join(dir, "p-1-dead"), uint64(born.UnixNano()), item('l', Normal, 1, "a"))
			leftover(t, filepath.Join(dir, "p-1-dead"), uint64(born.UnixNano())+9, item('l', Normal, 1, "b"))
			var drops dropLog
			q, clock := still(t, dir, WithMaxAge(time.Hour), WithOnDrop(drops.add))
			q.adopt()
			*clock = clock.Add(59 * time.Minute)
			q.look()
			if l := mustTakeOne(t, q); string(l.Payload) != "a" {
				t.Errorf("took %q, want a", l.Payload)
			} else {
				l.Done()
			}
			*clock = clock.Add(2 * time.Minute)
			q.look()
			if n, _ := q.Len(); n != 0 || drops.get()["l "+ReasonExpired] != 1 {
				t.Errorf("after the maximal age: %d items, dropped %v", n, drops.get())
			}
		})
	}
}

// TestClockSetWhileRunning has a process that starts in 1970.
func TestClockSetWhileRunning(t *testing.T) {
	t.Parallel()
	q, clock := still(t, t.TempDir(), WithMaxAge(time.Hour))
	*clock = time.Unix(60, 0)
	mustPut(t, q, item('l', Normal, 1, "a"))
	s := q.active[Normal]
	*clock = time.Unix(2e9, 0)
	s.since = *clock // as the time that has passed is measured, not read off
	q.look()
	if got := drain(t, q); !slices.Equal(got, []string{"a"}) {
		t.Errorf("took %q, want a", got)
	}
}

// mustTakeOne is mustTake for a queue that may be empty.
func mustTakeOne(t *testing.T, q Queue) *Lease {
	t.Helper()
	if n, _ := q.Len(); n == 0 {
		t.Fatal("the queue is empty")
	}
	return mustTake(t, q)
}

// TestOtherVersion has files that a later version wrote: going back to this one
// must not cost what is in them.
func TestOtherVersion(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	home := filepath.Join(dir, "p-1-dead")
	data := map[string][]byte{}
	for born := range uint64(3) {
		path := leftover(t, home, born)
		b := bytes.Repeat([]byte{0xF7, 'o', 'k', 2, 0xA5, 0, 0, 0}, 10*int(born+1))
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		data[path] = b
	}
	leftover(t, home, 9, item('l', Normal, 1, "a"))
	var told []string
	var drops dropLog
	q, _ := still(t, dir, WithOnDrop(drops.add), WithOnWarning(func(err error) { told = append(told, err.Error()) }))
	q.adopt()
	q.adopt()
	if got := drain(t, q); !slices.Equal(got, []string{"a"}) {
		t.Errorf("took %q, want a", got)
	}
	q.Close()
	for path, want := range data {
		if got, err := os.ReadFile(path); !bytes.Equal(got, want) {
			t.Errorf("%s was changed: %q, %v", path, got, err)
		}
	}
	if len(told) != 1 || !strings.Contains(told[0], "3 files") {
		t.Errorf("told %q, want one that counts 3 files", told)
	}
	if n := drops.total(); n > 0 {
		t.Errorf("dropped %v", drops.get())
	}
}
