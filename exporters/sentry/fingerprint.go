package sentry

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"

	sentrygo "github.com/getsentry/sentry-go"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// sentryDefault stands for Sentry's own grouping by stack.
const sentryDefault = "{{ default }}"

// stackOrigin is where the stack of an event comes from.
type stackOrigin int

const (
	noStack stackOrigin = iota
	callSite
	ownStack // of the error or the panic
)

// fingerprintOf groups events into issues:
//
//	what was given by hand, see byHand; else
//	the stack the error brought along; else
//	the place of the report, the type of the root error and its code; else
//	the service, what failed and the route or method it is known by; else
//	the service, the type and the text without what varies; of a gRPC status
//	also the method, perhaps that of root, since many say the same.
func (c *candidate) fingerprintOf(origin stackOrigin, service string, root sdktrace.ReadOnlySpan) []string {
	switch {
	case len(c.fingerprint) > 0:
		return c.byHand(origin)
	case origin == ownStack:
		return []string{sentryDefault}
	case origin == callSite:
		parts := []string{sentryDefault, c.rootType()}
		if len(c.chain) == 0 && c.message == "" {
			parts = append(parts, mask(c.text()))
		}
		if code := c.code(); code != "" {
			parts = append(parts, code)
		}
		return parts
	case c.named:
		return []string{service, c.title, c.subtitle}
	default:
		parts := []string{service, c.rootType(), mask(c.text())}
		if grpcCode.MatchString(c.text()) {
			if rpc := rpcOf(c, root); rpc != "" {
				parts = append(parts, rpc)
			}
		}
		return parts
	}
}

// byHand is the fingerprint that was given. If it refers to Sentry's own
// grouping, which knows nothing but the stack, it gets what tells apart the
// failures that are reported in one place, such as those of all tasks: the code
// of the root error or, if its type says nothing, its text.
func (c *candidate) byHand(origin stackOrigin) []string {
	if origin == ownStack || !slices.Contains(c.fingerprint, sentryDefault) {
		return c.fingerprint
	}
	parts := slices.Clone(c.fingerprint)
	root := c.rootType()
	if !slices.Contains(parts, root) {
		parts = append(parts, root)
	}
	if code := c.code(); code != "" {
		return append(parts, code)
	}
	if isNameless(root) {
		return append(parts, mask(c.rootText()))
	}
	return parts
}

var grpcCode = regexp.MustCompile(`rpc error: code = (\w+)`)

// code is a stable number or word that tells errors of one type apart:
// SQLSTATE, gRPC status or errno.
func (c *candidate) code() string {
	for _, l := range c.chain {
		if s, ok := l.err.(interface{ SQLState() string }); ok {
			return "SQLSTATE " + ask(c.strangers, l.err, s.SQLState)
		}
		if m := grpcCode.FindStringSubmatch(l.text); m != nil {
			return "gRPC " + m[1]
		}
		if errno, ok := l.err.(syscall.Errno); ok { //nolint:errorlint // the chain is unwrapped already
			return "errno " + strconv.Itoa(int(errno))
		}
	}
	return ""
}

var varying = regexp.MustCompile(strings.Join([]string{
	`"[^"]*"`, `'[^']*'`, "`[^`]*`", // quoted
	`\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b`, // UUID
	`\b[0-9a-fA-F]{12,}\b`, // other ids
	`\w*[0-9][\wµ]*`,       // numbers, ids, parts of times and addresses
}, "|"))

// lists are several of what was masked in a row: times, addresses, versions,
// lists of numbers. How many there are varies as well.
var lists = regexp.MustCompile(`-?#(?:[-+.,:;/ ]+#)*`)

// mask replaces what varies between two reports of one failure.
func mask(text string) string {
	return lists.ReplaceAllString(varying.ReplaceAllString(tail(text, maxCompared), "#"), "#")
}

// groupKey identifies an issue within this process, for the rate limit. Where
// Sentry groups by stack it contains the application's frames.
func groupKey(fingerprint []string, st *sentrygo.Stacktrace) string {
	var b strings.Builder
	for _, part := range fingerprint {
		b.WriteString(part)
		b.WriteByte(0)
		if part != sentryDefault || st == nil {
			continue
		}
		for _, f := range st.Frames {
			if f.InApp {
				b.WriteString(f.Module)
				b.WriteByte('.')
				b.WriteString(f.Function)
				b.WriteByte(0)
			}
		}
	}
	return b.String()
}
