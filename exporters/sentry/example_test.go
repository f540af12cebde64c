package sentry_test

import (
	"context"
	"errors"
	"fmt"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/exporters/sentry"
)

// printed shows an event instead of sending it.
func printed(e *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
	x := e.Exception[len(e.Exception)-1]
	fmt.Printf("%s: %s: %s (%s)\n", e.Level, x.Type, x.Value, e.Transaction)
	return nil
}

// An error that is recorded on each span it passes is one issue.
func Example() {
	ctx := context.Background()
	sink, err := sentry.New(
		sentry.WithDSN("https://key@sentry.example/1"),
		sentry.WithBeforeSend(printed),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sink.Shutdown(ctx)

	tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(sink.SpanProcessor())).Tracer("shop")
	ctx, request := tracer.Start(ctx, "GET /orders/{id}")
	_, query := tracer.Start(ctx, "SELECT orders")

	failure := errors.New("connection refused")
	query.RecordError(failure)
	query.SetStatus(codes.Error, failure.Error())
	query.End()
	request.RecordError(fmt.Errorf("load order: %w", failure))
	request.SetStatus(codes.Error, "")
	request.End()

	_ = sink.ForceFlush(ctx)
	// Output: error: GET /orders/{id}: load order: connection refused (GET /orders/{id})
}

func ExampleSink_CaptureError() {
	ctx := context.Background()
	sink, err := sentry.New(
		sentry.WithDSN("https://key@sentry.example/1"),
		sentry.WithBeforeSend(printed),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sink.Shutdown(ctx)

	sink.CaptureError(ctx, errors.New("stock is out of sync"),
		sentry.WithLevel(sentrygo.LevelWarning),
		sentry.WithFingerprint("stock"),
	)
	_ = sink.ForceFlush(ctx)
	// Output: warning: sentry_test.ExampleSink_CaptureError: stock is out of sync ()
}

// A panic is reported as fatal and goes on.
func ExampleSink_Recover() {
	ctx := context.Background()
	sink, err := sentry.New(
		sentry.WithDSN("https://key@sentry.example/1"),
		sentry.WithBeforeSend(printed),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sink.Shutdown(ctx)

	defer func() { fmt.Println("went on:", recover()) }()
	defer sink.Recover(ctx)
	panic("out of cheese")
	// Output:
	// fatal: panic: out of cheese ()
	// went on: out of cheese
}

func ExampleSink_CapturePanic() {
	ctx := context.Background()
	sink, err := sentry.New(
		sentry.WithDSN("https://key@sentry.example/1"),
		sentry.WithBeforeSend(printed),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sink.Shutdown(ctx)

	func() {
		defer func() { sink.CapturePanic(ctx, recover()) }()
		panic("out of cheese")
	}()
	_ = sink.ForceFlush(ctx)
	fmt.Println(sink.Stats().Dropped)
	// Output:
	// fatal: panic: out of cheese ()
	// map[before_send:1]
}

// What is no news makes no issue, and what is left out is counted.
func ExampleWithIgnoreErrors() {
	ctx := context.Background()
	errQuota := errors.New("quota exceeded")
	sink, err := sentry.New(
		sentry.WithDSN("https://key@sentry.example/1"),
		sentry.WithIgnoreErrors(errQuota),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer sink.Shutdown(ctx)

	sink.CaptureError(ctx, fmt.Errorf("order 7: %w", errQuota))
	_ = sink.ForceFlush(ctx)
	fmt.Println(sink.Stats().Dropped)
	// Output: map[ignored:1]
}

func ExampleOTLPTraces() {
	endpoint, headers, err := sentry.OTLPTraces("https://key@o1.ingest.sentry.io/42")
	fmt.Println(endpoint, len(headers), err)
	// Output: https://o1.ingest.sentry.io/api/42/integration/otlp/v1/traces/ 1 <nil>
}
