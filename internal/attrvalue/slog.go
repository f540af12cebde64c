package attrvalue

import (
	"log/slog"

	"go.opentelemetry.io/otel/attribute"
)

// maxResolve bounds how often a LogValuer may return another one, as a loop
// of them would otherwise never end.
const maxResolve = 32

// FromSlog returns v as an attribute value, by the rules of [Of]. A LogValuer
// is resolved first; a group becomes a MAP in which empty groups are left out
// and groups without a key are merged into the group that holds them.
func FromSlog(v slog.Value) attribute.Value {
	w := walker{nodes: maxNodes}
	return w.slog(v)
}

// AppendAttr appends a to dst, by the rules that slog sets for handlers: a is
// resolved, the zero Attr and an empty group are left out, and a group without
// a key is replaced by its members.
func AppendAttr(dst []attribute.KeyValue, a slog.Attr) []attribute.KeyValue {
	if v, ok := scalar(a.Value); ok {
		return append(dst, attribute.KeyValue{Key: attribute.Key(a.Key), Value: v})
	}
	if a.Value.Kind() == slog.KindAny {
		if err, ok := a.Value.Any().(error); ok {
			return append(dst, attribute.KeyValue{Key: attribute.Key(a.Key), Value: call(err, err.Error)})
		}
	}
	w := walker{nodes: maxNodes}
	return w.appendAttr(dst, a)
}

// scalar converts the kinds that hold nothing to walk: most of what is logged.
func scalar(v slog.Value) (attribute.Value, bool) {
	switch v.Kind() {
	case slog.KindString:
		return attribute.StringValue(v.String()), true
	case slog.KindInt64:
		return attribute.Int64Value(v.Int64()), true
	case slog.KindUint64:
		return unsigned(v.Uint64()), true
	case slog.KindFloat64:
		return attribute.Float64Value(v.Float64()), true
	case slog.KindBool:
		return attribute.BoolValue(v.Bool()), true
	case slog.KindDuration:
		return attribute.StringValue(v.Duration().String()), true
	case slog.KindTime:
		return timestamp(v.Time()), true
	}
	return attribute.Value{}, false
}

func (w *walker) slog(v slog.Value) attribute.Value {
	if out, ok := scalar(v); ok {
		return out
	}
	switch v.Kind() {
	case slog.KindGroup:
		return w.group(v.Group())
	case slog.KindLogValuer:
		return w.logValuer(v)
	default:
		return w.any(v.Any())
	}
}

func (w *walker) logValuer(v slog.Value) attribute.Value {
	resolved, out, ok := resolve(v)
	if !ok {
		return out
	}
	// A LogValuer may return a group that holds the LogValuer again.
	if !w.enter() {
		return tooDeep("slog.LogValuer")
	}
	defer w.leave()
	return w.slog(resolved)
}

// resolve calls LogValue until it gives a value of another kind. Unlike
// slog.Value.Resolve it puts no stack trace into the value if that panics.
// If it is not ok, out is what there is to show.
func resolve(v slog.Value) (resolved slog.Value, out attribute.Value, ok bool) {
	var valuer slog.LogValuer
	defer func() {
		if r := recover(); r != nil {
			if out = panicked(r); isNil(valuer) {
				out = attribute.Value{}
			}
			ok = false
		}
	}()
	for range maxResolve {
		if v.Kind() != slog.KindLogValuer {
			return v, attribute.Value{}, true
		}
		valuer = v.LogValuer()
		v = valuer.LogValue()
	}
	return v, attribute.StringValue("!CYCLE: slog.LogValuer"), false
}

func (w *walker) group(attrs []slog.Attr) attribute.Value {
	if !w.enter() {
		return tooDeep("slog group")
	}
	defer w.leave()
	return attribute.MapValue(w.appendMembers(make([]attribute.KeyValue, 0, len(attrs)), attrs)...)
}

// appendMembers appends what is left of attrs in a group.
func (w *walker) appendMembers(dst []attribute.KeyValue, attrs []slog.Attr) []attribute.KeyValue {
	for i, a := range attrs {
		if w.nodes <= 0 {
			return append(dst, attribute.KeyValue{Key: "!TRUNCATED", Value: truncated(len(attrs) - i)})
		}
		dst = w.appendAttr(dst, a)
	}
	return dst
}

func (w *walker) appendAttr(dst []attribute.KeyValue, a slog.Attr) []attribute.KeyValue {
	if !w.take() {
		return dst
	}
	if v, ok := scalar(a.Value); ok {
		return append(dst, attribute.KeyValue{Key: attribute.Key(a.Key), Value: v})
	}
	if a.Value.Kind() == slog.KindLogValuer {
		resolved, out, ok := resolve(a.Value)
		if !ok {
			return append(dst, attribute.KeyValue{Key: attribute.Key(a.Key), Value: out})
		}
		a.Value = resolved
	}
	if a.Value.Kind() == slog.KindGroup {
		return w.appendGroup(dst, a.Key, a.Value.Group())
	}
	if a.Equal(slog.Attr{}) {
		return dst
	}
	return append(dst, attribute.KeyValue{Key: attribute.Key(a.Key), Value: w.slog(a.Value)})
}

func (w *walker) appendGroup(dst []attribute.KeyValue, key string, attrs []slog.Attr) []attribute.KeyValue {
	if len(attrs) == 0 {
		return dst
	}
	if !w.enter() {
		if key == "" {
			key = "!DEPTH"
		}
		return append(dst, attribute.KeyValue{Key: attribute.Key(key), Value: tooDeep("slog group")})
	}
	defer w.leave()
	if key == "" {
		for _, a := range attrs {
			dst = w.appendAttr(dst, a)
		}
		return dst
	}
	// The members are gathered behind dst, whose memory is used again, since
	// MapValue copies them.
	n := len(dst)
	dst = w.appendMembers(dst, attrs)
	if len(dst) == n {
		return dst
	}
	group := attribute.MapValue(dst[n:]...)
	clear(dst[n:])
	return append(dst[:n], attribute.KeyValue{Key: attribute.Key(key), Value: group})
}
