package sentry_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/trace"
	grpccodes "google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// sqlError is what a database driver returns.
type sqlError struct{ state string }

func (e *sqlError) Error() string    { return "ERROR: statement failed (SQLSTATE " + e.state + ")" }
func (e *sqlError) SQLState() string { return e.state }

// causes are the distinct reasons for which the noisy service fails.
var causes = []func() error{
	func() error { return &sqlError{"40001"} },
	func() error { return &sqlError{"23505"} },
	func() error { return &sqlError{"57014"} },
	func() error { return &sqlError{"53300"} },
	func() error { return status.Error(grpccodes.Internal, "index corrupt") },
	func() error { return status.Error(grpccodes.ResourceExhausted, "quota of 100 exceeded") },
	func() error { return fmt.Errorf("open spool: %w", syscall.ENOSPC) },
	func() error { return fmt.Errorf("open spool: %w", syscall.EMFILE) },
	func() error { return &declined{"insufficient funds"} },
	func() error { return strings.NewReader("").UnreadByte() },
}

// One event for each failure and none for anything else, and as many groups as
// there are causes.
func TestNoise(t *testing.T) {
	t.Parallel()
	const requests = 10_000
	s := newService(t)
	var timeouts, refusals, cancelled, failures int
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		var i int
		_, _ = fmt.Sscan(r.PathValue("id"), &i)
		s.log.InfoContext(ctx, "order_requested", "order", i)
		switch {
		case i%333 == 4 && i < 9990: // 0.3 %
			cause := causes[failures%len(causes)]
			failures++
			err := s.fail(ctx, "handle", func(ctx context.Context) error {
				err := s.fail(ctx, "checkout", func(ctx context.Context) error {
					err := s.fail(ctx, "store", func(context.Context) error { return cause() })
					s.log.ErrorContext(ctx, "statement failed", "error", err, "order", i)
					return fmt.Errorf("store order %d: %w", i, err)
				})
				s.log.ErrorContext(ctx, "checkout failed", "error", err)
				return fmt.Errorf("checkout: %w", err)
			})
			s.log.ErrorContext(ctx, "request failed", "error", err)
			w.WriteHeader(http.StatusInternalServerError)
		case i%50 == 1: // 2 %
			timeouts++
			err := s.fail2(ctx, "GET price", trace.SpanKindClient, context.DeadlineExceeded)
			s.log.WarnContext(ctx, "price unknown, using the cached one", "error", err)
		case i%100 == 2: // 1 %
			refusals++
			_ = s.fail(ctx, "find order", func(context.Context) error { return fmt.Errorf("no order %d", i) })
			w.WriteHeader(http.StatusNotFound)
		case i%200 == 3: // 0.5 %
			cancelled++
			err := s.fail(ctx, "query", func(context.Context) error { return fmt.Errorf("query: %w", context.Canceled) })
			s.log.ErrorContext(ctx, "request failed", "error", err)
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	h := otelhttp.NewHandler(mux, "server", otelhttp.WithTracerProvider(s.traces))
	for i := range requests {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("/orders/%d", i), nil))
	}
	t.Logf("%d requests: %d time-outs, %d 4xx, %d cancelled, %d failures of %d causes",
		requests, timeouts, refusals, cancelled, failures, len(causes))

	events := s.events()
	if len(events) != failures {
		t.Errorf("%d events, want %d; %+v", len(events), failures, s.sink.Stats())
	}
	prints := map[string]int{}
	for _, e := range events {
		if len(e.Fingerprint) == 0 {
			t.Errorf("event %q has no fingerprint", e.Title())
		}
		prints[strings.Join(e.Fingerprint, " | ")]++
	}
	if len(prints) != len(causes) {
		t.Errorf("%d distinct fingerprints, want %d:", len(prints), len(causes))
		for p, n := range prints {
			t.Logf("%4d %s", n, p)
		}
	}
}
