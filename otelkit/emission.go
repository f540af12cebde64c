package otelkit

import (
	"context"
	"sync"

	"go.opentelemetry.io/otel/attribute"
)

// emission carries the attributes of one log line from the handler past the Logs API
// to the first processor, in the context of the record. The SDK would copy them
// out of an API record one at a time, which costs more than all the rest of it.
//
// An emission lives as long as the call that emits it: processors get the context
// inside it.
type emission struct {
	context.Context
	attrs []attribute.KeyValue
	errs  []error
}

type emissionKey struct{}

// Value finds the emission itself, also in a context that the SDK has wrapped.
func (e *emission) Value(key any) any {
	if key == (emissionKey{}) {
		return e
	}
	return e.Context.Value(key)
}

// emissionIn returns the emission that ctx carries, or nil if the record is not one of
// the handler.
func emissionIn(ctx context.Context) *emission {
	e, _ := ctx.Value(emissionKey{}).(*emission)
	return e
}

var emissionPool = sync.Pool{New: func() any { return &emission{attrs: make([]attribute.KeyValue, 0, 32)} }}

func newEmission(ctx context.Context) *emission {
	e := emissionPool.Get().(*emission)
	e.Context = ctx
	return e
}

func (e *emission) release() {
	if cap(e.attrs) > 256 {
		return // one huge line must not stay in memory
	}
	clear(e.attrs)
	clear(e.errs)
	e.Context, e.attrs, e.errs = nil, e.attrs[:0], e.errs[:0]
	emissionPool.Put(e)
}
