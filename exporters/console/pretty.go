package console

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
)

const (
	prettyTime = "2006-01-02T15:04:05.000Z07:00"
	levelWidth = 5

	// longValue is the length in bytes from which a value that would have to
	// be quoted stands below the line instead: beyond it, the eye loses the
	// line.
	longValue = 160

	indent     = "    "
	indentMore = "        "
)

var statusNames = map[codes.Code]string{codes.Unset: "unset", codes.Ok: "ok", codes.Error: "error"}

// prettyFormat writes for people.
type prettyFormat struct{ paint }

// below collects what stands below the line.
type below struct {
	exceptions []exception
	long       []longText
}

// longText is a value too long for the line.
type longText struct{ key, text string }

func (p prettyFormat) format(b []byte, e *entry) []byte {
	under := below{exceptions: exceptionsOf(e)}
	b = p.head(b, e)
	if e.span != nil {
		b = p.spanResult(b, e, &under)
	}
	if e.logger != "" {
		b = p.start(append(b, ' '), violet)
		b = append(b, '[')
		b = appendEscaped(b, e.scope())
		b = append(b, ']')
		b = p.end(b, violet)
	}
	if e.message.Type() != attribute.EMPTY {
		b = p.attr(b, "", attribute.KeyValue{Key: "message", Value: e.message}, &under)
	}
	for _, ids := range []bool{false, true} {
		for _, kv := range e.attrs {
			if e.shows(kv) && isRequestID(kv.Key) == ids {
				b = p.attr(b, "", kv, &under)
			}
		}
	}
	if e.traceID.IsValid() {
		b = p.start(append(b, ' '), faint)
		b = append(b, "trace_id="...)
		b = appendHexBytes(b, e.traceID[:])
		b = p.end(b, faint)
	}
	b = append(b, '\n')
	for _, l := range under.long {
		b = p.longText(b, l)
	}
	for _, x := range under.exceptions {
		b = p.exception(b, x)
	}
	return b
}

// scope is short for a span: it is mostly the import path of an
// instrumentation, of which the last element says enough. Loggers are named by
// people, who look for the whole name.
func (e *entry) scope() string {
	if e.span == nil {
		return e.logger
	}
	return e.logger[strings.LastIndexByte(e.logger, '/')+1:]
}

// head appends time, level and event.
func (p prettyFormat) head(b []byte, e *entry) []byte {
	b = p.start(b, faint)
	b = e.time.UTC().AppendFormat(b, prettyTime)
	b = p.end(b, faint)

	level, colour := e.level, levelStyle(e.level)
	if e.span != nil {
		level = "span"
		if e.span.Status().Code != codes.Error {
			colour = levelStyle(level)
		}
	}
	b = p.start(append(b, ' ', '['), colour)
	n := len(b)
	b = appendEscaped(b, level)
	for len(b)-n < levelWidth {
		b = append(b, ' ')
	}
	b = p.end(b, colour)
	b = append(b, ']')
	if e.event == "" {
		return b
	}
	b = p.start(append(b, ' '), bold)
	b = appendEscaped(b, e.event)
	return p.end(b, bold)
}

// spanResult appends how a span ended: its status code or status, if there is
// one, its duration, and what went wrong.
func (p prettyFormat) spanResult(b []byte, e *entry, under *below) []byte {
	colour := plain
	status := e.span.Status()
	if status.Code == codes.Error {
		colour = red
	}
	if code := resultCode(e.attrs); code != "" {
		b = p.start(append(b, ' '), colour)
		b = appendEscaped(b, code)
		b = p.end(b, colour)
	} else if status.Code == codes.Error {
		b = p.text(append(b, ' '), colour, "error")
	}
	b = appendDuration(append(b, ' '), duration(e.span))
	if status.Description != "" && !under.labels("error", status.Description) {
		b = p.text(append(b, ' '), cyan, "error=")
		b = appendQuoted(b, status.Description)
	}
	return b
}

// resultCode returns what the semantic conventions for HTTP and RPC call the
// status code.
func resultCode(attrs []attribute.KeyValue) string {
	for _, kv := range attrs {
		switch kv.Key {
		case "http.response.status_code", "rpc.response.status_code", "rpc.grpc.status_code":
			return kv.Value.String()
		}
	}
	return ""
}

// appendDuration appends d with three digits or so, which is all a reader
// takes in.
func appendDuration(b []byte, d time.Duration) []byte {
	value, unit := float64(d), "ns"
	switch {
	case d >= time.Minute:
		return append(b, d.Round(time.Second).String()...)
	case d >= time.Second:
		value, unit = value/1e9, "s"
	case d >= time.Millisecond:
		value, unit = value/1e6, "ms"
	case d >= time.Microsecond:
		value, unit = value/1e3, "µs"
	}
	digits := 1
	if value >= 100 || unit == "ns" {
		digits = 0
	}
	b = strconv.AppendFloat(b, value, 'f', digits, 64)
	return append(b, unit...)
}

// shows reports whether an attribute is to be on the line or below it. What
// an exception is made of stands in its own block. Of a span, the attributes
// are left out that the semantic conventions have instrumentation set on every
// request and that name, status and duration mostly repeat; a person who needs
// them looks at the trace.
func (e *entry) shows(kv attribute.KeyValue) bool {
	if isExceptionKey(kv.Key) {
		return false
	}
	if e.span == nil {
		return true
	}
	key := string(kv.Key)
	if key == "url.path" {
		return !slices.ContainsFunc(e.attrs, func(kv attribute.KeyValue) bool { return kv.Key == "http.route" })
	}
	group, _, _ := strings.Cut(key, ".")
	switch group {
	case "http", "url", "server", "client", "network", "user_agent", "rpc":
		return false
	}
	return key != "error.type" || kv.Value.String() != resultCode(e.attrs)
}

// isRequestID reports whether key is one of those that stand on every line of a
// request: what tells lines apart comes before them.
func isRequestID(key attribute.Key) bool {
	return key == "request_id" || key == "correlation_id" || key == "client_ip"
}

// attr appends an attribute as key=value, a group as one for each member, or
// puts it off if it is too long.
func (p prettyFormat) attr(b []byte, prefix string, kv attribute.KeyValue, under *below) []byte {
	key := prefix + string(kv.Key)
	switch kv.Value.Type() {
	case attribute.MAP:
		if members := kv.Value.AsMap(); len(members) > 0 {
			for _, m := range members {
				b = p.attr(b, key+".", m, under)
			}
			return b
		}
	case attribute.STRING:
		s := kv.Value.AsString()
		if under.labels(key, s) {
			return b
		}
		if isLong(s) {
			under.long = append(under.long, longText{key, s})
			return b
		}
	}
	b = p.start(append(b, ' '), cyan)
	b = appendQuoted(b, key)
	b = append(b, '=')
	b = p.end(b, cyan)
	return appendPrettyValue(b, kv.Value)
}

func isLong(s string) bool {
	return len(s) >= longValue && !isBare(s) || strings.Contains(strings.TrimSuffix(s, "\n"), "\n")
}

func appendPrettyValue(b []byte, v attribute.Value) []byte {
	switch v.Type() {
	case attribute.STRING:
		return appendQuoted(b, v.AsString())
	case attribute.FLOAT64:
		return strconv.AppendFloat(b, v.AsFloat64(), 'g', -1, 64)
	}
	return appendJSON(b, v)
}

func (p prettyFormat) longText(b []byte, l longText) []byte {
	b = p.start(append(b, indent...), cyan)
	b = appendQuoted(b, l.key)
	b = append(b, ':')
	b = p.end(b, cyan)
	b = append(b, '\n')
	return appendIndented(b, l.text)
}

// appendIndented appends text line by line. Each line is indented, so none can
// be taken for one that the exporter wrote.
func appendIndented(b []byte, text string) []byte {
	for l := range strings.Lines(text) {
		b = append(b, indentMore...)
		b = appendTabbed(b, strings.TrimRight(l, "\r\n"))
		b = append(b, '\n')
	}
	return b
}

// appendTabbed shows leading tabs, which stack traces are indented with, as
// spaces.
func appendTabbed(b []byte, l string) []byte {
	for strings.HasPrefix(l, "\t") {
		b, l = append(b, indent...), l[1:]
	}
	return appendEscaped(b, l)
}
