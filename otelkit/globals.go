package otelkit

import (
	"fmt"
	stdlog "log" //nolint:depguard // where slog's first default logger writes
	"log/slog"
	"sync/atomic"

	"go.opentelemetry.io/otel"

	"github.com/otelkit/otelkit-go/scrub"
)

// current is the kit whose providers are the globals of this process, nil if
// there is none.
var current atomic.Pointer[Kit]

// globals is what comes after a kit: a default logger that scrubs and writes where
// the one before Init wrote.
type globals struct {
	kit       *Kit
	ours      slog.Handler
	afterward *slog.Logger
}

// install makes k the telemetry of the process: OpenTelemetry's globals and
// slog's default logger. The caller has made k current.
func (k *Kit) install() *globals {
	otel.SetErrorHandler(k.report)
	otel.SetTracerProvider(k.tracers)
	otel.SetMeterProvider(k.meters)
	otel.SetLoggerProvider(k.loggers)
	otel.SetTextMapPropagator(k.propagator)

	afterward := scrubbedDefault(k.config.scrubber)
	logger := k.Logger(k.config.serviceName)
	slog.SetDefault(logger)
	return &globals{kit: k, ours: logger.Handler(), afterward: afterward}
}

// scrubbedDefault returns a logger that writes where slog's default one does, and
// what is sensitive not at all. The logger that slog begins with writes through
// package log, whose output slog.SetDefault would send back to it; in its place
// there is one that writes to that output itself.
func scrubbedDefault(s *scrub.Scrubber) *slog.Logger {
	l := slog.Default()
	next := l.Handler()
	if _, ok := next.(scrubbedHandler); ok {
		return l
	}
	if fmt.Sprintf("%T", next) == "*slog.defaultHandler" {
		next = slog.NewTextHandler(stdlog.Writer(), nil)
	}
	return slog.New(scrubbedHandler{scrub.NewHandler(next, s)})
}

// scrubbedHandler tells a logger that is scrubbed already.
type scrubbedHandler struct{ slog.Handler }

// restore makes lines logged after Shutdown seen, and lets another Init in.
// OpenTelemetry's globals stay: what has been made from them does nothing any
// more.
func (g *globals) restore() {
	if g == nil {
		return
	}
	if slog.Default().Handler() == g.ours {
		slog.SetDefault(g.afterward)
	}
	current.CompareAndSwap(g.kit, nil)
}
