package otelkit

import (
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/otelkit/otelkit-go/exporters/otlp"
)

func TestSpoolSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"1048576": 1 << 20, "1024KiB": 1 << 20, "64 MiB": 64 << 20, "2GiB": 2 << 30,
		"": 0, "64M": 0, "1.5GiB": 0, "-64MiB": 0, "1023KiB": 0, "9007199254740992KiB": 0,
	} {
		var s spoolSettings
		err := s.parseSize(text)
		if s.size != want || (err == nil) != (want > 0) {
			t.Errorf("%q is %d bytes, %v; want %d", text, s.size, err, want)
		}
	}
}

// TestSpoolStaysInBounds logs more than the spool may hold while nobody listens.
func TestSpoolStaysInBounds(t *testing.T) {
	t.Parallel()
	const bound = 1 << 20
	dir := t.TempDir()
	k, err := Init(t.Context(),
		WithoutGlobals(), WithDiagnostics(io.Discard), WithEndpoint("http://127.0.0.1:1"),
		WithSpoolDir(dir), WithSpoolMaxSize(bound), WithSpoolSync("never"))
	if err != nil {
		t.Fatal(err)
	}
	page := strings.Repeat("page ", 2000)
	for range 400 {
		k.Logger("shop").Info("page_rendered", "page", page)
	}
	k.Logger("shop").Error("charge_failed")
	if err := k.Shutdown(t.Context()); err == nil || !strings.Contains(err.Error(), "kept in the spool") {
		t.Errorf("Shutdown: %v, want one that says where the records are", err)
	}
	b := k.Health().OTLP.Logs
	if b.Accepted != 401 || b.Pending == 0 || b.Dropped[otlp.DropQueueFull] == 0 ||
		b.Accepted != b.Delivered+b.Pending+b.Lost() {
		t.Errorf("books: %+v, want 401 of which some are pending and some dropped", b)
	}
	if size := sizeOf(t, dir); size == 0 || size > bound {
		t.Errorf("the spool has %d bytes, want at most %d", size, bound)
	}
}

func sizeOf(t *testing.T, dir string) (size int64) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		size += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}
