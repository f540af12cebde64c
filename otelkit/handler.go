package otelkit

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/internal/attrvalue"
)

// handler is the [slog.Handler] behind [Kit.Logger]. It turns a record into a
// line with the trace and span id of the context.
//
// A handler is immutable; WithAttrs and WithGroup return changed copies.
type handler struct {
	gate   *gate
	source *source
	report func(error)
	debug  bool // lines below the level are kept, see WithDebugOnError

	attrs  []attribute.KeyValue // given by With outside any group
	errs   []error              // the error values given by With
	groups []openGroup          // opened by WithGroup, outermost first
}

// openGroup is a group that WithGroup opened, with what With added inside it.
type openGroup struct {
	name  string
	attrs []attribute.KeyValue
}

var _ slog.Handler = (*handler)(nil)

// Enabled reports whether the level is wanted. It takes no lock.
func (h *handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.gate.enabled(level) || h.debug && h.ring(ctx, level) != nil
}

// ring returns where a line that is not enabled is kept, or nil.
func (h *handler) ring(ctx context.Context, level slog.Level) *ring {
	if !h.debug || level < slog.LevelDebug || h.gate.enabled(level) {
		return nil
	}
	if s := scopeOf(ctx); s != nil {
		return s.ring
	}
	return nil
}

// Handle emits r. It always returns nil: a service cannot mend its telemetry at
// the place where it logs.
func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	defer func() {
		if p := recover(); p != nil {
			h.report(fmt.Errorf("log record %q lost: panic: %s", r.Message, attrvalue.Text(p)))
		}
	}()
	if ctx == nil {
		ctx = context.Background()
	}

	l := linePool.Get().(*line)
	defer l.release()
	l.ctx = ctx
	h.attributes(l, r)
	e := entry{time: r.Time, level: r.Level, event: r.Message, errs: l.errs, pc: r.PC}
	if r.Level >= slog.LevelError {
		e.stack = callers(r.PC)
	}
	if ring := h.ring(ctx, r.Level); ring != nil {
		ring.keep(h.source, l, e)
		return nil
	}
	l.emit(h.source, e)
	return nil
}

// attributes collects in l all attributes of a line: those bound to its context,
// those of its logger and its own, and the errors among them.
func (h *handler) attributes(l *line, r slog.Record) {
	l.Attributes = append(boundTo(l.ctx).appendTo(l.Attributes), h.attrs...)
	var own []attribute.KeyValue
	target := &l.Attributes
	if len(h.groups) > 0 {
		target = &own
	}
	r.Attrs(func(a slog.Attr) bool {
		*target = attrvalue.AppendAttr(*target, a)
		if k := a.Value.Kind(); k == slog.KindAny || k == slog.KindGroup {
			l.errs = appendErrors(l.errs, a)
		}
		return true
	})
	l.Attributes = append(l.Attributes, h.nest(own)...)
	// The line's own errors tell more of its cause than those of its logger.
	l.errs = append(l.errs, h.errs...)
}

// nest wraps kvs in the open groups. A group that stays empty vanishes.
func (h *handler) nest(kvs []attribute.KeyValue) []attribute.KeyValue {
	for _, g := range slices.Backward(h.groups) {
		kvs = append(slices.Clip(g.attrs), kvs...)
		if len(kvs) > 0 {
			kvs = []attribute.KeyValue{attribute.Map(g.name, kvs...)}
		}
	}
	return kvs
}

// WithAttrs returns a handler whose lines also have attrs, which are converted
// once, here.
func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	h2 := *h
	target := &h2.attrs
	if n := len(h.groups); n > 0 {
		h2.groups = slices.Clone(h.groups)
		target = &h2.groups[n-1].attrs
	}
	*target = slices.Clip(*target)
	h2.errs = slices.Clip(h.errs)
	for _, a := range attrs {
		*target = attrvalue.AppendAttr(*target, a)
		h2.errs = appendErrors(h2.errs, a)
	}
	return &h2
}

// WithGroup returns a handler whose lines have their attributes in a group.
func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	h2 := *h
	h2.groups = append(slices.Clip(h.groups), openGroup{name: name})
	return &h2
}

// maxFrames bounds the stack that goes with an ERROR line.
const maxFrames = 32

// callers returns the stack of the logging call whose program counter is pc. If
// pc is not on this goroutine's stack, as in a record made elsewhere, it is all
// that is known.
func callers(pc uintptr) []uintptr {
	if pc == 0 {
		return nil
	}
	var buf [maxFrames + 8]uintptr
	stack := buf[:runtime.Callers(2, buf[:])]
	// The frames above the call are those of slog and of this package.
	i := slices.Index(stack, pc)
	if i < 0 {
		return []uintptr{pc}
	}
	return slices.Clone(stack[i:min(len(stack), i+maxFrames)])
}

// stackText writes a stack as the runtime does, for exception.stacktrace. A
// line without an error has none.
func stackText(errs []error, pcs []uintptr) string {
	if len(errs) == 0 || len(pcs) == 0 {
		return ""
	}
	var b strings.Builder
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		fmt.Fprintf(&b, "%s()\n\t%s:%d\n", f.Function, f.File, f.Line)
		if !more {
			return b.String()
		}
	}
}
