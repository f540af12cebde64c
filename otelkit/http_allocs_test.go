//go:build !race

package otelkit

// The race detector allocates by itself and makes pools forget at random, so
// these promises are not kept under it.

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// nowhere takes spans and records and drops them.
type nowhere struct{}

func (nowhere) OnStart(context.Context, sdktrace.ReadWriteSpan)        {}
func (nowhere) OnEnd(sdktrace.ReadOnlySpan)                            {}
func (nowhere) ForceFlush(context.Context) error                       { return nil }
func (nowhere) Shutdown(context.Context) error                         { return nil }
func (nowhere) OnEmit(context.Context, *sdklog.Record) error           { return nil }
func (nowhere) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }

// What a request costs beside its lines is told by internal/bench/cmd/requests.
func TestHTTPMiddlewareAllocs(t *testing.T) {
	mux := handle(map[string]http.HandlerFunc{"GET /orders/{id}": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) }})
	for _, test := range []struct {
		name string
		opts []Option
		most float64
	}{
		{"sampled", nil, 26},
		{"unsampled", []Option{WithSampler(sdktrace.NeverSample())}, 18},
		{"unsampled, and so the lines", []Option{WithSampler(sdktrace.NeverSample()), WithSampledLogs()}, 11},
	} {
		opts := append(test.opts, WithSpanProcessor(nowhere{}), WithLogProcessor(nowhere{}), WithMetricExporter(&memoryMetrics{}), WithoutRuntimeMetrics())
		kit, err := Init(t.Context(), quiet(opts...)...)
		if err != nil {
			t.Fatal(err)
		}
		h := HTTPMiddleware(WithKit(kit))(mux)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/orders/17", nil)
		r.Header.Set("User-Agent", "test")
		r.Header.Set("X-Request-Id", "r-one")
		got := testing.AllocsPerRun(2000, func() { h.ServeHTTP(&discard{header: http.Header{}}, r) })
		if got > test.most {
			t.Errorf("%s: %v allocations a request, want at most %v", test.name, got, test.most)
		}
		t.Logf("%s: %v", test.name, got)
		if err := kit.Shutdown(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	}
}

// discard is a response writer like those of servers, without a server.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Flush()                      {}
