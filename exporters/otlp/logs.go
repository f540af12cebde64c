package otlp

import (
	"context"

	otellog "go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
	"github.com/otelkit/otelkit-go/exporters/spool"
)

// logs encodes log records where they are emitted.
type logs struct{ *pipe }

var _ sdklog.Processor = logs{}

// Enabled returns true until Shutdown.
func (l logs) Enabled(context.Context, sdklog.EnabledParameters) bool { return !l.closing.Load() }

// OnEmit encodes the record. It keeps nothing of r and never returns an error.
func (l logs) OnEmit(_ context.Context, r *sdklog.Record) error {
	class := spool.Normal
	if r.Severity() >= otellog.SeverityError1 {
		class = spool.Important
	}
	l.record(class, r.Resource(), r.InstrumentationScope(), func(e *wire.Encoder) { e.Log(r) })
	return nil
}
