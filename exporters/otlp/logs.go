package otlp

import (
	"context"

	otellog "go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
	"github.com/otelkit/otelkit-go/exporters/spool"
	"github.com/otelkit/otelkit-go/internal/logline"
)

// logs encodes log records where they are emitted.
type logs struct{ *pipe }

var _ logline.Processor = logs{}

// Enabled returns true until Shutdown.
func (l logs) Enabled(context.Context, sdklog.EnabledParameters) bool { return !l.closing.Load() }

// OnEmit encodes the record. It keeps nothing of r and never returns an error.
func (l logs) OnEmit(_ context.Context, r *sdklog.Record) error {
	l.record(classOf(r.Severity()), r.Resource(), r.InstrumentationScope(), func(e *wire.Encoder) { e.Log(r) })
	return nil
}

// Lines encodes lines.
func (l logs) Lines() logline.Sink {
	return func(_ context.Context, line *logline.Line) {
		l.record(classOf(line.Severity), line.Logger.Resource, line.Logger.Scope, func(e *wire.Encoder) { e.Line(line) })
	}
}

func classOf(s otellog.Severity) spool.Class {
	if s >= otellog.SeverityError1 {
		return spool.Important
	}
	return spool.Normal
}
