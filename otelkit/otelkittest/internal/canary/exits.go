package canary

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"

	"github.com/otelkit/otelkit-go/internal/otlptest"
)

// Exits is where telemetry can leave to, all on loopback. An exit opens when
// it is asked for. It is safe for concurrent use.
type Exits struct {
	tb   testing.TB
	book *Book

	resource func() []attribute.KeyValue
	otlp     func() *otlptest.Receiver
	sentry   func() *sink
	service  func() *sink

	mu      sync.Mutex
	writers []*writer
	opened  []string // the network exits that were asked for
	sown    []string // what was planted without a provider
}

// NewExits returns the exits for one run. They close with tb.
func NewExits(tb testing.TB, book *Book) *Exits {
	e := &Exits{tb: tb, book: book}
	e.resource = sync.OnceValue(func() []attribute.KeyValue {
		return append(book.attributes("resource attribute"), attribute.String("marker", marker("resource")))
	})
	e.otlp = sync.OnceValue(func() *otlptest.Receiver { return otlptest.New(tb) })
	e.sentry = sync.OnceValue(func() *sink { return newSink(tb) })
	e.service = sync.OnceValue(func() *sink { return newSink(tb) })
	return e
}

const (
	exitHTTP    = "OTLP over HTTP"
	exitGRPC    = "OTLP over gRPC"
	exitSentry  = "Sentry"
	exitRequest = "outgoing request"
)

func (e *Exits) open(name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !slices.Contains(e.opened, name) {
		e.opened = append(e.opened, name)
	}
}

// HTTP returns the base URL of a receiver of OTLP over HTTP.
func (e *Exits) HTTP() string {
	e.open(exitHTTP)
	return e.otlp().HTTPEndpoint()
}

// GRPC returns the URL of a receiver of OTLP over gRPC.
func (e *Exits) GRPC() string {
	e.open(exitGRPC)
	return e.otlp().GRPCEndpoint()
}

// SentryDSN returns the DSN of a project in a receiver of Sentry envelopes.
func (e *Exits) SentryDSN() string {
	e.open(exitSentry)
	return strings.Replace(e.sentry().server.URL, "http://", "http://publickey@", 1) + "/1"
}

// Writer returns an exit that lines are written to. It may stay empty.
func (e *Exits) Writer(name string) io.Writer {
	e.mu.Lock()
	defer e.mu.Unlock()
	w := &writer{name: name}
	e.writers = append(e.writers, w)
	return w
}

// Resource returns attributes to describe the service by.
func (e *Exits) Resource() []attribute.KeyValue {
	e.mu.Lock()
	e.sown = []string{"resource"}
	e.mu.Unlock()
	return e.resource()
}

// Planted returns the secrets that were planted for these exits.
func (e *Exits) Planted() []Secret { return e.book.Secrets() }

// Requests returns the OTLP requests that arrived.
func (e *Exits) Requests() []otlptest.Request { return e.otlp().Requests() }

// request sends the request of a service to another one, with what p injects.
func (e *Exits) request(ctx context.Context, p propagation.TextMapPropagator) error {
	e.open(exitRequest)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.service().server.URL, nil)
	if err != nil {
		return err
	}
	p.Inject(ctx, propagation.HeaderCarrier(req.Header))
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// departure is something that left.
type departure struct {
	exit  string
	bytes []byte // decompressed
}

// departed returns everything that has left so far.
func (e *Exits) departed() []departure {
	e.mu.Lock()
	opened, writers := slices.Clone(e.opened), slices.Clone(e.writers)
	e.mu.Unlock()
	var all []departure
	if slices.Contains(opened, exitHTTP) || slices.Contains(opened, exitGRPC) {
		for _, q := range e.otlp().Requests() {
			exit := map[otlptest.Transport]string{otlptest.HTTP: exitHTTP, otlptest.GRPC: exitGRPC}[q.Transport]
			all = append(all, departure{exit, slices.Concat([]byte(q.Path+"\n"+headerText(q.Header)), q.Body)})
		}
	}
	if slices.Contains(opened, exitSentry) {
		all = append(all, e.sentry().departed(exitSentry)...)
	}
	if slices.Contains(opened, exitRequest) {
		all = append(all, e.service().departed(exitRequest)...)
	}
	for _, w := range writers {
		all = append(all, departure{w.name, w.Bytes()})
	}
	return all
}

func headerText(h http.Header) string {
	var b strings.Builder
	_ = h.Write(&b) // a strings.Builder takes everything
	return b.String()
}

// sink is an HTTP server that keeps every request as it came in.
type sink struct {
	server *httptest.Server

	mu       sync.Mutex
	requests [][]byte
}

func newSink(tb testing.TB) *sink {
	s := &sink{}
	s.server = httptest.NewServer(s)
	tb.Cleanup(func() {
		s.server.CloseClientConnections()
		s.server.Close()
	})
	return s
}

func (s *sink) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := unpacked(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, fmt.Appendf(nil, "%s %s\n%s\n%s", r.Method, r.RequestURI, headerText(r.Header), body))
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, "{}")
}

func (s *sink) departed(exit string) []departure {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []departure
	for _, r := range s.requests {
		all = append(all, departure{exit, r})
	}
	return all
}

func unpacked(r *http.Request) ([]byte, error) {
	body := io.Reader(r.Body)
	if strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip") {
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, err
		}
		body = z
	}
	return io.ReadAll(body)
}

// writer keeps what is written to it.
type writer struct {
	name string

	mu  sync.Mutex
	buf bytes.Buffer
}

func (w *writer) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.buf.Write(b)
}

// Bytes returns a copy of what has been written.
func (w *writer) Bytes() []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return bytes.Clone(w.buf.Bytes())
}
