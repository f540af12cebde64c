// Package sentrytest is the receiving end of Sentry for tests: an HTTP server
// on loopback that decodes envelopes and has good and bad days.
package sentrytest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Day is how a Receiver treats requests.
type Day int

// The days.
const (
	Good      Day = iota
	Limited       // 429 with X-Sentry-Rate-Limits for 60 seconds
	Broken        // 500
	TooLarge      // 413
	BlackHole     // takes the request and never answers
)

// Receiver takes in envelopes. It is safe for concurrent use.
type Receiver struct {
	server *httptest.Server
	closed chan struct{}

	mu        sync.Mutex
	changed   *sync.Cond
	day       Day
	envelopes []Envelope
	requests  int
}

// New starts a Receiver that stops with the test.
func New(t testing.TB) *Receiver {
	t.Helper()
	r := &Receiver{closed: make(chan struct{})}
	r.changed = sync.NewCond(&r.mu)
	r.server = httptest.NewServer(r)
	t.Cleanup(func() {
		close(r.closed)
		r.server.CloseClientConnections()
		r.server.Close()
	})
	return r
}

// DSN is the address of project 1 of the Receiver.
func (r *Receiver) DSN() string {
	return strings.Replace(r.server.URL, "http://", "http://publickey@", 1) + "/1"
}

// URL is the base address of the Receiver.
func (r *Receiver) URL() string { return r.server.URL }

// ClosedDSN is a DSN where nobody listens.
func ClosedDSN(t testing.TB) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return fmt.Sprintf("http://publickey@%s/1", l.Addr())
}

// Behave changes how requests are treated from now on.
func (r *Receiver) Behave(d Day) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.day = d
}

// ServeHTTP implements http.Handler.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var body io.Reader = req.Body
	if req.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(req.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body = z
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return
	}
	r.mu.Lock()
	day := r.day
	r.requests++
	if day == Good {
		e, err := Decode(raw)
		if err != nil {
			r.mu.Unlock()
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		e.Path, e.Header = req.URL.Path, req.Header.Clone()
		r.envelopes = append(r.envelopes, e)
	}
	r.changed.Broadcast()
	r.mu.Unlock()

	switch day {
	case Good:
		fmt.Fprintln(w, `{}`)
	case Limited:
		w.Header().Set("X-Sentry-Rate-Limits", "60:error:organization")
		w.WriteHeader(http.StatusTooManyRequests)
	case Broken:
		w.WriteHeader(http.StatusInternalServerError)
	case TooLarge:
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	case BlackHole:
		select {
		case <-req.Context().Done():
		case <-r.closed:
		}
	}
}

// Requests is how many requests came in.
func (r *Receiver) Requests() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.requests
}

// WaitRequests waits until n requests came in or the test's time is up.
func (r *Receiver) WaitRequests(t testing.TB, n int) {
	t.Helper()
	stop := time.AfterFunc(20*time.Second, r.changed.Broadcast)
	defer stop.Stop()
	start := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.requests < n {
		if time.Since(start) > 19*time.Second {
			t.Fatalf("%d requests came in, want %d", r.requests, n)
		}
		r.changed.Wait()
	}
}

// Envelopes returns what was accepted so far.
func (r *Receiver) Envelopes() []Envelope {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Envelope(nil), r.envelopes...)
}

// Events returns the events accepted so far.
func (r *Receiver) Events() []Event {
	var out []Event
	for _, e := range r.Envelopes() {
		out = append(out, e.Events...)
	}
	return out
}

// Raw returns all accepted bytes.
func (r *Receiver) Raw() []byte {
	var out []byte
	for _, e := range r.Envelopes() {
		out = append(out, e.Raw...)
	}
	return out
}

// Envelope is what one request carried.
type Envelope struct {
	Path   string
	Header http.Header // of the request
	Trace  map[string]string
	Events []Event
	Raw    []byte
}

// Event is the part of a Sentry event that tests look at.
type Event struct {
	EventID     string                    `json:"event_id"`
	Level       string                    `json:"level"`
	Message     string                    `json:"message"`
	Logger      string                    `json:"logger"`
	Transaction string                    `json:"transaction"`
	Release     string                    `json:"release"`
	Environment string                    `json:"environment"`
	ServerName  string                    `json:"server_name"`
	Fingerprint []string                  `json:"fingerprint"`
	Tags        map[string]string         `json:"tags"`
	Contexts    map[string]map[string]any `json:"contexts"`
	User        map[string]any            `json:"user"`
	Request     *Request                  `json:"request"`
	Exception   []Exception               `json:"exception"`
	Threads     []Thread                  `json:"threads"`
	Breadcrumbs []Breadcrumb              `json:"breadcrumbs"`
}

// Request is the HTTP request of an event.
type Request struct {
	URL         string            `json:"url"`
	Method      string            `json:"method"`
	QueryString string            `json:"query_string"`
	Headers     map[string]string `json:"headers"`
}

// Exception is one error of the chain of an event, the outermost last.
type Exception struct {
	Type       string     `json:"type"`
	Value      string     `json:"value"`
	Stacktrace *Stack     `json:"stacktrace"`
	Mechanism  *Mechanism `json:"mechanism"`
}

// Mechanism is how an exception came to be seen.
type Mechanism struct {
	Type     string `json:"type"`
	Handled  *bool  `json:"handled"`
	ID       int    `json:"exception_id"`
	ParentID *int   `json:"parent_id"`
}

// Stack is a stack trace, innermost frame last.
type Stack struct {
	Frames []Frame `json:"frames"`
}

// Frame is one call of a stack.
type Frame struct {
	Function string `json:"function"`
	Module   string `json:"module"`
	Filename string `json:"filename"`
	AbsPath  string `json:"abs_path"`
	Lineno   int    `json:"lineno"`
	InApp    bool   `json:"in_app"`
}

// Thread holds the stack of an event without exception.
type Thread struct {
	Stacktrace *Stack `json:"stacktrace"`
}

// Breadcrumb is a step of the story of an event.
type Breadcrumb struct {
	Category string         `json:"category"`
	Message  string         `json:"message"`
	Level    string         `json:"level"`
	Data     map[string]any `json:"data"`
}

// Decode reads an envelope (https://develop.sentry.dev/sdk/envelopes/).
func Decode(raw []byte) (Envelope, error) {
	e := Envelope{Raw: raw}
	head, rest, _ := bytes.Cut(raw, []byte("\n"))
	var header struct {
		Trace map[string]string `json:"trace"`
	}
	if err := json.Unmarshal(head, &header); err != nil {
		return e, fmt.Errorf("envelope header: %w", err)
	}
	e.Trace = header.Trace
	for len(bytes.TrimSpace(rest)) > 0 {
		var item struct {
			Type   string `json:"type"`
			Length *int   `json:"length"`
		}
		head, rest, _ = bytes.Cut(rest, []byte("\n"))
		if err := json.Unmarshal(head, &item); err != nil {
			return e, fmt.Errorf("item header: %w", err)
		}
		var payload []byte
		if item.Length != nil {
			if *item.Length > len(rest) {
				return e, fmt.Errorf("item of %d bytes has %d", *item.Length, len(rest))
			}
			payload, rest = rest[:*item.Length], bytes.TrimPrefix(rest[*item.Length:], []byte("\n"))
		} else {
			payload, rest, _ = bytes.Cut(rest, []byte("\n"))
		}
		if item.Type != "event" {
			continue
		}
		var ev Event
		if err := json.Unmarshal(payload, &ev); err != nil {
			return e, fmt.Errorf("event: %w", err)
		}
		e.Events = append(e.Events, ev)
	}
	return e, nil
}

// Outermost is the exception that gives the issue its title.
func (e Event) Outermost() Exception {
	if len(e.Exception) == 0 {
		return Exception{}
	}
	return e.Exception[len(e.Exception)-1]
}

// Title is what an issue list shows of the event.
func (e Event) Title() string {
	if x := e.Outermost(); x.Type != "" || x.Value != "" {
		return x.Type + ": " + x.Value
	}
	return e.Message
}

// LastFrame is where the failure was.
func (e Event) LastFrame() Frame {
	var st *Stack
	if len(e.Threads) > 0 {
		st = e.Threads[0].Stacktrace
	}
	for _, x := range e.Exception {
		if x.Stacktrace != nil {
			st = x.Stacktrace
		}
	}
	if st == nil || len(st.Frames) == 0 {
		return Frame{}
	}
	return st.Frames[len(st.Frames)-1]
}
