package otelkit

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
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

// BenchmarkHTTPMiddleware is one request without its network. Both kinds of
// telemetry end in processors that drop what they get, so exporting is not part
// of it; scrubbing is part of ours.
func BenchmarkHTTPMiddleware(b *testing.B) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) })
	samplers := map[string]sdktrace.Sampler{"sampled": sdktrace.AlwaysSample(), "unsampled": sdktrace.NeverSample()}

	b.Run("bare", func(b *testing.B) { serveOften(b, mux) })
	for name, sampler := range samplers {
		b.Run("otelhttp/"+name, func(b *testing.B) {
			tp := sdktrace.NewTracerProvider(sdktrace.WithSampler(sampler), sdktrace.WithSpanProcessor(nowhere{}))
			mp := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewManualReader()))
			serveOften(b, otelhttp.NewHandler(mux, "", otelhttp.WithTracerProvider(tp), otelhttp.WithMeterProvider(mp)))
		})
		b.Run("otelkit/"+name, func(b *testing.B) {
			kit, err := Init(b.Context(), quiet(WithSampler(sampler), WithSpanProcessor(nowhere{}), WithLogProcessor(nowhere{}),
				WithMetricExporter(&memoryMetrics{}), WithoutRuntimeMetrics())...)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = kit.Shutdown(context.WithoutCancel(b.Context())) })
			serveOften(b, HTTPMiddleware(WithKit(kit))(mux))
		})
	}
}

func serveOften(b *testing.B, h http.Handler) {
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/orders/17", nil)
	r.Header.Set("User-Agent", "bench/1")
	b.ReportAllocs()
	for b.Loop() {
		w := discard{header: http.Header{}}
		h.ServeHTTP(&w, r)
	}
}

// discard is a response writer like those of servers, without a server.
type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Flush()                      {}
