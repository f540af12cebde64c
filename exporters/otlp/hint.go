package otlp

import (
	"fmt"
	"strings"
)

// What is wrong in words that name what to change.
const (
	speaksTLS   = "the receiver speaks TLS: use https://"
	maybeTLS    = "the connection was closed without an answer; if the receiver speaks TLS, use https://"
	speaksPlain = "the receiver does not speak TLS: use http://"
	speaksGRPC  = "the receiver speaks gRPC: set OTEL_EXPORTER_OTLP_PROTOCOL=grpc, or use its HTTP port, usually 4318"
	speaksHTTP  = "the receiver does not speak gRPC: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, or use its gRPC port, usually 4317"
	wrongPath   = "OTLP is usually at /v1/traces, /v1/metrics and /v1/logs, and only where the receiver takes that signal"
	noSignal    = "the receiver does not take this signal"
)

// hint is what words in the text of a failure mean.
type hint struct{ words, means string }

var httpHints = []hint{
	{`malformed HTTP response "\x00\x00`, speaksGRPC},   // a SETTINGS frame of HTTP/2
	{`malformed HTTP response "\x15\x03`, speaksTLS},    // an alert
	{"HTTP request to an HTTPS server", speaksTLS},      // net/http's servers
	{"HTTP request was sent to HTTPS port", speaksTLS},  // nginx
	{"server gave HTTP response to HTTPS", speaksPlain}, // net/http's client
	{"does not look like a TLS handshake", speaksPlain},
}

// notGRPC is said of an answer of HTTP that is none of gRPC.
const notGRPC = "unexpected HTTP status code"

var grpcHints = []hint{
	{"looked like an HTTP/1.1 header", speaksHTTP},
	{notGRPC, speaksHTTP},
	{"unknown service", noSignal},
	{"does not look like a TLS handshake", speaksPlain},
	{"error reading server preface: EOF", maybeTLS},
	{"error reading server preface: unexpected EOF", maybeTLS},
}

func find(hints []hint, text string) (means string) {
	for _, h := range hints {
		if strings.Contains(text, h.words) {
			return h.means
		}
	}
	return ""
}

// explained puts what is wrong before the error that says it in other words.
func explained(means string, err error) error {
	if means == "" || err == nil {
		return err
	}
	return fmt.Errorf("%s (%w)", means, err)
}
