package otelkit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"net/http/httputil"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Query, cookies, the Authorization header and sensitive baggage show nowhere:
// not on lines, spans and measurements, not in issues, not in what goes out to
// the next service.
func TestHTTPNothingLeaks(t *testing.T) {
	t.Parallel()
	protocols(t, func(t *testing.T, serve func(http.Handler) *server) {
		m := &memoryMetrics{}
		s := newService(t, WithMetricExporter(m), WithBoundSpans())
		var sent http.Header
		next := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { sent = r.Header.Clone() }))
		defer next.Close()
		client := &http.Client{Transport: HTTPTransport(&http.Transport{DisableKeepAlives: true})}
		srv := serve(HTTPMiddleware(WithKit(s.kit), WithBodySizes())(handle(map[string]http.HandlerFunc{
			"GET /orders/{id}": func(w http.ResponseWriter, r *http.Request) {
				req, _ := http.NewRequestWithContext(r.Context(), http.MethodGet, next.URL+"/?token="+secret("7f3a9"), nil)
				if res, err := client.Do(req); err != nil {
					t.Error(err)
				} else {
					res.Body.Close()
				}
				CaptureException(r.Context(), errStock)
				w.WriteHeader(http.StatusInternalServerError)
			},
		})))
		get(t, srv.Client, srv.url+"/orders/17?"+secret("q"), func(r *http.Request) {
			r.Header.Set("Cookie", "session="+secret("c"))
			r.Header.Set("Authorization", "Bearer "+secret("a"))
			r.Header.Set("Baggage", "tier=gold,password="+secret("b"))
		})
		srv.handling.Wait()
		s.titles(t)
		if got := sent.Get("Baggage"); got != "tier=gold" {
			t.Errorf("baggage that went out: %q", got)
		}
		text := fmt.Sprint(s.lines.all(), sent, dump(m.data)) + string(s.issues.Raw())
		for _, sp := range s.spans.Ended() {
			text += fmt.Sprint(sp.Name(), attrsOf(sp.Attributes()), sp.Status(), sp.Events())
		}
		for _, name := range []string{"q", "c", "a", "b", "7f3a9"} {
			if i := strings.Index(text, secret(name)); i >= 0 {
				t.Errorf("%s was leaked: …%s", secret(name), text[max(0, i-200):i])
			}
		}
		if !strings.Contains(text, "http.server.request.body.size") {
			t.Error("nothing was measured")
		}
	})
}

// Informational responses are not the response, and a body that waits for
// 100 Continue is asked for.
func TestHTTPInformational(t *testing.T) {
	t.Parallel()
	protocols(t, func(t *testing.T, serve func(http.Handler) *server) {
		s := newService(t)
		srv := serve(HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", "</a.css>; rel=preload")
			w.WriteHeader(http.StatusEarlyHints)
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			w.WriteHeader(http.StatusCreated)
			_, _ = w.Write(body)
		})))
		var hints []int
		ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{
			Got1xxResponse: func(code int, _ textproto.MIMEHeader) error { hints = append(hints, code); return nil },
		})
		req, _ := http.NewRequestWithContext(ctx, http.MethodPost, srv.url, strings.NewReader("body"))
		req.Header.Set("Expect", "100-continue")
		res, err := srv.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		srv.handling.Wait()
		if res.StatusCode != http.StatusCreated || string(body) != "body" || res.Header.Get(requestIDHeader) == "" {
			t.Errorf("answer %d %q %v", res.StatusCode, body, res.Header)
		}
		if !strings.Contains(fmt.Sprint(hints), "103") {
			t.Errorf("informational responses %v", hints)
		}
		if diff := cmp.Diff([]string{"INFO request_started", "INFO request_finished"}, s.story()); diff != "" {
			t.Error(diff)
		}
		if l := s.line(t, "request_finished"); l["status"] != int64(201) || l["bytes"] != int64(4) {
			t.Errorf("status %v, bytes %v", l["status"], l["bytes"])
		}
	})
}

// Whatever a client puts into headers, lines stay lines.
func TestHTTPHostileHeaders(t *testing.T) {
	t.Parallel()
	s := newService(t, WithIDs(func() string { return "made" }))
	h := HTTPMiddleware(WithKit(s.kit))(http.NotFoundHandler())
	for name, value := range map[string]string{
		"line breaks": "id\r\nINFO request_finished", "10 KB": strings.Repeat("a", 10_000), "ANSI": "\x1b[31mid\x1b[0m",
		"not UTF-8": "id\xff", "quotes": `id" level="ERROR`, "template": "${jndi:x}", "space": " ", "other scripts": "ид",
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			for _, header := range []string{requestIDHeader, correlationIDHeader, "User-Agent", "Traceparent", "Baggage", "X-Forwarded-For"} {
				r.Header[header] = []string{value}
			}
			r.Method, r.Host = value, value
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			l := s.lines.last(t)
			if l["request_id"] != "made" || l["correlation_id"] != "made" || w.Header().Get(requestIDHeader) != "made" {
				t.Errorf("request_id %q, correlation_id %q, response %q", l["request_id"], l["correlation_id"], w.Header())
			}
			if l["client_ip"] != "192.0.2.1" || l["method"] != "_OTHER" {
				t.Errorf("client_ip %q, method %q", l["client_ip"], l["method"])
			}
			if agent := l["user_agent"].(string); len(agent) > maxUserAgent {
				t.Errorf("user_agent of %d bytes", len(agent))
			}
		})
	}
}

// A status that is none is a panic of net/http, which is answered like others.
func TestHTTPInvalidStatus(t *testing.T) {
	t.Parallel()
	protocols(t, func(t *testing.T, serve func(http.Handler) *server) {
		s := newService(t)
		srv := serve(HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(0) })))
		if got, _ := get(t, srv.Client, srv.url); got.status != http.StatusInternalServerError {
			t.Errorf("answer %+v", got)
		}
		srv.handling.Wait()
		if l := s.line(t, "request_failed"); l["status"] != int64(500) {
			t.Errorf("status %v", l["status"])
		}
	})
}

// A service behind a gateway has ids of its own; the response has one.
func TestHTTPReverseProxy(t *testing.T) {
	t.Parallel()
	behind, front := newService(t), newService(t)
	inner := httptest.NewServer(HTTPMiddleware(WithKit(behind.kit))(handle(map[string]http.HandlerFunc{"/": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "text") }})))
	defer inner.Close()
	target, _ := url.Parse(inner.URL)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }, Transport: HTTPTransport(&http.Transport{DisableKeepAlives: true})}
	outer := httptest.NewServer(HTTPMiddleware(WithKit(front.kit))(proxy))
	_, header := get(t, outer.Client(), outer.URL)
	outer.Close()
	inner.Close()
	id := front.line(t, "request_finished")["request_id"]
	if got := header.Values(requestIDHeader); len(got) != 1 || got[0] != id {
		t.Errorf("the response has ids %q, want %q", got, id)
	}
	if l := behind.line(t, "request_finished"); l["correlation_id"] != id || l["trace_id"] != front.line(t, "request_finished")["trace_id"] {
		t.Errorf("behind the gateway: correlation_id %v, trace_id %v", l["correlation_id"], l["trace_id"])
	}
}

// A handler learns that a flush failed, and that a write did.
func TestHTTPFlushError(t *testing.T) {
	t.Parallel()
	s := newService(t)
	errGone := errors.New("gone")
	HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).Flush(); !errors.Is(err, errGone) {
			t.Errorf("Flush returned %v", err)
		}
		if n, err := io.WriteString(w, "text"); n != 0 || !errors.Is(err, errGone) {
			t.Errorf("WriteString returned %d, %v", n, err)
		}
	})).ServeHTTP(&goneWriter{err: errGone}, httptest.NewRequest(http.MethodGet, "/", nil))
	if l := s.line(t, "streaming_finished"); l["bytes"] != int64(0) {
		t.Errorf("bytes %v", l["bytes"])
	}
}

// goneWriter writes to a client that has gone.
type goneWriter struct{ err error }

func (w *goneWriter) Header() http.Header       { return http.Header{} }
func (w *goneWriter) WriteHeader(int)           {}
func (w *goneWriter) Write([]byte) (int, error) { return 0, w.err }
func (w *goneWriter) Flush()                    {}
func (w *goneWriter) FlushError() error         { return w.err }

// Handlers that go on writing, binding and capturing after the client has gone,
// or in goroutines after the request is over, do no harm.
func TestHTTPLateHandlers(t *testing.T) {
	t.Parallel()
	protocols(t, func(t *testing.T, serve func(http.Handler) *server) {
		s := newService(t)
		ctx, leave := context.WithCancel(t.Context())
		over, done := make(chan struct{}), make(chan struct{})
		srv := serve(HTTPMiddleware(WithKit(s.kit))(handle(map[string]http.HandlerFunc{"GET /orders/{id}": func(w http.ResponseWriter, r *http.Request) {
			go func() {
				defer close(done)
				<-over
				BindScope(r.Context(), "late", true)
				CaptureException(r.Context(), errStock)
				s.kit.Logger("shop").InfoContext(r.Context(), "after_all")
			}()
			leave()
			<-r.Context().Done()
			for range 100 {
				_, _ = w.Write(make([]byte, 1000))
			}
		}})))
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, srv.url+"/orders/1", nil)
		if res, err := srv.Do(req); err == nil {
			_, _ = io.Copy(io.Discard, res.Body)
			res.Body.Close()
		}
		srv.handling.Wait()
		close(over)
		<-done
		want := []string{"INFO request_started", "WARN request_cancelled", "ERROR exception_captured", "INFO after_all"}
		if diff := cmp.Diff(want, s.story()); diff != "" {
			t.Error(diff)
		}
		if l := s.line(t, "after_all"); l["late"] != true || l["request_id"] == nil {
			t.Errorf("a line after the request: %v", l)
		}
	})
}

// A panic of a middleware outside is none of the request's, and one that ends
// panics sees none that was answered.
func TestHTTPOuterMiddlewares(t *testing.T) {
	t.Parallel()
	s := newService(t)
	outer := func(next http.Handler) (value any) {
		defer func() { value = recover() }()
		next.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/x", nil))
		return nil
	}
	if v := outer(HTTPMiddleware(WithKit(s.kit))(handle(map[string]http.HandlerFunc{"/x": faultyHandler}))); v != nil {
		t.Errorf("a panic that was answered went on: %v", v)
	}
	ok := HTTPMiddleware(WithKit(s.kit))(http.NotFoundHandler())
	if v := outer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { ok.ServeHTTP(w, r); panic("outside") })); v != "outside" {
		t.Errorf("panic %v", v)
	}
	if diff := cmp.Diff([]string{"INFO request_started", "ERROR request_failed", "INFO request_started", "WARN request_finished"}, s.story()); diff != "" {
		t.Error(diff)
	}
}

// A middleware without a kit, or with one that has been shut down, serves.
func TestHTTPWithoutTelemetry(t *testing.T) {
	t.Parallel()
	ended := newService(t)
	if err := ended.kit.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]*Kit{"nil": nil, "zero": {}, "shut down": ended.kit} {
		for _, status := range []int{200, 500} {
			w := httptest.NewRecorder()
			HTTPMiddleware(WithKit(k))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				BindScope(r.Context(), "a", 1)
				if status == 500 {
					panic("boom")
				}
				io.WriteString(w, "text")
			})).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			if k == ended.kit && w.Code != status {
				t.Errorf("%s: answer %d, want %d", name, w.Code, status)
			}
			if k.off() {
				break // nobody answers panics there
			}
		}
	}
	if n := len(ended.lines.all()); n != 0 {
		t.Errorf("%d lines after Shutdown", n)
	}
}

// A WebSocket library takes the connection over and answers by itself; a panic
// after that only closes the connection.
func TestHTTPPanicAfterHijack(t *testing.T) {
	t.Parallel()
	s := newService(t)
	handled := make(chan any, 1)
	h := HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		fmt.Fprint(rw, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
		_ = rw.Flush()
		panic("boom")
	}))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { handled <- recover() }()
		h.ServeHTTP(w, r)
	}))
	defer srv.Close()
	conn, err := net.Dial("tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || res.StatusCode != http.StatusSwitchingProtocols {
		t.Errorf("answer %v, %v", res, err)
	}
	if v := <-handled; v != http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
		t.Errorf("panic %v", v)
	}
	if l := s.line(t, "request_failed"); l["status"] != int64(101) || l["hijacked"] != true {
		t.Errorf("status %v, hijacked %v", l["status"], l["hijacked"])
	}
	checkTitles(t, s.titles(t), []string{"fatal boom"})
}

// What a service gives as options may panic, like all its code; the requests go on.
func TestHTTPOptionsMayPanic(t *testing.T) {
	t.Parallel()
	faulty := func() { panic("option") }
	s := newService(t, WithIDs(func() string { faulty(); return "" }))
	h := HTTPMiddleware(WithKit(s.kit),
		WithRoute(func(*http.Request) string { faulty(); return "" }),
		WithLevels(func(string, int, slog.Level) slog.Level { faulty(); return 0 }))(http.NotFoundHandler())
	srv := httptest.NewServer(h)
	client := &http.Client{Transport: HTTPTransport(&http.Transport{DisableKeepAlives: true}, WithKit(s.kit), WithFailedStatus(func(int) bool { faulty(); return true }))}
	if got, header := get(t, client, srv.URL); got.status != http.StatusNotFound || len(header.Get(requestIDHeader)) != 36 {
		t.Errorf("answer %+v, %v", got, header)
	}
	srv.Close()
	if diff := cmp.Diff([]string{"INFO request_started", "WARN request_finished"}, s.story()); diff != "" {
		t.Error(diff)
	}
}
