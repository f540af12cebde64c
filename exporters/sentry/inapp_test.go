package sentry_test

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/otelkit/otelkit-go/internal/sentrytest"
)

// A binary built with -trimpath has no absolute file names, one without has
// those of the machine that built it. Frames are the same for both.
func TestInAppFramesOfABinary(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds two programs, which takes seconds; -short asks for less")
	}
	for name, flags := range map[string][]string{"trimpath": {"-trimpath"}, "plain": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := sentrytest.New(t)
			bin := filepath.Join(t.TempDir(), "inapp")
			args := append(append([]string{"build"}, flags...), "-o", bin, "./testdata/inapp")
			if out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput(); err != nil {
				t.Fatalf("go build: %v\n%s", err, out)
			}
			if out, err := exec.CommandContext(t.Context(), bin, r.DSN()).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			events := r.Events()
			if len(events) != 1 {
				t.Fatalf("%d events arrived, want 1", len(events))
			}
			type frame struct {
				Name, File string
				InApp      bool
			}
			var got []frame
			for _, f := range events[0].Outermost().Stacktrace.Frames {
				if f.AbsPath != "" {
					t.Errorf("abs_path %q tells about the machine that built the program", f.AbsPath)
				}
				got = append(got, frame{f.Module + "." + f.Function, f.Filename, f.InApp})
			}
			const dir = "exporters/sentry/testdata/inapp/"
			want := []frame{
				{"main.main", dir + "main.go", true},
				{"main.main.func1", dir + "main.go", true},
				{"github.com/otelkit/otelkit-go/exporters/sentry/testdata/inapp/orders.Each", dir + "orders/orders.go", true},
				{"main.main.func1.2", dir + "main.go", true},
				{"net/url.(*URL).Port", "net/url/url.go", false},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("frames (-want +got):\n%s", diff)
			}
		})
	}
}
