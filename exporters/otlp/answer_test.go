package otlp

import (
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	collogs "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	"google.golang.org/protobuf/proto"
)

func TestHTTPAnswers(t *testing.T) {
	t.Parallel()
	const html = "<!doctype html><title>Welcome</title>"
	for _, tt := range []struct {
		name, kind string
		code       int
		body       string
		header     string // Retry-After
		want       verdict
		after      time.Duration
		rejected   int64
		says       string
	}{
		{name: "empty", code: 200, want: delivered},
		{name: "no content", code: 204, want: delivered},
		{name: "partial", code: 200, kind: protobufType, body: partialSuccess(t, 3, 2), want: delivered, rejected: 3},
		{name: "json", code: 200, kind: jsonType + "; charset=utf-8", body: "{}", want: delivered},
		{name: "json partial", code: 200, kind: jsonType, body: `{"partialSuccess":{"rejectedSpans":"4"}}`, want: delivered, rejected: 4},
		{name: "json original names", code: 200, kind: jsonType, body: `{"partial_success":{"rejected_log_records":5,"error_message":"no"}}`, want: delivered, rejected: 5},
		{name: "json null", code: 200, kind: jsonType, body: `{"partialSuccess":null}`, want: delivered},
		{name: "json exponent", code: 200, kind: jsonType, body: `{"partialSuccess":{"rejectedDataPoints":1e3}}`, want: delivered, rejected: 1000},
		{name: "json exponent in a string", code: 200, kind: jsonType, body: `{"partialSuccess":{"rejectedDataPoints":"2.5e1"}}`, want: delivered, rejected: 25},
		{name: "json largest", code: 200, kind: jsonType, body: `{"partialSuccess":{"rejectedLogRecords":"9223372036854775807","rejectedSpans":"1"}}`, want: delivered, rejected: math.MaxInt64},
		{name: "json above the largest", code: 200, kind: jsonType, body: `{"partialSuccess":{"rejectedLogRecords":1e30}}`, want: delivered, rejected: math.MaxInt64},
		{name: "json half a record", code: 200, kind: jsonType, body: `{"partialSuccess":{"rejectedLogRecords":1.5}}`, want: retry, after: doubtful, says: "not OTLP"},
		{name: "json no number", code: 200, kind: jsonType, body: `{"partialSuccess":{"rejectedLogRecords":"abc"}}`, want: retry, after: doubtful, says: "not OTLP"},
		{name: "json error", code: 200, kind: jsonType, body: `{"error":"unknown route"}`, want: retry, after: doubtful, says: "not OTLP"},
		{name: "json of something else", code: 200, kind: jsonType, body: `{"status":"ok"}`, want: retry, after: doubtful, says: "not OTLP"},
		{name: "json nothing", code: 200, kind: jsonType, body: `null`, want: retry, after: doubtful, says: "not OTLP"},
		{name: "json list", code: 200, kind: jsonType, body: `[]`, want: retry, after: doubtful, says: "not OTLP"},
		{name: "empty of a known type", code: 200, kind: protobufType, want: delivered},
		{name: "empty web page", code: 200, kind: "text/html; charset=utf-8", want: retry, after: doubtful, says: "(text/html) is not OTLP"},
		{name: "no content, web page", code: 204, kind: "text/html", want: delivered},
		{name: "web page", code: 200, kind: "text/html; charset=utf-8", body: html, want: retry, after: doubtful, says: "(text/html) is not OTLP"},
		{name: "web page as protobuf", code: 200, kind: protobufType, body: html, want: retry, after: doubtful, says: "not OTLP"},
		{name: "not json", code: 200, kind: jsonType, body: html, want: retry, after: doubtful, says: "not OTLP"},
		{name: "acknowledged", code: 200, kind: "text/plain; charset=utf-8", body: "ok\n", want: delivered},
		{name: "accepted", code: 202, kind: "text/plain", body: "Accepted", want: delivered},
		{name: "untyped", code: 200, body: "OK", want: delivered},
		{name: "ok on a web page", code: 200, kind: "text/html", body: "OK", want: retry, after: doubtful, says: "not OTLP"},
		{name: "some text", code: 200, kind: "text/plain", body: "ok, who are you?", want: retry, after: doubtful, says: "not OTLP"},
		{name: "long partial", code: 200, kind: protobufType, body: partialSuccess(t, 3, 70<<10), want: delivered, rejected: 3},
		{name: "longer than is read", code: 200, kind: protobufType, body: partialSuccess(t, 3, maxAnswer), want: delivered, rejected: 3},
		{name: "json longer than is read", code: 200, kind: jsonType, body: `{"partialSuccess":{"errorMessage":"` + strings.Repeat("x", maxAnswer) + `"}}`, want: delivered},
		{name: "redirect", code: 301, want: retry, says: "/elsewhere, and redirects are not followed"},
		{name: "see other", code: 303, want: retry, says: "303 See Other"},
		{name: "plain text to TLS", code: 400, body: "Client sent an HTTP request to an HTTPS server.\n", want: retry, says: "use https://"},
		{name: "plain text to nginx", code: 400, kind: "text/html", body: "<center>The plain HTTP request was sent to HTTPS port</center>", want: retry, says: "use https://"},
		{name: "gRPC", code: 415, kind: "application/grpc", want: retry, says: "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"},
		{name: "bad request", code: 400, kind: "text/plain", body: "bad\nthing", want: refuse, says: "400 Bad Request: bad thing"},
		{name: "status message", code: 400, kind: protobufType, body: "\x12\x03why", want: refuse, says: "400 Bad Request: why"},
		{name: "too large for a Collector", code: 400, kind: protobufType, body: "\x08\x03\x12\x1chttp: request body too large", want: split, says: "400 Bad Request: http: request body too large"},
		{name: "too large for net/http", code: 400, kind: "text/plain", body: "http: request body too large\n", want: split, says: "too large"},
		{name: "unauthorized", code: 401, kind: "text/plain", body: "token abc is wrong", want: refuse, says: "401 Unauthorized"},
		{name: "forbidden", code: 403, kind: "text/plain", body: "token abc is wrong", want: refuse, says: "403 Forbidden"},
		{name: "not found", code: 404, want: refuse, says: "404"},
		{name: "not allowed", code: 405, want: refuse, says: "405"},
		{name: "timeout", code: 408, want: retry, says: "408"},
		{name: "too large", code: 413, want: split, says: "413"},
		{name: "wrong type", code: 415, want: refuse, says: "415"},
		{name: "too many", code: 429, want: retry, header: "7", after: 7 * time.Second, says: "429"},
		{name: "throttled for ever", code: 429, want: retry, header: "99999999999999", after: longestThrottle, says: "429"},
		{name: "throttled for a week", code: 429, want: retry, header: "604800", after: longestThrottle, says: "429"},
		{name: "internal", code: 500, want: retry, says: "500"},
		{name: "not implemented", code: 501, want: refuse, says: "501"},
		{name: "bad gateway", code: 502, kind: "text/html", body: html, want: retry, says: "502 Bad Gateway"},
		{name: "unavailable", code: 503, want: retry, header: "soon", says: "503"},
		{name: "gateway timeout", code: 504, want: retry, says: "504"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header()["Content-Type"] = nil
				if tt.kind != "" {
					w.Header().Set("Content-Type", tt.kind)
				}
				if tt.header != "" {
					w.Header().Set("Retry-After", tt.header)
				}
				if tt.code == 301 {
					w.Header().Set("Location", "//user:abc@host.example/elsewhere?abc")
				}
				w.WriteHeader(tt.code)
				_, _ = io.WriteString(w, tt.body)
			}))
			defer srv.Close()
			r := sendOnce(t, Endpoint{URL: srv.URL})
			if r.verdict != tt.want || r.after != tt.after || r.rejected != tt.rejected {
				t.Errorf("got %+v", r)
			}
			if r.contents != (tt.want == refuse && tt.code == http.StatusBadRequest) {
				t.Errorf("refused for its contents: %v", r.contents)
			}
			text := ""
			if r.err != nil {
				text = r.err.Error()
			}
			if !strings.Contains(text, tt.says) || strings.Contains(text, "abc") || tt.says == "" && text != "" {
				t.Errorf("error %q, want %q", text, tt.says)
			}
		})
	}
}

// partialSuccess is an answer with a message of so many bytes.
func partialSuccess(t *testing.T, rejected int64, message int) string {
	t.Helper()
	answer, err := proto.Marshal(&collogs.ExportLogsServiceResponse{
		PartialSuccess: &collogs.ExportLogsPartialSuccess{RejectedLogRecords: rejected, ErrorMessage: strings.Repeat("n", message)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}
