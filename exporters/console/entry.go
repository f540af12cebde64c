package console

import (
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// entry is what a line says, of a log record or of a span. It is filled and
// formatted by the goroutine that records.
type entry struct {
	time    time.Time
	level   string // lower case; empty if unknown
	event   string
	message attribute.Value // of a log record that has an event name and a body
	logger  string
	attrs   []attribute.KeyValue
	traceID trace.TraceID
	spanID  trace.SpanID
	span    sdktrace.ReadOnlySpan // nil for a log record
}

var entryPool = sync.Pool{New: func() any { return new(entry) }}

func newEntry() *entry { return entryPool.Get().(*entry) }

// free clears e so that the pool holds on to nothing.
func (e *entry) free() {
	clear(e.attrs)
	*e = entry{attrs: e.attrs[:0]}
	entryPool.Put(e)
}
