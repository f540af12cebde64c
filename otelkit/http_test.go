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
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/otelkit/otelkit-go/internal/sentrytest"
)

// service is a kit with all its receivers.
type service struct {
	kit    *Kit
	lines  *recorder
	spans  *tracetest.SpanRecorder
	issues *sentrytest.Receiver
}

func newService(t *testing.T, opts ...Option) *service {
	t.Helper()
	s := &service{spans: tracetest.NewSpanRecorder(), issues: sentrytest.New(t)}
	s.kit, s.lines = start(t, append(opts,
		WithSpanProcessor(s.spans), WithSentryDSN(s.issues.DSN()), WithoutRuntimeMetrics())...)
	return s
}

// story are the events logged so far.
func (s *service) story() []string {
	var events []string
	for _, l := range s.lines.all() {
		events = append(events, l["level"].(string)+" "+l["msg"].(string))
	}
	return events
}

// line returns the only line of an event.
func (s *service) line(t *testing.T, event string) map[string]any {
	t.Helper()
	var found map[string]any
	for _, l := range s.lines.all() {
		if l["msg"] == event {
			if found != nil {
				t.Errorf("%s was logged twice", event)
			}
			found = l
		}
	}
	if found == nil {
		t.Fatalf("no %s among %q", event, s.story())
	}
	return found
}

// titles are those of the issues made so far.
func (s *service) titles(t *testing.T) []string {
	t.Helper()
	if err := s.kit.ForceFlush(t.Context()); err != nil {
		t.Error(err)
	}
	var titles []string
	for _, e := range s.issues.Events() {
		titles = append(titles, e.Level+" "+e.Title())
	}
	return titles
}

// span returns the only ended span of a kind of name.
func (s *service) span(t *testing.T, name string) sdktrace.ReadOnlySpan {
	t.Helper()
	var names []string
	for _, sp := range s.spans.Ended() {
		if sp.Name() == name {
			return sp
		}
		names = append(names, sp.Name())
	}
	t.Fatalf("no span %q among %q", name, names)
	return nil
}

func attrsOf(kvs []attribute.KeyValue) map[string]any {
	m := map[string]any{}
	for _, kv := range kvs {
		m[string(kv.Key)] = kv.Value.AsInterface()
	}
	return m
}

// server is one for tests. Its handlers may outlive the responses.
type server struct {
	*http.Client
	url      string
	close    func() // waits for the server to be done with all requests
	handling sync.WaitGroup
}

// protocols runs f with servers of both versions of HTTP.
func protocols(t *testing.T, f func(t *testing.T, serve func(http.Handler) *server)) {
	t.Helper()
	for _, proto := range []string{"HTTP/1.1", "HTTP/2.0"} {
		t.Run(proto, func(t *testing.T) {
			t.Parallel()
			f(t, func(h http.Handler) *server {
				s := &server{}
				srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Proto != proto {
						t.Errorf("request over %s", r.Proto)
					}
					s.handling.Add(1)
					defer s.handling.Done()
					h.ServeHTTP(w, r)
				}))
				srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
				srv.EnableHTTP2 = proto == "HTTP/2.0"
				srv.StartTLS()
				t.Cleanup(srv.Close)
				s.Client, s.url, s.close = srv.Client(), srv.URL, srv.Close
				return s
			})
		})
	}
}

// answer is what a client sees of a response.
type answer struct {
	status int
	body   string
	broken bool // the connection ended before the response did
}

func get(t *testing.T, c *http.Client, url string, edit ...func(*http.Request)) (answer, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "test/1")
	for _, f := range edit {
		f(req)
	}
	res, err := c.Do(req)
	if err != nil {
		return answer{broken: true}, nil
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, string(body), err != nil}, res.Header
}

var errStock = errors.New("stock lost")

func handle(routes map[string]http.HandlerFunc) *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, h := range routes {
		mux.HandleFunc(pattern, h)
	}
	return mux
}

// These hide from vet what is wrong with what they return.
func noError() error        { return nil }
func noMap() map[string]int { return nil }

type typedNil struct{ text string }

func (e *typedNil) Error() string { return e.text }

// Each way in which a request can end: what the client sees, the lines, the
// span and the issues.
func TestHTTPOutcomes(t *testing.T) {
	t.Parallel()
	text := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); io.WriteString(w, "text") }
	}
	panics := func(value any) http.HandlerFunc {
		return func(http.ResponseWriter, *http.Request) { panic(value) }
	}
	begun := func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "text")
			next(w, r)
		}
	}
	failed500 := answer{500, "Internal Server Error\n", false}
	started := "INFO request_started"
	for _, test := range []struct {
		name    string
		handler http.HandlerFunc
		answer  answer
		story   []string
		last    map[string]any // attributes of the last line
		absent  []string
		status  codes.Code
		issues  []string
	}{
		{
			name: "200", handler: text(200), answer: answer{200, "text", false},
			story: []string{started, "INFO request_finished"}, last: map[string]any{"status": int64(200), "bytes": int64(4)},
			absent: []string{"error", "reason", "exception.type", "hijacked"},
		},
		{
			name: "nothing written", handler: func(http.ResponseWriter, *http.Request) {}, answer: answer{200, "", false},
			story: []string{started, "INFO request_finished"}, last: map[string]any{"status": int64(200), "bytes": int64(0)},
		},
		{
			name: "302", handler: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, answer: answer{304, "", false},
			story: []string{started, "INFO request_finished"}, last: map[string]any{"status": int64(304)},
		},
		{
			name: "404", handler: text(404), answer: answer{404, "text", false},
			story: []string{started, "WARN request_finished"}, last: map[string]any{"status": int64(404)}, absent: []string{"error"},
		},
		{
			name: "503", handler: text(503), answer: answer{503, "text", false},
			story: []string{started, "ERROR request_finished"}, last: map[string]any{"status": int64(503), "error": "HTTP 503 Service Unavailable"},
			status: codes.Error, issues: []string{"error HTTP 503: GET /orders/{id}"},
		},
		{
			name: "503 and the error was logged", answer: answer{503, "", false},
			handler: func(w http.ResponseWriter, r *http.Request) {
				FromContext(r.Context()).Logger("shop").ErrorContext(r.Context(), "stock_failed", "error", errStock)
				w.WriteHeader(http.StatusServiceUnavailable)
			},
			story: []string{started, "ERROR stock_failed", "ERROR request_finished"}, last: map[string]any{"status": int64(503)},
			status: codes.Error, issues: []string{"error stock lost"},
		},
		{
			name: "captured", answer: answer{200, "text", false},
			handler: func(w http.ResponseWriter, r *http.Request) {
				CaptureException(r.Context(), errStock, "item", 7)
				io.WriteString(w, "text")
			},
			story:  []string{started, "ERROR exception_captured", "ERROR request_failed"},
			last:   map[string]any{"status": int64(200), "error": "stock lost"},
			status: codes.Error, issues: []string{"error stock lost"},
		},
		{
			name: "captured and 500", answer: answer{500, "", false},
			handler: func(w http.ResponseWriter, r *http.Request) {
				CaptureException(r.Context(), fmt.Errorf("load: %w", errStock))
				w.WriteHeader(http.StatusInternalServerError)
			},
			story: []string{started, "ERROR exception_captured", "ERROR request_failed"}, last: map[string]any{"status": int64(500), "error": "load: stock lost"},
			status: codes.Error, issues: []string{"error load"},
		},
		{
			name: "panic", handler: panics("boom"), answer: failed500,
			story: []string{started, "ERROR request_failed"}, last: map[string]any{"status": int64(500), "error": "boom", "exception.type": "string"},
			status: codes.Error, issues: []string{"fatal boom"},
		},
		{
			name: "panic with an error", handler: panics(fmt.Errorf("load: %w", errStock)), answer: failed500,
			story: []string{started, "ERROR request_failed"}, last: map[string]any{"error": "load: stock lost"},
			status: codes.Error, issues: []string{"fatal stock lost"},
		},
		{
			name: "panic with a nil error", handler: func(http.ResponseWriter, *http.Request) { panic(noError()) }, answer: failed500,
			story: []string{started, "ERROR request_failed"}, last: map[string]any{"exception.type": "*runtime.PanicNilError"},
			status: codes.Error, issues: []string{"fatal nil"},
		},
		{
			name: "panic with a typed nil", handler: func(http.ResponseWriter, *http.Request) { var err *typedNil; panic(err) }, answer: failed500,
			story: []string{started, "ERROR request_failed"}, last: map[string]any{"exception.type": "*otelkit.typedNil"},
			status: codes.Error, issues: []string{"fatal typedNil"},
		},
		{
			name: "panic in a nil map", handler: func(http.ResponseWriter, *http.Request) { noMap()["a"] = 1 }, answer: failed500,
			story: []string{started, "ERROR request_failed"}, last: map[string]any{"error": "assignment to entry in nil map"},
			status: codes.Error, issues: []string{"fatal nil map"},
		},
		{
			name: "panic after the headers", handler: begun(panics("boom")), answer: answer{200, "text", true},
			story: []string{started, "ERROR request_failed"}, last: map[string]any{"status": int64(200), "bytes": int64(4), "error": "boom"},
			status: codes.Error, issues: []string{"fatal boom"},
		},
		{
			name: "abort", handler: panics(http.ErrAbortHandler), answer: answer{broken: true},
			story: []string{started, "WARN request_cancelled"}, last: map[string]any{"reason": "aborted"}, absent: []string{"status", "error"},
		},
		{
			name: "flushed", answer: answer{200, "text", false},
			handler: func(w http.ResponseWriter, _ *http.Request) {
				io.WriteString(w, "te")
				w.(http.Flusher).Flush()
				w.(http.Flusher).Flush()
				io.WriteString(w, "xt")
			},
			story: []string{started, "INFO streaming_started", "INFO streaming_finished"}, last: map[string]any{"status": int64(200), "bytes": int64(4)},
		},
		{
			name: "flushed by a controller", answer: answer{200, "te", false},
			handler: func(w http.ResponseWriter, _ *http.Request) {
				io.WriteString(w, "te")
				if err := http.NewResponseController(w).Flush(); err != nil {
					panic(err)
				}
			},
			story: []string{started, "INFO streaming_started", "INFO streaming_finished"},
		},
		{
			name: "flushed and panic", answer: answer{200, "te", true},
			handler: func(w http.ResponseWriter, _ *http.Request) {
				io.WriteString(w, "te")
				w.(http.Flusher).Flush()
				panic("boom")
			},
			story: []string{started, "INFO streaming_started", "ERROR streaming_failed"}, status: codes.Error, issues: []string{"fatal boom"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			protocols(t, func(t *testing.T, serve func(http.Handler) *server) {
				s := newService(t)
				srv := serve(HTTPMiddleware(WithKit(s.kit))(handle(map[string]http.HandlerFunc{"GET /orders/{id}": test.handler})))
				got, header := get(t, srv.Client, srv.url+"/orders/17?"+secret("q"), func(r *http.Request) {
					r.Header.Set("Cookie", secret("c"))
					r.Header.Set("Authorization", "Bearer "+secret("a"))
				})
				srv.handling.Wait()
				if got.broken && test.answer.broken {
					// How much arrives before the connection breaks is up to the network.
					got.body, got.status = test.answer.body, test.answer.status
				}
				if got != test.answer {
					t.Errorf("answer %+v, want %+v", got, test.answer)
				}
				issues := s.titles(t)
				if diff := cmp.Diff(test.story, s.story()); diff != "" {
					t.Error(diff)
				}
				all := s.lines.all()
				last := all[len(all)-1]
				for key, want := range test.last {
					if last[key] != want {
						t.Errorf("%s = %v, want %v", key, last[key], want)
					}
				}
				for _, key := range test.absent {
					if v, ok := last[key]; ok {
						t.Errorf("%s = %v, want none", key, v)
					}
				}
				checkRequestLines(t, all, header)
				checkSpan(t, s, test.status)
				checkTitles(t, issues, test.issues)
				checkNothingLeaked(t, s)
			})
		})
	}
}

// secret is a text that must not be seen again, put together at run time.
func secret(name string) string {
	return strings.Join([]string{"canary", name, "do", "not", "show"}, "-")
}

func checkNothingLeaked(t *testing.T, s *service) {
	t.Helper()
	text := fmt.Sprintf("%v %s", s.lines.all(), s.issues.Raw())
	for _, sp := range s.spans.Ended() {
		text += fmt.Sprintf("%v %v %v", sp.Name(), attrsOf(sp.Attributes()), sp.Status())
		for _, e := range sp.Events() {
			text += fmt.Sprint(attrsOf(e.Attributes))
		}
	}
	for _, name := range []string{"q", "c", "a"} {
		if strings.Contains(text, secret(name)) {
			t.Errorf("%s was leaked", secret(name))
		}
	}
}

// checkRequestLines looks at what all lines of a request have.
func checkRequestLines(t *testing.T, lines []map[string]any, header http.Header) {
	t.Helper()
	id := lines[0]["request_id"].(string)
	if header != nil && header.Get("X-Request-Id") != id {
		t.Errorf("the response has request id %q, the lines %q", header.Get("X-Request-Id"), id)
	}
	for _, l := range lines {
		for _, key := range []string{"request_id", "correlation_id"} {
			if l[key] != id {
				t.Errorf("%s: %s = %v, want %s", l["msg"], key, l[key], id)
			}
		}
		if l["client_ip"] != "127.0.0.1" || l["trace_id"] != lines[0]["trace_id"] {
			t.Errorf("%s: client_ip %v, trace_id %v", l["msg"], l["client_ip"], l["trace_id"])
		}
	}
	for _, l := range []map[string]any{lines[0], lines[len(lines)-1]} {
		if l["method"] != "GET" || l["user_agent"] != "test/1" {
			t.Errorf("%s: method %v, user_agent %v", l["msg"], l["method"], l["user_agent"])
		}
	}
	last := lines[len(lines)-1]
	if last["route"] != "GET /orders/{id}" || last["path_template"] != "/orders/{id}" {
		t.Errorf("route %v, path_template %v", last["route"], last["path_template"])
	}
	if ms, ok := last["duration_ms"].(float64); !ok || ms < 0 {
		t.Errorf("duration_ms %v", last["duration_ms"])
	}
	if _, ok := lines[0]["duration_ms"]; ok {
		t.Error("request_started has a duration")
	}
}

func checkSpan(t *testing.T, s *service, status codes.Code) {
	t.Helper()
	sp := s.span(t, "GET /orders/{id}")
	if sp.Status().Code != status {
		t.Errorf("status of the span %v, want %v", sp.Status(), status)
	}
	if route := attrsOf(sp.Attributes())["http.route"]; route != "/orders/{id}" {
		t.Errorf("http.route %v", route)
	}
	if len(s.spans.Ended()) != 1 {
		t.Errorf("%d spans", len(s.spans.Ended()))
	}
}

// checkTitles wants as many issues as there are words to find in them.
func checkTitles(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("issues %q, want %q", got, want)
		return
	}
	for i := range want {
		level, words, _ := strings.Cut(want[i], " ")
		if !strings.HasPrefix(got[i], level+" ") || !strings.Contains(got[i], words) {
			t.Errorf("issue %q, want %q", got[i], want[i])
		}
	}
}

// The stack of a panic begins where it happened, on the span, the line and the
// issue alike.
func TestHTTPPanicStack(t *testing.T) {
	t.Parallel()
	s := newService(t)
	h := HTTPMiddleware(WithKit(s.kit))(handle(map[string]http.HandlerFunc{"/x": faultyHandler}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/x", nil))
	s.titles(t)
	const want = "otelkit.faultyHandler"
	line, _ := s.line(t, "request_failed")["exception.stacktrace"].(string)
	if first, _, _ := strings.Cut(line, "\n"); !strings.HasSuffix(first, want+"()") {
		t.Errorf("the stack of the line begins with %q", first)
	}
	event := attrsOf(s.span(t, "GET /x").Events()[0].Attributes)
	if event["exception.stacktrace"] != line || event["exception.type"] != "string" || event["exception.message"] != "boom" {
		t.Errorf("span event %v", event)
	}
	issue := s.issues.Events()[0]
	if issue.Transaction != "GET /x" {
		t.Errorf("transaction %q", issue.Transaction)
	}
}

func faultyHandler(http.ResponseWriter, *http.Request) { panic("boom") }

func TestHTTPClientGone(t *testing.T) {
	t.Parallel()
	for _, flush := range []bool{false, true} {
		t.Run(fmt.Sprintf("flush=%v", flush), func(t *testing.T) {
			t.Parallel()
			protocols(t, func(t *testing.T, serve func(http.Handler) *server) {
				s := newService(t)
				ctx, leave := context.WithCancel(t.Context())
				mux := handle(map[string]http.HandlerFunc{"GET /orders/{id}": func(w http.ResponseWriter, r *http.Request) {
					if flush {
						w.(http.Flusher).Flush()
					}
					leave()
					<-r.Context().Done()
					if !flush {
						w.WriteHeader(http.StatusInternalServerError)
					}
				}})
				srv := serve(HTTPMiddleware(WithKit(s.kit))(mux))
				req, _ := http.NewRequestWithContext(ctx, http.MethodGet, srv.url+"/orders/1", nil)
				if res, err := srv.Do(req); err == nil {
					_, _ = io.Copy(io.Discard, res.Body)
					res.Body.Close()
				}
				srv.handling.Wait()
				want := []string{"INFO request_started", "WARN request_cancelled"}
				if flush {
					want = []string{"INFO request_started", "INFO streaming_started", "WARN streaming_cancelled"}
				}
				checkTitles(t, s.titles(t), nil)
				if diff := cmp.Diff(want, s.story()); diff != "" {
					t.Error(diff)
				}
				if all := s.lines.all(); all[len(all)-1]["reason"] != "client_gone" {
					t.Errorf("reason %v", all[len(all)-1]["reason"])
				}
			})
		})
	}
}

func TestHTTPRequestIDs(t *testing.T) {
	t.Parallel()
	s := newService(t, WithIDs(func() string { return "made" }))
	h := HTTPMiddleware(WithKit(s.kit))(http.NotFoundHandler())
	for _, test := range []struct{ id, correlation, wantID, wantCorrelation string }{
		{"", "", "made", "made"},
		{"abc-1", "", "abc-1", "abc-1"},
		{"abc-1", "chain:7", "abc-1", "chain:7"},
		{"", "chain:7", "made", "chain:7"},
		{"Root=1-67891233-abcdef012345678912345678", "", "Root=1-67891233-abcdef012345678912345678", "Root=1-67891233-abcdef012345678912345678"},
		{"two words", "two words", "made", "made"},
		{"<script>", "", "made", "made"},
		{"id\x00", "", "made", "made"},
		{strings.Repeat("a", 129), strings.Repeat("a", 129), "made", "made"},
		{strings.Repeat("a", 128), "", strings.Repeat("a", 128), strings.Repeat("a", 128)},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header["X-Request-Id"], r.Header["X-Correlation-Id"] = []string{test.id}, []string{test.correlation}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		l := s.lines.last(t)
		if l["request_id"] != test.wantID || l["correlation_id"] != test.wantCorrelation || w.Header().Get("X-Request-Id") != test.wantID {
			t.Errorf("%q %q: request_id %v, correlation_id %v, response %v", test.id, test.correlation, l["request_id"], l["correlation_id"], w.Header())
		}
	}
}

func TestNewIDsAreUUIDsOfVersion7(t *testing.T) {
	t.Parallel()
	at := time.UnixMilli(1_700_000_000_123)
	seen := map[string]bool{}
	for range 1000 {
		id := newUUID(at)
		if id.Version() != 7 || id.Variant().String() != "RFC4122" {
			t.Fatalf("%v: version %v, variant %v", id, id.Version(), id.Variant())
		}
		if sec, nsec := id.Time().UnixTime(); sec != at.Unix() || nsec/1e6 != 123 {
			t.Fatalf("%v: made at %d.%09d", id, sec, nsec)
		}
		seen[id.String()] = true
	}
	if len(seen) != 1000 {
		t.Errorf("%d of 1000 ids differ", len(seen))
	}
}

func TestHTTPClientIP(t *testing.T) {
	t.Parallel()
	trusted := WithTrustedProxies(netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8"))
	for _, test := range []struct {
		name    string
		opts    []HTTPOption
		remote  string
		forward []string
		want    any
	}{
		{"direct", nil, "203.0.113.7:1234", nil, "203.0.113.7"},
		{"forged", nil, "203.0.113.7:1234", []string{"198.51.100.1"}, "203.0.113.7"},
		{"forged past the proxy", []HTTPOption{trusted}, "203.0.113.7:1234", []string{"198.51.100.1"}, "203.0.113.7"},
		{"one proxy", []HTTPOption{trusted}, "10.0.0.1:80", []string{"198.51.100.1"}, "198.51.100.1"},
		{"forged in front", []HTTPOption{trusted}, "10.0.0.1:80", []string{"1.1.1.1, 198.51.100.1"}, "198.51.100.1"},
		{"two proxies, two headers", []HTTPOption{trusted}, "10.0.0.1:80", []string{"1.1.1.1, 198.51.100.1", "10.9.9.9"}, "198.51.100.1"},
		{"nonsense", []HTTPOption{trusted}, "10.0.0.1:80", []string{"unknown"}, "10.0.0.1"},
		{"IPv6", []HTTPOption{trusted}, "[fd00::1%eth0]:80", []string{"2001:db8::1"}, "2001:db8::1"},
		{"switched off", []HTTPOption{WithoutClientIP(), trusted}, "10.0.0.1:80", []string{"198.51.100.1"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.RemoteAddr, r.Header["X-Forwarded-For"] = test.remote, test.forward
			HTTPMiddleware(append(test.opts, WithKit(s.kit))...)(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), r)
			if got := s.line(t, "request_finished")["client_ip"]; got != test.want {
				t.Errorf("client_ip %v, want %v", got, test.want)
			}
			span := attrsOf(s.span(t, "GET").Attributes())
			if test.want == nil && span["network.peer.address"] != nil {
				t.Errorf("network.peer.address %v", span["network.peer.address"])
			}
			if span["client.address"] != test.want {
				t.Errorf("client.address %v, want %v", span["client.address"], test.want)
			}
		})
	}
}

func TestHTTPHealthEndpoints(t *testing.T) {
	t.Parallel()
	m := &memoryMetrics{}
	s := newService(t, WithMetricExporter(m))
	h := HTTPMiddleware(WithKit(s.kit), WithHealthEndpoints("/healthz", "/readyz"))(http.NotFoundHandler())
	for _, path := range []string{"/healthz", "/readyz", "/healthz/deep"} {
		h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	}
	if n := len(s.lines.all()); n != 2 {
		t.Errorf("%d lines, want the 2 of /healthz/deep", n)
	}
	if n := len(s.spans.Ended()); n != 1 {
		t.Errorf("%d spans, want 1", n)
	}
	if n := m.count(t, s.kit, "http.server.request.duration"); n != 1 {
		t.Errorf("%d requests measured, want 1", n)
	}
}

// count is how many measurements a histogram has.
func (m *memoryMetrics) count(t *testing.T, kit *Kit, name string) (n uint64) {
	t.Helper()
	if err := kit.ForceFlush(t.Context()); err != nil {
		t.Fatal(err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, sm := range m.data[len(m.data)-1].ScopeMetrics {
		for _, metric := range sm.Metrics {
			if h, ok := metric.Data.(metricdata.Histogram[float64]); ok && metric.Name == name {
				for _, p := range h.DataPoints {
					n += p.Count
				}
			}
		}
	}
	return n
}

// A panic after the headers is measured like any other request.
func TestHTTPPanicIsMeasured(t *testing.T) {
	t.Parallel()
	m := &memoryMetrics{}
	s := newService(t, WithMetricExporter(m))
	srv := httptest.NewServer(HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		panic("boom")
	})))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	get(t, srv.Client(), srv.URL)
	srv.Close()
	if n := m.count(t, s.kit, "http.server.request.duration"); n != 1 {
		t.Errorf("%d requests measured, want 1", n)
	}
}

func TestHTTPPublicListener(t *testing.T) {
	t.Parallel()
	const traceID = "0af7651916cd43dd8448eb211c80319c"
	for _, public := range []bool{false, true} {
		s := newService(t)
		opts := []HTTPOption{WithKit(s.kit)}
		if public {
			opts = append(opts, WithPublicListener())
		}
		h := HTTPMiddleware(opts...)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			out := http.Header{}
			s.kit.propagator.Inject(r.Context(), headers(out))
			if got := out.Get("Baggage"); (got == "") != public {
				t.Errorf("public %v: baggage %q", public, got)
			}
		}))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Traceparent", "00-"+traceID+"-b7ad6b7169203331-01")
		r.Header.Set("Baggage", "tier=gold")
		h.ServeHTTP(httptest.NewRecorder(), r)
		sp := s.span(t, "GET")
		continued := sp.SpanContext().TraceID().String() == traceID
		if continued == public {
			t.Errorf("public %v: the trace is continued: %v", public, continued)
		}
		if public && (len(sp.Links()) != 1 || sp.Links()[0].SpanContext.TraceID().String() != traceID || sp.Parent().IsValid()) {
			t.Errorf("links %v, parent %v", sp.Links(), sp.Parent())
		}
	}
}

type headers http.Header

func (h headers) Get(k string) string { return http.Header(h).Get(k) }
func (h headers) Set(k, v string)     { http.Header(h).Set(k, v) }
func (h headers) Keys() []string      { return nil }

func TestHTTPLevels(t *testing.T) {
	t.Parallel()
	s := newService(t)
	level := WithLevels(func(event string, status int, level slog.Level) slog.Level {
		switch {
		case event == "request_started":
			return slog.LevelDebug
		case status == http.StatusNotFound:
			return slog.LevelInfo
		}
		return level
	})
	HTTPMiddleware(WithKit(s.kit), level)(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if diff := cmp.Diff([]string{"INFO request_finished"}, s.story()); diff != "" {
		t.Error(diff)
	}
}

// With other routers, or middlewares that copy the request, the route comes
// from WithRoute.
func TestHTTPRoute(t *testing.T) {
	t.Parallel()
	s := newService(t)
	mux := handle(map[string]http.HandlerFunc{"GET shop.example/orders/{id}": faultyHandler})
	auth := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mux.ServeHTTP(w, r.WithContext(Bind(r.Context(), "tenant", "t1")))
	})
	h := HTTPMiddleware(WithKit(s.kit), WithRoute(func(r *http.Request) string { _, route := mux.Handler(r); return route }))(auth)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "http://shop.example/orders/1", nil))
	if got := s.line(t, "request_failed"); got["path_template"] != "/orders/{id}" || got["route"] != "GET shop.example/orders/{id}" {
		t.Errorf("path_template %v, route %v", got["path_template"], got["route"])
	}
	if route := attrsOf(s.span(t, "GET /orders/{id}").Attributes())["http.route"]; route != "/orders/{id}" {
		t.Errorf("http.route %v", route)
	}
	s.titles(t)
	if got := s.issues.Events()[0].Transaction; got != "GET /orders/{id}" {
		t.Errorf("transaction %q", got)
	}
}

// What is bound inside a request shows on its last line, and on lines of its
// goroutines, in whatever way the logger was made.
func TestLateAttributes(t *testing.T) {
	t.Parallel()
	s := newService(t, WithBoundSpans())
	finished := make(chan struct{})
	h := HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		ctx := Bind(r.Context(), "inner", true)
		log := s.kit.Logger("shop").With("with", 1).WithGroup("group")
		log.InfoContext(ctx, "before", "a", 1)
		func() { BindScope(r.Context(), "user_id", "u1") }()
		log.InfoContext(ctx, "after", "a", 1)
		Go(ctx, "logs", func(ctx context.Context) { log.InfoContext(ctx, "in_goroutine"); finished <- struct{}{} })
		<-finished
		_, span := s.kit.TracerProvider().Tracer("test").Start(ctx, "child")
		span.End()
	}))
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if got := s.line(t, "request_finished"); got["user_id"] != "u1" || got["inner"] != nil {
		t.Errorf("request_finished: user_id %v, inner %v", got["user_id"], got["inner"])
	}
	if got := s.line(t, "before"); got["user_id"] != nil || got["inner"] != true {
		t.Errorf("before: user_id %v, inner %v", got["user_id"], got["inner"])
	}
	for _, event := range []string{"after", "in_goroutine"} {
		if got := s.line(t, event); got["user_id"] != "u1" || got["inner"] != true || got["with"] != int64(1) {
			t.Errorf("%s: %v", event, got)
		}
	}
	if got := attrsOf(s.span(t, "GET").Attributes()); got["user_id"] != "u1" || got["request_id"] == nil {
		t.Errorf("span of the request: %v", got)
	}
	if got := attrsOf(s.span(t, "child").Attributes()); got["user_id"] != "u1" || got["inner"] != true {
		t.Errorf("child span: %v", got)
	}
}

func TestHTTPConcurrentRequests(t *testing.T) {
	t.Parallel()
	protocols(t, func(t *testing.T, serve func(http.Handler) *server) {
		s := newService(t)
		const n = 200
		var arrived sync.WaitGroup
		arrived.Add(n)
		mux := handle(map[string]http.HandlerFunc{"GET /orders/{id}": func(_ http.ResponseWriter, r *http.Request) {
			id := r.PathValue("id")
			arrived.Done()
			arrived.Wait() // all requests are under way
			BindScope(r.Context(), "user_id", "u"+id)
			ctx := Bind(r.Context(), "order", id)
			var wg sync.WaitGroup
			for range 3 {
				wg.Go(func() {
					s.kit.Logger("shop").InfoContext(ctx, "order_loaded", "own", id)
					BindScope(ctx, "late", id)
				})
			}
			wg.Wait()
		}})
		srv := serve(HTTPMiddleware(WithKit(s.kit))(mux))
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() {
				get(t, srv.Client, fmt.Sprintf("%s/orders/%d", srv.url, i), func(r *http.Request) {
					r.Header.Set("X-Request-Id", fmt.Sprintf("r%d", i))
				})
			})
		}
		wg.Wait()
		srv.handling.Wait()
		finished := 0
		for _, l := range s.lines.all() {
			id := strings.TrimPrefix(l["request_id"].(string), "r")
			if l["msg"] == "request_finished" {
				finished++
				if l["user_id"] != "u"+id || l["late"] != id {
					t.Errorf("request %s: user_id %v, late %v", id, l["user_id"], l["late"])
				}
			}
			if l["msg"] == "order_loaded" && (l["own"] != id || l["order"] != id || l["user_id"] != "u"+id) {
				t.Errorf("a line of request %s: %v", id, l)
			}
		}
		if finished != n {
			t.Errorf("%d requests finished, want %d", finished, n)
		}
	})
}

func TestHTTPHijack(t *testing.T) {
	t.Parallel()
	for name, hijack := range map[string]func(http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error){
		"interface": func(w http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error) { return w.(http.Hijacker).Hijack() },
		"controller": func(w http.ResponseWriter) (net.Conn, *bufio.ReadWriter, error) {
			return http.NewResponseController(w).Hijack()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			handled := make(chan struct{})
			h := HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				conn, rw, err := hijack(w)
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				fmt.Fprint(rw, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
				_ = rw.Flush()
				line, _ := rw.ReadString('\n')
				fmt.Fprint(rw, line)
				_ = rw.Flush()
			}))
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(handled)
				h.ServeHTTP(w, r)
			}))
			defer srv.Close()
			conn, err := net.Dial("tcp", srv.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nping\n")
			body, _ := io.ReadAll(conn)
			if !strings.HasSuffix(string(body), "\r\n\r\nping\n") {
				t.Errorf("the connection said %q", body)
			}
			<-handled
			if l := s.line(t, "request_finished"); l["status"] != int64(101) || l["hijacked"] != true {
				t.Errorf("status %v, hijacked %v", l["status"], l["hijacked"])
			}
		})
	}
}

// A handler sees the interfaces that the server's writer has, no more, no less.
func TestHTTPWriterInterfaces(t *testing.T) {
	t.Parallel()
	interfaces := func(w http.ResponseWriter) map[string]bool {
		_, flusher := w.(http.Flusher)
		_, hijacker := w.(http.Hijacker)
		_, readerFrom := w.(io.ReaderFrom)
		_, pusher := w.(http.Pusher)
		return map[string]bool{"Flusher": flusher, "Hijacker": hijacker, "ReaderFrom": readerFrom, "Pusher": pusher}
	}
	protocols(t, func(t *testing.T, serve func(http.Handler) *server) {
		s := newService(t)
		var bare map[string]bool
		inner := HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if diff := cmp.Diff(bare, interfaces(w)); diff != "" {
				t.Error(diff)
			}
			rc := http.NewResponseController(w)
			if err := errors.Join(rc.SetWriteDeadline(time.Now().Add(time.Minute)), rc.SetReadDeadline(time.Now().Add(time.Minute)), rc.EnableFullDuplex()); err != nil {
				t.Error(err)
			}
			if _, err := io.Copy(w, strings.NewReader("copied")); err != nil {
				t.Error(err)
			}
		}))
		srv := serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			bare = interfaces(w)
			inner.ServeHTTP(w, r)
		}))
		if got, _ := get(t, srv.Client, srv.url); got.body != "copied" {
			t.Errorf("answer %+v", got)
		}
		srv.handling.Wait()
		if l := s.line(t, "request_finished"); l["bytes"] != int64(6) {
			t.Errorf("bytes %v, want 6", l["bytes"])
		}
	})
}

// Requests pass a middleware whose kit is off, and one inside another, untouched.
func TestHTTPMiddlewareStandsBack(t *testing.T) {
	t.Parallel()
	s := newService(t)
	once := HTTPMiddleware(WithKit(s.kit))
	once(once(http.NotFoundHandler())).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	if len(s.spans.Ended()) != 1 || len(s.lines.all()) != 2 {
		t.Errorf("%d spans and %d lines of one request", len(s.spans.Ended()), len(s.lines.all()))
	}
	w := httptest.NewRecorder()
	HTTPMiddleware(WithKit(&Kit{}))(http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != 404 || w.Header().Get("X-Request-Id") != "" {
		t.Errorf("a kit that is off answered %d, %v", w.Code, w.Header())
	}
	// The kit of the context is used if the middleware has none of its own.
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	HTTPMiddleware()(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), r.WithContext(s.kit.Context(r.Context())))
	if len(s.spans.Ended()) != 2 {
		t.Error("the kit of the context was not used")
	}
}
