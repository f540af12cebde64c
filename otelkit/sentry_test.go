package otelkit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	sentrygo "github.com/getsentry/sentry-go"

	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/internal/sentrytest"
	"github.com/otelkit/otelkit-go/otelkit"
)

// keepAll is a scrubber that a user would get rid of the real one with.
type keepAll struct{}

func (keepAll) String(text string) string           { return text }
func (keepAll) SentryEvent(_ *sentrygo.Event) error { return nil }

func TestWithSentryOptions(t *testing.T) {
	t.Parallel()
	r := sentrytest.New(t)
	errQuota := errors.New("quota exceeded")
	card := strings.Join([]string{"4111", "1111", "1111", "1111"}, "")
	kit, err := otelkit.Init(t.Context(), otelkit.WithoutGlobals(), otelkit.WithoutEnvironment(),
		otelkit.WithConsole(otelkit.ConsoleOff), otelkit.WithSentryDSN(r.DSN()),
		otelkit.WithSentryOptions(sentry.WithIgnoreErrors(errQuota), sentry.WithScrubber(keepAll{})),
		otelkit.WithSentryOptions(sentry.WithBeforeSend(func(e *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
			e.Tags["team"] = "payments " + card
			return e
		})),
	)
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(kit.Logger("shop").Handler())
	log.ErrorContext(t.Context(), "refused", "error", fmt.Errorf("order 7: %w", errQuota))
	log.ErrorContext(t.Context(), "failed", "error", errors.New("disk full"))
	if err := kit.Shutdown(context.WithoutCancel(t.Context())); err != nil {
		t.Fatal(err)
	}
	events := r.Events()
	if len(events) != 1 {
		t.Fatalf("%d events arrived, want 1", len(events))
	}
	if tag := events[0].Tags["team"]; !strings.HasPrefix(tag, "payments [REDACTED") {
		t.Errorf("tag is %q, want that it was added and scrubbed by the kit", tag)
	}
}
