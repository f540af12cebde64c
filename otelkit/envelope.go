package otelkit

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
)

// The keys of an envelope beside those of the propagator. A bound attribute
// stands under its key with envelopeBound in front, its value as JSON, which
// keeps numbers numbers.
const (
	envelopeID    = "otelkit-task-id"
	envelopeBound = "otelkit-bound-"
)

// Bounds of what is taken from an envelope, which may have been anywhere.
const (
	maxEnvelopeAttrs = 64
	maxEnvelopeValue = 1024 // bytes
)

// notCarried are bound attributes that belong to one request, task or command.
var notCarried = map[attribute.Key]bool{
	"request_id": true, "client_ip": true, "task": true, "task_id": true, "attempt": true,
	"command": true, "command_id": true, "parent_command_id": true,
}

// seal makes the envelope of a task that is enqueued in ctx.
func (k *Kit) seal(ctx context.Context) map[string]string {
	envelope := map[string]string{envelopeID: k.newID()}
	k.propagator.Inject(ctx, propagation.MapCarrier(envelope))
	for _, kv := range lastOfEach(boundTo(ctx).appendTo(nil)) {
		if notCarried[kv.Key] {
			continue
		}
		kv = k.config.scrubber.KeyValue(kv)
		if text, ok := scalar(kv.Value); kv.Valid() && ok && len(text) <= maxEnvelopeValue {
			envelope[envelopeBound+string(kv.Key)] = text
		}
	}
	return envelope
}

// scalar is v as JSON, if it is no list or group.
func scalar(v attribute.Value) (string, bool) {
	switch v.Type() {
	case attribute.STRING, attribute.BOOL, attribute.INT64, attribute.FLOAT64:
		text, err := json.Marshal(v.AsInterface())
		return string(text), err == nil
	}
	return "", false
}

// open returns what the propagator reads of an envelope, and the attributes of
// the task in it.
func (k *Kit) open(envelope map[string]string) (propagation.MapCarrier, []attribute.KeyValue) {
	carrier := propagation.MapCarrier{}
	id := envelope[envelopeID]
	if !isSane(id) {
		id = k.newID()
	}
	attrs := []attribute.KeyValue{attribute.String("task_id", id)}
	for _, name := range slices.Sorted(maps.Keys(envelope)) {
		key, bound := strings.CutPrefix(name, envelopeBound)
		if !bound {
			carrier[name] = envelope[name]
			continue
		}
		if v, ok := parseScalar(envelope[name]); ok && isSane(key) && len(attrs) < maxEnvelopeAttrs {
			attrs = append(attrs, attribute.KeyValue{Key: attribute.Key(key), Value: v})
		}
	}
	return carrier, attrs
}

func parseScalar(text string) (v attribute.Value, ok bool) {
	if len(text) > maxEnvelopeValue {
		return v, false
	}
	var decoded any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if d.Decode(&decoded) != nil {
		return v, false
	}
	switch x := decoded.(type) {
	case string:
		return attribute.StringValue(x), true
	case bool:
		return attribute.BoolValue(x), true
	case json.Number:
		if n, err := x.Int64(); err == nil {
			return attribute.Int64Value(n), true
		}
		f, err := x.Float64()
		return attribute.Float64Value(f), err == nil
	}
	return v, false
}
