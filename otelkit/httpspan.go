package otelkit

import (
	"context"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

var (
	asServer     = trace.WithSpanKind(trace.SpanKindServer)
	startOptions = []trace.SpanStartOption{asServer}
)

// startSpan begins the span of the request and returns the context with it
// (semantic conventions, "HTTP server").
func (x *exchange) startSpan(ctx context.Context) context.Context {
	ctx = x.propagator.Extract(ctx, requestHeader(x.outer.Header))
	opts := slices.Clip(startOptions) // its attributes come from [requestSampler]
	parent := trace.SpanFromContext(ctx)
	sc, beside := parent.SpanContext(), isBeside(parent)
	if x.config.public || beside {
		opts = append(opts, trace.WithNewRoot())
		if sc.IsValid() && (sc.IsRemote() || beside) {
			opts = append(opts, trace.WithLinks(trace.Link{SpanContext: sc}))
		}
	}
	x.starting = true
	ctx, x.span = x.tracer.Start(ctx, spanMethod(x.outer), opts...)
	x.starting = false
	if x.start != nil {
		x.start.release()
		x.start = nil
	}
	return ctx
}

// isBeside reports whether span is open beside the request: what runs the server has
// made it and handed it on by http.Server.BaseContext. A request under it would be
// no failure of its own, and its trace would last as long as the server. One of kind
// SERVER is what another instrumentation made of the same request.
func isBeside(span trace.Span) bool {
	s, ok := span.(sdktrace.ReadOnlySpan)
	return ok && !span.SpanContext().IsRemote() && s.SpanKind() != trace.SpanKindServer
}

// appendStart appends the attributes that the span begins with.
func (x *exchange) appendStart(kvs []attribute.KeyValue) []attribute.KeyValue {
	r := x.outer
	method := methodOf(r)
	kvs = append(kvs, semconv.HTTPRequestMethodKey.String(method), semconv.URLScheme(schemeOf(r)))
	if method == methodOther {
		kvs = append(kvs, semconv.HTTPRequestMethodOriginal(cut(r.Method, maxMethod)))
	}
	host, port := splitHost(r.Host)
	if host != "" {
		kvs = append(kvs, semconv.ServerAddress(host))
	}
	if port != 0 && port != defaultPort(r) {
		kvs = append(kvs, semconv.ServerPort(port))
	}
	if x.remote.peer != "" {
		kvs = append(kvs, semconv.NetworkPeerAddress(x.remote.peer),
			semconv.NetworkPeerPort(x.remote.port), semconv.ClientAddress(x.remote.client))
	}
	if x.agent != "" {
		kvs = append(kvs, semconv.UserAgentOriginal(x.agent))
	}
	if r.URL.Path != "" {
		kvs = append(kvs, semconv.URLPath(r.URL.Path))
	}
	return append(kvs, semconv.NetworkProtocolVersion(protocolVersion(r)))
}

// markSpan gives the span the status Error, unless it has it, with a
// description perhaps that says more.
func (x *exchange) markSpan() {
	if s, ok := x.span.(sdktrace.ReadOnlySpan); ok && s.Status().Code == codes.Error {
		return
	}
	x.span.SetStatus(codes.Error, "")
}

// endSpan ends the span with what is known of the response.
func (x *exchange) endSpan() {
	if x.span.IsRecording() {
		end := attributesPool.Get().(*attributes)
		x.span.SetAttributes(x.appendEnd(end.kvs[:0])...)
		end.release()
	}
	x.span.End()
}

// appendEnd appends the attributes that the span ends with.
func (x *exchange) appendEnd(kvs []attribute.KeyValue) []attribute.KeyValue {
	if status := x.status(); status != 0 {
		kvs = append(kvs, semconv.HTTPResponseStatusCode(status))
	}
	if size := x.response.bytes; size > 0 {
		kvs = append(kvs, semconv.HTTPResponseBodySize(int(size)))
	}
	if size := x.outer.ContentLength; size > 0 {
		kvs = append(kvs, semconv.HTTPRequestBodySize(int(size)))
	}
	if failure := x.errorType(); failure != "" {
		kvs = append(kvs, semconv.ErrorTypeKey.String(failure))
	}
	return kvs
}

// status is that of the response, or 0 if nothing went out and nothing will.
func (x *exchange) status() int {
	if x.cut {
		return x.response.status
	}
	return x.response.statusOrOK()
}

// errorType says how the request failed, or nothing: by the status of a 5xx, by the
// type of what was captured, or by what came before any status.
func (x *exchange) errorType() string {
	if status := x.status(); status >= http.StatusInternalServerError {
		return strconv.Itoa(status)
	}
	return x.failure
}

// requestHeader is what propagators read. Unlike [propagation.HeaderCarrier]
// it does not make the canonical form of a known name anew each time.
type requestHeader http.Header

var _ propagation.ValuesGetter = requestHeader(nil)

// Values returns all values of a field.
func (h requestHeader) Values(key string) []string {
	switch key {
	case "traceparent":
		return h["Traceparent"]
	case "tracestate":
		return h["Tracestate"]
	case "baggage":
		return h["Baggage"]
	}
	return h[textproto.CanonicalMIMEHeaderKey(key)]
}

// Get returns the first value of a field, or "".
func (h requestHeader) Get(key string) string { return first(h.Values(key)) }

// Set is not used by readers.
func (h requestHeader) Set(key, value string) { http.Header(h).Set(key, value) }

// Keys returns the names of all fields.
func (h requestHeader) Keys() []string { return propagation.HeaderCarrier(h).Keys() }

func schemeOf(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

func defaultPort(r *http.Request) int {
	if r.TLS != nil {
		return 443
	}
	return 80
}

// protocolVersion is as otelhttp has it: 2.0 for HTTP/2.
func protocolVersion(r *http.Request) string {
	_, version, _ := strings.Cut(r.Proto, "/")
	return version
}

// splitHost splits the Host of a request. The port is 0 if there is none that can be.
// A user does not belong there and is left out.
func splitHost(hostport string) (host string, port int) {
	host = hostport[strings.LastIndexByte(hostport, '@')+1:]
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		if p, err := strconv.ParseUint(host[i+1:], 10, 16); err == nil {
			port = int(p)
		}
		host = host[:i]
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"), port
}
