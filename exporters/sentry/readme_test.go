package sentry

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"strings"
	"testing"

	sentrygo "github.com/getsentry/sentry-go"
	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// TestReadme holds the table of README.md to the policy, by asking it.
func TestReadme(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok := strings.Cut(string(raw), "<!-- policy: written by UPDATE_GOLDEN=1 go test ./exporters/sentry -->\n")
	old, tail, ok2 := strings.Cut(rest, "<!-- end of policy -->")
	if !ok || !ok2 {
		t.Fatal("README.md has no place for the policy")
	}
	table := policyTable(t)
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		now := head + "<!-- policy: written by UPDATE_GOLDEN=1 go test ./exporters/sentry -->\n" + table + "<!-- end of policy -->" + tail
		if err := os.WriteFile("README.md", []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(table, old); diff != "" {
		t.Errorf("README.md does not say what the policy does (-policy +README):\n%s", diff)
	}
}

func policyTable(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("| what is seen | what becomes of it |\n|---|---|\n")
	row := func(signal, result string) { fmt.Fprintf(&b, "| %s | %s |\n", signal, result) }

	row("panic, seen by `Recover`, `CapturePanic` or a span that it ends", inWords(urgent, sentrygo.LevelFatal)+", unhandled")
	row("`CaptureError`", inWords(urgent, sentrygo.LevelError))
	for _, r := range []struct {
		signal   string
		severity log.Severity
		failed   bool
	}{
		{"log record of FATAL and above", log.SeverityFatal, false},
		{"log record of ERROR with an error or `exception.*`", log.SeverityError, true},
		{"log record of ERROR without", log.SeverityError, false},
		{"log record of WARN with an error", log.SeverityWarn, true},
		{"log record of WARN without, or of INFO", log.SeverityInfo, true},
		{"log record of DEBUG", log.SeverityDebug, true},
	} {
		row(r.signal, inWords(ofRecord(r.severity, r.failed, true), levelOf(r.severity)))
	}
	for _, r := range []struct {
		signal string
		kind   trace.SpanKind
		status codes.Code
	}{
		{"exception on a SERVER, CONSUMER or INTERNAL span with status Error", trace.SpanKindInternal, codes.Error},
		{"the same with status Unset", trace.SpanKindServer, codes.Unset},
		{"the same with status Ok", trace.SpanKindConsumer, codes.Ok},
		{"exception or status Error on a CLIENT or PRODUCER span", trace.SpanKindClient, codes.Error},
	} {
		row(r.signal, inWords(ofException(r.kind, r.status)))
	}
	const alone = ", if nothing else explains it"
	status := func(attributes ...attribute.KeyValue) string {
		span := tracetest.SpanStub{SpanKind: trace.SpanKindServer, Status: statusError, Attributes: attributes}.Snapshot()
		switch outcomeOf(span, factsOf(attributes)) {
		case failed:
			return "an issue (error)" + alone
		case degraded:
			return "an issue (warning)" + alone
		case rejected:
			return "nothing, and exceptions of its spans are no issues"
		default:
			return "nothing"
		}
	}
	row("status Error on a SERVER, CONSUMER or local root span", status())
	row("HTTP server, 5xx", status(attribute.Int("http.response.status_code", 503)))
	row("HTTP server, 4xx", status(attribute.Int("http.response.status_code", 499)))
	byResult := map[string][]string{}
	var order []string
	for _, name := range grpcNames[1:] {
		r := status(attribute.String("rpc.response.status_code", name))
		if byResult[r] == nil {
			order = append(order, r)
		}
		byResult[r] = append(byResult[r], name)
	}
	for _, r := range order {
		row("gRPC server, "+strings.Join(byResult[r], ", "), r)
	}
	var names []string
	for _, err := range []struct {
		name string
		err  error
	}{
		{"`context.Canceled`", context.Canceled},
		{"`http.ErrAbortHandler`", http.ErrAbortHandler},
		{"`http.ErrServerClosed`", http.ErrServerClosed},
	} {
		c := &candidate{err: fmt.Errorf("x: %w", err.err), chain: appendLinks(nil, err.err, -1)}
		if !(&ignoreRules{}).match(c) {
			t.Errorf("%s is an issue", err.name)
		}
		names = append(names, err.name)
	}
	row(strings.Join(names, ", ")+", anywhere in the chain", "no issue, and the failure of its request needs no other explanation")
	return b.String()
}

var statusError = sdktrace.Status{Code: codes.Error}

func inWords(v verdict, level sentrygo.Level) string {
	switch v {
	case breadcrumb:
		return "a breadcrumb"
	case waits:
		return "a breadcrumb; an issue if the local root fails and nothing else explains it"
	case issue:
		return fmt.Sprintf("an issue (%s)", level)
	case urgent:
		return fmt.Sprintf("an issue (%s), sent at once", level)
	default:
		return "nothing"
	}
}

// TestReadmeNamesEveryOption finds options that README.md does not explain.
func TestReadmeNamesEveryOption(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"options.go", "capture.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && f.Recv == nil && strings.HasPrefix(f.Name.Name, "With") && !bytes.Contains(readme, []byte(f.Name.Name)) {
				t.Errorf("README.md does not name %s", f.Name.Name)
			}
		}
	}
}
