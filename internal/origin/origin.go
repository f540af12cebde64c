// Package origin carries what a log record loses on its way through the
// OpenTelemetry Logs API: the error values themselves and the program counter
// of the call. The slog handler puts them into the context it emits with, and
// a log processor behind it, such as the one of exporters/sentry, takes them
// out again.
package origin

import "context"

// Origin is where a log record came from. It is immutable once it is in a
// context.
type Origin struct {
	// Errors are the error values among the attributes of the record, in the
	// order in which they were given.
	Errors []error
	// PC is the program counter of the logging call, 0 if it is not known.
	PC uintptr
	// Stack holds the program counters of the callers of the logging call,
	// innermost first. It is empty for records below ERROR.
	Stack []uintptr
	// Outcome says that the record tells how a request or a job ended. What
	// failed in it is told by its span or by an explicit capture, so the record
	// is no failure of its own.
	Outcome bool
}

type contextKey struct{}

// NewContext returns a copy of ctx that carries o.
func NewContext(ctx context.Context, o *Origin) context.Context {
	return context.WithValue(ctx, contextKey{}, o)
}

// FromContext returns the Origin that ctx carries, or nil.
func FromContext(ctx context.Context) *Origin {
	o, _ := ctx.Value(contextKey{}).(*Origin)
	return o
}
