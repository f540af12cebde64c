package otelkit

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/trace"
)

// source is where the lines of one logger begin: a record with what they have in
// common (resource, scope, limits), and the processor that takes them.
//
// The SDK's own logger would take two locks that all loggers share, allocate a
// record of 700 bytes and copy the attributes one by one. Here the record is a
// copy of the common one, in memory that is used again.
type source struct {
	common sdklog.Record
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

// emit makes l a record and hands it on. An error of a processor is told, since
// nobody who logs could mend it.
func (s *source) emit(l *line, e entry) {
	if s.intake == nil || s.intake.stopped.Load() {
		return
	}
	r := &l.record
	if s.intake.kept {
		r = new(sdklog.Record)
	}
	*r = s.common
	if e.time.IsZero() {
		r.SetObservedTimestamp(time.Now())
	} else {
		// A record that begins here is observed when it happens (Logs Data Model,
		// "Field: ObservedTimestamp").
		r.SetTimestamp(e.time)
		r.SetObservedTimestamp(e.time)
	}
	r.SetSeverity(log.Severity(int(e.level) + severityOffset))
	r.SetSeverityText(e.level.String())
	r.SetBody(attribute.StringValue(e.event))
	if sc := trace.SpanContextFromContext(l.ctx); sc.IsValid() {
		r.SetTraceID(sc.TraceID())
		r.SetSpanID(sc.SpanID())
		r.SetTraceFlags(sc.TraceFlags())
	}
	r.SetAttributes(l.attrs...)
	if err := s.intake.next.OnEmit(l.ctx, r); err != nil {
		s.intake.report(err)
	}
}
