package otelkit

import (
	"io"
	stdlog "log" //nolint:depguard // slog.SetDefault redirects its output, which Shutdown has to give back
	"log/slog"
	"sync/atomic"

	"go.opentelemetry.io/otel"
)

// current is the kit whose providers are the globals of this process, nil if
// there is none.
var current atomic.Pointer[Kit]

// globals is what a kit has to give back: slog's default logger and the output
// of package log, which slog.SetDefault redirects.
type globals struct {
	kit      *Kit
	previous *slog.Logger
	ours     slog.Handler
	output   io.Writer
	flags    int
}

// install makes k the telemetry of the process: OpenTelemetry's globals and
// slog's default logger. The caller has made k current.
func (k *Kit) install() *globals {
	otel.SetErrorHandler(k.report)
	otel.SetTracerProvider(k.traces)
	otel.SetMeterProvider(k.meters)
	otel.SetLoggerProvider(k.loggers)
	otel.SetTextMapPropagator(k.propagator)

	g := &globals{kit: k, previous: slog.Default(), output: stdlog.Writer(), flags: stdlog.Flags()}
	logger := k.Logger(k.config.serviceName)
	g.ours = logger.Handler()
	slog.SetDefault(logger)
	return g
}

// restore gives slog's default logger back, so that lines logged after Shutdown
// are still seen, and lets another Init in. OpenTelemetry's globals stay: what
// has been made from them does nothing any more.
func (g *globals) restore() {
	if g == nil {
		return
	}
	if slog.Default().Handler() == g.ours {
		slog.SetDefault(g.previous)
		stdlog.SetOutput(g.output)
		stdlog.SetFlags(g.flags)
	}
	current.CompareAndSwap(g.kit, nil)
}
