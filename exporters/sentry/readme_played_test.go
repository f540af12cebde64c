package sentry_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

type scene struct {
	what, then string
	status     int // of the response
	play       func(context.Context, *service)
}

// count returns how many issues the scene makes.
func (sc scene) count(t *testing.T, sampler sdktrace.Sampler) int {
	s := newService(t, func(set *settings) { set.sampler = sampler })
	s.serve("GET /orders/{id}", "/orders/7", func(w http.ResponseWriter, r *http.Request) {
		sc.play(r.Context(), s)
		w.WriteHeader(sc.status)
	})
	return len(s.events())
}

// played are the rows of the table in the README of the module. Each is played
// in a request, and what arrives is counted.
var played = []scene{
	{"one error, recorded on three spans and logged wrapped", "linked to the span where it began", 500, func(ctx context.Context, s *service) {
		err := s.fail(ctx, "a", func(ctx context.Context) error {
			return s.fail(ctx, "b", func(ctx context.Context) error {
				return s.fail(ctx, "c", func(context.Context) error { return errors.New("disk full") })
			})
		})
		s.log.ErrorContext(ctx, "failed", "error", fmt.Errorf("save: %w", err))
	}},
	{"two errors with different causes in one request", "one for each", 500, func(ctx context.Context, s *service) {
		s.log.ErrorContext(ctx, "load", "error", errors.New("disk full"))
		s.log.ErrorContext(ctx, "save", "error", errors.New("no such file"))
	}},
	{"a panic, recovered and logged further up", "fatal, unhandled, at the line that failed", 500, func(ctx context.Context, s *service) {
		defer func() { s.log.ErrorContext(ctx, "recovered", "panic", recover()) }()
		_, span := s.tracer.Start(ctx, "a")
		defer span.End()
		explode(nil, 3)
	}},
	{"an ERROR line without an error", "by its text", 200, func(ctx context.Context, s *service) {
		s.log.ErrorContext(ctx, "order 7 lost")
	}},
	{"HTTP 5xx, or gRPC Unknown, Internal, DataLoss, and nothing else said", "`HTTP 500 GET /orders/{id}`", 500, func(context.Context, *service) {}},
	{"HTTP 4xx, with exceptions on the way", "the client's fault", 404, func(ctx context.Context, s *service) {
		_ = s.fail(ctx, "find", func(context.Context) error { return errors.New("no such order") })
	}},
	{"a failed call or a WARN with an error, in a request that went well", "a breadcrumb", 200, func(ctx context.Context, s *service) {
		err := s.fail2(ctx, "GET", trace.SpanKindClient, context.DeadlineExceeded)
		s.log.WarnContext(ctx, "using the cached price", "error", err)
	}},
	{"`context.Canceled`, `http.ErrAbortHandler`, `http.ErrServerClosed`", "nobody's fault", 500, func(ctx context.Context, s *service) {
		s.log.ErrorContext(ctx, "query failed", "error", fmt.Errorf("query: %w", context.Canceled))
	}},
	{"`otelkit.CaptureException(ctx, err)`, also if err is logged afterwards", "at once", 200, func(ctx context.Context, s *service) {
		err := errors.New("stock differs")
		s.sink.CaptureError(ctx, err)
		s.log.ErrorContext(ctx, "stock", "error", err)
	}},
}

// TestPlayed holds the README of the module to what becomes of each row, in
// sampled and unsampled traces alike.
func TestPlayed(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	table.WriteString("| what happens | issues | |\n|---|---|---|\n")
	for _, row := range played {
		n := row.count(t, sdktrace.AlwaysSample())
		if unsampled := row.count(t, sdktrace.AlwaysRecord(sdktrace.NeverSample())); unsampled != n {
			t.Errorf("%s: %d issues, and %d in a trace that is not sampled", row.what, n, unsampled)
		}
		fmt.Fprintf(&table, "| %s | %d | %s |\n", row.what, n, row.then)
	}
	const name, begin, end = "../../README.md", "<!-- issues: `make golden` -->\n", "<!-- end of issues -->"
	readme, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(readme), begin)
	shown, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("README.md has no part between %q and %q", begin, end)
	}
	if os.Getenv("UPDATE_GOLDEN") == "1" {
		if err := os.WriteFile(name, []byte(before+begin+table.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(table.String(), shown); diff != "" {
		t.Errorf("README.md does not say what happens (-played +README):\n%s", diff)
	}
}
