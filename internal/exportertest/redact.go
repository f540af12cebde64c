package exportertest

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// Secret returns the text that the suite plants and that must not arrive. It
// looks like a JSON web token, so that the real scrub finds it wherever it
// stands. It is put together here because scanners of source code would
// rightly stumble over it.
func Secret() string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + part([]byte(`{"sub":"exercise","iat":1516239022}`)) +
		"." + strings.Repeat("aB3-dE_6gH", 4) + "xyz"
}

// Redact returns text without the planted secret. It is all that the stand-in
// for scrub does.
func Redact(text string) string { return strings.ReplaceAll(text, Secret(), "[redacted]") }

// standIn is scrub as far as the suite needs it.
var standIn = Scrub{
	Spans:    func(next sdktrace.SpanProcessor) sdktrace.SpanProcessor { return redactSpans{next} },
	Logs:     func(next sdklog.Processor) sdklog.Processor { return redactLogs{next} },
	Metrics:  func(next sdkmetric.Exporter) sdkmetric.Exporter { return redactMetrics{next} },
	Resource: redactResource,
}

func redactResource(r *resource.Resource) *resource.Resource {
	return resource.NewSchemaless(redactAll(r.Attributes())...)
}

type redactSpans struct{ sdktrace.SpanProcessor }

func (p redactSpans) OnEnd(s sdktrace.ReadOnlySpan) { p.SpanProcessor.OnEnd(redactedSpan{s}) }

type redactedSpan struct{ sdktrace.ReadOnlySpan }

func (s redactedSpan) Name() string { return Redact(s.ReadOnlySpan.Name()) }

func (s redactedSpan) Attributes() []attribute.KeyValue {
	return redactAll(s.ReadOnlySpan.Attributes())
}

func (s redactedSpan) Events() []sdktrace.Event {
	all := slices.Clone(s.ReadOnlySpan.Events())
	for i := range all {
		all[i].Name, all[i].Attributes = Redact(all[i].Name), redactAll(all[i].Attributes)
	}
	return all
}

func (s redactedSpan) Links() []sdktrace.Link {
	all := slices.Clone(s.ReadOnlySpan.Links())
	for i := range all {
		all[i].Attributes = redactAll(all[i].Attributes)
	}
	return all
}

func (s redactedSpan) Status() sdktrace.Status {
	st := s.ReadOnlySpan.Status()
	st.Description = Redact(st.Description)
	return st
}

type redactLogs struct{ sdklog.Processor }

func (p redactLogs) OnEmit(ctx context.Context, r *sdklog.Record) error {
	r.SetBody(redactValue(r.Body()))
	var attrs []attribute.KeyValue
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		attrs = append(attrs, redactKeyValue(kv))
		return true
	})
	r.SetAttributes(attrs...)
	return p.Processor.OnEmit(ctx, r)
}

type redactMetrics struct{ sdkmetric.Exporter }

func (e redactMetrics) Export(ctx context.Context, rm *metricdata.ResourceMetrics) error {
	for _, scope := range rm.ScopeMetrics {
		for _, m := range scope.Metrics {
			sum, ok := m.Data.(metricdata.Sum[int64])
			if !ok {
				continue // the suite has one counter
			}
			for i := range sum.DataPoints {
				sum.DataPoints[i].Attributes = attribute.NewSet(redactAll(sum.DataPoints[i].Attributes.ToSlice())...)
				for j := range sum.DataPoints[i].Exemplars {
					ex := &sum.DataPoints[i].Exemplars[j]
					ex.FilteredAttributes = redactAll(ex.FilteredAttributes)
				}
			}
		}
	}
	return e.Exporter.Export(ctx, rm)
}

func redactAll(kvs []attribute.KeyValue) []attribute.KeyValue {
	out := make([]attribute.KeyValue, len(kvs))
	for i, kv := range kvs {
		out[i] = redactKeyValue(kv)
	}
	return out
}

func redactKeyValue(kv attribute.KeyValue) attribute.KeyValue {
	return attribute.KeyValue{Key: attribute.Key(Redact(string(kv.Key))), Value: redactValue(kv.Value)}
}

func redactValue(v attribute.Value) attribute.Value {
	switch v.Type() {
	case attribute.STRING:
		return attribute.StringValue(Redact(v.AsString()))
	case attribute.BYTESLICE:
		return attribute.ByteSliceValue([]byte(Redact(string(v.AsByteSlice()))))
	case attribute.STRINGSLICE:
		all := v.AsStringSlice()
		for i := range all {
			all[i] = Redact(all[i])
		}
		return attribute.StringSliceValue(all)
	case attribute.SLICE:
		all := v.AsSlice()
		for i := range all {
			all[i] = redactValue(all[i])
		}
		return attribute.SliceValue(all...)
	case attribute.MAP:
		return attribute.MapValue(redactAll(v.AsMap())...)
	}
	return v
}
