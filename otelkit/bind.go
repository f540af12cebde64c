package otelkit

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/internal/attrvalue"
)

type bindingKey struct{}

// binding is an immutable list of the attributes bound to a context, the
// innermost first.
type binding struct {
	attrs  []attribute.KeyValue
	parent *binding
}

// Bind returns a copy of ctx that carries attributes: each line logged with it,
// or with a context derived from it, has them. The arguments are those of
// [slog.With]: keys and values in turn, or [slog.Attr]. A key bound again
// replaces the outer one on the lines inside.
//
// Bound attributes stand at the root of a line, whatever groups its logger has
// opened. They are not put on spans and do not travel to other processes.
func Bind(ctx context.Context, args ...any) context.Context {
	b := &binding{parent: boundTo(ctx)}
	b.attrs = attrvalue.AppendAttr(nil, slog.Group("", args...))
	return context.WithValue(ctx, bindingKey{}, b)
}

func boundTo(ctx context.Context) *binding {
	b, _ := ctx.Value(bindingKey{}).(*binding)
	return b
}

// appendTo appends the bound attributes to kvs, the outermost first, so that a
// later one of the same key wins.
func (b *binding) appendTo(kvs []attribute.KeyValue) []attribute.KeyValue {
	if b == nil {
		return kvs
	}
	return append(b.parent.appendTo(kvs), b.attrs...)
}
