package console

import (
	"strings"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// The attributes that describe an exception
// (https://opentelemetry.io/docs/specs/semconv/registry/attributes/exception/).
const (
	exceptionType    attribute.Key = "exception.type"
	exceptionMessage attribute.Key = "exception.message"
	exceptionStack   attribute.Key = "exception.stacktrace"
	exceptionEvent                 = "exception"
)

func isExceptionKey(k attribute.Key) bool {
	return k == exceptionType || k == exceptionMessage || k == exceptionStack
}

// exception is an error as telemetry describes it.
type exception struct {
	key                  string // of the attribute that held the error
	kind, message, stack string
}

// exceptionsOf returns the exception of a log record or those of a span, which
// are among its events.
func exceptionsOf(e *entry) []exception {
	var all []exception
	if x, ok := exceptionIn(e.attrs); ok {
		all = append(all, x)
	}
	if e.span == nil {
		return all
	}
	for _, ev := range e.span.Events() {
		if x, ok := exceptionOf(ev); ok {
			all = append(all, x)
		}
	}
	return all
}

func exceptionOf(ev sdktrace.Event) (exception, bool) {
	if ev.Name != exceptionEvent && !strings.HasSuffix(ev.Name, "."+exceptionEvent) {
		return exception{}, false
	}
	return exceptionIn(ev.Attributes)
}

func exceptionIn(attrs []attribute.KeyValue) (x exception, ok bool) {
	for _, kv := range attrs {
		switch kv.Key {
		case exceptionType:
			x.kind = kv.Value.String()
		case exceptionMessage:
			x.message = kv.Value.String()
		case exceptionStack:
			x.stack = kv.Value.String()
		default:
			continue
		}
		ok = true
	}
	return x, ok
}

// labels reports whether an attribute says the same as an exception, which
// then takes its key as a label and makes saying it twice unnecessary.
func (u *below) labels(key, text string) bool {
	for i := range u.exceptions {
		if x := &u.exceptions[i]; text != "" && x.message == text && x.key == "" {
			x.key = key
			return true
		}
	}
	return false
}

// exception appends the block of one error: key, type and message, of which
// the message tells the chain, and then the stack.
func (p prettyFormat) exception(b []byte, x exception) []byte {
	b = append(b, indent...)
	if x.key != "" {
		b = p.start(b, cyan)
		b = appendQuoted(b, x.key)
		b = append(b, ':')
		b = p.end(b, cyan)
		b = append(b, ' ')
	}
	first, rest, _ := strings.Cut(x.message, "\n")
	b = p.start(b, red)
	b = appendEscaped(b, x.kind)
	if x.kind != "" && x.message != "" {
		b = append(b, ": "...)
	}
	b = appendEscaped(b, strings.TrimSuffix(first, "\r"))
	b = p.end(b, red)
	b = append(b, '\n')
	b = appendIndented(b, rest)
	b = p.start(b, faint)
	b = appendIndented(b, x.stack)
	return p.end(b, faint)
}
