package otlp

import (
	"compress/gzip"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	collogs "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	colmetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	coltrace "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip" // the receiver takes compressed requests
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
)

// receiver is an OTLP receiver over HTTP or gRPC that keeps what it gets.
type receiver struct {
	url string

	mu     sync.Mutex
	got    map[Signal][]proto.Message
	header map[Signal]http.Header
}

func (r *receiver) keep(s Signal, m proto.Message, h http.Header) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.got == nil {
		r.got, r.header = map[Signal][]proto.Message{}, map[Signal]http.Header{}
	}
	r.got[s] = append(r.got[s], m)
	r.header[s] = h
}

func (r *receiver) requests(s Signal) []proto.Message {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got[s]
}

func (r *receiver) headers(s Signal) http.Header {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.header[s]
}

// ServeHTTP implements http.Handler.
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var signal Signal
	var m, answer proto.Message
	switch req.URL.Path {
	case "/v1/traces":
		signal, m, answer = Traces, &coltrace.ExportTraceServiceRequest{}, &coltrace.ExportTraceServiceResponse{}
	case "/v1/metrics":
		signal, m, answer = Metrics, &colmetrics.ExportMetricsServiceRequest{}, &colmetrics.ExportMetricsServiceResponse{}
	case "/v1/logs":
		signal, m, answer = Logs, &collogs.ExportLogsServiceRequest{}, &collogs.ExportLogsServiceResponse{}
	default:
		http.NotFound(w, req)
		return
	}
	body, err := io.ReadAll(req.Body)
	if err == nil && req.Header.Get("Content-Encoding") == "gzip" {
		body, err = gunzip(body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := proto.Unmarshal(body, m); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	r.keep(signal, m, req.Header)
	out, err := proto.Marshal(answer)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/x-protobuf")
	_, _ = w.Write(out)
}

func gunzip(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(newReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

// newGRPCReceiver serves on l and ends with the test.
func newGRPCReceiver(t *testing.T, l net.Listener, opts ...grpc.ServerOption) *receiver {
	r := &receiver{url: "http://" + l.Addr().String()}
	srv := grpc.NewServer(opts...)
	coltrace.RegisterTraceServiceServer(srv, grpcTraces{r: r})
	colmetrics.RegisterMetricsServiceServer(srv, grpcMetrics{r: r})
	collogs.RegisterLogsServiceServer(srv, grpcLogs{r: r})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(l)
	}()
	t.Cleanup(func() {
		srv.Stop()
		<-done
	})
	return r
}

type grpcTraces struct {
	coltrace.UnimplementedTraceServiceServer

	r *receiver
}

func (s grpcTraces) Export(ctx context.Context, m *coltrace.ExportTraceServiceRequest) (*coltrace.ExportTraceServiceResponse, error) {
	s.r.keep(Traces, m, incoming(ctx))
	return &coltrace.ExportTraceServiceResponse{}, nil
}

type grpcMetrics struct {
	colmetrics.UnimplementedMetricsServiceServer

	r *receiver
}

func (s grpcMetrics) Export(ctx context.Context, m *colmetrics.ExportMetricsServiceRequest) (*colmetrics.ExportMetricsServiceResponse, error) {
	s.r.keep(Metrics, m, incoming(ctx))
	return &colmetrics.ExportMetricsServiceResponse{}, nil
}

type grpcLogs struct {
	collogs.UnimplementedLogsServiceServer

	r *receiver
}

func (s grpcLogs) Export(ctx context.Context, m *collogs.ExportLogsServiceRequest) (*collogs.ExportLogsServiceResponse, error) {
	s.r.keep(Logs, m, incoming(ctx))
	return &collogs.ExportLogsServiceResponse{
		PartialSuccess: &collogs.ExportLogsPartialSuccess{RejectedLogRecords: 1, ErrorMessage: "one is too old"},
	}, nil
}

func incoming(ctx context.Context) http.Header {
	h := http.Header{}
	md, _ := metadata.FromIncomingContext(ctx)
	for k, vs := range md {
		for _, v := range vs {
			h.Add(k, v)
		}
	}
	return h
}
