package sentry_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	sentrygo "github.com/getsentry/sentry-go"

	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/internal/exportertest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	exportertest.Exercise(t, func(tb testing.TB) (exportertest.Exporter, exportertest.Receiver) {
		r := exportertest.NewHTTP(tb)
		sink, err := sentry.New(
			sentry.WithDSN(strings.Replace(r.URL(), "http://", "http://publickey@", 1)+"/1"),
			sentry.WithScrubber(redactor{}),
			sentry.WithRate(1_000_000, time.Second),
			sentry.WithTotalRate(1_000_000),
			sentry.WithErrorHandler(func(error) {}),
		)
		if err != nil {
			tb.Fatal(err)
		}
		return sink, r
	})
}

// redactor removes the secret of the conformance suite.
type redactor struct{}

func (redactor) String(text string) string { return exportertest.Redact(text) }

func (redactor) SentryEvent(e *sentrygo.Event) error {
	walk(reflect.ValueOf(e).Elem(), exportertest.Redact)
	return nil
}
