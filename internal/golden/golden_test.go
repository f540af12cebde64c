package golden_test

import (
	"os"
	"testing"

	"github.com/otelkit/otelkit-go/internal/golden"
)

// outcome stands in for the test under which Equal runs. Its Fatalf panics
// with itself, since it may not end the goroutine of the real test.
type outcome struct {
	testing.TB
	failed bool
}

func (o *outcome) Helper()               {}
func (o *outcome) Errorf(string, ...any) { o.failed = true }
func (o *outcome) Fatalf(string, ...any) { o.failed = true; panic(o) }

func fails(name, got string) (failed bool) {
	o := new(outcome)
	defer func() {
		_ = recover()
		failed = o.failed
	}()
	golden.Equal(o, name, []byte(got))
	return
}

func TestEqual(t *testing.T) {
	t.Setenv("UPDATE_GOLDEN", "")
	t.Chdir(t.TempDir())
	if !fails("a/b.txt", "text") {
		t.Error("a missing file was accepted")
	}
	if _, err := os.Stat("testdata"); err == nil {
		t.Error("a missing file was written without being asked")
	}
	t.Setenv("UPDATE_GOLDEN", "1")
	if fails("a/b.txt", "text") {
		t.Error("updating failed")
	}
	t.Setenv("UPDATE_GOLDEN", "")
	if fails("a/b.txt", "text") {
		t.Error("the same text differs")
	}
	if !fails("a/b.txt", "texts") {
		t.Error("another text is equal")
	}
}
