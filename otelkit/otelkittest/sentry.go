package otelkittest

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/otelkit/otelkit-go/internal/sentrytest"
)

// SentryEvent is an event as it would be sent to Sentry.
type SentryEvent struct {
	Level       string
	Title       string // as a list of issues shows it
	Type        string // of the error, empty for a message
	Value       string // text of the error, or the message
	Transaction string
	TraceID     string
	Handled     bool // false if a panic was not expected by the service
	Tags        map[string]string
	Breadcrumbs []string // "level message", in their order
	Function    string   // where it happened
}

// SentryEvents are events in the order in which they were sent.
type SentryEvents []SentryEvent

// SentryEvents sends what waits and returns all events.
func (k *Kit) SentryEvents() SentryEvents {
	k.tb.Helper()
	k.flush()
	return k.sentry.all()
}

// sentryRecorder is the other end of a Sentry client.
type sentryRecorder struct {
	mu     sync.Mutex
	events SentryEvents
}

var _ http.RoundTripper = (*sentryRecorder)(nil)

// RoundTrip takes an envelope.
func (r *sentryRecorder) RoundTrip(req *http.Request) (*http.Response, error) {
	defer req.Body.Close()
	raw, err := unpacked(req)
	if err != nil {
		return nil, err
	}
	envelope, err := sentrytest.Decode(raw)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range envelope.Events {
		r.events = append(r.events, event(e))
	}
	return &http.Response{
		StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader("{}")), Request: req,
	}, nil
}

func unpacked(req *http.Request) ([]byte, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil || req.Header.Get("Content-Encoding") != "gzip" {
		return body, err
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func event(e sentrytest.Event) SentryEvent {
	x := e.Outermost()
	out := SentryEvent{
		Level: e.Level, Title: e.Title(), Type: x.Type, Value: x.Value, Transaction: e.Transaction,
		Handled: true, Tags: e.Tags, Function: e.LastFrame().Function,
	}
	if x.Type == "" && x.Value == "" {
		out.Value = e.Message
	}
	if m := x.Mechanism; m != nil && m.Handled != nil {
		out.Handled = *m.Handled
	}
	out.TraceID, _ = e.Contexts["trace"]["trace_id"].(string)
	for _, b := range e.Breadcrumbs {
		out.Breadcrumbs = append(out.Breadcrumbs, strings.TrimSpace(b.Level+" "+b.Message))
	}
	return out
}

func (r *sentryRecorder) all() SentryEvents {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}
