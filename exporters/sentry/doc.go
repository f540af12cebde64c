// Package sentry turns what OpenTelemetry already knows about failures into
// Sentry issues: one issue for each root cause, linked to its trace, with its
// stack and the story that led to it.
//
// A [Sink] listens in three places: as a span processor it sees exception
// events and error statuses, as a log processor it sees records of severity
// ERROR and above, and [Sink.CaptureError] and [Sink.CapturePanic] are for
// calling by hand. What it sees during one local trace is held until the
// local root span ends, merged by cause, and sent as one event for each cause.
//
//	sink, err := sentry.New(sentry.WithDSN(dsn), sentry.WithScrubber(scrubber))
//	…
//	sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(sink.SpanProcessor()))
//	sdklog.NewLoggerProvider(sdklog.WithProcessor(sink.LogProcessor()))
//	defer sink.Shutdown(ctx)
//
// What becomes an issue and what does not stands in the table of README.md.
// Nothing a Sink does blocks its caller on the network, and none of its
// methods panics or returns an error to the code that is being observed. The
// two exceptions are a log record of severity FATAL and [Sink.Recover]: the
// process is expected to end then, so both wait up to two seconds for delivery.
package sentry
