// Package inspect is where the telemetry of the shop ends: it takes what a
// Collector and Sentry would be sent, counts it, and looks for secrets in every
// byte of it. A service has no need of it.
package inspect

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"sync"
	"time"
)

// The ways that something leaves a process.
const (
	OTLP    = "OTLP"
	Sentry  = "Sentry"
	Console = "console"
)

// Receiver takes in telemetry on loopback. It is safe for concurrent use.
type Receiver struct {
	server   *http.Server
	listener net.Listener
	secrets  index

	mu     sync.Mutex
	report Report
	points map[string]uint64            // the latest value of each series of redactions
	traces map[[16]byte]map[string]bool // the services whose spans have arrived, by trace
	lines  map[[16]byte]int             // log records by trace
}

// Start starts a Receiver, which looks for secrets.
func Start(ctx context.Context, secrets []string) (*Receiver, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Receiver{
		listener: listener, secrets: newIndex(secrets),
		report: newReport(), points: map[string]uint64{}, traces: map[[16]byte]map[string]bool{}, lines: map[[16]byte]int{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", r.take(OTLP, r.spans))
	mux.HandleFunc("POST /v1/logs", r.take(OTLP, r.logs))
	mux.HandleFunc("POST /v1/metrics", r.take(OTLP, r.metrics))
	mux.HandleFunc("POST /api/1/envelope/", r.take(Sentry, r.envelope))
	r.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = r.server.Serve(listener) }() // it ends with Close
	return r, nil
}

// Endpoint is for OTEL_EXPORTER_OTLP_ENDPOINT.
func (r *Receiver) Endpoint() string { return "http://" + r.listener.Addr().String() }

// DSN is for SENTRY_DSN.
func (r *Receiver) DSN() string { return "http://key@" + r.listener.Addr().String() + "/1" }

// Close ends the Receiver.
func (r *Receiver) Close() { _ = r.server.Close() }

// Look looks through text, which has left by way.
func (r *Receiver) Look(way string, text []byte) {
	found := r.secrets.search(text)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Bytes[way] += len(text)
	for _, at := range found {
		r.report.Leaks = append(r.report.Leaks, way+": …"+excerpt(text, at)+"…")
	}
}

// take looks through a whole request, its headers too, and hands on its body.
func (r *Receiver) take(way string, read func(body []byte) error) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		body, err := unpacked(q)
		if err == nil {
			head, _ := httputil.DumpRequest(q, false)
			r.Look(way, head)
			r.Look(way, body)
			err = read(body)
		}
		if err != nil {
			r.mu.Lock()
			r.report.Broken = append(r.report.Broken, fmt.Sprintf("%s: %v", q.URL.Path, err))
			r.mu.Unlock()
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if way == OTLP {
			w.Header().Set("Content-Type", "application/x-protobuf") // an empty message is a success
		} else {
			fmt.Fprint(w, "{}")
		}
	}
}

func unpacked(q *http.Request) ([]byte, error) {
	if q.Header.Get("Content-Encoding") != "gzip" {
		return io.ReadAll(q.Body)
	}
	z, err := gzip.NewReader(q.Body)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
