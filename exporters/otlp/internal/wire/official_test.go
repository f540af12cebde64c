package wire_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	collogs "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	colmetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
)

// official is a receiver with the three exporters of the OpenTelemetry project
// in front of it.
type official struct {
	mu      sync.Mutex
	last    []byte
	logs    *otlploghttp.Exporter
	traces  sdktrace.SpanExporter
	metrics *otlpmetrichttp.Exporter
}

func newOfficial(t testing.TB) *official {
	t.Helper()
	o := &official{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		o.mu.Lock()
		o.last = body
		o.mu.Unlock()
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(func() {
		srv.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	ctx := t.Context()
	var errs [3]error
	o.logs, errs[0] = otlploghttp.New(ctx, otlploghttp.WithEndpointURL(srv.URL+"/v1/logs"))
	o.traces, errs[1] = otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(srv.URL+"/v1/traces"))
	o.metrics, errs[2] = otlpmetrichttp.New(ctx, otlpmetrichttp.WithEndpointURL(srv.URL+"/v1/metrics"))
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// diff exports with theirs and compares what arrives with ours.
func (o *official) diff(t testing.TB, ours []byte, theirs func() error, want, got proto.Message) {
	t.Helper()
	if err := theirs(); err != nil {
		t.Fatalf("official exporter: %v", err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if err := proto.Unmarshal(o.last, want); err != nil {
		t.Fatal(err)
	}
	if err := proto.Unmarshal(ours, got); err != nil {
		t.Fatalf("ours is not protobuf: %v", err)
	}
	if len(got.ProtoReflect().GetUnknown()) > 0 {
		t.Error("ours has unknown fields")
	}
	level(want)
	level(got)
	if !proto.Equal(want, got) { // cmp takes seconds where this takes milliseconds
		t.Errorf("official (-), ours (+):\n%s", cmp.Diff(want, got, protocmp.Transform(), cmpopts.EquateNaNs()))
	}
}

// level sorts the groups of a request, whose order the official exporters take
// from a map.
func level(m proto.Message) {
	switch m := m.(type) {
	case *collogs.ExportLogsServiceRequest:
		byKey(m.ResourceLogs, func(r *logspb.ResourceLogs) proto.Message { return r.Resource })
		for _, r := range m.ResourceLogs {
			byKey(r.ScopeLogs, func(s *logspb.ScopeLogs) proto.Message { return s.Scope })
		}
	case *coltrace.ExportTraceServiceRequest:
		byKey(m.ResourceSpans, func(r *tracepb.ResourceSpans) proto.Message { return r.Resource })
		for _, r := range m.ResourceSpans {
			byKey(r.ScopeSpans, func(s *tracepb.ScopeSpans) proto.Message { return s.Scope })
		}
	}
}

func byKey[T any](list []T, key func(T) proto.Message) {
	text := func(v T) string {
		b, err := proto.MarshalOptions{Deterministic: true}.Marshal(key(v))
		if err != nil {
			panic(err)
		}
		return string(b)
	}
	slices.SortFunc(list, func(a, b T) int { return strings.Compare(text(a), text(b)) })
}

func (o *official) diffLogs(t testing.TB, records []sdklog.Record) {
	t.Helper()
	b, e := wire.NewBatch(wire.LogShape), &wire.Encoder{}
	for i := range records {
		e.Reset()
		e.Log(&records[i])
		b.Add(records[i].Resource(), records[i].InstrumentationScope(), e.Bytes(), 1)
	}
	check(t, b, wire.LogPath, len(records))
	o.diff(t, b.Payload(), func() error { return o.logs.Export(t.Context(), records) },
		&collogs.ExportLogsServiceRequest{}, &collogs.ExportLogsServiceRequest{})
}

func (o *official) diffSpans(t testing.TB, spans []sdktrace.ReadOnlySpan) {
	t.Helper()
	b, e := wire.NewBatch(wire.SpanShape), &wire.Encoder{}
	for _, s := range spans {
		e.Reset()
		e.Span(s)
		b.Add(s.Resource(), s.InstrumentationScope(), e.Bytes(), 1)
	}
	check(t, b, wire.SpanPath, len(spans))
	o.diff(t, b.Payload(), func() error { return o.traces.ExportSpans(t.Context(), spans) },
		&coltrace.ExportTraceServiceRequest{}, &coltrace.ExportTraceServiceRequest{})
}

func (o *official) diffMetrics(t testing.TB, rm *metricdata.ResourceMetrics) {
	t.Helper()
	b, e := wire.NewBatch(wire.MetricShape), &wire.Encoder{}
	points := 0
	for _, sm := range rm.ScopeMetrics {
		for _, m := range sm.Metrics {
			e.Reset()
			n, ok := e.Metric(m)
			if !ok {
				t.Fatalf("metric %s was not encoded", m.Name)
			}
			points += n
			b.Add(rm.Resource, sm.Scope, e.Bytes(), n)
		}
	}
	check(t, b, wire.MetricPath, points)
	o.diff(t, b.Payload(), func() error { return o.metrics.Export(t.Context(), rm) },
		&colmetrics.ExportMetricsServiceRequest{}, &colmetrics.ExportMetricsServiceRequest{})
}

func check(t testing.TB, b *wire.Batch, path wire.Path, records int) {
	t.Helper()
	payload := b.Payload()
	if n, ok := path.Count(payload); !ok || n != records || b.Records() != records {
		t.Errorf("Count = %d, %v and Records = %d, want %d", n, ok, b.Records(), records)
	}
	if len(payload) > b.Size() {
		t.Errorf("payload of %d bytes, Size said %d", len(payload), b.Size())
	}
}
