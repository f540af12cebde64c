package sentry_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/trace"
)

// Records without an error value whose attributes say what an error says. Each
// failure is an issue: one too many is better than one that is lost. The titles
// are those of the issues, in order, without the function of an error.
func TestRecordsThatTellOfFailures(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		tell func(context.Context, *service)
		want []string
	}{
		{"a status and an error", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "inventory sync failed", "status", "not found", "sku", "a")
			s.log.ErrorContext(ctx, "user lookup failed", "error", errors.New("not found"))
		}, []string{"inventory sync failed", "not found"}},
		{"an error and a status", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "user lookup failed", "error", errors.New("not found"))
			s.log.ErrorContext(ctx, "inventory sync failed", "status", "not found", "sku", "a")
		}, []string{"inventory sync failed", "not found"}},
		{"a captured error and a status", func(ctx context.Context, s *service) {
			s.sink.CaptureError(ctx, errors.New("not found"))
			s.log.ErrorContext(ctx, "inventory sync failed", "status", "not found")
		}, []string{"inventory sync failed", "not found"}},
		{"a state", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "cache rebuild failed", "state", "connection refused")
			s.log.ErrorContext(ctx, "payment failed", "error", errors.New("connection refused"))
		}, []string{"cache rebuild failed", "connection refused"}},
		{"a status of one word", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "cache rebuild failed", "status", "timeout")
			s.log.ErrorContext(ctx, "payment failed", "error", errors.New("timeout"))
		}, []string{"cache rebuild failed", "timeout"}},
		{"a reason of one word", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "cache rebuild failed", "reason", "timeout")
			s.log.ErrorContext(ctx, "payment failed", "error", errors.New("timeout"))
		}, []string{"cache rebuild failed", "timeout"}},
		{"a reason of two words", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "cache rebuild failed", "reason", "not found")
			s.log.ErrorContext(ctx, "payment failed", "error", errors.New("not found"))
		}, []string{"cache rebuild failed", "not found"}},
		{"a reason and a body", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "cache rebuild failed", "reason", "timeout")
			s.log.ErrorContext(ctx, "timeout")
		}, []string{"cache rebuild failed", "timeout"}},
		{"a specific reason and a body", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "cache rebuild failed", "reason", "no room left in depot 7")
			s.log.ErrorContext(ctx, "no room left in depot 7")
		}, []string{"cache rebuild failed", "no room left in depot 7"}},
		{"two reasons", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "cache rebuild failed", "reason", "not found")
			s.log.ErrorContext(ctx, "payment failed", "reason", "not found")
		}, []string{"cache rebuild failed", "payment failed"}},
		{"two specific reasons", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "cache rebuild failed", "reason", "no room left in depot 7")
			s.log.ErrorContext(ctx, "payment failed", "reason", "no room left in depot 7")
		}, []string{"cache rebuild failed", "payment failed"}},
		{"two reasons that end alike", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "order stuck", "reason", "payment provider: not found")
			s.log.ErrorContext(ctx, "stock wrong", "reason", "not found")
		}, []string{"order stuck", "stock wrong"}},
		{"two errors that say the same", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "a failed", "error", errors.New("not found"))
			s.log.ErrorContext(ctx, "b failed", "error", errors.New("not found"))
		}, []string{"not found"}},
		{"a reason that ends like an error", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "a failed", "reason", "load user: not found")
			s.log.ErrorContext(ctx, "b failed", "error", errors.New("not found"))
		}, []string{"a failed", "not found"}},
		{"a reason that is a sentinel of another error", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "a failed", "reason", context.DeadlineExceeded.Error())
			s.log.ErrorContext(ctx, "b failed", "error", fmt.Errorf("load user: %w", context.DeadlineExceeded))
		}, []string{"a failed", "load user: context deadline exceeded"}},
		{"labels of four records", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "order stuck", "reason", "unknown")
			s.log.ErrorContext(ctx, "unknown")
			s.log.ErrorContext(ctx, "stock wrong", "error", "unknown")
			s.log.ErrorContext(ctx, "refund", "cause", "unknown")
		}, []string{"order stuck", "refund", "stock wrong", "unknown"}},
		{"what was answered last", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "card terminal offline", "last_answer", "connection refused")
			s.log.ErrorContext(ctx, "audit trail corrupt", "last_answer", "connection refused")
			s.log.ErrorContext(ctx, "mail failed", "error", errors.New("connection refused"))
		}, []string{"audit trail corrupt", "card terminal offline", "connection refused"}},
		{"a summary before", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "batch done", "a", "disk is full", "b", "connection refused")
			s.log.ErrorContext(ctx, "a failed", "error", errors.New("disk is full"))
			s.log.ErrorContext(ctx, "b failed", "error", errors.New("connection refused"))
		}, []string{"batch done", "connection refused", "disk is full"}},
		{"a summary after", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "a failed", "error", errors.New("disk is full"))
			s.log.ErrorContext(ctx, "b failed", "error", errors.New("connection refused"))
			s.log.ErrorContext(ctx, "batch done", slog.Group("results", "a", "disk is full", "b", "connection refused"))
		}, []string{"batch done", "connection refused", "disk is full"}},
		{"a summary of reasons before", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "batch done", "error", "disk is full", "reason", "depot 7 is closed")
			s.log.ErrorContext(ctx, "a failed", "error", errors.New("disk is full"))
			s.log.ErrorContext(ctx, "b failed", "error", errors.New("depot 7 is closed"))
		}, []string{"depot 7 is closed", "disk is full"}},
		{"a summary of reasons after", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "a failed", "error", errors.New("disk is full"))
			s.log.ErrorContext(ctx, "b failed", "error", errors.New("depot 7 is closed"))
			s.log.ErrorContext(ctx, "batch done", slog.Group("x", "reason", "depot 7 is closed"), slog.Group("y", "reason", "disk is full"))
		}, []string{"depot 7 is closed", "disk is full"}},
		{"a summary that cannot wait", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "a failed", "error", errors.New("disk is full"))
			s.log.ErrorContext(ctx, "b failed", "error", errors.New("depot 7 is closed"))
			s.log.Log(ctx, slog.LevelError+4, "batch done", "error", "disk is full", "reason", "depot 7 is closed")
		}, []string{"depot 7 is closed", "disk is full"}},
		{"a summary between errors that cannot wait", func(ctx context.Context, s *service) {
			s.sink.CaptureError(ctx, errors.New("disk is full"))
			s.log.ErrorContext(ctx, "batch done", "error", "disk is full", "reason", "depot 7 is closed")
			s.sink.CaptureError(ctx, errors.New("depot 7 is closed"))
		}, []string{"depot 7 is closed", "disk is full"}},
		{"a summary that was sent before its errors", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "batch done", "error", "disk is full", "reason", "depot 7 is closed")
			_ = s.events()
			s.sink.CaptureError(ctx, errors.New("disk is full"))
			s.sink.CaptureError(ctx, fmt.Errorf("a: %w", errors.New("disk is full")))
			s.sink.CaptureError(ctx, errors.New("depot 7 is closed"))
		}, []string{"a: disk is full", "batch done", "depot 7 is closed"}},
		{"errors.Join", func(ctx context.Context, s *service) {
			a, b := errors.New("disk is full"), errors.New("connection refused")
			s.log.ErrorContext(ctx, "a failed", "error", a)
			s.log.ErrorContext(ctx, "b failed", "error", b)
			s.log.ErrorContext(ctx, "batch done", "error", errors.Join(a, b))
		}, []string{"disk is full\nconnection refused"}},
		{"a reason in a span beside", func(ctx context.Context, s *service) {
			_ = s.fail(ctx, "a", func(context.Context) error { return errors.New("no room left in depot 7") })
			ctx, span := s.tracer.Start(ctx, "b")
			s.log.ErrorContext(ctx, "order failed", "reason", "no room left in depot 7")
			span.End()
		}, []string{"no room left in depot 7", "order failed"}},
		{"no text", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "order failed", "error", "")
			s.sink.CaptureError(ctx, errors.New(""))
		}, []string{"", "order failed"}},
		{"an error that is one word", func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "order failed", "error", io.EOF.Error())
			s.sink.CaptureError(ctx, io.EOF)
		}, []string{"EOF"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			ctx, root := s.tracer.Start(t.Context(), "job", trace.WithSpanKind(trace.SpanKindConsumer))
			tt.tell(ctx, s)
			root.End()
			got := []string{}
			for _, e := range s.events() {
				if len(e.Exception) > 0 {
					got = append(got, e.Outermost().Value)
				} else {
					got = append(got, e.Message)
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("issues (-want +got):\n%s", diff)
			}
		})
	}
}
