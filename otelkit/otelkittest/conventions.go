package otelkittest

import (
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/trace"
)

// AssertConventions fails the test for each line that breaks the conventions
// otelkit is made for:
//
//   - A line is an event, named in snake_case: order_paid. It is no prose, and
//     it is constant: what varies is in attributes.
//   - Keys are snake_case; dots are allowed, as semantic conventions have them.
//   - A line at ERROR has the error as an attribute, as a value and not as its
//     text, so that its type and stack are there.
//   - A line logged while a request or a job is under way has its context. In
//     a kit this is any line without a span that was logged while a span of
//     kind server or consumer was open: keep work that goes on beside requests
//     out of the test.
//
// It fails as well if nothing was recorded at all.
func (k *Kit) AssertConventions(t testing.TB) {
	t.Helper()
	k.flush()
	k.assertRecorded(t)
	if broken := k.broken(); len(broken) > 0 {
		t.Errorf("otelkittest: conventions:\n\t%s", strings.Join(broken, "\n\t"))
	}
}

var (
	eventForm = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	keyForm   = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$`)
	// An id or a count that got into a name.
	varyingForm = regexp.MustCompile(`[0-9]{3,}|[0-9a-f]{8,}`)
)

// headerKeys are followed by the name of a header, dashes and all (semantic
// conventions, "HTTP").
var headerKeys = []string{"http.request.header.", "http.response.header.", "rpc.grpc.request.metadata.", "rpc.grpc.response.metadata."}

// broken describes each breach once.
func (k *Kit) broken() []string {
	var found []string
	say := func(line Log, format string, args ...any) {
		text := fmt.Sprintf("%s %q: %s", line.Level, line.Event, fmt.Sprintf(format, args...))
		if !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	spans := k.Spans()
	for _, line := range k.Logs() {
		checkEvent(line, say)
		checkKeys(line, say)
		if line.Level >= slog.LevelError && line.Attributes["exception.type"] == nil {
			say(line, "an ERROR line needs the error as an attribute: slog.Any(\"error\", err)")
		}
		if request := spans.around(line); request != nil {
			say(line, "logged without a context while %q was under way: use the …Context function", request.Name)
		}
	}
	return found
}

func checkEvent(line Log, say func(Log, string, ...any)) {
	switch {
	case strings.ContainsAny(line.Event, " \n"):
		say(line, "is prose; name an event in snake_case and put the rest into attributes")
	case !eventForm.MatchString(line.Event):
		say(line, "is not snake_case")
	case varyingForm.MatchString(line.Event):
		say(line, "seems to vary; put what varies into attributes")
	}
}

func checkKeys(line Log, say func(Log, string, ...any)) {
	var bad []string
	line.Attributes.walk("", func(path, key string, _ any) {
		header := slices.ContainsFunc(headerKeys, func(p string) bool { return strings.HasPrefix(key, p) })
		if !header && !keyForm.MatchString(key) {
			bad = append(bad, path)
		}
	})
	slices.Sort(bad)
	for _, path := range bad {
		say(line, "key %q is not snake_case", path)
	}
}

// around returns the request during which a line without a span was logged.
func (s Spans) around(line Log) *Span {
	if line.SpanID.IsValid() {
		return nil
	}
	i := slices.IndexFunc(s, func(span *Span) bool {
		request := span.Kind == trace.SpanKindServer || span.Kind == trace.SpanKindConsumer
		return request && span.started < line.order && line.order < span.ended
	})
	if i < 0 {
		return nil
	}
	return s[i]
}
