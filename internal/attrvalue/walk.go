package attrvalue

import (
	"encoding"
	"log/slog"
	"net/url"
	"reflect"
	"slices"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
)

// ref identifies a pointer, map or slice on the path of a walk. A slice is
// told by its length, too: s and s[:1] start at one address.
type ref struct {
	addr uintptr
	kind reflect.Kind
	typ  reflect.Type
	len  int
}

func (w *walker) enter() bool {
	if w.depth >= maxDepth {
		return false
	}
	w.depth++
	return true
}

func (w *walker) leave() { w.depth-- }

// take reports whether one more element may be taken.
func (w *walker) take() bool {
	w.nodes--
	return w.nodes >= 0
}

func tooDeep(what string) attribute.Value { return attribute.StringValue("!DEPTH: " + what) }

func truncated(n int) attribute.Value {
	return attribute.StringValue("!TRUNCATED: " + strconv.Itoa(n) + " more")
}

// walk converts v, which may be of any kind.
func (w *walker) walk(v reflect.Value) attribute.Value {
	if !v.IsValid() {
		return attribute.Value{}
	}
	if out, ok := w.method(v); ok {
		return out
	}
	switch v.Kind() {
	case reflect.Bool:
		return attribute.BoolValue(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return attribute.Int64Value(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return unsigned(v.Uint())
	case reflect.Float32, reflect.Float64:
		return attribute.Float64Value(v.Float())
	case reflect.Complex64, reflect.Complex128:
		return attribute.StringValue(strconv.FormatComplex(v.Complex(), 'g', -1, 128))
	case reflect.String:
		return attribute.StringValue(v.String())
	case reflect.Interface:
		return w.walk(v.Elem())
	case reflect.Pointer:
		return w.inside(v, func() attribute.Value { return w.walk(v.Elem()) })
	case reflect.Struct:
		return w.inside(v, func() attribute.Value { return w.structure(v) })
	case reflect.Map:
		return w.inside(v, func() attribute.Value { return w.mapping(v) })
	case reflect.Slice, reflect.Array:
		return w.inside(v, func() attribute.Value { return w.sequence(v) })
	default:
		return attribute.StringValue(v.Type().String())
	}
}

// hasCase reports whether special knows t, though it has no methods.
func hasCase(t reflect.Type) bool { return t == attrsType || t == urlType }

var (
	attrsType = reflect.TypeFor[[]slog.Attr]()
	urlType   = reflect.TypeFor[url.URL]()
)

// method converts v by what v's type says about itself, if it does.
func (w *walker) method(v reflect.Value) (attribute.Value, bool) {
	t := v.Type()
	if t.NumMethod() == 0 && !v.CanAddr() && !hasCase(t) || v.Kind() == reflect.Interface || !v.CanInterface() {
		return attribute.Value{}, false
	}
	if out, ok := w.special(v.Interface(), hasTags(t)); ok {
		return out, true
	}
	if v.CanAddr() && v.Kind() != reflect.Pointer && reflect.PointerTo(t).NumMethod() > 0 {
		return w.special(v.Addr().Interface(), hasTags(t))
	}
	return attribute.Value{}, false
}

// inside runs walk one container deeper, unless v is too deep or is being
// walked already.
func (w *walker) inside(v reflect.Value, walk func() attribute.Value) attribute.Value {
	r := ref{kind: v.Kind(), typ: v.Type()}
	switch v.Kind() {
	case reflect.Pointer, reflect.Map:
		if v.IsNil() {
			return attribute.Value{}
		}
		r.addr = v.Pointer()
	case reflect.Slice:
		r.addr, r.len = v.Pointer(), v.Len()
	}
	if r.addr != 0 {
		if slices.Contains(w.path, r) {
			return attribute.StringValue("!CYCLE: " + v.Type().String())
		}
		w.path = append(w.path, r)
		defer func() { w.path = w.path[:len(w.path)-1] }()
	}
	// A pointer is no level that a reader sees.
	if v.Kind() == reflect.Pointer && w.take() {
		return walk()
	}
	if !w.enter() {
		return tooDeep(v.Type().String())
	}
	defer w.leave()
	return walk()
}

func (w *walker) structure(v reflect.Value) attribute.Value {
	fields := fieldsOf(v.Type())
	return attribute.MapValue(w.appendFields(make([]attribute.KeyValue, 0, len(fields)), v, fields)...)
}

func (w *walker) appendFields(dst []attribute.KeyValue, v reflect.Value, fields []field) []attribute.KeyValue {
	for _, f := range fields {
		fv := v.Field(f.index)
		if f.marker != "" {
			dst = append(dst, attribute.String(f.name, f.marker))
			continue
		}
		if f.omitZero && fv.IsZero() {
			continue
		}
		if f.embedded {
			n := len(dst)
			dst = w.appendEmbedded(dst, fv)
			promoted := slices.DeleteFunc(dst[n:], func(kv attribute.KeyValue) bool { return hasField(fields, string(kv.Key)) })
			dst = dst[:n+len(promoted)]
			continue
		}
		if !w.take() {
			return append(dst, attribute.KeyValue{Key: "!TRUNCATED", Value: truncated(len(fields))})
		}
		dst = append(dst, attribute.KeyValue{Key: attribute.Key(f.name), Value: w.walk(fv)})
	}
	return dst
}

// hasField reports whether one of fields, which hides what embedded structs have
// of that name, is called name.
func hasField(fields []field, name string) bool {
	return slices.ContainsFunc(fields, func(f field) bool { return !f.embedded && f.name == name })
}

func (w *walker) appendEmbedded(dst []attribute.KeyValue, v reflect.Value) []attribute.KeyValue {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return dst
		}
		v = v.Elem()
	}
	if !w.enter() {
		return dst
	}
	defer w.leave()
	return w.appendFields(dst, v, fieldsOf(v.Type()))
}

func (w *walker) mapping(v reflect.Value) attribute.Value {
	kvs := make([]attribute.KeyValue, 0, min(v.Len(), maxItems))
	for it := v.MapRange(); it.Next(); {
		if len(kvs) == maxItems || !w.take() {
			kvs = append(kvs, attribute.KeyValue{Key: "!TRUNCATED", Value: truncated(v.Len() - len(kvs))})
			break
		}
		kvs = append(kvs, attribute.KeyValue{Key: attribute.Key(w.mapKey(it.Key())), Value: w.walk(it.Value())})
	}
	return attribute.MapValue(kvs...)
}

// mapKey is the text of a map's key, as encoding/json has it; a key that package
// refuses is the text of its value.
func (w *walker) mapKey(k reflect.Value) string {
	for k.Kind() == reflect.Interface && !k.IsNil() {
		k = k.Elem()
	}
	if k.Kind() == reflect.String {
		return k.String()
	}
	if k.CanInterface() {
		if v, ok := reflect.TypeAssert[encoding.TextMarshaler](k); ok {
			return call(v, func() string { return marshalText(v) }).AsString()
		}
	}
	return w.walk(k).String()
}

func (w *walker) sequence(v reflect.Value) attribute.Value {
	elem := v.Type().Elem()
	if elem.NumMethod() == 0 && reflect.PointerTo(elem).NumMethod() == 0 {
		if out, ok := basicSlice(v, elem.Kind()); ok {
			return out
		}
	}
	out := make([]attribute.Value, 0, min(v.Len(), maxItems))
	for i := range v.Len() {
		if i == maxItems || !w.take() {
			out = append(out, truncated(v.Len()-i))
			break
		}
		out = append(out, w.walk(v.Index(i)))
	}
	return attribute.SliceValue(out...)
}

// basicSlice converts slices and arrays whose elements are of a basic kind.
func basicSlice(v reflect.Value, elem reflect.Kind) (attribute.Value, bool) {
	switch elem {
	case reflect.Uint8:
		return bytes(collect(v, func(e reflect.Value) byte { return byte(e.Uint()) })), true
	case reflect.Bool:
		return attribute.BoolSliceValue(collect(v, reflect.Value.Bool)), true
	case reflect.String:
		return attribute.StringSliceValue(collect(v, reflect.Value.String)), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return attribute.Int64SliceValue(collect(v, reflect.Value.Int)), true
	case reflect.Float32, reflect.Float64:
		return attribute.Float64SliceValue(collect(v, reflect.Value.Float)), true
	}
	return attribute.Value{}, false
}

func collect[T any](v reflect.Value, get func(reflect.Value) T) []T {
	out := make([]T, v.Len())
	for i := range out {
		out[i] = get(v.Index(i))
	}
	return out
}
