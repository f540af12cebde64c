// Package logline is the short way of a log line from otelkit's slog handler to
// the exporters. A [Line] holds what a record of the SDK holds, but lies open:
// whoever stands on the way reads and changes it in place, where a record hands
// out copies of its attributes and checks and copies what it is given.
//
// A processor of records that takes lines too has a method Lines. Where one
// on the way has none, lines become records before they set out.
package logline

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/trace"
)

// Line is a log line on its way. It belongs to the call that emits it: who gets
// it may change it, and must not keep it or its Attributes, though it may keep
// texts and values.
type Line struct {
	Logger *Logger

	Time         time.Time // when it was logged; zero if nobody knows
	Observed     time.Time
	Severity     log.Severity
	SeverityText string
	Body         string
	// Attributes have a key each, and none twice.
	Attributes []attribute.KeyValue
	Dropped    int // attributes above the limit

	TraceID    trace.TraceID
	SpanID     trace.SpanID
	TraceFlags trace.TraceFlags
}

// Logger is what the lines of one logger have in common. It does not change.
type Logger struct {
	Resource *resource.Resource
	Scope    instrumentation.Scope

	record sdklog.Record
}

// NewLogger returns the Logger of a record that has nothing of its own: only the
// SDK can give a record its resource and scope.
func NewLogger(r *sdklog.Record) *Logger {
	return &Logger{Resource: r.Resource(), Scope: r.InstrumentationScope(), record: r.Clone()}
}

// Record returns a record that says what l says, in memory of its own. It has the
// limits of its logger.
func (l *Line) Record() *sdklog.Record {
	r := l.Logger.record
	r.SetTimestamp(l.Time)
	r.SetObservedTimestamp(l.Observed)
	r.SetSeverity(l.Severity)
	r.SetSeverityText(l.SeverityText)
	r.SetBody(attribute.StringValue(l.Body))
	r.SetTraceID(l.TraceID)
	r.SetSpanID(l.SpanID)
	r.SetTraceFlags(l.TraceFlags)
	r.SetAttributes(l.Attributes...)
	return &r
}

// Sink takes lines, as OnEmit takes records: from any number of goroutines, and
// without a panic of its own making.
type Sink func(ctx context.Context, l *Line)

// Processor is a processor of records that can take lines as well.
type Processor interface {
	sdklog.Processor
	// Lines returns where lines go, or nil if something behind it takes records
	// only.
	Lines() Sink
}

// Lines returns where p takes lines, or nil if it takes records only.
func Lines(p sdklog.Processor) Sink {
	if p, ok := p.(Processor); ok {
		return p.Lines()
	}
	return nil
}
