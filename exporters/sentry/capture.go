package sentry

import (
	"context"
	"fmt"
	"reflect"
	"time"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/internal/attrvalue"
)

// CaptureOption says more about an error given to [Sink.CaptureError].
type CaptureOption interface{ applyCapture(*candidate) }

type captureFunc func(*candidate)

func (f captureFunc) applyCapture(c *candidate) { f(c) }

// WithFingerprint groups the event with those that have the same parts, in
// place of any other grouping. A part "{{ default }}" stands for Sentry's
// grouping by stack; unless err has brought its own, the type of the root error
// and its code, or its text if the type says nothing, are added to it.
func WithFingerprint(parts ...string) CaptureOption {
	return captureFunc(func(c *candidate) { c.fingerprint = parts })
}

// WithLevel sets the level of the event. Default: error.
func WithLevel(level sentrygo.Level) CaptureOption {
	return captureFunc(func(c *candidate) { c.level = level })
}

// WithAttributes adds attributes to the event.
func WithAttributes(attributes ...attribute.KeyValue) CaptureOption {
	return captureFunc(func(c *candidate) { c.attributes = append(c.attributes, attributes...) })
}

// CaptureError makes an issue of err at once, linked to the span of ctx. If
// the same failure is seen in a span or log record of the trace as well, it
// stays one issue. A nil err does nothing. It takes the stack of its caller,
// unless err has brought one. The methods Error and Unwrap of err are called
// before it returns.
func (s *Sink) CaptureError(ctx context.Context, err error, options ...CaptureOption) {
	if !s.open() || err == nil {
		return
	}
	defer s.recovered()
	c := captured(ctx, fromCapture, sentrygo.LevelError)
	c.caught(err)
	c.stack = callers()
	for _, o := range options {
		if o != nil {
			o.applyCapture(&c.candidate)
		}
	}
	s.send(&c.candidate)
}

// CapturePanic makes a fatal issue of a recovered panic value at once, with the
// stack of the panic if it is called from the deferred function that recovered.
// It does not wait and does not panic again: what becomes of the panic is up
// to the caller. A nil value does nothing, and http.ErrAbortHandler is no issue.
func (s *Sink) CapturePanic(ctx context.Context, value any, options ...CaptureOption) {
	if !s.open() || value == nil {
		return
	}
	defer s.recovered()
	c := captured(ctx, fromPanic, sentrygo.LevelFatal)
	c.stack = callers()
	if err, ok := value.(error); ok {
		c.caught(err)
	} else {
		c.typ, c.message = fmt.Sprintf("%T", value), attrvalue.Text(value)
		c.sdkText = sdkText(value)
	}
	for _, o := range options {
		if o != nil {
			o.applyCapture(&c.candidate)
		}
	}
	s.send(&c.candidate)
}

// sdkText is what the tracing SDK records of a panic value, by which the two are
// known to be one, except for a value that fmt would follow without end: a map or
// slice that contains itself. It is never shown: fmt leaves out the names of
// fields, by which the scrubber knows what is in them.
func sdkText(value any) string {
	v := reflect.ValueOf(value)
	if v.Kind() == reflect.Pointer {
		v = v.Elem() // further pointers are addresses to fmt
	}
	if isDeeper(v, maxLinks) {
		return ""
	}
	return fmt.Sprint(value)
}

// isDeeper reports whether values lie more than n deep in v, pointers aside.
func isDeeper(v reflect.Value, n int) bool {
	if n == 0 {
		return true
	}
	switch v.Kind() {
	case reflect.Interface:
		return isDeeper(v.Elem(), n-1)
	case reflect.Map:
		for _, item := range v.Seq2() {
			if isDeeper(item, n-1) {
				return true
			}
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			if isDeeper(field, n-1) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if isDeeper(v.Index(i), n-1) {
				return true
			}
		}
	default:
	}
	return false
}

// Recover is for deferring at the top of a goroutine or of main:
//
//	defer sink.Recover(ctx)
//
// It reports a panic that passes by, waits at most 2 seconds for delivery, and
// lets the panic go on with the same value. A program fares the same with a
// Sink that is off.
func (s *Sink) Recover(ctx context.Context) {
	value := recover()
	if value == nil {
		return
	}
	// Order is important here: the panic goes on after all else is done.
	defer panic(value)
	s.CapturePanic(ctx, value)
	if s.open() {
		s.flushBriefly()
	}
}

// captured starts a candidate with what the span of ctx tells.
func captured(ctx context.Context, from source, level sentrygo.Level) *roomy {
	c := &roomy{candidate: candidate{source: from, level: level, time: time.Now()}}
	if ctx == nil {
		return c
	}
	span := trace.SpanFromContext(ctx)
	sc := span.SpanContext()
	c.traceID, c.spanID = sc.TraceID(), sc.SpanID()
	// The spans of the SDK can be read while they are recorded.
	if r, ok := span.(interface {
		Name() string
		SpanKind() trace.SpanKind
		Parent() trace.SpanContext
		Resource() *resource.Resource
	}); ok {
		c.spanName, c.spanKind, c.resource = r.Name(), r.SpanKind(), r.Resource()
		c.parentID = r.Parent().SpanID()
	}
	return c
}
