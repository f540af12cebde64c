package otelkit

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// HTTPMiddleware returns a middleware that gives each request a span and a
// measurement of its duration, as the semantic conventions have them, and its
// lines. It belongs around all others:
//
//	http.ListenAndServe(":8080", otelkit.HTTPMiddleware()(mux))
//
// Each request has a line request_started at INFO and then exactly one of
//
//	request_finished   INFO; WARN with a 4xx, ERROR with a 5xx
//	request_failed     ERROR: the handler panicked, or something was captured
//	request_cancelled  WARN: the client has gone before it had its answer, or the handler aborted
//
// with its method, route, status, duration, bytes and user agent. A response
// that is flushed has streaming_started at INFO, and its last line begins with
// streaming_ instead of request_. All lines of a request, those of the service too,
// have its request_id (X-Request-ID, or a new one, which the response has as
// well), correlation_id, client_ip, and what is bound with [BindScope].
//
// A panic is answered with 500, recorded on the span and captured. If the
// response has begun, the connection is aborted, so that the client does not take it
// for complete. http.ErrAbortHandler goes on to the server. The bodies are never
// read, and the query is nowhere.
//
// The middleware works for the kit that [FromContext] finds in the context of
// the request. If that is off, requests pass untouched; so they do inside another
// HTTPMiddleware.
func HTTPMiddleware(opts ...HTTPOption) func(http.Handler) http.Handler {
	c := &httpConfig{}
	for _, o := range opts {
		if o != nil {
			o.applyHTTP(c)
		}
	}
	return func(next http.Handler) http.Handler { return &httpHandler{config: c, next: next} }
}

// The headers of ids, in their canonical form.
const (
	requestIDHeader     = "X-Request-Id"
	correlationIDHeader = "X-Correlation-Id"
)

// httpHandler is the middleware in front of next.
type httpHandler struct {
	config *httpConfig
	next   http.Handler
	server atomic.Pointer[httpServer]
}

func (h *httpHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k := h.config.kit
	if k == nil {
		k = FromContext(r.Context())
	}
	if s := scopeOf(r.Context()); k.off() || h.config.health[r.URL.Path] || s != nil && s.exchange != nil {
		h.next.ServeHTTP(w, r)
		return
	}
	x := newExchange(h.serverFor(k), w, r)
	x.serve(h.next)
	if x.abort {
		panic(http.ErrAbortHandler)
	}
}

// serverFor returns what serves the requests of k. They nearly always belong to
// the same kit.
func (h *httpHandler) serverFor(k *Kit) *httpServer {
	if s := h.server.Load(); s != nil && s.kit == k {
		return s
	}
	s := newHTTPServer(k, h.config)
	h.server.Store(s)
	return s
}

// withoutBaggage takes no baggage from callers that are not trusted.
type withoutBaggage struct{ propagation.TextMapPropagator }

func (p withoutBaggage) Extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	return baggage.ContextWithBaggage(p.TextMapPropagator.Extract(ctx, carrier), baggage.FromContext(ctx))
}

// exchange is one request and its response. All that it needs is in one piece
// of memory, which goroutines of the request may hold on to.
type exchange struct {
	*httpServer
	scope    scope
	binding  binding
	bound    [3]attribute.KeyValue
	id       [1]string
	response response
	writer   http.ResponseWriter // response, as the handler has it
	started  time.Time
	ended    time.Time // as the last line has it; zero if there is none
	remote   remote
	agent    string // the user agent

	outer    *http.Request // as it came in
	request  *http.Request // as the handler has it; its Pattern is under scope.mu
	span     trace.Span
	start    *attributes // what span begins with, while it starts
	starting bool        // span is about to start
	named    bool
	stale    bool // it came in with a context that was over

	returned bool   // the handler did, without a panic
	abort    bool   // the connection has to be cut off
	cut      bool   // there may be no status
	failure  string // why the request failed, for error.type
}

func newExchange(s *httpServer, w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{httpServer: s, outer: r}
	x.response = response{ResponseWriter: w, exchange: x}
	x.writer = x.response.writer()
	x.scope.exchange, x.scope.ring = x, s.kit.newRing()
	x.remote = s.config.remoteOf(r.RemoteAddr, r.Header["X-Forwarded-For"])
	x.agent = cut(first(r.Header["User-Agent"]), maxUserAgent)

	x.id[0] = first(r.Header[requestIDHeader])
	if !isSane(x.id[0]) {
		x.id[0] = s.kit.newID()
	}
	w.Header()[requestIDHeader] = x.id[:]
	correlation := first(r.Header[correlationIDHeader])
	if !isSane(correlation) {
		correlation = x.id[0]
	}
	bound := append(x.bound[:0], attribute.String("request_id", x.id[0]), attribute.String("correlation_id", correlation))
	if x.remote.client != "" {
		bound = append(bound, attribute.String("client_ip", x.remote.client))
	}
	x.binding = binding{attrs: bound, kit: s.kit, scope: &x.scope, opens: true}
	return x
}

// serve has next handle the request, and tells of it.
func (x *exchange) serve(next http.Handler) {
	x.begin()
	defer x.close()
	defer func() { x.end(recover()) }()
	next.ServeHTTP(x.writer, x.request)
	x.returned = true
}

func (x *exchange) begin() {
	ctx := x.startSpan(child(x.outer.Context(), &x.binding))
	x.started = time.Now()
	x.request, x.stale = x.outer.WithContext(ctx), ctx.Err() != nil
	if x.kit.config.boundSpans {
		x.scope.span = x.span
	}
	x.say(entry{event: "request_started", time: x.started}, slog.LevelInfo, 0)
}

// end is called when the handler has ended, with what it panicked with.
func (x *exchange) end(value any) {
	defer x.scope.ring.close(false)
	ctx := x.request.Context()
	x.scope.nameSpan()
	switch {
	case value == http.ErrAbortHandler || value == nil && !x.returned: //nolint:errorlint // net/http compares it so
		// Without a panic it was runtime.Goexit, which the server does not
		// survive either.
		x.abort = true
		x.cancelled("aborted")
	case value != nil:
		stack, err := x.kit.capturePanic(ctx, value)
		x.answerPanic()
		x.failed(err, stack)
	case x.scope.failed() != nil:
		x.markSpan()
		x.failed(x.scope.failed(), nil)
	case x.clientGone() && !x.response.complete():
		x.cancelled("client_gone")
	default:
		x.finished()
	}
}

// clientGone reports whether the server has cancelled the request, which it does
// without a cause. A service that is being shut down may cancel the context that its
// server began with; clients do not notice.
func (x *exchange) clientGone() bool {
	ctx := x.request.Context()
	return ctx.Err() == context.Canceled && context.Cause(ctx) == context.Canceled && !x.stale //nolint:errorlint // net/http's own
}

// close is the last thing that is done with a request.
func (x *exchange) close() {
	// The server removes the files of a form only if it knows of it.
	if x.request.MultipartForm != nil {
		x.outer.MultipartForm = x.request.MultipartForm
	}
	// Whoever waits for the end of the span finds everything done.
	x.measure()
	x.endSpan()
}

// answerPanic answers with 500, or has the connection aborted if it is too late
// for that.
func (x *exchange) answerPanic() {
	if x.response.begun() {
		x.abort = true
		return
	}
	http.Error(x.writer, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}

func (x *exchange) finished() {
	status := x.response.statusOrOK()
	switch {
	case status >= http.StatusInternalServerError:
		x.markSpan()
		err := statusError(status)
		x.say(told(x.event("finished"), 0, err), slog.LevelError, status, append(x.scope.ring.close(true), errorAttr(err))...)
	case status >= http.StatusBadRequest:
		x.say(told(x.event("finished"), 0, nil), slog.LevelWarn, status)
	default:
		x.say(told(x.event("finished"), 0, nil), slog.LevelInfo, status)
	}
}

func (x *exchange) failed(err error, stack []uintptr) {
	x.failure = errorType(err)
	e := told(x.event("failed"), 0, err)
	e.stack = stack
	x.say(e, slog.LevelError, x.response.statusOrOK(), append(x.scope.ring.close(true), errorAttr(err))...)
}

func (x *exchange) cancelled(reason string) {
	x.cut, x.failure = true, reason
	status := x.response.status
	if status >= http.StatusInternalServerError {
		// An answer nobody waits for is no failure of the server; Sentry can tell
		// by this event.
		recordException(x.span, context.Canceled, nil)
	}
	x.say(told(x.event("cancelled"), 0, nil), slog.LevelWarn, status, attribute.String("reason", reason))
}

func (x *exchange) event(what string) string {
	if x.response.flushed {
		return streamingEvents[what]
	}
	return requestEvents[what]
}

// The events are whole words, so that they can be searched for.
var (
	requestEvents   = map[string]string{"finished": "request_finished", "failed": "request_failed", "cancelled": "request_cancelled"}
	streamingEvents = map[string]string{"finished": "streaming_finished", "failed": "streaming_failed", "cancelled": "streaming_cancelled"}
)

// say emits a line about the request. Only one that tells the outcome has what
// is known then.
func (x *exchange) say(e entry, level slog.Level, status int, attrs ...attribute.KeyValue) {
	e.level = x.config.levelOf(x.kit, e.event, status, level)
	h := x.kit.events.http
	if !h.gate.enabled(e.level) || x.kit.holdsBack(x.request.Context(), e.level) {
		return
	}
	if e.outcome {
		x.ended = time.Now()
		e.time = x.ended
	}
	h.sayWith(x.request.Context(), e, func(kvs []attribute.KeyValue) []attribute.KeyValue {
		kvs = append(kvs, attribute.String("method", methodOf(x.outer)))
		if pattern := x.scope.pattern(); pattern != "" {
			kvs = append(kvs, attribute.String("route", pattern), attribute.String("path_template", pathTemplate(pattern)))
		}
		if e.outcome {
			kvs = x.appendOutcome(kvs, status)
		}
		if x.agent != "" {
			kvs = append(kvs, attribute.String("user_agent", x.agent))
		}
		return append(kvs, attrs...)
	})
}

// appendOutcome appends what is known at the end.
func (x *exchange) appendOutcome(kvs []attribute.KeyValue, status int) []attribute.KeyValue {
	if status != 0 {
		kvs = append(kvs, attribute.Int("status", status))
	}
	kvs = append(kvs, milliseconds(x.ended.Sub(x.started)), attribute.Int64("bytes", x.response.bytes))
	if x.response.hijacked {
		kvs = append(kvs, attribute.Bool("hijacked", true))
	}
	return kvs
}

// statusError is a response of 5xx of which nothing else is known.
type statusError int

func (e statusError) Error() string {
	return fmt.Sprintf("HTTP %d %s", int(e), http.StatusText(int(e)))
}
