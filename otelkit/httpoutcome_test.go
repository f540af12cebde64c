package otelkit

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// A copy that fails before its first byte leaves the answer to the handler.
func TestHTTPCopyFailsAtOnce(t *testing.T) {
	t.Parallel()
	protocols(t, func(t *testing.T, serve func(http.Handler) *server) {
		s := newService(t)
		srv := serve(HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if _, err := io.Copy(w, iotest.ErrReader(errStock)); err != nil {
				http.Error(w, "bad gateway", http.StatusBadGateway)
			}
		})))
		got, header := get(t, srv.Client, srv.url)
		srv.handling.Wait()
		if got.status != http.StatusBadGateway || len(header[requestIDHeader]) != 1 {
			t.Errorf("answer %+v %v", got, header)
		}
		if l := s.line(t, "request_finished"); l["status"] != int64(502) || l["level"] != "ERROR" {
			t.Errorf("line %v", l)
		}
	})
}

// panicReader panics when it is read from the second time.
type panicReader struct{ read bool }

func (r *panicReader) Read(p []byte) (int, error) {
	if r.read {
		panic("boom")
	}
	r.read = true
	return len(p), nil
}

// A source that panics when something was sent has the connection aborted.
func TestHTTPCopyPanics(t *testing.T) {
	t.Parallel()
	s := newService(t)
	srv := httptest.NewServer(HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, &panicReader{})
	})))
	got, _ := get(t, srv.Client(), srv.URL)
	srv.Close()
	if !got.broken {
		t.Errorf("answer %+v was taken for complete", got)
	}
	if l := s.line(t, "request_failed"); l["status"] != int64(200) {
		t.Errorf("line %v", l)
	}
}

// The client going away is not the outcome of a request that has another.
func TestHTTPOutcomeBeforeCancelling(t *testing.T) {
	t.Parallel()
	type leaving struct{ leave func() }
	for name, test := range map[string]struct {
		handle func(w http.ResponseWriter, r *http.Request, l leaving)
		last   string
		titles []string
	}{
		"a whole answer": {func(w http.ResponseWriter, _ *http.Request, l leaving) {
			w.Header().Set("Content-Length", "2")
			_, _ = io.WriteString(w, "ok")
			l.leave()
		}, "INFO request_finished", nil},
		"half an answer": {func(w http.ResponseWriter, _ *http.Request, l leaving) {
			w.Header().Set("Content-Length", "4")
			_, _ = io.WriteString(w, "ok")
			l.leave()
		}, "WARN request_cancelled", nil},
		"no answer": {func(_ http.ResponseWriter, _ *http.Request, l leaving) { l.leave() }, "WARN request_cancelled", nil},
		"an error": {func(w http.ResponseWriter, _ *http.Request, l leaving) {
			w.WriteHeader(http.StatusInternalServerError)
			l.leave()
		}, "ERROR request_finished", []string{"error HTTP 500: GET"}},
		"an error when nobody waited any more": {func(w http.ResponseWriter, _ *http.Request, l leaving) {
			l.leave()
			w.WriteHeader(http.StatusInternalServerError)
		}, "WARN request_cancelled", nil},
		"something captured": {func(_ http.ResponseWriter, r *http.Request, l leaving) {
			l.leave()
			CaptureException(r.Context(), errStock)
		}, "ERROR request_failed", []string{"error stock lost"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			ctx, leave := context.WithCancel(t.Context())
			h := HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				test.handle(w, r, leaving{leave: leave})
			}))
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
			checkTitles(t, s.titles(t), test.titles)
			if all := s.story(); all[len(all)-1] != test.last {
				t.Errorf("lines %q, want the last to be %s", all, test.last)
			}
		})
	}
}

// Who ends a service may cancel what its server began with.
func TestHTTPBaseContextOver(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func() (context.Context, func()){
		"before the request": func() (context.Context, func()) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			return ctx, func() {}
		},
		"with a cause": func() (context.Context, func()) {
			ctx, cancel := context.WithCancelCause(t.Context())
			return ctx, func() { cancel(errors.New("shutting down")) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			ctx, cancel := begin()
			h := HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				cancel()
				w.WriteHeader(http.StatusServiceUnavailable)
			}))
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
			checkTitles(t, s.titles(t), []string{"error HTTP 503: GET"})
			if diff := cmp.Diff([]string{"INFO request_started", "ERROR request_finished"}, s.story()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Goroutines of a request capture while the router still looks for its route. Run
// it with -race.
func TestHTTPCaptureBesideRouting(t *testing.T) {
	t.Parallel()
	s := newService(t)
	var auditing sync.WaitGroup
	mux := handle(map[string]http.HandlerFunc{"GET /orders/{id}": func(http.ResponseWriter, *http.Request) { auditing.Wait() }})
	h := HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		auditing.Go(func() { CaptureException(r.Context(), errors.New("audit failed")) })
		mux.ServeHTTP(w, r)
	}))
	for range 20 {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/orders/1", nil))
	}
	if n := len(s.spans.Ended()); n != 20 {
		t.Errorf("%d spans", n)
	}
	s.span(t, "GET /orders/{id}")
}

// What is captured has the route at once, if it is the handler that does it.
func TestHTTPCaptureKnowsTheRoute(t *testing.T) {
	t.Parallel()
	s := newService(t)
	h := HTTPMiddleware(WithKit(s.kit))(handle(map[string]http.HandlerFunc{"GET /orders/{id}": func(_ http.ResponseWriter, r *http.Request) {
		CaptureException(r.Context(), errStock)
		s.titles(t)
	}}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/orders/1", nil))
	if e := s.issues.Events(); len(e) != 1 || e[0].Transaction != "GET /orders/{id}" {
		t.Errorf("issues %+v", e)
	}
}

// Some frameworks assert http.CloseNotifier without asking.
func TestHTTPCloseNotifier(t *testing.T) {
	t.Parallel()
	protocols(t, func(t *testing.T, serve func(http.Handler) *server) {
		s := newService(t)
		srv := serve(HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			n, ok := w.(http.CloseNotifier) //nolint:staticcheck // what frameworks do
			if !ok || n.CloseNotify() == nil {
				t.Errorf("%T is no http.CloseNotifier", w)
			}
		})))
		if got, _ := get(t, srv.Client, srv.url); got.status != http.StatusOK {
			t.Errorf("answer %+v", got)
		}
		srv.handling.Wait()
	})
	s := newService(t)
	HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if _, ok := w.(http.CloseNotifier); ok { //nolint:staticcheck // what frameworks do
			t.Errorf("%T is a http.CloseNotifier, what it wraps is not", w)
		}
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
}

// A client that has read everything and hung up is not gone.
func TestHTTPClientReadAll(t *testing.T) {
	t.Parallel()
	s := newService(t)
	srv := httptest.NewServer(HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "2")
		_, _ = io.WriteString(w, "ok")
		w.(http.Flusher).Flush()
		<-r.Context().Done() // the audit takes its time
	})))
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", srv.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.ReadAll(res.Body)
	res.Body.Close()
	conn.Close()
	srv.Close()
	if diff := cmp.Diff([]string{"INFO request_started", "INFO streaming_started", "INFO streaming_finished"}, s.story()); diff != "" {
		t.Error(diff)
	}
}
