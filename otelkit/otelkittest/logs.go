package otelkittest

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/trace"
)

// Log is a line as it would leave the process.
type Log struct {
	Time       time.Time
	Level      slog.Level
	Event      string // event name of the record, else its body as text
	Logger     string // name of the logger
	TraceID    trace.TraceID
	SpanID     trace.SpanID
	Attributes Attributes

	order int64
}

// Logs are lines in the order in which they were logged.
type Logs []Log

// Logs returns all lines so far.
func (k *Kit) Logs() Logs { return k.logs.all() }

// Event returns the lines with this event name.
func (l Logs) Event(name string) Logs {
	return l.filter(func(line Log) bool { return line.Event == name })
}

// AtLeast returns the lines of level and above.
func (l Logs) AtLeast(level slog.Level) Logs {
	return l.filter(func(line Log) bool { return line.Level >= level })
}

// In returns the lines that were logged within the span.
func (l Logs) In(s *Span) Logs {
	return l.filter(func(line Log) bool { return s != nil && line.TraceID == s.TraceID && line.SpanID == s.SpanID })
}

// Events returns the event names in the order of the lines.
func (l Logs) Events() []string {
	names := make([]string, len(l))
	for i, line := range l {
		names[i] = line.Event
	}
	return names
}

func (l Logs) filter(keep func(Log) bool) Logs {
	return slices.DeleteFunc(slices.Clone(l), func(line Log) bool { return !keep(line) })
}

// logRecorder is a log processor that keeps what it gets.
type logRecorder struct {
	order *order

	mu    sync.Mutex
	lines Logs
}

var _ sdklog.Processor = (*logRecorder)(nil)

func (r *logRecorder) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
func (r *logRecorder) ForceFlush(context.Context) error                       { return nil }
func (r *logRecorder) Shutdown(context.Context) error                         { return nil }

// severityOffset is between the severities of OpenTelemetry and slog's levels.
const severityOffset = 9

func (r *logRecorder) OnEmit(_ context.Context, rec *sdklog.Record) error {
	line := Log{
		Time: rec.Timestamp(), Level: slog.Level(int(rec.Severity()) - severityOffset),
		Event: rec.EventName(), Logger: rec.InstrumentationScope().Name,
		TraceID: rec.TraceID(), SpanID: rec.SpanID(), Attributes: Attributes{},
	}
	if line.Event == "" {
		line.Event = rec.Body().String()
	}
	rec.WalkAttributes(func(kv attribute.KeyValue) bool {
		line.Attributes[string(kv.Key)] = plain(kv.Value)
		return true
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	line.order = r.order.next()
	r.lines = append(r.lines, line)
	return nil
}

func (r *logRecorder) all() Logs {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.lines)
}
