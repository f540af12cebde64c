package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	logspb "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	tracespb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	logs "go.opentelemetry.io/proto/otlp/logs/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

// request is how many records one request holds, as many as an SDK's batch.
const request = 500

// spansOfTrace is how many spans a trace has.
const spansOfTrace = 10

// signal is a kind of record that is sent.
type signal string

const (
	logRecords signal = "log lines"
	spans      signal = "spans"
)

// sender sends records to one Collector.
type sender struct {
	connection *grpc.ClientConn
	headers    metadata.MD
}

// dial opens a connection as a service has one to its agent.
func dial(address string) (*sender, error) {
	c, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	return &sender{connection: c}, err
}

// dialGateway opens a connection as an agent has one.
func dialGateway(address, ca, token string) (*sender, error) {
	text, err := os.ReadFile(ca)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	c, err := grpc.NewClient(address, grpc.WithTransportCredentials(credentials.NewTLS(&tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12})))
	return &sender{c, metadata.Pairs("authorization", "Bearer "+token)}, err
}

func (s *sender) close() { _ = s.connection.Close() }

// send sends n records and returns when all are taken.
func (s *sender) send(ctx context.Context, what signal, n int) error {
	ctx = metadata.NewOutgoingContext(ctx, s.headers)
	for i := 0; i < n; i += request {
		var err error
		if what == spans {
			_, err = tracespb.NewTraceServiceClient(s.connection).Export(ctx, someSpans(i))
		} else {
			_, err = logspb.NewLogsServiceClient(s.connection).Export(ctx, someLogs(i))
		}
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}

func someSpans(first int) *tracespb.ExportTraceServiceRequest {
	all := make([]*traces.Span, request)
	for i := range all {
		all[i] = span(first+i, i%spansOfTrace)
	}
	return &tracespb.ExportTraceServiceRequest{ResourceSpans: []*traces.ResourceSpans{{
		Resource: resource(), ScopeSpans: []*traces.ScopeSpans{{Scope: &commonpb.InstrumentationScope{Name: "shop"}, Spans: all}},
	}}}
}

// span is one of a trace's spans. The first of them, the root, comes last, and
// one trace of twenty has failed.
func span(n, place int) *traces.Span {
	now := uint64(time.Now().UnixNano()) //nolint:gosec // after 1970
	s := &traces.Span{
		TraceId: id(n/spansOfTrace, 16), SpanId: id(n, 8), ParentSpanId: id(n+1, 8),
		Name: "INSERT orders", Kind: traces.Span_SPAN_KIND_CLIENT, StartTimeUnixNano: now - 5_000_000, EndTimeUnixNano: now,
		Attributes: attributes(n, "db.system.name", "postgresql", "db.query.text", "INSERT INTO orders (id, customer_id, amount) VALUES (?, ?, ?)",
			"server.address", "db-3.example.internal", "db.namespace", "shop", "db.operation.name", "INSERT"),
	}
	if place == spansOfTrace-1 {
		s.ParentSpanId, s.Name, s.Kind = nil, "POST /orders", traces.Span_SPAN_KIND_SERVER
		if n/spansOfTrace%20 == 0 {
			s.Status = &traces.Status{Code: traces.Status_STATUS_CODE_ERROR, Message: "out of stock"}
		}
	}
	return s
}

func someLogs(first int) *logspb.ExportLogsServiceRequest {
	all := make([]*logs.LogRecord, request)
	for i := range all {
		n := first + i
		now := uint64(time.Now().UnixNano()) //nolint:gosec // after 1970
		all[i] = &logs.LogRecord{
			TimeUnixNano: now, ObservedTimeUnixNano: now, SeverityNumber: logs.SeverityNumber_SEVERITY_NUMBER_INFO, SeverityText: "INFO",
			Body: text("event_sent_to_kafka"), TraceId: id(n/spansOfTrace, 16), SpanId: id(n, 8),
			Attributes: attributes(n, "kafka_topic", "orders", "event_uuid", fmt.Sprintf("%032x", rand.Uint64()),
				"http.route", "/orders/{id}", "customer_tier", "gold", "client", "mobile-app/5.12.0"),
		}
	}
	return &logspb.ExportLogsServiceRequest{ResourceLogs: []*logs.ResourceLogs{{
		Resource: resource(), ScopeLogs: []*logs.ScopeLogs{{Scope: &commonpb.InstrumentationScope{Name: "shop"}, LogRecords: all}},
	}}}
}

func resource() *resourcepb.Resource {
	return &resourcepb.Resource{Attributes: attributes(0, "service.name", "checkout", "service.instance.id", "5d1f3a52-7c0e-4a8e-9a51-0a2b6c1d7e44",
		"service.version", "1.42.0", "deployment.environment.name", "production", "host.name", "node-17")}
}

// attributes are five pairs and five that differ from record to record.
func attributes(n int, pairs ...string) []*commonpb.KeyValue {
	pairs = append(pairs, "request_id", fmt.Sprintf("%016x", rand.Uint64()), "user_id", fmt.Sprintf("u-%d", n%5000),
		"order_id", fmt.Sprintf("o-%d", n), "code.function.name", "shop.(*Server).place", "thread.name", "worker-3")
	var kvs []*commonpb.KeyValue
	for i := 0; i < len(pairs); i += 2 {
		kvs = append(kvs, &commonpb.KeyValue{Key: pairs[i], Value: text(pairs[i+1])})
	}
	return kvs
}

func text(s string) *commonpb.AnyValue {
	return &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: s}}
}

// series is different in each process, so that no trace id comes twice.
var series = rand.Uint64()

// id returns n bytes that belong to number.
func id(number, n int) []byte {
	b := binary.BigEndian.AppendUint64(nil, series+uint64(number)*0x9e3779b97f4a7c15) //nolint:gosec // a hash
	return append(b, b...)[:n]
}
