package otelkit

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"

	"github.com/otelkit/otelkit-go/internal/origin"
)

// line carries the attributes of one log line from the handler past the Logs API
// to the first processor, in the context of the record. The SDK would copy them
// out of an API record one at a time, which costs more than all the rest of it.
//
// A line lives as long as the call that emits it: processors get the context
// inside it.
type line struct {
	context.Context
	attrs []attribute.KeyValue
	errs  []error
}

type lineKey struct{}

// Value finds the line itself, also in a context that the SDK has wrapped.
func (l *line) Value(key any) any {
	if key == (lineKey{}) {
		return l
	}
	return l.Context.Value(key)
}

// lineIn returns the line that ctx carries, or nil if the record is not one of
// the handler.
func lineIn(ctx context.Context) *line {
	l, _ := ctx.Value(lineKey{}).(*line)
	return l
}

var linePool = sync.Pool{New: func() any { return &line{attrs: make([]attribute.KeyValue, 0, 32)} }}

func (l *line) release() {
	if cap(l.attrs) > 256 {
		return // one huge line must not stay in memory
	}
	clear(l.attrs)
	clear(l.errs)
	l.Context, l.attrs, l.errs = nil, l.attrs[:0], l.errs[:0]
	linePool.Put(l)
}

// entry is what a line says beside its attributes.
type entry struct {
	time    time.Time
	level   slog.Level
	event   string
	errs    []error
	pc      uintptr
	stack   []uintptr
	outcome bool // see origin.Origin
}

// emit completes the attributes of l and sends it on its way.
func (l *line) emit(logger log.Logger, e entry) {
	l.attrs = lastOfEach(appendException(l.attrs, e.errs, stackText(e.errs, e.stack)))
	if e.level >= slog.LevelWarn {
		l.Context = origin.NewContext(l.Context, &origin.Origin{
			Errors: slices.Clone(e.errs), PC: e.pc, Stack: e.stack, Outcome: e.outcome,
		})
	}
	var rec log.Record
	rec.SetTimestamp(e.time)
	rec.SetSeverity(log.Severity(int(e.level) + severityOffset))
	rec.SetSeverityText(e.level.String())
	rec.SetBody(attribute.StringValue(e.event))
	logger.Emit(l, rec)
}
