package otlptest

import (
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
)

// Attributes returns attributes as plain Go values, for comparing and for
// looking up. See [Value] for the types.
func Attributes(kvs []*commonpb.KeyValue) map[string]any {
	m := make(map[string]any, len(kvs))
	for _, kv := range kvs {
		m[kv.GetKey()] = Value(kv.GetValue())
	}
	return m
}

// Value returns a value as string, bool, int64, float64, []byte, []any or
// map[string]any. A value that holds nothing is nil.
func Value(v *commonpb.AnyValue) any {
	switch v := v.GetValue().(type) {
	case *commonpb.AnyValue_StringValue:
		return v.StringValue
	case *commonpb.AnyValue_BoolValue:
		return v.BoolValue
	case *commonpb.AnyValue_IntValue:
		return v.IntValue
	case *commonpb.AnyValue_DoubleValue:
		return v.DoubleValue
	case *commonpb.AnyValue_BytesValue:
		return v.BytesValue
	case *commonpb.AnyValue_ArrayValue:
		all := make([]any, 0, len(v.ArrayValue.GetValues()))
		for _, e := range v.ArrayValue.GetValues() {
			all = append(all, Value(e))
		}
		return all
	case *commonpb.AnyValue_KvlistValue:
		return Attributes(v.KvlistValue.GetValues())
	}
	return nil
}
