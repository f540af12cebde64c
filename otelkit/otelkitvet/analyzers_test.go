package otelkitvet_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/otelkit/otelkit-go/otelkit/otelkitvet"
)

func TestAnalyzers(t *testing.T) {
	t.Parallel()
	if err := analysis.Validate(otelkitvet.Analyzers()); err != nil {
		t.Fatal(err)
	}
	for _, a := range otelkitvet.Analyzers() {
		t.Run(a.Name, func(t *testing.T) {
			t.Parallel()
			analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), a, a.Name)
		})
	}
}

// Our own examples show how it is done.
func TestExamplesAreClean(t *testing.T) {
	t.Parallel()
	loaded, err := packages.Load(&packages.Config{Mode: packages.LoadSyntax, Context: t.Context()}, "../../examples/...")
	if err != nil {
		t.Fatal(err)
	}
	if len(loaded) == 0 || packages.PrintErrors(loaded) > 0 {
		t.Fatalf("%d packages loaded, or they do not compile", len(loaded))
	}
	graph, err := checker.Analyze(otelkitvet.Analyzers(), loaded, nil)
	if err != nil {
		t.Fatal(err)
	}
	for action := range graph.All() {
		if !action.IsRoot {
			continue
		}
		for _, d := range action.Diagnostics {
			t.Errorf("%s: %s: %s", action.Package.Fset.Position(d.Pos), action.Analyzer.Name, d.Message)
		}
	}
}
