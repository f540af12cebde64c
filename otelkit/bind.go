package otelkit

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/internal/attrvalue"
)

type bindingKey struct{}

// binding is what a context knows of telemetry: a list of bound attributes, the
// kit that works for it and the request, task or command it belongs to. All but
// the scope is immutable.
//
// It is the context itself, which saves a piece of memory a request.
type binding struct {
	context.Context

	attrs  []attribute.KeyValue
	parent *binding
	kit    *Kit   // nil: the one of the process
	scope  *scope // the innermost; nil outside any
	opens  bool   // scope begins here
}

// Bind returns a copy of ctx that carries attributes: each line logged with it,
// or with a context derived from it, has them. The arguments are those of
// [slog.With]: keys and values in turn, or [slog.Attr]. A key bound again
// replaces the outer one on the lines inside.
//
// Bound attributes stand at the root of a line, whatever groups its logger has
// opened. They are put on spans only with [WithBoundSpans], and travel to other
// processes only with tasks ([EnqueueTask]).
func Bind(ctx context.Context, args ...any) context.Context {
	return child(ctx, &binding{attrs: appendArgs(nil, args)})
}

// BindScope adds attributes to the request, task or command that ctx belongs to:
// every later line of it has them, whatever context it is logged with, and so
// does the line that tells how it ended. A key given again replaces the earlier
// value; one given to [Bind] wins over it.
//
//	otelkit.BindScope(r.Context(), "user_id", user.ID) // in an authentication middleware
//
// Outside of a request, task or command it does nothing.
func BindScope(ctx context.Context, args ...any) {
	if b := boundTo(ctx); b != nil && b.scope != nil {
		b.scope.add(appendArgs(nil, args))
	}
}

// Context returns a copy of ctx in which the functions of this package work for
// k instead of the kit of the process. The requests, tasks and commands of a
// kit carry it by themselves.
func (k *Kit) Context(ctx context.Context) context.Context {
	return child(ctx, &binding{kit: k})
}

// FromContext returns the kit that ctx carries, else the one of the process,
// which is that of the last [Init] without [WithoutGlobals]. It is nil if there
// is none, which is safe to use.
//
// Every function of this package that takes a context works for this kit.
func FromContext(ctx context.Context) *Kit {
	if b := boundTo(ctx); b != nil && b.kit != nil {
		return b.kit
	}
	return current.Load()
}

// child returns a copy of ctx with b, which inherits what it does not set.
func child(ctx context.Context, b *binding) context.Context {
	if b.parent = boundTo(ctx); b.parent != nil {
		if b.kit == nil {
			b.kit = b.parent.kit
		}
		if b.scope == nil {
			b.scope = b.parent.scope
		}
	}
	b.Context = orBackground(ctx)
	return b
}

// Value returns b itself for the key of bindings.
func (b *binding) Value(key any) any {
	if _, ok := key.(bindingKey); ok {
		return b
	}
	return b.Context.Value(key)
}

// String keeps what is bound out of a derived context that is printed.
func (b *binding) String() string { return "otelkit.Bind" }

// Format does so for every verb of fmt.
func (b *binding) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, b.String()) }

func boundTo(ctx context.Context) *binding {
	if ctx == nil {
		return nil
	}
	b, _ := ctx.Value(bindingKey{}).(*binding)
	return b
}

func scopeOf(ctx context.Context) *scope {
	if b := boundTo(ctx); b != nil {
		return b.scope
	}
	return nil
}

// appendTo appends the bound attributes to kvs, the outermost first, so that a
// later one of the same key wins.
func (b *binding) appendTo(kvs []attribute.KeyValue) []attribute.KeyValue {
	if b == nil {
		return kvs
	}
	kvs = append(b.parent.appendTo(kvs), b.attrs...)
	if b.opens {
		kvs = b.scope.appendTo(kvs)
	}
	return kvs
}

// appendArgs appends arguments as slog takes them.
func appendArgs(kvs []attribute.KeyValue, args []any) []attribute.KeyValue {
	if len(args) == 0 {
		return kvs
	}
	return attrvalue.AppendAttr(kvs, slog.Group("", args...))
}
