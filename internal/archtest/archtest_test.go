package archtest

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/otelkit/otelkit-go"

// TestModule holds this module to its layer table.
func TestModule(t *testing.T) {
	t.Parallel()
	violations, err := Check(os.DirFS("../.."), module, Rules)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Error(v)
	}
}

// TestFixtures runs the real table over a small module that breaks it. The
// files end in .go.txt so that neither the go command nor an editor takes them
// for sources.
func TestFixtures(t *testing.T) {
	t.Parallel()
	violations, err := Check(fixture{os.DirFS("testdata/module")}, module, Rules)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, v := range violations {
		got = append(got, strings.ReplaceAll(v.String(), module, "MODULE"))
	}
	want := []string{
		"examples/shop/main.go:4: imports \"MODULE/internal/origin\": examples/... may import only examples/..., otelkit/..., exporters/*, scrub\n\t" + handDown,
		"exporters/console/console.go:3: imports \"MODULE/exporters/spool\": exporters/... may import only internal/...\n\t" + handDown,
		"exporters/otlp/upward.go:4: imports \"MODULE/otelkit\": exporters/otlp may import only exporters/otlp/internal/..., exporters/spool, internal/...\n\t" + handDown,
		"exporters/sentry/sentry.go:4: imports \"MODULE/scrub\": exporters/... may import only internal/...\n\t" + handDown,
		"exporters/sentry/sentry_test.go:4: imports \"MODULE/otelkit\": exporters/... may import only internal/...\n\t" + handDown,
		"internal/origin/origin_windows.go:5: imports \"MODULE/scrub\": internal/... may import only internal/...\n\t" + handDown,
		"otelkit/init.go:4: imports \"testing\": only test files and test kits may import testing packages\n" +
			"\tmove the code into a _test.go file or into a test kit (otelkit/otelkittest/..., internal/*test/..., internal/golden)",
		"otelkit/init.go:7: imports \"MODULE/internal/otlptest\": a service must not link test code\n" +
			"\tuse it in a _test.go file, or move what production needs out of internal/otlptest",
		"util/util.go:1: folder util has no row in the layer table\n" +
			"\tmove the file into a layer that exists; a new layer is a row in internal/archtest/rules.go, with its reason",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("violations (-want +got):\n%s", diff)
	}
}

const handDown = "let the upper layer hand it down as an argument or a small interface, or move what both need into internal/"

func TestMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, dir string
		want         bool
	}{
		{"scrub", "scrub", true},
		{"scrub", "scrub/rules", false},
		{"scrub", "scrubber", false},
		{"scrub/...", "scrub", true},
		{"scrub/...", "scrub/rules/auth", true},
		{"scrub/...", "scrubber", false},
		{"exporters/*", "exporters/otlp", true},
		{"exporters/*", "exporters", false},
		{"exporters/*", "exporters/otlp/wire", false},
		{"internal/*test/...", "internal/otlptest", true},
		{"internal/*test/...", "internal/otlptest/cmd", true},
		{"internal/*test/...", "internal/tests", false},
		{"internal/*test/...", "internal", false},
	}
	for _, tt := range tests {
		if got := match(tt.pattern, tt.dir); got != tt.want {
			t.Errorf("match(%q, %q) = %v, want %v", tt.pattern, tt.dir, got, tt.want)
		}
	}
}

// TestContributing keeps the table that people read equal to the one that is
// enforced.
func TestContributing(t *testing.T) {
	t.Parallel()
	const name, begin, end = "../../CONTRIBUTING.md", "<!-- layers: begin -->\n", "<!-- layers: end -->\n"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), begin)
	table, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s: no layer table between %q and %q", name, begin, end)
	}
	want := Markdown(Rules)
	if table == want {
		return
	}
	if os.Getenv("UPDATE_GOLDEN") != "1" {
		t.Fatalf("%s: the layer table differs from internal/archtest/rules.go; `make golden` rewrites it (-want +got):\n%s", name, cmp.Diff(want, table))
	}
	if err := os.WriteFile(name, []byte(before+begin+want+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
