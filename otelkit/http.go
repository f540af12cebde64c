package otelkit

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// HTTPMiddleware returns a middleware that gives each request a span, the
// metrics of the semantic conventions (both from otelhttp), and its lines. It
// belongs around all others:
//
//	http.ListenAndServe(":8080", otelkit.HTTPMiddleware()(mux))
//
// Each request has a line request_started at INFO and then exactly one of
//
//	request_finished   INFO; WARN with a 4xx, ERROR with a 5xx
//	request_failed     ERROR: the handler panicked, or something was captured
//	request_cancelled  WARN: the client has gone, or the handler aborted
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

// httpHandler is the outer half of the middleware. Inside it is otelhttp, and
// inside that the other half, httpEvents.
type httpHandler struct {
	config *httpConfig
	next   http.Handler
	inner  atomic.Pointer[httpInner]
}

// httpInner is what serves the requests of a kit.
type httpInner struct {
	kit     *Kit
	handler http.Handler
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
	x := newExchange(k, h.config, w, r)
	h.innerFor(k).ServeHTTP(x.response.writer(), r.WithContext(x.context(r.Context())))
	if x.abort {
		// Only here, outside of otelhttp, so that its span and metrics are as
		// complete as those of any other request.
		panic(http.ErrAbortHandler)
	}
}

// innerFor returns the instrumented handler for k. Requests nearly always belong
// to the same kit.
func (h *httpHandler) innerFor(k *Kit) http.Handler {
	if in := h.inner.Load(); in != nil && in.kit == k {
		return in.handler
	}
	opts := []otelhttp.Option{
		otelhttp.WithTracerProvider(k.traces),
		otelhttp.WithMeterProvider(k.metrics),
		otelhttp.WithPropagators(k.propagator),
	}
	if h.config.public {
		opts = append(opts,
			otelhttp.WithPropagators(withoutBaggage{k.propagator}),
			otelhttp.WithPublicEndpointFn(func(*http.Request) bool { return true }))
	}
	in := &httpInner{kit: k, handler: otelhttp.NewHandler(httpEvents{h.next}, "", opts...)}
	h.inner.Store(in)
	return in.handler
}

// withoutBaggage takes no baggage from callers that are not trusted.
type withoutBaggage struct{ propagation.TextMapPropagator }

func (p withoutBaggage) Extract(ctx context.Context, carrier propagation.TextMapCarrier) context.Context {
	return baggage.ContextWithBaggage(p.TextMapPropagator.Extract(ctx, carrier), baggage.FromContext(ctx))
}

// httpEvents is the inner half of the middleware: it knows the span.
type httpEvents struct{ next http.Handler }

func (h httpEvents) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := scopeOf(r.Context()).exchange
	x.begin(r)
	defer func() { x.end(w, recover()) }()
	h.next.ServeHTTP(w, r)
	x.returned = true
}

// exchange is one request and its response. All that it needs is in one piece
// of memory, which goroutines of the request may hold on to.
type exchange struct {
	kit      *Kit
	config   *httpConfig
	scope    scope
	binding  binding
	bound    [3]attribute.KeyValue
	response response
	started  time.Time

	outer   *http.Request // as it came in
	request *http.Request // as the handler has it; its Pattern is under scope.mu
	span    trace.Span
	named   bool

	returned bool // the handler did, without a panic
	abort    bool // the connection has to be cut off
}

func newExchange(k *Kit, c *httpConfig, w http.ResponseWriter, r *http.Request) *exchange {
	x := &exchange{kit: k, config: c, started: time.Now(), outer: r}
	x.response = response{ResponseWriter: w, exchange: x}
	x.scope.exchange, x.scope.ring = x, k.newRing()

	id := r.Header.Get("X-Request-Id")
	if !isSane(id) {
		id = k.newID()
	}
	w.Header()["X-Request-Id"] = []string{id}
	correlation := r.Header.Get("X-Correlation-Id")
	if !isSane(correlation) {
		correlation = id
	}
	bound := append(x.bound[:0], attribute.String("request_id", id), attribute.String("correlation_id", correlation))
	if ip := c.clientIP(r); ip != "" {
		bound = append(bound, attribute.String("client_ip", ip))
	}
	x.binding.attrs = bound
	return x
}

// context returns ctx inside of the request.
func (x *exchange) context(ctx context.Context) context.Context {
	b := &x.binding
	b.kit, b.scope, b.opens = x.kit, &x.scope, true
	return child(ctx, b)
}

// begin is called when the span has begun.
func (x *exchange) begin(r *http.Request) {
	x.request, x.span = r, trace.SpanFromContext(r.Context())
	if x.kit.config.boundSpans {
		x.scope.span = x.span
	}
	x.correctAddress()
	x.say(entry{event: "request_started"}, slog.LevelInfo, 0)
}

// correctAddress replaces the address that otelhttp believes to be the client's:
// it takes X-Forwarded-For from anyone.
func (x *exchange) correctAddress() {
	switch {
	case x.config.noClient:
		x.span.SetAttributes(semconv.ClientAddress(""), semconv.NetworkPeerAddress(""))
	case len(x.outer.Header["X-Forwarded-For"]) > 0:
		x.span.SetAttributes(semconv.ClientAddress(x.config.clientIP(x.outer)))
	}
}

// end is called when the handler has ended, with what it panicked with.
func (x *exchange) end(w http.ResponseWriter, value any) {
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
		x.answerPanic(w)
		x.failed(err, stack)
	case ctx.Err() == context.Canceled:
		x.cancelled("client_gone")
	case x.scope.failed() != nil:
		x.span.SetStatus(codes.Error, "")
		x.failed(x.scope.failed(), nil)
	default:
		x.finished()
	}
}

// answerPanic answers with 500, or has the connection aborted if it is too late
// for that.
func (x *exchange) answerPanic(w http.ResponseWriter) {
	if x.response.begun() {
		x.abort = true
		return
	}
	http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
}

func (x *exchange) finished() {
	status := x.response.statusOrOK()
	switch {
	case status >= http.StatusInternalServerError:
		err := statusError(status)
		x.say(told(x.event("finished"), 0, err), slog.LevelError, status, append(x.scope.ring.close(true), errorAttr(err))...)
	case status >= http.StatusBadRequest:
		x.say(told(x.event("finished"), 0, nil), slog.LevelWarn, status)
	default:
		x.say(told(x.event("finished"), 0, nil), slog.LevelInfo, status)
	}
}

func (x *exchange) failed(err error, stack []uintptr) {
	e := told(x.event("failed"), 0, err)
	e.stack = stack
	x.say(e, slog.LevelError, x.response.statusOrOK(), append(x.scope.ring.close(true), errorAttr(err))...)
}

func (x *exchange) cancelled(reason string) {
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
	e.level = x.config.levelOf(e.event, status, level)
	h := x.kit.events.http
	if !h.gate.enabled(e.level) {
		return
	}
	e.time = time.Now()
	var buf [16]attribute.KeyValue
	kvs := append(buf[:0], attribute.String("method", methodOf(x.outer)))
	if pattern := x.scope.pattern(); pattern != "" {
		kvs = append(kvs, attribute.String("route", pattern), attribute.String("path_template", pathTemplate(pattern)))
	}
	if e.outcome {
		if status != 0 {
			kvs = append(kvs, attribute.Int("status", status))
		}
		kvs = append(kvs, milliseconds(e.time.Sub(x.started)), attribute.Int64("bytes", x.response.bytes))
		if x.response.hijacked {
			kvs = append(kvs, attribute.Bool("hijacked", true))
		}
	}
	if agent := x.outer.UserAgent(); agent != "" {
		kvs = append(kvs, attribute.String("user_agent", cut(agent, maxUserAgent)))
	}
	h.say(x.request.Context(), e, append(kvs, attrs...)...)
}

// statusError is a response of 5xx of which nothing else is known.
type statusError int

func (e statusError) Error() string {
	return fmt.Sprintf("HTTP %d %s", int(e), http.StatusText(int(e)))
}
