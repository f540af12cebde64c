package otelkit

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// attachments are the functions of the SDK that hand telemetry to something. A
// provider gets one of each, from the pipeline; a call anywhere else in the
// package would be a way around the scrubber.
var attachments = map[string]string{
	"WithSpanProcessor":     "traces.go",
	"WithProcessor":         "logs.go",
	"WithReader":            "metrics.go",
	"NewPeriodicReader":     "metrics.go",
	"WithBatcher":           "",
	"WithSyncer":            "",
	"RegisterSpanProcessor": "",
	"NewSimpleProcessor":    "",
	"NewBatchProcessor":     "",
	"NewManualReader":       "",

	"NewSpanProcessor":  "pipeline.go",
	"NewLogProcessor":   "pipeline.go",
	"NewMetricExporter": "pipeline.go",
	"NewPropagator":     "init.go",
}

func TestNothingIsAttachedBesideThePipeline(t *testing.T) {
	t.Parallel()
	got := map[string][]string{}
	for file, tree := range sources(t) {
		ast.Inspect(tree, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
					if _, watched := attachments[sel.Sel.Name]; watched {
						got[sel.Sel.Name] = append(got[sel.Sel.Name], file)
					}
				}
			}
			return true
		})
	}
	want := map[string][]string{}
	for call, file := range attachments {
		if file != "" {
			want[call] = []string{file}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls that attach something, by file (-want +got); attach it in pipeline.go, behind the scrubber:\n%s", diff)
	}
}

// Only the pipeline makes exporters.
func TestExportersAreMadeInThePipeline(t *testing.T) {
	t.Parallel()
	var got []string
	for file, tree := range sources(t) {
		ast.Inspect(tree, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok || sel.Sel.Name != "New" {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains([]string{"otlp", "console", "sentry", "spool"}, pkg.Name) {
				got = append(got, file+": "+pkg.Name)
			}
			return true
		})
	}
	slices.Sort(got)
	if diff := cmp.Diff([]string{"pipeline.go: console", "pipeline.go: otlp", "pipeline.go: sentry"}, got); diff != "" {
		t.Error(diff)
	}
}

// sources parses the files of this package.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	trees := map[string]*ast.File{}
	for _, e := range entries {
		if name := e.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			tree, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			trees[name] = tree
		}
	}
	return trees
}

// What is given as an option stands behind the scrubber too, on every signal.
func TestForeignProcessorsStandBehindTheScrubber(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-hunter2"
	spans, metrics := tracetest.NewSpanRecorder(), &memoryMetrics{}
	kit, logs := start(t, WithSpanProcessor(spans), WithMetricExporter(metrics), WithResourceAttributes(attribute.String("db.password", secret)))

	password := attribute.String("password", secret)
	ctx, span := kit.TracerProvider().Tracer("test").Start(t.Context(), "work")
	span.SetAttributes(password)
	kit.Logger("test").InfoContext(ctx, "event", "password", secret)
	span.End()
	counter, err := kit.MeterProvider().Meter("test").Int64Counter("logins")
	if err != nil {
		t.Fatal(err)
	}
	counter.Add(ctx, 1, metricAttributes(password))
	if err := kit.ForceFlush(t.Context()); err != nil {
		t.Fatal(err)
	}

	seen := map[string]string{
		"span":     dump(spans.Ended()[0].Attributes()),
		"resource": dump(spans.Ended()[0].Resource().Attributes()),
		"log":      dump(logs.last(t)),
		"metric":   dump(metrics.data),
	}
	for where, text := range seen {
		if strings.Contains(text, secret) {
			t.Errorf("the secret reached a %s processor:\n%s", where, text)
		}
		if where != "metric" && !strings.Contains(text, "REDACTED") {
			t.Errorf("no marker in the %s:\n%s", where, text)
		}
	}
}

func TestBaggageIsScrubbedOnItsWayOut(t *testing.T) {
	kit, err := Init(t.Context(), WithDiagnostics(new(strings.Builder)), WithConsole(ConsoleOff))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := kit.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	password, err := baggage.NewMember("password", "hunter2-hunter2")
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := baggage.NewMember("tenant", "acme")
	if err != nil {
		t.Fatal(err)
	}
	bag, err := baggage.New(password, tenant)
	if err != nil {
		t.Fatal(err)
	}
	header := propagation.MapCarrier{}
	otel.GetTextMapPropagator().Inject(baggage.ContextWithBaggage(t.Context(), bag), header)
	if got := header["baggage"]; !strings.Contains(got, "tenant=acme") || strings.Contains(got, "hunter2") {
		t.Errorf("baggage header %q", got)
	}
}
