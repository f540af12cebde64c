package spool

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func openTest(t *testing.T, dir string, opts ...Option) Queue {
	t.Helper()
	q, err := Open(dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { q.Close() })
	return q
}

// still is a queue on the real file system whose keepers do not run: the test
// calls them, and moves its clock.
func still(t *testing.T, dir string, opts ...Option) (*diskQueue, *time.Time) {
	t.Helper()
	clock := time.Unix(2e9, 0)
	c, err := newConfig(dir, append(opts, optionFunc(func(c *config) { c.now = func() time.Time { return clock } })))
	if err != nil {
		t.Fatal(err)
	}
	q := newDisk(dir, c)
	t.Cleanup(func() { q.Close() })
	return q, &clock
}

func TestDisk(t *testing.T) {
	t.Parallel()
	for _, policy := range []Sync{SyncInterval, SyncNever, SyncAlways} {
		t.Run(policy.String(), func(t *testing.T) {
			t.Parallel()
			exercise(t, func(t *testing.T, items, size int, onDrop func(byte, int, string)) Queue {
				return openTest(t, t.TempDir(), WithSync(policy), WithMaxBytes(int64(items)*int64(size+headerSize)), WithOnDrop(onDrop))
			})
		})
	}
}

func TestRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := openTest(t, dir)
	mustPut(t, first, item('l', Normal, 1, "a"), item('e', Important, 2, "b"), item('l', Normal, 3, "c"), item('l', Normal, 4, "d"))
	mustTake(t, first).Done()
	leased := mustTake(t, first)
	returned := mustTake(t, first)
	returned.Return()
	first.Close()
	leased.Done() // too late: it is sent again
	if diff := cmp.Diff(map[byte]int64{'l': 7}, first.Pending()); diff != "" {
		t.Errorf("pending after Close (-want +got):\n%s", diff)
	}

	adopted := make(chan int, 10)
	second := openTest(t, dir, WithOnAdopt(func(_ byte, n int) { adopted <- n }))
	var got []string
	for range 3 {
		l := mustTake(t, second) // waits for the adoption
		got = append(got, string(l.Payload))
		l.Done()
	}
	// The files are adopted one by one, so the classes may come apart.
	if slices.Sort(got); !slices.Equal(got, []string{"b", "c", "d"}) {
		t.Errorf("took %q, want b, c and d", got)
	}
	if n := <-adopted + <-adopted; n != 9 {
		t.Errorf("adopted %d records, want 9", n)
	}
	second.Close()
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left in the directory: %v", left)
	}
}

func TestProcessesDoNotTouchEachOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, _ := still(t, dir)
	b, _ := still(t, dir)
	mustPut(t, a, item('a', Normal, 1, "a"))
	mustPut(t, b, item('b', Normal, 1, "b"))
	a.adopt()
	b.adopt()
	if diff := cmp.Diff([]map[byte]int64{{'a': 1}, {'b': 1}}, []map[byte]int64{a.Pending(), b.Pending()}); diff != "" {
		t.Fatalf("while both live (-want +got):\n%s", diff)
	}
	a.Close()
	b.adopt()
	if diff := cmp.Diff(map[byte]int64{'a': 1, 'b': 1}, b.Pending()); diff != "" {
		t.Errorf("after one is gone (-want +got):\n%s", diff)
	}
	homes, _ := os.ReadDir(dir)
	if len(homes) != 1 {
		t.Errorf("sub-directories %v, want one", homes)
	}
}

func TestAdoptionKeepsTheBound(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, _ := still(t, dir)
	payload := string(make([]byte, 1000))
	for range 50 {
		mustPut(t, a, item('l', Normal, 1, payload))
	}
	a.Close()
	var drops dropLog
	b, _ := still(t, dir, WithMaxBytes(20_000), WithOnDrop(drops.add))
	b.adopt()
	if _, bytes := b.Len(); bytes > 20_000 {
		t.Errorf("%d bytes after the adoption", bytes)
	}
	if got := int(b.Pending()['l']) + drops.get()["l "+ReasonFull]; got != 50 {
		t.Errorf("pending and dropped are %d, want 50", got)
	}
}

func TestForeignFilesStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"notes.txt", "p-1-dead/notes.txt", "p-1-dead/x.seg", "other/y.seg"} {
		path := filepath.Join(dir, name)
		os.MkdirAll(filepath.Dir(path), 0o700)
		if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	q, _ := still(t, dir)
	q.adopt()
	q.Close()
	for _, name := range []string{"notes.txt", "p-1-dead/notes.txt", "p-1-dead/x.seg", "other/y.seg"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits: access is that of the parent directory")
	}
	dir := filepath.Join(t.TempDir(), "deep", "spool")
	q, _ := still(t, dir)
	mustPut(t, q, item('l', Normal, 1, "x"), item('l', Important, 1, "y"))
	files := 0
	filepath.WalkDir(filepath.Dir(dir), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			t.Error(err)
			return nil
		}
		info, _ := d.Info()
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		} else {
			files++
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s: mode %o, want %o", path, info.Mode().Perm(), want)
		}
		return nil
	})
	if files != 3 { // two classes and the lock
		t.Errorf("%d files, want 3", files)
	}
}

func TestUnusableDirectory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var told []error
	var drops dropLog
	q, clock := still(t, dir, WithOnError(func(err error) { told = append(told, err) }), WithOnDrop(drops.add),
		WithMemory(3*(4+overhead)))
	for _, p := range []string{"0000", "1111", "2222", "3333"} {
		mustPut(t, q, item('l', Normal, 1, p))
		*clock = clock.Add(2 * time.Second) // each Put tries again
	}
	if len(told) != 1 || told[0] == nil || !strings.Contains(told[0].Error(), dir) {
		t.Errorf("told %v, want one error that names the directory", told)
	}
	if diff := cmp.Diff(map[string]int{"l " + ReasonFull: 1}, drops.get()); diff != "" {
		t.Errorf("drops (-want +got):\n%s", diff)
	}

	// The directory comes back: what is in memory moves there, what is out stays.
	leased := mustTake(t, q)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	q.look()
	if q.shelf.items != 1 || q.items != 2 {
		t.Errorf("%d items in memory and %d on disk, want 1 and 2", q.shelf.items, q.items)
	}
	if len(told) != 2 || told[1] != nil {
		t.Errorf("told %v, want an error and nil", told)
	}
	leased.Return()
	if diff := cmp.Diff([]string{"1111", "2222", "3333"}, drain(t, q)); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

// A write that failed half-way leaves nothing behind.
func TestShortWrite(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) { // each writes another part of the record
		m := newFaultFS(rand.New(rand.NewPCG(seed, 1)))
		q, clock := still(t, "spool", optionFunc(func(c *config) { c.fs = m }))
		mustPut(t, q, item('l', Normal, 1, "before"))
		m.noSpace = true
		mustPut(t, q, item('l', Normal, 2, "the long one that fails"))
		m.noSpace = false
		*clock = clock.Add(2 * retryAfter)
		mustPut(t, q, item('l', Normal, 4, ""))
		if q.items != 2 || q.shelf.items != 1 {
			t.Fatalf("%d items on disk, %d in memory", q.items, q.shelf.items)
		}
		m.reboot(false) // a kill: what was in memory is gone

		var drops dropLog
		next, _ := still(t, "spool", WithOnDrop(drops.add), optionFunc(func(c *config) { c.fs = m }))
		next.adopt()
		if diff := cmp.Diff([]string{"before", ""}, drain(t, next)); diff != "" {
			t.Errorf("seed %d: after the kill (-want +got):\n%s", seed, diff)
		}
		if drops.total() != 0 {
			t.Errorf("seed %d: drops %v, want none", seed, drops.get())
		}
	}
}

func TestCloseTriesOnceMore(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(dir, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	var drops dropLog
	q, _ := still(t, dir, WithOnDrop(drops.add))
	mustPut(t, q, item('l', Normal, 1, "in memory"))
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	q.Close()
	next, _ := still(t, dir)
	next.adopt()
	if got := drain(t, next); !slices.Equal(got, []string{"in memory"}) || drops.total() != 0 {
		t.Errorf("the next process found %q, drops %v", got, drops.get())
	}
}

func TestDirectoryRemoved(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "spool")
	var drops dropLog
	q, clock := still(t, dir, WithOnDrop(drops.add),
		optionFunc(func(c *config) { c.segmentBytes, c.recentBytes = 100, 0 }))
	payload := string(make([]byte, 60)) // one item a file
	mustPut(t, q, item('l', Normal, 1, payload), item('l', Normal, 2, payload))
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	mustPut(t, q, item('l', Normal, 4, payload)) // the failure sends it to memory
	*clock = clock.Add(2 * time.Second)
	mustPut(t, q, item('l', Normal, 8, payload)) // and this one makes a new home
	if q.items != 3 || q.shelf.items != 1 {
		t.Errorf("%d items on disk, %d in memory", q.items, q.shelf.items)
	}
	records := 0
	for range q.items + q.shelf.items {
		q.lock()
		l := q.next()
		q.unlock()
		if l != nil {
			records += l.Records
			l.Done()
		}
	}
	lost := drops.get()["l "+ReasonUnreadable]
	if records+lost != 15 || records < 12 || len(q.Pending()) != 0 {
		t.Errorf("%d records came, %d were reported, pending %v; want 15, at least the last two", records, lost, q.Pending())
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	m := newFaultFS(rand.New(rand.NewPCG(1, 1)))
	var drops dropLog
	q, clock := still(t, "spool", WithOnDrop(drops.add), optionFunc(func(c *config) {
		c.fs, c.segmentBytes, c.recentBytes = m, 50, 0
	}))
	mustPut(t, q, item('l', Normal, 1, "one item a file"), item('l', Normal, 2, "one item a file"))
	// The first file fails for good; the second is not held up by it.
	first := m.files[q.path(q.segments[Normal][0])]
	m.badInode = first
	l := mustTake(t, q)
	if l.Records != 2 {
		t.Fatalf("took %d records, want 2 from the file that can be read", l.Records)
	}
	l.Done()
	for range maxTries {
		*clock = clock.Add(2 * retryAfter)
		q.lock()
		if q.next() != nil {
			t.Error("took something from a file that cannot be read")
		}
		q.unlock()
	}
	if diff := cmp.Diff(map[string]int{"l " + ReasonUnreadable: 1}, drops.get()); diff != "" {
		t.Errorf("drops (-want +got):\n%s", diff)
	}
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	var drops dropLog
	q, clock := still(t, t.TempDir(), WithMaxAge(time.Hour), WithOnDrop(drops.add))
	mustPut(t, q, item('l', Normal, 1, "old"))
	*clock = clock.Add(50 * time.Minute)
	mustPut(t, q, item('l', Normal, 2, "young"))
	*clock = clock.Add(20 * time.Minute)
	q.look() // the file is young: it stays
	if got := drain(t, q); !slices.Equal(got, []string{"young"}) {
		t.Errorf("took %q, want only the young one", got)
	}
	mustPut(t, q, item('l', Normal, 4, "left alone"))
	*clock = clock.Add(61 * time.Minute)
	q.look() // nobody takes, but age is age
	if diff := cmp.Diff(map[string]int{"l " + ReasonExpired: 5}, drops.get()); diff != "" {
		t.Errorf("drops (-want +got):\n%s", diff)
	}
	if n, bytes := q.Len(); n != 0 || bytes != 0 {
		t.Errorf("left %d items, %d bytes", n, bytes)
	}
}

// What one process counted as dropped, the next one does not find again.
func TestDroppedOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var drops dropLog
	q, clock := still(t, dir, WithMaxAge(time.Hour), WithOnDrop(drops.add))
	mustPut(t, q, item('l', Normal, 1, "old"))
	*clock = clock.Add(50 * time.Minute)
	mustPut(t, q, item('l', Normal, 2, "young"))
	*clock = clock.Add(20 * time.Minute)
	mustTake(t, q).Return()
	q.Close()

	adopted := 0
	next, later := still(t, dir, WithMaxAge(time.Hour), WithOnDrop(drops.add), WithOnAdopt(func(_ byte, n int) { adopted += n }))
	*later = *clock
	next.adopt()
	if got := drain(t, next); !slices.Equal(got, []string{"young"}) || adopted != 2 {
		t.Errorf("took %q of %d adopted records, want the young one of 2", got, adopted)
	}
	if diff := cmp.Diff(map[string]int{"l " + ReasonExpired: 1}, drops.get()); diff != "" {
		t.Errorf("drops (-want +got):\n%s", diff)
	}
}

// TestSyncs counts what is forced to the medium.
func TestSyncs(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		policy Sync
		want   int
	}{{SyncNever, 0}, {SyncInterval, 1}, {SyncAlways, 3}} {
		m := newFaultFS(rand.New(rand.NewPCG(1, 1)))
		q, _ := still(t, "spool", WithSync(test.policy), optionFunc(func(c *config) { c.fs = m }))
		mustPut(t, q, item('l', Normal, 1, "a"))
		mustTake(t, q).Done()
		if before := m.syncs; test.policy == SyncInterval {
			q.syncAll()
			if m.syncs != before {
				t.Error("interval: an fsync for what is all done")
			}
		}
		mustPut(t, q, item('l', Normal, 1, "b"), item('l', Normal, 1, "c"))
		q.syncAll()
		q.syncAll()
		if m.syncs != test.want {
			t.Errorf("%s: %d fsyncs, want %d", test.policy, m.syncs, test.want)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		dir  string
		opt  Option
		want string
	}{
		{"", nil, "no directory"},
		{"d", WithMaxBytes(0), "maximal size 0"},
		{"d", WithMaxAge(-time.Second), "maximal age -1s"},
		{"d", WithMemory(-1), "memory bound -1"},
		{"d", WithSync(9), "sync policy Sync(9)"},
		{"d", WithSyncInterval(0), "sync interval 0s"},
	} {
		q, err := Open(test.dir, test.opt)
		if err == nil || !strings.Contains(err.Error(), test.want) || q != nil {
			t.Errorf("Open: %v, %v; want an error with %q", q, err, test.want)
		}
	}
	for _, s := range []Sync{SyncInterval, SyncNever, SyncAlways} {
		if got, err := ParseSync(s.String()); err != nil || got != s {
			t.Errorf("ParseSync(%q) = %v, %v", s, got, err)
		}
	}
	if _, err := ParseSync("sometimes"); err == nil || !strings.Contains(err.Error(), "sometimes") {
		t.Errorf("ParseSync: %v, want an error that says the value", err)
	}
}

func TestLockIsOnTheFileThatIsSeen(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "lock")
	held, err := osFS{}.Lock(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (osFS{}).Lock(name); !errors.Is(err, errLocked) {
		t.Errorf("second lock: %v, want errLocked", err)
	}
	held.Close()
	again, err := osFS{}.Lock(name)
	if err != nil {
		t.Fatalf("after release: %v", err)
	}
	again.Close()
}
