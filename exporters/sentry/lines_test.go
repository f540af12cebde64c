package sentry_test

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/internal/loglinetest"
	"github.com/otelkit/otelkit-go/internal/sentrytest"
)

// Lines of otelkit's handler tell the story that records tell.
func TestLinesTellWhatRecordsTell(t *testing.T) {
	t.Parallel()
	tell := func(wrap func(sdklog.Processor) sdklog.Processor) (sentrytest.Event, []sentrytest.Breadcrumb) {
		s := newService(t)
		provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(wrap(s.sink.LogProcessor())))
		l := slog.New(handler{logger: provider.Logger("shop.log")})
		ctx, span := s.tracer.Start(t.Context(), "GET /orders")
		l.DebugContext(ctx, "unheard")
		l.InfoContext(ctx, "started", "n", 1.5, "exception.type", "hidden", "a", "b")
		l.InfoContext(ctx, strings.Repeat("é", 1000), "a", 1, "b", 2, "c", 3, "d", 4, "e", 5, "f", 6, "g", 7, "h", 8)
		l.WarnContext(ctx, "slow", "took", "3s")
		l.ErrorContext(ctx, "failed", "error", errors.New("disk full"))
		span.End()
		e := s.event()
		return e, e.Breadcrumbs
	}
	record, want := tell(func(p sdklog.Processor) sdklog.Processor { return p })
	line, got := tell(loglinetest.AsLines)
	if diff := cmp.Diff(want, got); diff != "" || len(want) != 4 {
		t.Errorf("%d breadcrumbs, want 4 (-records +lines):\n%s", len(want), diff)
	}
	if record.Title() != line.Title() || line.Level != "error" {
		t.Errorf("the issue is %s %q, of a record %s %q", line.Level, line.Title(), record.Level, record.Title())
	}
}
