package scrub

import (
	"context"
	"errors"
	"log/slog"
	"reflect"
	"slices"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/internal/attrvalue"
)

// NewHandler returns a handler that hands next records with their sensitive
// parts replaced: message, attributes of the record and of With, in groups at
// any depth, and names of groups. It is for services that log by slog alone:
//
//	slog.New(scrub.NewHandler(slog.NewJSONHandler(os.Stdout, nil), s))
//
// Values of other types than slog's own reach next as groups, lists, text and
// numbers, so that no handler prints what was not looked at. Structs, maps and
// pointers are walked, by the names that encoding/json gives to fields;
// unexported fields and those tagged json:"-" or scrub:"-" are left out, those
// tagged scrub:"pii" masked. LogValuers are resolved. An error stays an error,
// but has its text only: it does not unwrap. All attributes within a group
// with a sensitive name are masked. What lies more than 28 groups deep, or 12
// levels deep in a value, is named by its type.
//
// A record that cannot be scrubbed keeps its time and level only.
//
// The handler is as safe for concurrent use as next. A nil s has default
// options.
func NewHandler(next slog.Handler, s *Scrubber) slog.Handler {
	return &handler{next: next, scrubber: s.orDefault()}
}

type handler struct {
	next     slog.Handler
	scrubber *Scrubber
	group    string // the outermost group with a sensitive name, if any
}

// maxGroups bounds groups within groups; what lies deeper is left to attrvalue,
// which has a bound of its own.
const maxGroups = 16

func (h *handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

func (h *handler) Handle(ctx context.Context, r slog.Record) error {
	return h.next.Handle(ctx, h.record(r))
}

func (h *handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean, _ := rewrite(attrs, func(a slog.Attr) (slog.Attr, bool, bool) { return h.guarded(a) })
	if len(clean) == 0 {
		return h
	}
	out := *h
	out.next = h.next.WithAttrs(clean)
	return &out
}

func (h *handler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	out := *h
	clean, _ := h.scrubber.text(sigLogs, "", name)
	out.next = h.next.WithGroup(clean)
	if _, sensitive := h.scrubber.SensitiveKey(name); sensitive && h.group == "" {
		out.group = name
	}
	return &out
}

func (h *handler) record(r slog.Record) (out slog.Record) {
	defer func() {
		if recover() != nil {
			h.scrubber.failed(sigLogs)
			out = slog.NewRecord(r.Time, r.Level, failureMarker, r.PC)
		}
	}()
	message, changed := h.scrubber.text(sigLogs, "", r.Message)
	seen := 0
	if changed {
		out = slog.NewRecord(r.Time, r.Level, message, r.PC)
	}
	r.Attrs(func(a slog.Attr) bool {
		clean, keep, hit := h.attr(a, 0)
		if hit && !changed {
			changed = true
			out = slog.NewRecord(r.Time, r.Level, message, r.PC)
			out.AddAttrs(firstAttrs(r, seen)...)
		}
		if changed && keep {
			out.AddAttrs(clean)
		}
		seen++
		return true
	})
	if !changed {
		return r
	}
	return out
}

// firstAttrs copies the first n attributes of r.
func firstAttrs(r slog.Record, n int) []slog.Attr {
	out := make([]slog.Attr, 0, n)
	r.Attrs(func(a slog.Attr) bool {
		if len(out) < n {
			out = append(out, a)
		}
		return len(out) < n
	})
	return out
}

func (h *handler) guarded(a slog.Attr) (out slog.Attr, keep, changed bool) {
	defer func() {
		if recover() != nil {
			h.scrubber.failed(sigLogs)
			out, keep, changed = slog.String(a.Key, failureMarker), true, true
		}
	}()
	return h.attr(a, 0)
}

// attr returns a without its sensitive parts, whether to keep it, and whether
// it changed.
func (h *handler) attr(a slog.Attr, depth int) (_ slog.Attr, keep, changed bool) {
	out, keep, changed := h.content(a, depth)
	if shown := h.shown(out.Key); shown != out.Key {
		out.Key, changed = shown, true
	}
	return out, keep, changed
}

// shown is key without what it gives away itself.
func (h *handler) shown(key string) string {
	return h.scrubber.keyShown(sigLogs, h.scrubber.find.Verdict(key), key)
}

// content is attr but for the key.
func (h *handler) content(a slog.Attr, depth int) (_ slog.Attr, keep, changed bool) {
	switch a.Value.Kind() {
	case slog.KindGroup:
		if h.members(a.Key) && depth < maxGroups {
			attrs, hit := rewrite(a.Value.Group(), func(a slog.Attr) (slog.Attr, bool, bool) { return h.attr(a, depth+1) })
			if !hit {
				return a, true, false
			}
			return slog.Attr{Key: a.Key, Value: slog.GroupValue(attrs...)}, true, true
		}
	case slog.KindAny, slog.KindLogValuer:
		return h.foreign(a)
	}
	clean, hit := h.keyValue(a.Key, attrvalue.FromSlog(a.Value))
	switch {
	case hit:
		return slog.Attr{Key: a.Key, Value: toSlog(clean.Value)}, clean.Valid(), true
	case a.Value.Kind() == slog.KindGroup: // what was looked at has bounds, and foreign values in it are text
		return slog.Attr{Key: a.Key, Value: toSlog(clean.Value)}, true, true
	default:
		return a, true, false
	}
}

// members reports whether the members of a group are looked at one by one.
func (h *handler) members(group string) bool {
	if h.group != "" {
		return false
	}
	_, sensitive := h.scrubber.SensitiveKey(group)
	return !sensitive
}

// foreign converts values of types that next could print in ways of its own.
func (h *handler) foreign(a slog.Attr) (_ slog.Attr, keep, changed bool) {
	err, isError := a.Value.Any().(error)
	var attrs []slog.Attr
	for _, kv := range attrvalue.AppendAttr(nil, a) {
		clean, hit := h.keyValue(string(kv.Key), kv.Value)
		switch {
		case hit && !clean.Valid():
		case isError && clean.Value.Type() == attribute.STRING:
			attrs = append(attrs, slog.Any(h.shown(string(kv.Key)), textError{text: clean.Value.AsString(), kind: errorType(err)}))
		default:
			attrs = append(attrs, slog.Attr{Key: h.shown(string(kv.Key)), Value: toSlog(clean.Value)})
		}
	}
	switch {
	case len(attrs) == 0:
		return slog.Attr{}, false, true
	case len(attrs) == 1:
		return attrs[0], true, true
	default: // a group without a key
		return slog.Attr{Value: slog.GroupValue(attrs...)}, true, true
	}
}

// keyValue judges v by its key, or by the sensitive group around it. The key
// of the result is not empty unless v is to be dropped.
func (h *handler) keyValue(key string, v attribute.Value) (attribute.KeyValue, bool) {
	if h.group != "" {
		key = h.group
	}
	kv := attribute.KeyValue{Key: attribute.Key(key), Value: v}
	if h.scrubber.clean(&kv) {
		return kv, false
	}
	out, hit := h.scrubber.value(sigLogs, h.scrubber.find.Verdict(key), v, 0)
	if hit && out.Type() == attribute.EMPTY {
		return attribute.KeyValue{}, true
	}
	return attribute.KeyValue{Key: "kept", Value: out}, hit
}

// textError is what is left of an error.
type textError struct{ text, kind string }

func (e textError) Error() string { return e.text }

// ErrorType tells the OpenTelemetry SDK the exception.type.
func (e textError) ErrorType() string { return e.kind }

// errorType names the type of err, behind any wrapping by fmt.Errorf.
func errorType(err error) string {
	for {
		t, ok := err.(interface{ ErrorType() string })
		if ok {
			return t.ErrorType()
		}
		name := reflect.TypeOf(err).String()
		next := errors.Unwrap(err)
		if name != "*fmt.wrapError" || next == nil {
			return name
		}
		err = next
	}
}

// toSlog returns v as what handlers show best: a MAP as a group, the rest as
// the plain Go value.
func toSlog(v attribute.Value) slog.Value {
	kvs := v.AsMap()
	if len(kvs) == 0 {
		return slog.AnyValue(toGo(v))
	}
	attrs := make([]slog.Attr, len(kvs))
	for i, kv := range kvs {
		attrs[i] = slog.Attr{Key: string(kv.Key), Value: toSlog(kv.Value)}
	}
	return slog.GroupValue(attrs...)
}

// toGo returns v as a value made of maps, slices and basic types.
func toGo(v attribute.Value) any {
	switch v.Type() {
	case attribute.EMPTY:
		return nil
	case attribute.MAP:
		out := map[string]any{}
		for _, kv := range v.AsMap() {
			out[string(kv.Key)] = toGo(kv.Value)
		}
		return out
	case attribute.SLICE:
		in := v.AsSlice()
		out := make([]any, len(in))
		for i, elem := range in {
			out[i] = toGo(elem)
		}
		return out
	case attribute.BYTESLICE:
		return slices.Clone(v.AsByteSlice())
	default:
		return v.AsInterface()
	}
}
