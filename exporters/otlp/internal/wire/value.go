package wire

import (
	"math"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
)

// Fields of common.v1.AnyValue.
const (
	anyString = 1
	anyBool   = 2
	anyInt    = 3
	anyDouble = 4
	anyArray  = 5
	anyMap    = 6
	anyBytes  = 7
)

func (e *Encoder) attributes(field uint64, kvs []attribute.KeyValue) {
	for i := range kvs {
		e.keyValue(field, &kvs[i], 0)
	}
}

func (e *Encoder) set(field uint64, iter attribute.Iterator) {
	for iter.Next() {
		kv := iter.Attribute()
		e.keyValue(field, &kv, 0)
	}
}

// keyValue appends a common.v1.KeyValue. A pointer, since attributes are 64 bytes;
// it is not kept.
func (e *Encoder) keyValue(field uint64, kv *attribute.KeyValue, depth int) {
	if e.short(field, kv) {
		return
	}
	start := e.open(field)
	e.string(1, string(kv.Key))
	e.value(2, &kv.Value, depth)
	e.close(start)
}

// value appends a common.v1.AnyValue. It is there even when it is empty.
func (e *Encoder) value(field uint64, v *attribute.Value, depth int) {
	start := e.open(field)
	switch v.Type() {
	case attribute.STRING:
		e.oneofString(anyString, v.AsString())
	case attribute.INT64:
		e.oneofInt(v.AsInt64())
	case attribute.FLOAT64:
		e.oneofFixed64(anyDouble, math.Float64bits(v.AsFloat64()))
	case attribute.BOOL:
		e.oneofBool(v.AsBool())
	case attribute.BYTESLICE:
		e.oneofBytes(anyBytes, v.AsByteSlice())
	case attribute.EMPTY:
	default:
		e.composite(v, depth)
	}
	e.close(start)
}

// composite appends the value of an array or a map. What lies deeper than
// maxDepth is left out.
func (e *Encoder) composite(v *attribute.Value, depth int) {
	if v.Type() == attribute.MAP {
		start := e.open(anyMap)
		if depth < maxDepth {
			members := v.AsMap()
			for i := range members {
				e.keyValue(1, &members[i], depth+1)
			}
		} else {
			e.Truncated++
		}
		e.close(start)
		return
	}
	start := e.open(anyArray)
	switch v.Type() {
	case attribute.STRINGSLICE:
		for _, s := range v.AsStringSlice() {
			el := e.open(1)
			e.oneofString(anyString, s)
			e.close(el)
		}
	case attribute.INT64SLICE:
		for _, n := range v.AsInt64Slice() {
			el := e.open(1)
			e.oneofInt(n)
			e.close(el)
		}
	case attribute.FLOAT64SLICE:
		for _, f := range v.AsFloat64Slice() {
			el := e.open(1)
			e.oneofFixed64(anyDouble, math.Float64bits(f))
			e.close(el)
		}
	case attribute.BOOLSLICE:
		for _, b := range v.AsBoolSlice() {
			el := e.open(1)
			e.oneofBool(b)
			e.close(el)
		}
	case attribute.SLICE:
		if depth >= maxDepth {
			e.Truncated++
			break
		}
		elements := v.AsSlice()
		for i := range elements {
			e.value(1, &elements[i], depth+1)
		}
	}
	e.close(start)
}

func (e *Encoder) oneofInt(v int64) {
	e.tag(anyInt, typeVarint)
	e.uvarint(uint64(v))
}

func (e *Encoder) oneofBool(v bool) {
	var b byte
	if v {
		b = 1
	}
	e.buf = append(e.buf, anyBool<<3|typeVarint, b)
}

// Resource appends a resource.v1.Resource as the given field.
func (e *Encoder) Resource(field uint64, res *resource.Resource) {
	start := e.open(field)
	e.set(1, res.Iter())
	e.close(start)
}

// Scope appends a common.v1.InstrumentationScope as the given field.
func (e *Encoder) Scope(field uint64, s instrumentation.Scope) {
	start := e.open(field)
	e.string(1, s.Name)
	e.string(2, s.Version)
	e.set(3, s.Attributes.Iter())
	e.close(start)
}
