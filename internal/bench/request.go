package bench

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/bridges/otelslog"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/otelkit"
)

// The subjects that serve one request a call. It is handed to the handler as a
// server would, without a network. Those of otelkit have its two lines, and
// are scrubbed; Sentry is armed where the name says so.
const (
	BareRequest    Subject = "request: bare"
	PlainSampled   Subject = "request: otelhttp, sampled"
	PlainLogged    Subject = "request: otelhttp and two lines of otelslog, sampled"
	KitSampled     Subject = "request: otelkit, sampled"
	KitArmed       Subject = "request: otelkit, sampled, Sentry armed"
	PlainUnsampled Subject = "request: otelhttp, unsampled"
	KitUnsampled   Subject = "request: otelkit, unsampled"
	KitSilent      Subject = "request: otelkit, unsampled, lines follow the trace"
)

// perRequest is how many records a call of a subject sends.
var perRequest = map[Subject]struct{ spans, logs int }{
	PlainSampled: {1, 0}, PlainLogged: {1, 2}, KitSampled: {1, 2}, KitArmed: {1, 2}, KitUnsampled: {0, 2},
}

// requestQueue holds the lines of a chunk of requests.
const requestQueue = 4 * chunk

func (s Subject) isRequest() bool { return strings.HasPrefix(string(s), "request: ") }

func (s Subject) sampler() sdktrace.Sampler {
	if strings.Contains(string(s), "unsampled") {
		return sdktrace.NeverSample()
	}
	return sdktrace.AlwaysSample()
}

func (s Subject) setUpRequest(ctx context.Context, endpoint string) (*rig, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /orders/{id}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) })
	switch s {
	case BareRequest:
		return &rig{serve(ctx, mux), nothing, nothing}, nil
	case PlainSampled, PlainUnsampled, PlainLogged:
		return s.setUpPlainRequest(ctx, endpoint, mux)
	}
	opts := []otelkit.Option{
		otelkit.WithServiceName("bench"), otelkit.WithEndpoint(endpoint), otelkit.WithDiagnostics(io.Discard),
		otelkit.WithoutGlobals(), otelkit.WithSampler(s.sampler()),
	}
	switch s {
	case KitArmed:
		opts = append(opts, otelkit.WithSentryDSN("http://key@127.0.0.1:9/1"))
	case KitSilent:
		opts = append(opts, otelkit.WithSampledLogs())
	}
	kit, err := otelkit.Init(ctx, opts...)
	if err != nil {
		return nil, err
	}
	return &rig{serve(ctx, otelkit.HTTPMiddleware(otelkit.WithKit(kit))(mux)), kit.ForceFlush, kit.Shutdown}, nil
}

func (s Subject) setUpPlainRequest(ctx context.Context, endpoint string, h http.Handler) (*rig, error) {
	spans, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint+"/v1/traces"))
	if err != nil {
		return nil, err
	}
	metrics, err := otlpmetrichttp.New(ctx, otlpmetrichttp.WithEndpointURL(endpoint+"/v1/metrics"))
	if err != nil {
		return nil, err
	}
	logs, err := otlploghttp.New(ctx, otlploghttp.WithEndpointURL(endpoint+"/v1/logs"))
	if err != nil {
		return nil, err
	}
	tp := sdktrace.NewTracerProvider(sdktrace.WithSampler(s.sampler()), sdktrace.WithBatcher(spans))
	mp := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(metrics)))
	lp := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(logs, sdklog.WithMaxQueueSize(requestQueue))))
	if s == PlainLogged {
		h = logged(h, otelslog.NewLogger("bench", otelslog.WithLoggerProvider(lp)))
	}
	h = otelhttp.NewHandler(h, "", otelhttp.WithTracerProvider(tp), otelhttp.WithMeterProvider(mp))
	together := func(fs ...func(context.Context) error) func(context.Context) error {
		return func(ctx context.Context) error {
			for _, f := range fs {
				if err := f(ctx); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return &rig{serve(ctx, h), together(tp.ForceFlush, mp.ForceFlush, lp.ForceFlush), together(tp.Shutdown, mp.Shutdown, lp.Shutdown)}, nil
}

// logged is the middleware that teams write: what otelkit's two lines say.
func logged(next http.Handler, l *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, started := r.Context(), time.Now()
		id := r.Header.Get("X-Request-Id")
		l.InfoContext(ctx, "request_started", "request_id", id, "correlation_id", id, "client_ip", r.RemoteAddr,
			"method", r.Method, "user_agent", r.UserAgent())
		next.ServeHTTP(w, r)
		l.InfoContext(ctx, "request_finished", "request_id", id, "correlation_id", id, "client_ip", r.RemoteAddr,
			"method", r.Method, "route", r.Pattern, "path_template", r.Pattern, "status", http.StatusOK,
			"duration_ms", float64(time.Since(started).Microseconds())/1000, "bytes", 2, "user_agent", r.UserAgent())
	})
}

// serve returns calls that hand h a request each.
func serve(ctx context.Context, h http.Handler) func(n int) {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/orders/17", nil)
	r.Header.Set("User-Agent", "bench/1")
	r.Header.Set("X-Request-Id", "0197a1c2-7d3e-7b52-9a44-2f6a1c0d9e11")
	return func(n int) {
		for range n {
			h.ServeHTTP(&sink{header: http.Header{}}, r)
		}
	}
}

// sink is a response writer like those of servers, without a server.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Flush()                      {}
