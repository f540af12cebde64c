package archtest

import (
	"path"
	"strings"
)

// Rule is one row of the layer table. Its patterns are folders from the root
// of the module: "scrub" is that folder alone, "examples/..." the folder and
// all below it, and "*" stands for one path element.
type Rule struct {
	Layer    string   // the folders that the row speaks of
	May      []string // what their files may import of this module
	TestsMay []string // what their test files may import besides, test kits aside
	Why      string
}

// Rules is the layer table, from top to bottom. The first row that matches a
// folder counts. Imports point down only.
var Rules = []Rule{
	{
		Layer: "examples/...",
		May:   []string{"examples/...", "otelkit/...", "exporters/*", "scrub"},
		Why:   "an example shows what a user can write, so it has no access to internal",
	},
	{
		Layer: "otelkit/...",
		May:   []string{"otelkit/...", "exporters/*", "scrub", "internal/..."},
		Why:   "the only layer that knows all parts; it wires them in pipeline.go",
	},
	{
		Layer: "exporters/otlp",
		May:   []string{"exporters/otlp/internal/...", "exporters/spool", "internal/..."},
		Why:   "the OTLP exporter keeps what it cannot send in the spool",
	},
	{
		Layer: "exporters/...",
		May:   []string{"internal/..."},
		Why:   "an exporter is useful without otelkit and without scrub",
	},
	{
		Layer: "scrub/internal/collector",
		May:   []string{"scrub/internal/detect"},
		Why:   "writes down what the rules are",
	},
	{
		Layer: "scrub/internal/*",
		Why:   "what finds a secret knows nothing of what becomes of it",
	},
	{
		Layer: "scrub/...",
		May:   []string{"scrub/...", "internal/..."},
		Why:   "scrub is useful with a bare OpenTelemetry SDK",
	},
	{
		Layer: "internal/exportertest/...",
		May:   []string{"internal/...", "scrub"},
		Why:   "the conformance suite puts each exporter behind the real scrubber",
	},
	{
		Layer: "internal/...",
		May:   []string{"internal/..."},
		Why:   "the bottom: what several layers need and no user sees",
	},
	{
		Layer: "collector-config",
		Why:   "tests of the shipped configurations; they know the Collector only",
	},
}

// testKits are the packages that exist for tests. Test files may import them,
// production may not.
var testKits = []string{"otelkit/otelkittest/...", "internal/*test/...", "internal/golden"}

func ruleFor(rules []Rule, dir string) (Rule, bool) {
	for _, r := range rules {
		if match(r.Layer, dir) {
			return r, true
		}
	}
	return Rule{}, false
}

func (r Rule) mayList() string {
	if len(r.May) == 0 {
		return "nothing of this module"
	}
	return "only " + strings.Join(r.May, ", ")
}

func isTestKit(dir string) bool { return matchAny(testKits, dir) }

func matchAny(patterns []string, dir string) bool {
	for _, p := range patterns {
		if match(p, dir) {
			return true
		}
	}
	return false
}

func match(pattern, dir string) bool {
	base, deep := strings.CutSuffix(pattern, "/...")
	if !deep {
		ok, _ := path.Match(pattern, dir)
		return ok
	}
	// Below "a/b/..." lies every folder whose first two elements match "a/b".
	depth := strings.Count(base, "/") + 1
	elements := strings.Split(dir, "/")
	if len(elements) < depth {
		return false
	}
	ok, _ := path.Match(base, strings.Join(elements[:depth], "/"))
	return ok
}

// Markdown returns the layer table as CONTRIBUTING.md shows it.
func Markdown(rules []Rule) string {
	var b strings.Builder
	b.WriteString("| folder | may import | because |\n|---|---|---|\n")
	for _, r := range rules {
		may := "nothing of this module"
		if len(r.May) > 0 {
			may = "`" + strings.Join(r.May, "` `") + "`"
		}
		if len(r.TestsMay) > 0 {
			may += "; its tests also `" + strings.Join(r.TestsMay, "` `") + "`"
		}
		b.WriteString("| `" + r.Layer + "` | " + may + " | " + r.Why + " |\n")
	}
	return b.String()
}
