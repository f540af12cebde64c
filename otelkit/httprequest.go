package otelkit

import (
	"net/http"
	"runtime"
	"strings"

	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// maxUserAgent is how much of a user agent lines have, in bytes.
const maxUserAgent = 256

// maxMethod is how much of a method that nobody knows a span has, in bytes.
const maxMethod = 32

const methodOther = "_OTHER"

// methodOf is the method of a request, or _OTHER where it is none that RFC 9110
// or RFC 5789 know (semantic conventions, "http.request.method").
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return r.Method
	case "":
		return http.MethodGet
	}
	return methodOther
}

// pathTemplate is the path of a pattern of [http.ServeMux]: "[METHOD ][HOST]/[PATH]".
func pathTemplate(pattern string) string {
	return pattern[max(0, strings.IndexByte(pattern, '/')):]
}

// pattern is the route of the request, as far as it is known.
func (s *scope) pattern() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.exchange == nil || s.exchange.request == nil {
		return ""
	}
	return s.exchange.request.Pattern
}

// nameSpan gives the span of a request the name and the route that are known by
// now. It belongs to the goroutine that serves the request.
func (s *scope) nameSpan() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nameSpanLocked()
}

func (s *scope) nameSpanLocked() {
	x := s.exchange
	if x == nil || x.request == nil || x.named {
		return
	}
	r := x.request
	if r.Pattern == "" && x.config.route != nil {
		// It is taken from here for the metrics.
		r.Pattern = x.routeOf()
	}
	if r.Pattern == "" || !x.span.IsRecording() {
		return
	}
	x.named = true
	route := pathTemplate(r.Pattern)
	x.span.SetName(spanMethod(r) + " " + route)
	x.span.SetAttributes(semconv.HTTPRoute(route))
}

// isServing reports whether the goroutine is one that serves a request. On others the
// pattern must not be looked at: the router may be about to write it.
func isServing() bool {
	var pcs [256]uintptr
	for _, pc := range pcs[:runtime.Callers(2, pcs[:])] {
		if runtimeFunc(pc) == ownPackage+"(*exchange).serve" {
			return true
		}
	}
	return false
}

// routeOf calls the function of WithRoute, which may panic.
func (x *exchange) routeOf() (route string) {
	defer reportPanic(x.kit.report.Handle, "the function of WithRoute")
	return x.config.route(x.outer)
}

func spanMethod(r *http.Request) string {
	if m := methodOf(r); m != methodOther {
		return m
	}
	return "HTTP"
}

// cut shortens text to n bytes and makes it valid UTF-8.
func cut(text string, n int) string {
	if len(text) > n {
		text = text[:n]
	}
	return strings.ToValidUTF8(text, "")
}
