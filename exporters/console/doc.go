// Package console shows telemetry on a console: a line for each log record and
// for each finished span of interest, as a person likes to read it or as JSON.
//
//	exporter, err := console.New()
//	…
//	sdklog.NewLoggerProvider(sdklog.WithProcessor(exporter.LogProcessor()))
//	sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(exporter.SpanProcessor()))
//	defer exporter.Shutdown(ctx)
//
// # Pretty
//
// [Pretty] lines go to stderr, so that they do not mix with what the program
// itself prints:
//
//	2026-11-22T13:46:40.099Z [info ] order_paid [shop.checkout] order_id=7 amount=12.5 trace_id=4bf92f3577b34da6a3ce929d0e0e4736
//	2026-11-22T13:46:40.101Z [span ] POST /orders/{id} 200 12.3ms [shop.http] trace_id=4bf92f3577b34da6a3ce929d0e0e4736
//
// That is: time in UTC, severity, event, instrumentation scope, attributes,
// trace id. Values are quoted where they would be ambiguous, groups are
// flattened to dotted keys. Exceptions, with their chain and their stack, and
// values of several lines or of more than 160 bytes stand below the line, indented.
//
// # JSON
//
// [JSON] lines go to stdout, where whatever collects the output of containers
// looks for them. Each is one object:
//
//	time            string   RFC 3339, UTC, nine digits of a second; when a span ended
//	level           string   trace, debug, info, warn, error, fatal, or one in between, such as info2;
//	                         of a span: error if its status is, else info
//	event           string   event name, else the body; of a span: its name
//	message         any      the body, if there is an event name too
//	logger          string   name of the instrumentation scope
//	attributes      object   as recorded; groups are objects
//	trace_id        string   32 hexadecimal digits
//	span_id         string   16 hexadecimal digits
//
// and of a span also
//
//	kind            string   internal, server, client, producer, consumer
//	duration_ms     number   with a resolution of a microsecond
//	status          string   unset, ok, error
//	status_message  string
//	events          array    of objects with time, event and attributes
//	parent_span_id  string   16 hexadecimal digits
//
// Fields that have nothing to say are left out. Floats that JSON cannot hold
// are the strings "NaN", "+Inf" and "-Inf"; bytes are base64.
//
// # Spans of interest
//
// A line is written for a finished span if it is where a trace enters the
// process (no parent, or a remote one), if its kind is server or consumer, if
// its status is error, or if it took at least half a second ([WithSlowSpans]).
// The others explain a trace in a trace viewer, but on a console they bury
// what happened.
package console
