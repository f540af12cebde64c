package otelkitvet_test

import (
	"errors"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/packages"

	"github.com/otelkit/otelkit-go/otelkit/otelkitvet"
)

func TestAnalyzers(t *testing.T) {
	t.Parallel()
	if err := analysis.Validate(otelkitvet.Analyzers()); err != nil {
		t.Fatal(err)
	}
	// One analyzer that runs all: the packages of testdata and what they import
	// are read from source, which is slow, so they are read once.
	all := &analysis.Analyzer{
		Name: "all", Doc: "run all analyzers", Requires: []*analysis.Analyzer{inspect.Analyzer},
		Run: func(p *analysis.Pass) (any, error) {
			var errs []error
			for _, a := range otelkitvet.Analyzers() {
				_, err := a.Run(p)
				errs = append(errs, err)
			}
			return nil, errors.Join(errs...)
		},
	}
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), all, "logcontext", "logmessage", "logkey", "logerror")
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
