package spool

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// removals are what a person may do to a spool in use.
var removals = map[string]func(dir string) error{
	"all of it": os.RemoveAll,
	"the files": func(dir string) error {
		paths, err := filepath.Glob(filepath.Join(dir, "p-*", "*.seg"))
		for _, path := range paths {
			err = os.Remove(path)
		}
		return err
	},
	"moved": func(dir string) error { return os.Rename(dir, dir+".old") },
}

// TestRemovedWhileInUse removes files that a process still writes to: what was in
// them, and what comes later, is in files again when the process ends.
func TestRemovedWhileInUse(t *testing.T) {
	t.Parallel()
	for name, remove := range removals {
		for _, looks := range []int{0, 1, 2} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				dir := filepath.Join(t.TempDir(), "spool")
				var told []error
				q, clock := still(t, dir, WithOnError(func(err error) { told = append(told, err) }))
				mustPut(t, q, item('l', Normal, 1, "a"), item('l', Important, 1, "b"))
				mustTake(t, q).Return() // its file has to keep its place for the lease
				if err := remove(dir); err != nil {
					t.Skipf("this system does not allow it: %v", err)
				}
				for range looks {
					*clock = clock.Add(2 * time.Second)
					q.look()
				}
				mustPut(t, q, item('l', Normal, 1, "c"))
				q.Close()
				if n := q.Pending()['l']; n != 3 {
					t.Errorf("%d records are said to be in files, want 3", n)
				}
				if len(told) < 2 || told[0] == nil || told[len(told)-1] != nil {
					t.Errorf("told %v, want an error and its end", told)
				}
				next, _ := still(t, dir)
				next.adopt()
				got := drain(t, next)
				if slices.Sort(got); !slices.Equal(got, []string{"a", "b", "c"}) {
					t.Errorf("the next process took %q, want a, b and c", got)
				}
			})
		}
	}
}

// TestRemovedForGood leaves no way to write the files again: they are lost, and
// counted.
func TestRemovedForGood(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "spool")
	var drops dropLog
	q, _ := still(t, dir, WithOnDrop(drops.add))
	mustPut(t, q, item('l', Normal, 3, "a"))
	if err := os.RemoveAll(dir); err != nil {
		t.Skipf("this system does not allow it: %v", err)
	}
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	q.Close()
	if n := drops.get()["l "+ReasonUnreadable]; n != 3 || len(q.Pending()) != 0 {
		t.Errorf("dropped %v, pending %v; want 3 dropped", drops.get(), q.Pending())
	}
}

// TestLockRemoved takes the lock of a living process away.
func TestLockRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var told []error
	q, _ := still(t, dir, WithOnWarning(func(err error) { told = append(told, err) }))
	mustPut(t, q, item('l', Normal, 1, "a"))
	if err := os.Remove(filepath.Join(q.home, lockName)); err != nil {
		t.Skipf("this system does not allow it: %v", err)
	}
	q.look()
	other, _ := still(t, dir)
	other.adopt()
	if n, _ := other.Len(); n != 0 {
		t.Errorf("another process took %d items", n)
	}
	if len(told) != 1 {
		t.Errorf("told %v, want one warning", told)
	}
	if got := drain(t, q); !slices.Equal(got, []string{"a"}) {
		t.Errorf("took %q, want a", got)
	}
}
