package otelkit

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/internal/logline"
)

// source is where the lines of one logger begin: what they have in common, and
// the processor that takes them.
//
// The SDK's own logger would take two locks that all loggers share, allocate a
// record of 700 bytes and copy the attributes one by one.
type source struct {
	logger *logline.Logger
	intake *intake // nil if the provider has been shut down
}

type sourceKey struct{}

// newSource asks logger, one of the SDK, for what its records have in common: it
// has it emit one, which intake keeps instead of passing it on.
func newSource(logger log.Logger) *source {
	s := &source{}
	logger.Emit(context.WithValue(context.Background(), sourceKey{}, s), log.Record{})
	return s
}

// emit fills in the rest of l and hands it on.
func (s *source) emit(l *line, e entry) {
	if s.intake == nil || s.intake.stopped.Load() {
		return
	}
	l.Logger = s.logger
	// A line that begins here is observed when it happens (Logs Data Model,
	// "Field: ObservedTimestamp").
	l.Time, l.Observed = e.time, e.time
	if e.time.IsZero() {
		l.Observed = time.Now()
	}
	l.Severity = log.Severity(int(e.level) + severityOffset)
	l.SeverityText = e.level.String()
	l.Body, l.Dropped = e.event, 0
	sc := trace.SpanContextFromContext(l.ctx)
	if !sc.IsValid() {
		sc = trace.SpanContext{}
	}
	l.TraceID, l.SpanID, l.TraceFlags = sc.TraceID(), sc.SpanID(), sc.TraceFlags()
	s.intake.take(l)
}
