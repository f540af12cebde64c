package inspect

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
	collogspb "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	colmetricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	coltracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"go.uber.org/goleak"
	"google.golang.org/protobuf/proto"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "hunter2-hunter2"

func start(t *testing.T) *Receiver {
	t.Helper()
	r, err := Start(t.Context(), []string{secret, "4111111111111111"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		r.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return r
}

// send posts body and returns the status of the answer.
func send(t *testing.T, r *Receiver, path string, body []byte, header ...string) int {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.Endpoint()+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		q.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}

func encoded(t *testing.T, m proto.Message) []byte {
	t.Helper()
	out, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func kv(key, value string) *commonpb.KeyValue {
	return &commonpb.KeyValue{Key: key, Value: &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: value}}}
}

var gateway = &resourcepb.Resource{Attributes: []*commonpb.KeyValue{kv("service.name", "gateway")}}

func traceID(b byte) []byte { return bytes.Repeat([]byte{b}, 16) }

func TestCounts(t *testing.T) {
	t.Parallel()
	r := start(t)
	redactions := func(n int64) *colmetricspb.ExportMetricsServiceRequest {
		point := &metricspb.NumberDataPoint{
			Attributes: []*commonpb.KeyValue{kv("rule", "pw.key"), kv("signal", "logs")},
			Value:      &metricspb.NumberDataPoint_AsInt{AsInt: n},
		}
		return &colmetricspb.ExportMetricsServiceRequest{ResourceMetrics: []*metricspb.ResourceMetrics{{Resource: gateway, ScopeMetrics: []*metricspb.ScopeMetrics{{
			Metrics: []*metricspb.Metric{{Name: "otelkit.scrub.redactions", Data: &metricspb.Metric_Sum{Sum: &metricspb.Sum{DataPoints: []*metricspb.NumberDataPoint{point}}}}},
		}}}}}
	}
	for path, m := range map[string]proto.Message{
		"/v1/traces": &coltracepb.ExportTraceServiceRequest{ResourceSpans: []*tracepb.ResourceSpans{{Resource: gateway, ScopeSpans: []*tracepb.ScopeSpans{{
			Spans: []*tracepb.Span{{TraceId: traceID(1)}, {TraceId: traceID(1)}},
		}}}}},
		"/v1/logs": &collogspb.ExportLogsServiceRequest{ResourceLogs: []*logspb.ResourceLogs{{Resource: gateway, ScopeLogs: []*logspb.ScopeLogs{{
			LogRecords: []*logspb.LogRecord{{TraceId: traceID(1)}, {TraceId: traceID(2)}, {}},
		}}}}},
		"/v1/metrics": redactions(5),
	} {
		if got := send(t, r, path, encoded(t, m)); got != http.StatusOK {
			t.Errorf("%s is answered %d", path, got)
		}
	}
	// A counter says the sum so far.
	send(t, r, "/v1/metrics", encoded(t, redactions(7)))

	got := r.Report()
	want := Report{
		Records: map[string]map[string]int64{"gateway": {"traces": 2, "logs": 3, "metrics": 2}},
		Traces:  map[int]int{1: 1},
		InTrace: 2, Joined: 1,
		Redactions: map[string]uint64{"pw.key": 7},
	}
	got.Bytes = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
}

func TestIssues(t *testing.T) {
	t.Parallel()
	r := start(t)
	envelope := `{"event_id":"1"}
{"type":"session"}
{}
{"type":"event","length":1}
{"tags":{"service.name":"worker"},"contexts":{"trace":{"trace_id":"t-1"},"otel":{"attributes":{"order_id":"o-1"}}},"exception":[{"type":"A","value":"inner"},{"type":"B","value":"outer"}]}
`
	if got := send(t, r, "/api/1/envelope/", []byte(envelope)); got != http.StatusOK {
		t.Errorf("the envelope is answered %d", got)
	}
	want := []Issue{{Service: "worker", Order: "o-1", Trace: "t-1", Title: "B: outer"}}
	if diff := cmp.Diff(want, r.Report().Issues); diff != "" {
		t.Errorf("issues (-want +got):\n%s", diff)
	}
}

func TestLeaks(t *testing.T) {
	t.Parallel()
	zipped := func(text string) []byte {
		var out bytes.Buffer
		z := gzip.NewWriter(&out)
		z.Write([]byte(text))
		z.Close()
		return out.Bytes()
	}
	tests := []struct {
		name  string
		leave func(*testing.T, *Receiver)
		want  []string
	}{
		{"nothing", func(_ *testing.T, r *Receiver) { r.Look(Console, []byte("hunter2 and 4111111111111")) }, nil},
		{"console", func(_ *testing.T, r *Receiver) { r.Look(Console, []byte("password="+secret)) }, []string{"console: …password=" + secret + "…"}},
		{"body", func(t *testing.T, r *Receiver) { send(t, r, "/v1/logs", []byte("\x00"+secret)) }, []string{"OTLP: …·" + secret + "…"}},
		{"gzip", func(t *testing.T, r *Receiver) {
			send(t, r, "/api/1/envelope/", zipped(secret), "Content-Encoding", "gzip")
		}, []string{"Sentry: …" + secret + "…"}},
		{"two in one", func(_ *testing.T, r *Receiver) { r.Look(Console, []byte("4111111111111111 "+secret)) }, []string{
			"console: …4111111111111111 " + secret + "…", "console: …4111111111111111 " + secret[:13] + "…",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := start(t)
			tt.leave(t, r)
			if diff := cmp.Diff(tt.want, r.Report().Leaks); diff != "" {
				t.Errorf("leaks (-want +got):\n%s", diff)
			}
		})
	}

	t.Run("header", func(t *testing.T) {
		t.Parallel()
		r := start(t)
		send(t, r, "/v1/logs", nil, "X-Note", secret)
		if got := r.Report().Leaks; len(got) != 1 {
			t.Errorf("leaks: %q, want one", got)
		}
	})
}

func TestBroken(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, path := range []string{"/v1/traces", "/v1/logs", "/v1/metrics"} {
		if got := send(t, r, path, []byte("no protobuf")); got != http.StatusBadRequest {
			t.Errorf("%s is answered %d", path, got)
		}
	}
	if got := send(t, r, "/api/1/envelope/", []byte("{}\nno json\n{}\n")); got != http.StatusBadRequest {
		t.Errorf("the envelope is answered %d", got)
	}
	if got := r.Report().Broken; len(got) != 4 {
		t.Errorf("broken: %q, want 4", got)
	}
}
