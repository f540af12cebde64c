package otelkit

import (
	"context"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/internal/logline"
)

// valueLength is how many characters of a text are exported, and bytes of a byte
// value, or unlimited. The SDK would cut where a value is recorded; the scrubber
// does not recognise half a secret, so this is done behind it.
//
// Source: OpenTelemetry specification, common, attribute limits.
type valueLength int

// spans returns next behind the limit.
func (n valueLength) spans(next sdktrace.SpanProcessor) sdktrace.SpanProcessor {
	if n == unlimited {
		return next
	}
	return shortSpans{next, n}
}

// logs returns next behind the limit.
func (n valueLength) logs(next sdklog.Processor) sdklog.Processor {
	if n == unlimited {
		return next
	}
	return shortLogs{next, n}
}

type shortSpans struct {
	sdktrace.SpanProcessor
	limit valueLength
}

func (p shortSpans) OnEnd(s sdktrace.ReadOnlySpan) {
	p.SpanProcessor.OnEnd(p.limit.span(s))
}

type shortLogs struct {
	sdklog.Processor
	limit valueLength
}

func (p shortLogs) OnEmit(ctx context.Context, r *sdklog.Record) error {
	attrs := make([]attribute.KeyValue, 0, r.AttributesLen())
	for kv := range r.WalkAttributes {
		attrs = append(attrs, kv)
	}
	r.SetAttributes(p.limit.attributes(attrs)...)
	return p.Processor.OnEmit(ctx, r)
}

// Lines cuts lines, if what is behind takes them.
func (p shortLogs) Lines() logline.Sink {
	next := logline.Lines(p.Processor)
	if next == nil {
		return nil
	}
	return func(ctx context.Context, l *logline.Line) {
		for i := range l.Attributes {
			l.Attributes[i].Value = p.limit.value(l.Attributes[i].Value)
		}
		next(ctx, l)
	}
}

// shortSpan is a span whose long values have been cut.
type shortSpan struct {
	sdktrace.ReadOnlySpan
	attributes []attribute.KeyValue
	events     []sdktrace.Event
	links      []sdktrace.Link
}

func (s *shortSpan) Attributes() []attribute.KeyValue { return s.attributes }
func (s *shortSpan) Events() []sdktrace.Event         { return s.events }
func (s *shortSpan) Links() []sdktrace.Link           { return s.links }

// span may be called concurrently and changes nothing of s.
func (n valueLength) span(s sdktrace.ReadOnlySpan) sdktrace.ReadOnlySpan {
	short := &shortSpan{ReadOnlySpan: s, attributes: n.attributes(s.Attributes())}
	for _, e := range s.Events() {
		e.Attributes = n.attributes(e.Attributes)
		short.events = append(short.events, e)
	}
	for _, l := range s.Links() {
		l.Attributes = n.attributes(l.Attributes)
		short.links = append(short.links, l)
	}
	return short
}

func (n valueLength) attributes(kvs []attribute.KeyValue) []attribute.KeyValue {
	return each(kvs, func(kv attribute.KeyValue) attribute.KeyValue {
		return attribute.KeyValue{Key: kv.Key, Value: n.value(kv.Value)}
	})
}

func (n valueLength) value(v attribute.Value) attribute.Value {
	switch v.Type() {
	case attribute.STRING:
		return attribute.StringValue(n.text(v.AsString()))
	case attribute.STRINGSLICE:
		return attribute.StringSliceValue(each(v.AsStringSlice(), n.text))
	case attribute.BYTESLICE:
		b := v.AsByteSlice()
		return attribute.ByteSliceValue(b[:min(len(b), int(n))])
	case attribute.SLICE:
		return attribute.SliceValue(each(v.AsSlice(), n.value)...)
	case attribute.MAP:
		return attribute.MapValue(n.attributes(v.AsMap())...)
	}
	return v
}

func (n valueLength) text(s string) string {
	if len(s) <= int(n) {
		return s
	}
	end := 0
	for range int(n) {
		if end == len(s) {
			break
		}
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	return s[:end]
}

// each returns what f makes of each element of in, nil for none.
func each[T any](in []T, f func(T) T) []T {
	if len(in) == 0 {
		return nil
	}
	out := make([]T, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}
