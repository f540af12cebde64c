package otelkit

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// A HTTPClientOption is a setting of [HTTPTransport].
type HTTPClientOption interface{ applyHTTPClient(*httpClientConfig) }

type httpClientConfig struct {
	kit    *Kit
	failed func(status int) bool
}

type httpClientOption func(*httpClientConfig)

func (f httpClientOption) applyHTTPClient(c *httpClientConfig) { f(c) }

func (o KitOption) applyHTTPClient(c *httpClientConfig) { c.kit = o.kit }

// WithFailedStatus tells which statuses of a response mean that a request
// failed. It is called concurrently. Default: none below 500, all from there on.
func WithFailedStatus(failed func(status int) bool) HTTPClientOption {
	return httpClientOption(func(c *httpClientConfig) { c.failed = failed })
}

// HTTPTransport returns a transport that gives each request a span and metrics
// (from otelhttp) and its headers the trace context, the baggage, both scrubbed,
// and the correlation id. A nil next is [http.DefaultTransport].
//
//	client := &http.Client{Transport: otelkit.HTTPTransport(nil)}
//
// A request that fails, by a network error or a status of 5xx, is logged once as
// external_request_failed at WARN, with peer, method, status and duration. It is an
// issue only if what it was made for fails and nothing else explains that. A request
// that is cancelled has not failed. The bodies are not touched.
//
// The transport works for the kit that [FromContext] finds in the context of the
// request.
func HTTPTransport(next http.RoundTripper, opts ...HTTPClientOption) http.RoundTripper {
	c := &httpClientConfig{failed: func(status int) bool { return status >= http.StatusInternalServerError }}
	for _, o := range opts {
		if o != nil {
			o.applyHTTPClient(c)
		}
	}
	if next == nil {
		next = http.DefaultTransport
	}
	return &httpTransport{config: c, next: next}
}

// httpTransport is the outer half of the client's instrumentation. Inside it is
// otelhttp, and inside that the other half, httpCalls.
type httpTransport struct {
	config *httpClientConfig
	next   http.RoundTripper
	inner  atomic.Pointer[httpTransportInner]
}

// httpTransportInner is what carries the requests of a kit.
type httpTransportInner struct {
	kit       *Kit
	transport http.RoundTripper
}

func (t *httpTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	k := t.config.kit
	if k == nil {
		k = FromContext(r.Context())
	}
	if k.off() {
		return t.next.RoundTrip(r)
	}
	res, err := t.innerFor(k).RoundTrip(r)
	if cancelled, ok := err.(*cancelledCall); ok { //nolint:errorlint // only as it is returned below
		err = cancelled.err
	}
	return res, err
}

// cancelledCall is what a cancelled request is for otelhttp, whatever the transport
// says: that may be the cause for which it was cancelled, which is somebody else's
// failure.
type cancelledCall struct{ err error }

func (*cancelledCall) Error() string { return context.Canceled.Error() }

func (t *httpTransport) innerFor(k *Kit) http.RoundTripper {
	if in := t.inner.Load(); in != nil && in.kit == k {
		return in.transport
	}
	in := &httpTransportInner{kit: k, transport: otelhttp.NewTransport(httpCalls{k, t.config, t.next},
		otelhttp.WithTracerProvider(k.traces), otelhttp.WithMeterProvider(k.metrics), otelhttp.WithPropagators(k.propagator))}
	t.inner.Store(in)
	return in.transport
}

// CloseIdleConnections is for http.Client.CloseIdleConnections.
func (t *httpTransport) CloseIdleConnections() {
	if c, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// httpCalls is the inner half: its requests are otelhttp's copies, with the span
// in their context.
type httpCalls struct {
	kit    *Kit
	config *httpClientConfig
	next   http.RoundTripper
}

func (t httpCalls) RoundTrip(r *http.Request) (*http.Response, error) {
	if id := correlationOf(r.Context()); id != "" && r.Header.Get(correlationIDHeader) == "" {
		r.Header.Set(correlationIDHeader, id)
	}
	// otelhttp has it with the query.
	trace.SpanFromContext(r.Context()).SetAttributes(semconv.URLFull(plainURL(r.URL)))
	started := time.Now()
	res, err := t.next.RoundTrip(r)
	switch {
	case err != nil && isCancelled(r.Context()):
		return res, &cancelledCall{err}
	case err != nil && !isAny(err, []error{context.Canceled}):
		t.failed(r, started, 0, err)
	case err == nil && res != nil && t.hasFailed(res.StatusCode):
		t.failed(r, started, res.StatusCode, statusError(res.StatusCode))
	}
	return res, err
}

// hasFailed calls the function of WithFailedStatus, which may panic.
func (t httpCalls) hasFailed(status int) bool {
	defer reportPanic(t.kit.report.Handle, "the function of WithFailedStatus")
	return t.config.failed(status)
}

func (t httpCalls) failed(r *http.Request, started time.Time, status int, err error) {
	attrs := []attribute.KeyValue{
		attribute.String("peer", r.URL.Host),
		attribute.String("method", methodOf(r)),
		attribute.String("url", plainURL(r.URL)),
		milliseconds(time.Since(started)),
		errorAttr(err),
	}
	if status != 0 {
		attrs = append(attrs, attribute.Int("status", status))
	}
	t.kit.events.http.say(r.Context(), entry{event: "external_request_failed", level: slog.LevelWarn, errs: []error{err}}, attrs...)
}

// plainURL is u without what may be a secret: user, query and fragment.
func plainURL(u *url.URL) string {
	plain := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	return plain.String()
}

// correlationOf is the correlation id bound to ctx, or "".
func correlationOf(ctx context.Context) string {
	for b := boundTo(ctx); b != nil; b = b.parent {
		for _, kv := range b.attrs {
			if kv.Key == "correlation_id" && isSane(kv.Value.AsString()) {
				return kv.Value.AsString()
			}
		}
	}
	return ""
}
