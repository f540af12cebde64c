package exportertest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/otelkit/otelkit-go/internal/otlptest"
)

// OTLP makes a [Receiver] of r.
func OTLP(r *otlptest.Receiver) Receiver { return otlpReceiver{r} }

type otlpReceiver struct{ *otlptest.Receiver }

// Contains counts only requests that were accepted: one that a fault refused
// was not delivered.
func (r otlpReceiver) Contains(text string) bool {
	for _, q := range r.Requests() {
		if q.Accepted && bytes.Contains(q.Body, []byte(text)) {
			return true
		}
	}
	return false
}

func (r otlpReceiver) WaitFor(ctx context.Context, text string) error {
	return r.Wait(ctx, func(otlptest.Counts) bool { return r.Contains(text) })
}

func (r otlpReceiver) Break(f Fault) {
	faults := map[Fault]otlptest.Fault{Refusing: {Status: http.StatusServiceUnavailable}, Hanging: {Hang: true}}
	r.Fail(faults[f])
	if f == Gone {
		r.Close()
	} else if err := r.Reopen(); err != nil {
		panic(err) // the port was taken meanwhile; no case can go on
	}
}

// inbox is what has arrived, and the state of a receiver.
type inbox struct {
	mu      sync.Mutex
	text    bytes.Buffer
	fault   Fault
	changed chan struct{} // closed and replaced when anything above changes
}

func newInbox() inbox { return inbox{changed: make(chan struct{})} }

func (i *inbox) Contains(text string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return bytes.Contains(i.text.Bytes(), []byte(text))
}

func (i *inbox) WaitFor(ctx context.Context, text string) error {
	for {
		i.mu.Lock()
		changed := i.changed
		i.mu.Unlock()
		if i.Contains(text) {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (i *inbox) Break(f Fault) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fault = f
	i.change()
}

func (i *inbox) change() {
	close(i.changed)
	i.changed = make(chan struct{})
}

// take keeps b unless the receiver is at fault, which it returns. It blocks
// while the receiver hangs.
func (i *inbox) take(ctx context.Context, b []byte) Fault {
	i.mu.Lock()
	defer i.mu.Unlock()
	for i.fault == Hanging {
		changed := i.changed
		i.mu.Unlock()
		select {
		case <-changed:
			i.mu.Lock()
		case <-ctx.Done():
			i.mu.Lock()
			return Hanging
		}
	}
	if i.fault == Healthy {
		i.text.Write(b)
		i.change()
	}
	return i.fault
}

// Writer is an io.Writer and the [Receiver] of what is written to it.
type Writer struct{ inbox }

var errFault = errors.New("exportertest: told to fail")

// NewWriter returns a healthy Writer.
func NewWriter() *Writer { return &Writer{newInbox()} }

// Write keeps b, fails, or hangs.
func (w *Writer) Write(b []byte) (int, error) {
	if w.take(context.Background(), b) != Healthy {
		return 0, errFault
	}
	return len(b), nil
}

// HTTP is a [Receiver] that takes whatever is posted to it, unpacking gzip,
// and answers 200 with an empty JSON object.
type HTTP struct {
	inbox
	server *httptest.Server
}

// NewHTTP starts an HTTP receiver that is closed when the test ends.
func NewHTTP(tb testing.TB) *HTTP {
	tb.Helper()
	h := &HTTP{inbox: newInbox()}
	h.server = httptest.NewServer(http.HandlerFunc(h.serve))
	tb.Cleanup(func() {
		h.Break(Healthy)
		h.server.CloseClientConnections()
		h.server.Close()
	})
	return h
}

// URL returns where the receiver listens, such as "http://127.0.0.1:41234".
func (h *HTTP) URL() string { return h.server.URL }

func (h *HTTP) serve(w http.ResponseWriter, r *http.Request) {
	body, err := readAll(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	switch h.take(r.Context(), body) {
	case Healthy:
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, "{}")
	case Gone:
		panic(http.ErrAbortHandler)
	default:
		http.Error(w, "told to refuse", http.StatusServiceUnavailable)
	}
}

func readAll(r *http.Request) ([]byte, error) {
	if !strings.EqualFold(r.Header.Get("Content-Encoding"), "gzip") {
		return io.ReadAll(r.Body)
	}
	z, err := gzip.NewReader(r.Body)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
