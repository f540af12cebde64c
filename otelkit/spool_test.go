package otelkit

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
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

func TestSpoolDirOfOthers(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no modes of directories")
	}
	for mode, want := range map[os.FileMode]string{
		0o700: "", 0o755: "", 0o775: "", 0o777 | os.ModeSticky: "",
		0o777: "OTELKIT_SPOOL_DIR or WithSpoolDir: every user may remove",
	} {
		t.Run(mode.String(), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.Chmod(dir, mode); err != nil {
				t.Fatal(err)
			}
			said := spooling(t, dir)
			if got := strings.Contains(said, "may remove what is in "+dir); got != (want != "") || !strings.Contains(said, want) {
				t.Errorf("said %q, want %q", said, want)
			}
		})
	}
	t.Run("owner", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		if err := os.Chown(dir, 4711, -1); err != nil {
			t.Skipf("only the superuser can give a directory away: %v", err)
		}
		if said := spooling(t, dir); !strings.Contains(said, "belongs to another user") {
			t.Errorf("said %q", said)
		}
	})
}

// spooling returns what a kit with a spool in dir says.
func spooling(t *testing.T, dir string) string {
	t.Helper()
	var said bytes.Buffer
	k, err := Init(t.Context(), WithoutGlobals(), WithDiagnostics(&said), WithEndpoint("http://127.0.0.1:1"), WithSpoolDir(dir))
	if err != nil {
		t.Fatal(err)
	}
	_ = k.Shutdown(t.Context())
	return said.String()
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
