package sentry

import (
	"time"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// source is where a failure was seen. A higher one makes the better
// representative of its cause, other things being equal.
type source int

const (
	fromStatus source = iota
	fromSpanEvent
	fromLog
	fromCapture
	fromPanic
)

// mechanism is the name under which Sentry files the source.
func (s source) mechanism() string {
	switch s {
	case fromStatus:
		return "auto.otel.span_status"
	case fromSpanEvent:
		return "auto.otel.span_event"
	case fromLog:
		return "auto.otel.log"
	case fromPanic:
		return "auto.go.panic"
	default:
		return "generic"
	}
}

// class is what it takes for a candidate to become an issue.
type class int

const (
	// primary: it does, unless it was ignored.
	primary class = iota
	// promotable: only if the local root fails and no primary explains it.
	promotable
	// fallback: only if nothing else explains the failure of the local root.
	fallback
)

// candidate is one sighting of a failure. It is filled in by the goroutine
// that saw it and belongs to the worker from then on.
type candidate struct {
	source source
	class  class
	level  sentrygo.Level
	time   time.Time
	// seen is when it came here. Unlike time, nobody else's clock says it.
	seen time.Time

	traceID  trace.TraceID
	spanID   trace.SpanID
	parentID trace.SpanID
	spanName string
	spanKind trace.SpanKind
	root     sdktrace.ReadOnlySpan // the span, if it is an ended local root

	// err and chain are set if the error value is known, typ and message if
	// only its text is.
	err     error
	chain   []link
	typ     string
	sdkText string // of a panic, if it is known
	message string
	// body is what the log record says.
	body string
	// title and subtitle are what a failure without any error is called.
	title, subtitle string
	// named means that these are the name of an operation, in which nothing
	// varies, and numbers are part of it.
	named bool

	stack     []uintptr
	stackText string

	attributes  []attribute.KeyValue
	resource    *resource.Resource
	scope       string
	fingerprint []string

	// strangers are those of the worker.
	strangers *strangers
	// texts are the scrubbed texts by which causes are compared.
	texts           []string
	lines           []string // of the first of them
	told, mentioned []string // see cause
}

// roomy is a candidate with room for what most failures need, so that seeing one
// costs one allocation.
type roomy struct {
	candidate
	links [4]link
}

// caught says that err is the failure.
func (c *roomy) caught(err error) {
	c.err, c.chain = err, appendLinks(c.links[:0], err, -1)
}

// roomier has room for the attributes of a log record, too.
type roomier struct {
	roomy
	kvs [5]attribute.KeyValue
}

// takes keeps an attribute that describes an exception, on a span event or a log
// record alike, and reports whether kv is one.
func (c *candidate) takes(kv attribute.KeyValue) bool {
	switch kv.Key {
	case "exception.type":
		c.typ = kv.Value.String()
	case "exception.message":
		c.message = kv.Value.String()
	case "exception.stacktrace":
		c.stackText = kv.Value.String()
	default:
		return false
	}
	return true
}

// failed reports whether c tells of an error or a panic, not just of a failure.
func (c *candidate) failed() bool { return len(c.chain) > 0 || c.message != "" }

// text is what the failure says about itself, before scrubbing.
func (c *candidate) text() string {
	switch {
	case len(c.chain) > 0:
		return c.chain[0].text
	case c.message != "":
		return c.message
	case c.body != "":
		return c.body
	default:
		return c.title + " " + c.subtitle
	}
}

// sameAs reports whether c repeats o word for word, which is all that can be
// found out cheaply on the goroutine of the caller.
func (c *candidate) sameAs(o *candidate) bool {
	return c.class == o.class && c.source == o.source && c.spanID == o.spanID && c.text() == o.text()
}

// isChildOf reports whether c was seen in span or right below it.
func (c *candidate) isChildOf(span sdktrace.ReadOnlySpan) bool {
	id := span.SpanContext().SpanID()
	return c.spanID == id || c.parentID == id
}

// within reports whether c was seen while span was under way.
func (c *candidate) within(span sdktrace.ReadOnlySpan) bool {
	return c.isChildOf(span) || !c.seen.Before(span.StartTime()) && !c.seen.After(span.EndTime())
}

// crumb is a step of the story that led to an issue.
type crumb struct {
	time     time.Time
	level    sentrygo.Level
	category string
	message  string
	// span are the attributes of an ended span, which are shared with it;
	// those of a log record have to be copied, and are so without another
	// allocation.
	span   []attribute.KeyValue
	record [maxCrumbAttributes]attribute.KeyValue
	used   int // of record
}

func (c *crumb) attributes() []attribute.KeyValue {
	if c.span != nil {
		return c.span
	}
	return c.record[:c.used]
}
