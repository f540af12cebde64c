package attrvalue

import (
	"reflect"
	"unsafe"

	"go.opentelemetry.io/otel/attribute"
)

// Members returns the members of v, a MAP, without the copy that AsMap makes for
// each who reads it. They are v's own and must not be changed.
func Members(v *attribute.Value) []attribute.KeyValue {
	if mapOffset == 0 || v.Type() != attribute.MAP {
		return v.AsMap()
	}
	held := (*any)(unsafe.Add(unsafe.Pointer(v), mapOffset))
	t := reflect.TypeOf(*held)
	if t == nil || t.Kind() != reflect.Array || t.Elem() != memberType {
		return v.AsMap()
	}
	// An interface that holds an array of these points to it.
	array := (*[2]unsafe.Pointer)(unsafe.Pointer(held))[1]
	return unsafe.Slice((*attribute.KeyValue)(array), t.Len())
}

var memberType = reflect.TypeFor[attribute.KeyValue]()

// mapOffset is where a Value holds its members, as an array in an interface. It is 0
// if Values look otherwise than they do now: then members are copied.
var mapOffset = func() uintptr {
	f, ok := reflect.TypeFor[attribute.Value]().FieldByName("slice")
	if !ok || f.Type != reflect.TypeFor[any]() {
		return 0
	}
	return f.Offset
}()
