package otlp_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/exporters/otlp"
)

func TestSpanReachesReceiver(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	paths := map[string]int{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		paths[r.URL.Path]++
		mu.Unlock()
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	defer srv.Close()

	e, err := otlp.New(otlp.WithEndpoint(otlp.Endpoint{URL: srv.URL}))
	if err != nil {
		t.Fatal(err)
	}
	tp := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(e.SpanProcessor()))
	_, span := tp.Tracer("t").Start(t.Context(), "op")
	span.End()
	if err := e.ForceFlush(t.Context()); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	if paths["/v1/traces"] != 1 {
		t.Errorf("requests by path: %v, want one to /v1/traces", paths)
	}
	mu.Unlock()
	for range 2 {
		if err := e.Shutdown(t.Context()); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	}
}

func TestSignalWithoutEndpointIsOff(t *testing.T) {
	t.Parallel()
	e, err := otlp.New()
	if err != nil {
		t.Fatal(err)
	}
	if e.SpanProcessor() != nil || e.LogProcessor() != nil || e.MetricExporter() != nil {
		t.Error("a signal without an endpoint must be nil")
	}
}

func TestEndpointErrors(t *testing.T) {
	t.Parallel()
	password := "hunter" + "2"
	for _, tt := range []struct {
		endpoint otlp.Endpoint
		want     string
	}{
		{otlp.Endpoint{URL: "ftp://u:" + password + "@x"}, "scheme"},
		{otlp.Endpoint{URL: "http://u:" + password + "@x:port/"}, "not a URL"},
		{otlp.Endpoint{URL: "http:///v1/traces"}, "no host"},
		{otlp.Endpoint{URL: "unix://"}, "no socket"},
		{otlp.Endpoint{URL: ""}, "scheme"},
		{otlp.Endpoint{URL: "", Protocol: otlp.GRPC}, "no host"},
		{otlp.Endpoint{URL: "http://x", Protocol: 9}, "unknown protocol"},
		{otlp.Endpoint{URL: "http://x", Headers: map[string]string{"a b": password}}, `header name "a b"`},
		{otlp.Endpoint{URL: "http://x", Headers: map[string]string{"key": password + "\n"}}, `value of header "key"`},
		{otlp.Endpoint{URL: "http://x", Protocol: otlp.GRPC, Headers: map[string]string{"team": password + "é"}}, `header "team": gRPC takes`},
	} {
		_, err := otlp.New(otlp.WithTraces(tt.endpoint))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("New(%s) = %v, want an error with %q", tt.endpoint.URL, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), password) {
			t.Errorf("New(%s): the error shows the password", tt.endpoint.URL)
		}
	}
}
