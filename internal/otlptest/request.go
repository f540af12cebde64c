package otlptest

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	collogspb "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	colmetricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	coltracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// Signal is one of the three kinds of telemetry.
type Signal string

// The signals, as they are called in the paths of OTLP over HTTP.
const (
	Logs    Signal = "logs"
	Spans   Signal = "traces"
	Metrics Signal = "metrics"
)

// Transport is a protocol that OTLP is carried over.
type Transport string

// The transports.
const (
	HTTP Transport = "http"
	GRPC Transport = "grpc"
)

// Request is one export request as it arrived. Its fields are shared with the
// receiver and must not be changed.
type Request struct {
	Signal    Signal
	Transport Transport
	Path      string      // URL path, or the full method name of a gRPC call
	Header    http.Header // headers, or the metadata of a gRPC call
	Encoding  string      // "gzip", or empty
	WireSize  int         // bytes of the body before decompression
	Body      []byte      // the message, decompressed
	Message   proto.Message
	Records   int  // log records, spans or metrics in the message
	Accepted  bool // false if a fault made the receiver refuse it
}

func (s Signal) newMessage() proto.Message {
	switch s {
	case Logs:
		return new(collogspb.ExportLogsServiceRequest)
	case Spans:
		return new(coltracepb.ExportTraceServiceRequest)
	case Metrics:
		return new(colmetricspb.ExportMetricsServiceRequest)
	}
	return nil
}

// Requests returns every request received so far, in the order in which they
// arrived, also the ones that were refused.
func (r *Receiver) Requests() []Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.requests)
}

func (r *Receiver) accepted(s Signal) []Request {
	return slices.DeleteFunc(r.Requests(), func(q Request) bool {
		return q.Signal != s || !q.Accepted
	})
}

// Contains reports whether text occurs anywhere in what was sent: in a path, a
// header or the decompressed bytes of any request, refused ones too. It is how
// a test proves that a secret did not leave.
func (r *Receiver) Contains(text string) bool {
	return slices.ContainsFunc(r.Requests(), func(q Request) bool { return q.contains(text) })
}

func (q Request) contains(text string) bool {
	if bytes.Contains(q.Body, []byte(text)) || strings.Contains(q.Path, text) {
		return true
	}
	for key, values := range q.Header {
		if strings.Contains(key, text) || slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, text) }) {
			return true
		}
	}
	return false
}

// Reset forgets all requests and counts. Faults stay.
func (r *Receiver) Reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requests, r.counts = nil, Counts{Hanging: r.counts.Hanging}
	r.wake()
}

// countRecords counts log records, spans or metrics in an encoded request
// without decoding it. The three messages have the same shape: resources are
// field 1 of the request, scopes field 2 of a resource, and the records
// field 2 of a scope.
func countRecords(body []byte) int {
	n := 0
	eachField(body, 1, func(resource []byte) {
		eachField(resource, 2, func(scope []byte) {
			eachField(scope, 2, func([]byte) { n++ })
		})
	})
	return n
}

func eachField(b []byte, want protowire.Number, f func([]byte)) {
	for len(b) > 0 {
		num, typ, n := protowire.ConsumeTag(b)
		if n < 0 {
			return
		}
		b = b[n:]
		if num == want && typ == protowire.BytesType {
			if v, n := protowire.ConsumeBytes(b); n >= 0 {
				f(v)
			}
		}
		if n = protowire.ConsumeFieldValue(num, typ, b); n < 0 {
			return
		}
		b = b[n:]
	}
}
