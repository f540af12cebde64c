package otelkittest_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"testing"

	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/otelkit"
	"github.com/otelkit/otelkit-go/otelkit/otelkittest"
	"github.com/otelkit/otelkit-go/scrub"
)

// pay is what is tested below: one action of a service.
func pay(ctx context.Context, tracer trace.Tracer, logger *slog.Logger, orderID int) {
	ctx = otelkit.Bind(ctx, "order_id", orderID)
	ctx, span := tracer.Start(ctx, "pay order")
	defer span.End()
	logger.InfoContext(ctx, "payment_started", "email", "ada"+"@example.org")
	err := errors.New("card declined")
	logger.ErrorContext(ctx, "payment_failed", "error", err)
}

// A test of a service asks what an action told about itself.
func ExampleNew() {
	test := func(t *testing.T) {
		t.Parallel()
		kit := otelkittest.New(t)
		pay(t.Context(), kit.TracerProvider().Tracer("shop"), kit.Logger("shop"), 7)

		failed := kit.Logs().Event("payment_failed")
		if len(failed) != 1 || failed[0].Attributes.Get("order_id") != int64(7) {
			t.Errorf("payment_failed: %v", failed)
		}
		if span := kit.Spans().Named("pay order"); span == nil {
			t.Error("no span")
		}
		if events := kit.SentryEvents(); len(events) != 1 {
			t.Errorf("%d Sentry events, want 1", len(events))
		}
		kit.Snapshot(t, "payment.txt") // in testdata; UPDATE_GOLDEN=1 writes it
		kit.AssertConventions(t)
	}
	_ = test
}

// The story of an action is what Snapshot compares with a file.
func ExampleKit_Story() {
	t := outsideOfTests()
	kit := otelkittest.New(t)
	pay(t.Context(), kit.TracerProvider().Tracer("shop"), kit.Logger("shop"), 7)
	fmt.Print(kit.Story())
	t.end()
	// Output:
	// span pay order
	//   INFO  payment_started
	//       email: [REDACTED:pii.key]
	//       order_id: 7
	//   ERROR payment_failed
	//       error: card declined
	//       exception.message: card declined
	//       exception.stacktrace: <stack of github.com/otelkit/otelkit-go/otelkit/otelkittest_test.pay>
	//       exception.type: *errors.errorString
	//       order_id: 7
	// sentry
	//   error otelkittest_test.pay: card declined
	//       transaction: pay order
	//       before: info payment_started
	//       before: error payment_failed
}

// One line in the tests of a service that uses otelkit, with its own options.
func ExampleAssertNoLeak() {
	test := func(t *testing.T) {
		scrubber, err := scrub.New(scrub.WithKeys(scrub.PII, "crew_id"))
		if err != nil {
			t.Fatal(err)
		}
		otelkittest.AssertNoLeak(t, otelkit.WithScrubber(scrubber))
	}
	_ = test
}

// A service with a set-up of its own sends everything to the exits.
func ExampleAssertNoLeakThrough() {
	test := func(t *testing.T) {
		otelkittest.AssertNoLeakThrough(t, func(t testing.TB, exits *otelkittest.Exits) otelkittest.Pipeline {
			exporter, err := otlp.New(otlp.WithEndpoint(otlp.Endpoint{URL: exits.OTLPOverHTTP()}))
			if err != nil {
				t.Fatal(err)
			}
			var s *scrub.Scrubber // nil: default options
			res := scrub.Resource(resource.NewSchemaless(exits.Resource()...), s)
			return otelkittest.Pipeline{
				TracerProvider: sdktrace.NewTracerProvider(sdktrace.WithResource(res),
					sdktrace.WithSpanProcessor(scrub.NewSpanProcessor(exporter.SpanProcessor(), s))),
				LoggerProvider: scrub.NewLoggerProvider(sdklog.NewLoggerProvider(sdklog.WithResource(res),
					sdklog.WithProcessor(scrub.NewLogProcessor(exporter.LogProcessor(), s))), s),
				Logger:   slog.New(scrub.NewHandler(slog.NewJSONHandler(exits.Writer("lines"), nil), s)),
				Shutdown: exporter.Shutdown,
			}
		})
	}
	_ = test
}

func ExampleAttributes_Get() {
	attrs := otelkittest.Attributes{"request": otelkittest.Attributes{"id": "r1"}, "http.route": "/orders"}
	fmt.Println(attrs.Get("request.id"), attrs.Get("http.route"), attrs.Get("user.id"))
	// Output: r1 /orders <nil>
}

// example stands for the test that an Example does not have.
type example struct {
	testing.TB
	ctx      context.Context
	cleanups []func()
}

func outsideOfTests() *example { return &example{ctx: context.Background()} }

func (e *example) Helper()                  {}
func (e *example) Context() context.Context { return e.ctx }
func (e *example) Cleanup(f func())         { e.cleanups = append(e.cleanups, f) }
func (e *example) Error(args ...any)        { fmt.Fprintln(os.Stderr, args...) }
func (e *example) Fatal(args ...any)        { panic(fmt.Sprint(args...)) }
func (e *example) end() {
	for _, f := range e.cleanups {
		f()
	}
}
