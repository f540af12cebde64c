package otelkit

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/internal/logline"
	"github.com/otelkit/otelkit-go/internal/origin"
)

// line is a log line while it is made. It lives as long as the call that emits it.
type line struct {
	logline.Line

	ctx  context.Context
	errs []error
}

var linePool = sync.Pool{New: func() any {
	return &line{Line: logline.Line{Attributes: make([]attribute.KeyValue, 0, 32)}}
}}

func (l *line) release() {
	attrs := l.Attributes
	if cap(attrs) > 256 {
		return // one huge line must not stay in memory
	}
	clear(attrs)
	clear(l.errs)
	l.ctx, l.Attributes, l.errs = nil, attrs[:0], l.errs[:0]
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
	n := len(l.Attributes)
	l.Attributes = appendException(l.Attributes, e.errs, stackText(e.errs, e.stack))
	if n > manyAttributes {
		toFront(l.Attributes, n)
	}
	l.Attributes = lastOfEach(l.Attributes)
	if e.level >= slog.LevelWarn {
		l.ctx = origin.NewContext(l.ctx, &origin.Origin{
			Errors: slices.Clone(e.errs), PC: e.pc, Stack: e.stack, Outcome: e.outcome,
		})
	}
	src.emit(l, e)
}
