package otelkit

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/internal/origin"
)

// line is a log line while it is made. It lives as long as the call that emits it.
type line struct {
	ctx    context.Context
	attrs  []attribute.KeyValue
	errs   []error
	record sdklog.Record
}

var linePool = sync.Pool{New: func() any { return &line{attrs: make([]attribute.KeyValue, 0, 32)} }}

func (l *line) release() {
	if cap(l.attrs) > 256 {
		return // one huge line must not stay in memory
	}
	clear(l.attrs)
	clear(l.errs)
	// The record is overwritten when it is used again, or goes with the pool at
	// a collection of garbage: clearing its 700 bytes here would be for nothing.
	l.ctx, l.attrs, l.errs = nil, l.attrs[:0], l.errs[:0]
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

// toFront moves what is in kvs from n on before the rest: what is over the limit of
// a record is cut off at its end, and that must not be its error.
func toFront(kvs []attribute.KeyValue, n int) {
	slices.Reverse(kvs[:n])
	slices.Reverse(kvs[n:])
	slices.Reverse(kvs)
}

// emit completes the attributes of l and sends it on its way.
func (l *line) emit(src *source, e entry) {
	n := len(l.attrs)
	l.attrs = appendException(l.attrs, e.errs, stackText(e.errs, e.stack))
	if n > manyAttributes {
		toFront(l.attrs, n)
	}
	l.attrs = lastOfEach(l.attrs)
	if e.level >= slog.LevelWarn {
		l.ctx = origin.NewContext(l.ctx, &origin.Origin{
			Errors: slices.Clone(e.errs), PC: e.pc, Stack: e.stack, Outcome: e.outcome,
		})
	}
	src.emit(l, e)
}
