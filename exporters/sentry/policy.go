package sentry

import (
	"context"
	"net/http"
	"slices"
	"strings"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// levelOf is the level of an issue or breadcrumb made from a log record.
func levelOf(s log.Severity) sentrygo.Level {
	switch {
	case s >= log.SeverityFatal:
		return sentrygo.LevelFatal
	case s >= log.SeverityError:
		return sentrygo.LevelError
	case s >= log.SeverityWarn:
		return sentrygo.LevelWarning
	case s >= log.SeverityInfo || s == log.SeverityUndefined:
		return sentrygo.LevelInfo
	default:
		return sentrygo.LevelDebug
	}
}

// verdict is what the signal table says about a sighting.
type verdict int

const (
	ignored verdict = iota
	breadcrumb
	waits // a breadcrumb, and a candidate if the local root fails
	issue
	urgent // an issue that is sent at once
)

// ofRecord judges a log record; failed means that it carries an error.
func ofRecord(s log.Severity, failed, bodyIssues bool) verdict {
	switch {
	case s >= log.SeverityFatal:
		return urgent
	case s >= log.SeverityError && (failed || bodyIssues):
		return issue
	case s >= log.SeverityError:
		return breadcrumb
	case failed && (s >= log.SeverityWarn || s == log.SeverityUndefined):
		return waits
	case s >= log.SeverityInfo || s == log.SeverityUndefined:
		return breadcrumb
	default:
		return ignored
	}
}

// ofException judges an exception event on a span.
func ofException(kind trace.SpanKind, status codes.Code) (verdict, sentrygo.Level) {
	switch {
	case kind == trace.SpanKindClient || kind == trace.SpanKindProducer:
		return waits, sentrygo.LevelError
	case status == codes.Ok:
		return breadcrumb, sentrygo.LevelInfo
	case status == codes.Error:
		return issue, sentrygo.LevelError
	default:
		return issue, sentrygo.LevelWarning
	}
}

// outcome is how an operation ended, as its span tells.
type outcome int

const (
	succeeded outcome = iota
	rejected          // the caller is to blame: HTTP 4xx, gRPC NotFound …
	degraded          // gRPC Unimplemented, DeadlineExceeded, Unavailable
	failed
)

// outcomes of gRPC server calls; the other codes are the caller's fault.
var grpcOutcomes = map[string]outcome{
	"OK":                succeeded,
	"UNKNOWN":           failed,
	"INTERNAL":          failed,
	"DATA_LOSS":         failed,
	"UNIMPLEMENTED":     degraded,
	"DEADLINE_EXCEEDED": degraded,
	"UNAVAILABLE":       degraded,
}

// grpcNames are the codes by number, for spans of the older conventions.
var grpcNames = [...]string{
	"OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
	"PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
	"UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
}

// outcomeOf judges a finished span. The status code of a server counts more
// than the status of its span: 4xx is never a failure, 5xx always is.
func outcomeOf(s sdktrace.ReadOnlySpan, a spanFacts) outcome {
	if s.SpanKind() == trace.SpanKindServer {
		if a.httpStatus != 0 {
			switch {
			case a.httpStatus >= 500:
				return failed
			case a.httpStatus >= 400:
				return rejected
			}
		}
		if a.grpcStatus != "" {
			if o, ok := grpcOutcomes[a.grpcStatus]; ok {
				return o
			}
			return rejected
		}
	}
	if s.Status().Code == codes.Error {
		return failed
	}
	return succeeded
}

// spanFacts are the attributes that decide about a span.
type spanFacts struct {
	httpStatus int64
	grpcStatus string
	method     string // HTTP
	route      string
	rpc        string // "package.Service/Method"
}

func factsOf(attributes []attribute.KeyValue) (f spanFacts) {
	var service, method string
	for _, kv := range attributes {
		switch kv.Key {
		case "http.response.status_code", "http.status_code":
			f.httpStatus = kv.Value.AsInt64()
		case "http.request.method", "http.method":
			f.method = kv.Value.String()
		case "http.route":
			f.route = kv.Value.String()
		case "rpc.response.status_code":
			f.grpcStatus = strings.ToUpper(kv.Value.String())
		case "rpc.grpc.status_code":
			if n := kv.Value.AsInt64(); n >= 0 && int(n) < len(grpcNames) {
				f.grpcStatus = grpcNames[n]
			}
		case "rpc.service":
			service = kv.Value.String()
		case "rpc.method":
			method = kv.Value.String()
		}
	}
	f.rpc = method
	if service != "" && !strings.Contains(method, "/") {
		f.rpc = service + "/" + method
	}
	return f
}

// ignoreRules are the failures a user does not want to hear of.
type ignoreRules struct {
	errors   []error
	types    []string
	patterns []pattern
}

type pattern interface{ MatchString(string) bool }

// expected are errors that end an operation without anything being wrong.
var expected = []error{context.Canceled, http.ErrAbortHandler, http.ErrServerClosed}

// match reports whether c is never an issue.
func (r *ignoreRules) match(c *candidate) bool {
	return slices.ContainsFunc(expected, c.is) ||
		grpcCanceled(c.text()) ||
		slices.ContainsFunc(r.errors, c.is) ||
		slices.ContainsFunc(r.types, c.hasType) ||
		slices.ContainsFunc(r.patterns, func(p pattern) bool {
			return p.MatchString(c.text()) || c.body != "" && p.MatchString(c.body)
		})
}

// is reports whether c is caused by target, as errors.Is would. That one never
// returns if an error wraps itself, while the chain has an end. Of a span event
// only the text is known, which is target's own or ends with it.
func (c *candidate) is(target error) bool {
	if c.err == nil {
		return c.message != "" && wraps(c.message, target.Error())
	}
	return slices.ContainsFunc(c.own(), func(l link) bool {
		if sameValue(l.err, target) {
			return true
		}
		like, ok := l.err.(interface{ Is(target error) bool })
		return ok && ask(c.strangers, l.err, func() bool { return like.Is(target) })
	})
}

func (c *candidate) hasType(typ string) bool {
	for _, l := range c.chain {
		if typeOf(l.err) == typ {
			return true
		}
	}
	return len(c.chain) == 0 && c.typ == typ
}

func grpcCanceled(text string) bool {
	return strings.Contains(text, "rpc error: code = Canceled ")
}

// Scopes of otelkit that report about telemetry itself. Issues about them
// would cause more of them.
const ownScopes = "github.com/otelkit/otelkit-go/exporters/"

// ownTexts begin everything this package says to an error handler.
const ownTexts = "otelkit: sentry: "

// head is as much of text as is looked at on the goroutine of the caller.
func head(text string) string { return text[:min(len(text), maxCrumbText)] }

// isOwn reports whether c was caused by this package.
func isOwn(c *candidate) bool {
	return strings.HasPrefix(c.scope, ownScopes) ||
		strings.Contains(head(c.text()), ownTexts) || strings.Contains(head(c.body), ownTexts)
}
