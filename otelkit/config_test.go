package otelkit

import (
	"io"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/exporters/spool"
)

// Each wrong setting is an error that names it and what it was, never a secret.
func TestConfigNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	const secret = "not-to-be-seen"
	endpoint := map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}
	tests := []struct {
		name string
		env  map[string]string
		opts []Option
		want []string
	}{
		{name: "unknown protocol", env: map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"}, want: []string{"OTEL_EXPORTER_OTLP_PROTOCOL", `"http/json"`}},
		{name: "bad URL", env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4318"}, want: []string{"OTEL_EXPORTER_OTLP_ENDPOINT", `"localhost:4318"`}},
		{name: "bad URL of one signal", env: map[string]string{"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": "ftp://x"}, want: []string{"OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", `"ftp://x"`}},
		{name: "bad URL with a password", env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "://u:" + secret + "@host"}, want: []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "***@host"}},
		{name: "bad URL as option", opts: []Option{WithEndpoint("collector")}, want: []string{"WithEndpoint", `"collector"`}},
		{name: "bad URL with a token", env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "localhost:4318?key=" + secret}, want: []string{"OTEL_EXPORTER_OTLP_ENDPOINT", `"localhost:4318?***"`}},
		{name: "bad port", opts: []Option{WithEndpoint("http://localhost:99999999")}, want: []string{"WithEndpoint", "99999999"}},
		{name: "overridden URL", env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "nowhere"}, opts: []Option{WithEndpoint("http://localhost:4318")}, want: []string{"OTEL_EXPORTER_OTLP_ENDPOINT", `"nowhere"`}},
		{name: "overridden protocol", env: map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "udp"}, opts: []Option{WithProtocol("grpc")}, want: []string{"OTEL_EXPORTER_OTLP_PROTOCOL", `"udp"`}},
		{name: "two root levels", env: map[string]string{"OTELKIT_LOG_LEVEL": "info,debug"}, want: []string{"OTELKIT_LOG_LEVEL", "two levels for all loggers"}},
		{name: "header with a control character", env: map[string]string{"OTEL_EXPORTER_OTLP_HEADERS": "api-key=\x7f" + secret}, want: []string{"OTEL_EXPORTER_OTLP_HEADERS", "api-key"}},
		{name: "bad Spotlight URL", env: map[string]string{"SENTRY_SPOTLIGHT": "http://u:" + secret + "@localhost:8969"}, want: []string{"SENTRY_SPOTLIGHT", "***@localhost"}},
		{name: "no diagnostics", opts: []Option{WithDiagnostics(nil)}, want: []string{"WithDiagnostics(nil)"}},
		{name: "no log processor", opts: []Option{WithLogProcessor(nil)}, want: []string{"WithLogProcessor(nil)"}},
		{name: "no propagator", opts: []Option{WithPropagator(nil)}, want: []string{"WithPropagator(nil)"}},
		{name: "bad sampler", env: map[string]string{"OTEL_TRACES_SAMPLER": "sometimes"}, want: []string{"OTEL_TRACES_SAMPLER", `"sometimes"`}},
		{name: "bad sampler argument", env: map[string]string{"OTEL_TRACES_SAMPLER_ARG": "1.5"}, want: []string{"OTEL_TRACES_SAMPLER_ARG", `"1.5"`}},
		{name: "bad level", env: map[string]string{"OTELKIT_LOG_LEVEL": "info,shop=loud"}, want: []string{"OTELKIT_LOG_LEVEL", `"loud"`}},
		{name: "bad DSN", env: map[string]string{"SENTRY_DSN": "https://" + secret + "@/"}, want: []string{"SENTRY_DSN"}},
		{name: "bad DSN as option", opts: []Option{WithSentryDSN("ftp://" + secret + "@host/1")}, want: []string{"WithSentryDSN"}},
		{name: "unreadable certificate", env: map[string]string{"OTEL_EXPORTER_OTLP_CERTIFICATE": "/nowhere/ca.pem"}, want: []string{"OTEL_EXPORTER_OTLP_CERTIFICATE", `"/nowhere/ca.pem"`, "no such file"}},
		{name: "certificate without its key", env: map[string]string{"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": "/a.pem"}, want: []string{"OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", "OTEL_EXPORTER_OTLP_CLIENT_KEY"}},
		{name: "negative queue size", env: map[string]string{"OTEL_BSP_MAX_QUEUE_SIZE": "-5"}, want: []string{"OTEL_BSP_MAX_QUEUE_SIZE", `"-5"`}},
		{name: "bad batch delay", env: map[string]string{"OTEL_BLRP_SCHEDULE_DELAY": "1s"}, want: []string{"OTEL_BLRP_SCHEDULE_DELAY", `"1s"`, "milliseconds"}},
		{name: "unknown exporter", env: map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}, want: []string{"OTEL_TRACES_EXPORTER", `"zipkin"`}},
		{name: "metrics on the console", env: map[string]string{"OTEL_METRICS_EXPORTER": "console"}, want: []string{"OTEL_METRICS_EXPORTER", `"console"`}},
		{name: "header value that gRPC refuses", env: map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_HEADERS": "team=caf%C3%A9" + secret}, want: []string{"OTEL_EXPORTER_OTLP_HEADERS", `"team"`, "ASCII"}},
		{name: "header name that gRPC refuses", env: map[string]string{"OTEL_EXPORTER_OTLP_LOGS_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_LOGS_HEADERS": "x~y=" + secret}, want: []string{"OTEL_EXPORTER_OTLP_LOGS_HEADERS", `"x~y"`}},
		{name: "header that is gRPC's own", opts: []Option{WithProtocol("grpc"), WithHeaders(map[string]string{"Content-Type": secret})}, want: []string{"WithHeaders", `"Content-Type"`, "own"}},
		{name: "bad header list", env: map[string]string{"OTEL_EXPORTER_OTLP_HEADERS": "team=a," + secret}, want: []string{"OTEL_EXPORTER_OTLP_HEADERS", "entry 2"}},
		{name: "bad header value", env: map[string]string{"OTEL_EXPORTER_OTLP_HEADERS": "api-key=%zz" + secret}, want: []string{"OTEL_EXPORTER_OTLP_HEADERS", "entry 1", "api-key"}},
		{name: "bad header as option", opts: []Option{WithHeaders(map[string]string{"bad name": secret})}, want: []string{"WithHeaders", `"bad name"`}},
		{name: "unknown propagator", env: map[string]string{"OTEL_PROPAGATORS": "tracecontext,pigeon"}, want: []string{"OTEL_PROPAGATORS", "pigeon"}},
		{name: "bad compression", env: map[string]string{"OTEL_EXPORTER_OTLP_COMPRESSION": "br"}, want: []string{"OTEL_EXPORTER_OTLP_COMPRESSION", `"br"`}},
		{name: "bad compression as option", opts: []Option{WithCompression("br")}, want: []string{"WithCompression", `"br"`}},
		{name: "bad temporality", env: map[string]string{"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "sum"}, want: []string{"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", `"sum"`, "lowmemory"}},
		{name: "bad histogram", env: map[string]string{"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION": "buckets"}, want: []string{"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", `"buckets"`, "base2"}},
		{name: "bad time-out", env: map[string]string{"OTEL_EXPORTER_OTLP_TIMEOUT": "-1"}, want: []string{"OTEL_EXPORTER_OTLP_TIMEOUT", `"-1"`}},
		{name: "bad insecure", env: map[string]string{"OTEL_EXPORTER_OTLP_INSECURE": "1"}, want: []string{"OTEL_EXPORTER_OTLP_INSECURE", `"1"`}},
		{name: "bad disabled", env: map[string]string{"OTEL_SDK_DISABLED": "yes"}, want: []string{"OTEL_SDK_DISABLED", `"yes"`}},
		{name: "bad limit", env: map[string]string{"OTEL_SPAN_EVENT_COUNT_LIMIT": "many"}, want: []string{"OTEL_SPAN_EVENT_COUNT_LIMIT", `"many"`}},
		{name: "bad interval", env: map[string]string{"OTEL_METRIC_EXPORT_INTERVAL": "x"}, want: []string{"OTEL_METRIC_EXPORT_INTERVAL", `"x"`}},
		{name: "bad resource attributes", env: map[string]string{"OTEL_RESOURCE_ATTRIBUTES": "team"}, want: []string{"OTEL_RESOURCE_ATTRIBUTES", "entry 1"}},
		{name: "configuration file", env: map[string]string{"OTEL_CONFIG_FILE": "otel.yaml"}, want: []string{"OTEL_CONFIG_FILE", `"otel.yaml"`}},
		{name: "bad console", env: map[string]string{"OTELKIT_CONSOLE": "fancy"}, want: []string{"OTELKIT_CONSOLE", `"fancy"`}},
		{name: "bad console as option", opts: []Option{WithConsole("fancy")}, want: []string{"WithConsole", `"fancy"`}},
		{name: "bad scrub policy", env: map[string]string{"OTELKIT_SCRUB_POLICY": "/nowhere/policy.yaml"}, want: []string{"OTELKIT_SCRUB_POLICY", "/nowhere/policy.yaml"}},
		{name: "no scrubber", opts: []Option{WithScrubber(nil)}, want: []string{"WithScrubber"}},
		{name: "bad spool sync", env: map[string]string{"OTELKIT_SPOOL_SYNC": "often"}, want: []string{"OTELKIT_SPOOL_SYNC", `"often"`, "always"}},
		{name: "bad spool sync as option", opts: []Option{WithSpoolSync("often")}, want: []string{"WithSpoolSync", `"often"`}},
		{name: "bad spool size", env: map[string]string{"OTELKIT_SPOOL_MAX_SIZE": "64MB"}, want: []string{"OTELKIT_SPOOL_MAX_SIZE", `"64MB"`, "MiB"}},
		{name: "huge spool size", env: map[string]string{"OTELKIT_SPOOL_MAX_SIZE": "9223372036854775807KiB"}, want: []string{"OTELKIT_SPOOL_MAX_SIZE"}},
		{name: "small spool size", opts: []Option{WithSpoolMaxSize(1000)}, want: []string{"WithSpoolMaxSize(1000)", "1MiB"}},
		{name: "bad spool age", env: map[string]string{"OTELKIT_SPOOL_MAX_AGE": "3 days"}, want: []string{"OTELKIT_SPOOL_MAX_AGE", `"3 days"`, "36h"}},
		{name: "negative spool age", opts: []Option{WithSpoolMaxAge(-time.Hour)}, want: []string{"WithSpoolMaxAge(-1h0m0s)"}},
		{name: "bad shutdown time-out", opts: []Option{WithShutdownTimeout(-time.Second)}, want: []string{"WithShutdownTimeout", "-1s"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			env := map[string]string{}
			if !strings.Contains(strings.Join(tt.want, " "), "ENDPOINT") {
				env = map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint["OTEL_EXPORTER_OTLP_ENDPOINT"]}
			}
			maps.Copy(env, tt.env)
			_, err := newConfig(lookupIn(env), tt.opts)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range append(tt.want, "otelkit: ") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error does not say %s:\n%v", want, err)
				}
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("error holds the secret:\n%v", err)
			}
			if n := strings.Count(err.Error(), "\n"); n > 0 {
				t.Errorf("one wrong setting is said %d times:\n%v", n+1, err)
			}
		})
	}
}

func TestConfigJoinsAllThatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := newConfig(lookupIn(map[string]string{"OTEL_PROPAGATORS": "pigeon", "OTEL_BSP_MAX_QUEUE_SIZE": "0"}),
		[]Option{WithConsole("fancy")})
	for _, want := range []string{"OTEL_PROPAGATORS", "OTEL_BSP_MAX_QUEUE_SIZE", "WithConsole"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error does not name %s: %v", want, err)
		}
	}
}

func TestConfigEndpoints(t *testing.T) {
	t.Parallel()
	urls := func(t *testing.T, opts []Option, env ...string) map[string]string {
		vars := map[string]string{}
		for i := 0; i < len(env); i += 2 {
			vars[env[i]] = env[i+1]
		}
		cfg, err := newConfig(lookupIn(vars), opts)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{"console": cfg.console}
		for s, e := range cfg.otlp {
			got[s.String()] = protocolName(e.Protocol) + " " + e.URL
		}
		return got
	}
	const general, logs = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"
	tests := []struct {
		name string
		opts []Option
		env  []string
		want map[string]string
	}{
		{name: "nothing", want: map[string]string{"console": "pretty"}},
		{name: "base URL", env: []string{general, "http://c:4318/base/"}, want: map[string]string{
			"console": "off", "logs": "http/protobuf http://c:4318/base/v1/logs", "traces": "http/protobuf http://c:4318/base/v1/traces", "metrics": "http/protobuf http://c:4318/base/v1/metrics",
		}},
		{name: "one signal", env: []string{logs, "http://c:4318"}, want: map[string]string{
			"console": "pretty", "logs": "http/protobuf http://c:4318/",
		}},
		{name: "option wins", opts: []Option{WithEndpoint("http://o:1"), WithProtocol("grpc")}, env: []string{general, "http://c:4318", logs, "http://l", "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"}, want: map[string]string{
			"console": "off", "logs": "grpc http://o:1", "traces": "grpc http://o:1", "metrics": "grpc http://o:1",
		}},
		{name: "gRPC without scheme", env: []string{general, "c:4317", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "OTEL_EXPORTER_OTLP_LOGS_INSECURE", "true"}, want: map[string]string{
			"console": "off", "logs": "grpc http://c:4317", "traces": "grpc https://c:4317", "metrics": "grpc https://c:4317",
		}},
		{name: "exporters", env: []string{"OTEL_TRACES_EXPORTER", "otlp", "OTEL_LOGS_EXPORTER", "none", "OTEL_METRICS_EXPORTER", "none"}, want: map[string]string{
			"console": "off", "traces": "http/protobuf http://localhost:4318/v1/traces",
		}},
		{name: "console beside OTLP", env: []string{general, "http://c:4318", "OTELKIT_CONSOLE", "json", "OTEL_METRICS_EXPORTER", "none", "OTEL_TRACES_EXPORTER", "none"}, want: map[string]string{
			"console": "json", "logs": "http/protobuf http://c:4318/v1/logs",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, urls(t, tt.opts, tt.env...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestConfigReadsEveryVariable(t *testing.T) {
	t.Parallel()
	cfg, err := newConfig(lookupIn(map[string]string{
		"OTEL_SERVICE_NAME":                           "checkout",
		"OTEL_RESOURCE_ATTRIBUTES":                    "service.name=other,team=a%20b",
		"OTEL_EXPORTER_OTLP_ENDPOINT":                 "https://c:4318",
		"OTEL_EXPORTER_OTLP_HEADERS":                  "api-key=a%3Db, Team = x",
		"OTEL_EXPORTER_OTLP_LOGS_HEADERS":             "api-key=logs",
		"OTEL_EXPORTER_OTLP_COMPRESSION":              "none",
		"OTEL_EXPORTER_OTLP_TIMEOUT":                  "2500",
		"OTEL_EXPORTER_OTLP_LOGS_TIMEOUT":             "100",
		"OTEL_BSP_SCHEDULE_DELAY":                     "10",
		"OTEL_BSP_EXPORT_TIMEOUT":                     "20",
		"OTEL_BSP_MAX_QUEUE_SIZE":                     "30",
		"OTEL_BSP_MAX_EXPORT_BATCH_SIZE":              "40",
		"OTEL_BLRP_MAX_QUEUE_SIZE":                    "50",
		"OTEL_METRIC_EXPORT_INTERVAL":                 "60",
		"OTEL_METRIC_EXPORT_TIMEOUT":                  "70",
		"OTEL_ATTRIBUTE_COUNT_LIMIT":                  "1",
		"OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT":             "2",
		"OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT":      "3",
		"OTEL_SPAN_EVENT_COUNT_LIMIT":                 "4",
		"OTEL_SPAN_LINK_COUNT_LIMIT":                  "5",
		"OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT":            "6",
		"OTEL_LINK_ATTRIBUTE_COUNT_LIMIT":             "7",
		"OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT": "8",
		"OTELKIT_LOG_LEVEL":                           "warn, shop.payment=debug",
		"OTELKIT_SPOOL_DIR":                           "/spool",
		"OTELKIT_SPOOL_SYNC":                          "Always",
		"OTELKIT_SPOOL_MAX_SIZE":                      "64MiB",
		"OTELKIT_SPOOL_MAX_AGE":                       "36h",
		"SENTRY_ENVIRONMENT":                          "test",
		"SENTRY_RELEASE":                              "1.2",
		"OTEL_TRACES_SAMPLER":                         "traceidratio",
		"OTEL_TRACES_SAMPLER_ARG":                     "0.25",
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	logs, traces := cfg.otlp[otlp.Logs], cfg.otlp[otlp.Traces]
	got := map[string]any{
		"service": cfg.serviceName, "team": cfg.resourceFromEnv[1].Value.AsString(),
		"trace headers": traces.Headers, "log headers": logs.Headers,
		"compression": traces.Compression, "timeouts": []time.Duration{traces.Timeout, logs.Timeout},
		"span batch": cfg.spanBatch, "log batch": cfg.logBatch,
		"metrics": []time.Duration{cfg.metricInterval, cfg.metricTimeout},
		"span limits": []int{
			cfg.spanLimits.AttributeCountLimit, int(cfg.spanValues), cfg.spanLimits.EventCountLimit,
			cfg.spanLimits.LinkCountLimit, cfg.spanLimits.AttributePerEventCountLimit, cfg.spanLimits.AttributePerLinkCountLimit,
		},
		"log limits": []int{cfg.logAttributes, int(cfg.logValues)},
		"levels":     cfg.levels, "spool": []any{cfg.spool.dir, cfg.spool.sync, cfg.spool.size, *cfg.spool.age},
		"sentry":  []string{cfg.sentryEnvironment, cfg.sentryRelease},
		"sampler": cfg.sampler.Description(),
	}
	want := map[string]any{
		"service": "checkout", "team": "a b",
		"trace headers": map[string]string{"api-key": "a=b", "team": "x"}, "log headers": map[string]string{"api-key": "logs"},
		"compression": otlp.CompressionNone, "timeouts": []time.Duration{2500 * time.Millisecond, 100 * time.Millisecond},
		"span batch":  otlp.Batch{ScheduleDelay: 10 * time.Millisecond, ExportTimeout: 20 * time.Millisecond, MaxQueueSize: 30, MaxExportBatchSize: 40},
		"log batch":   otlp.Batch{MaxQueueSize: 50},
		"metrics":     []time.Duration{60 * time.Millisecond, 70 * time.Millisecond},
		"span limits": []int{2, 3, 4, 5, 6, 7},
		"log limits":  []int{1, 8},
		"levels":      map[string]slog.Level{"": slog.LevelWarn, "shop.payment": slog.LevelDebug}, "spool": []any{"/spool", spool.SyncAlways, int64(64 << 20), 36 * time.Hour},
		"sentry":  []string{"test", "1.2"},
		"sampler": "TraceIDRatioBased{0.25}",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What is printed at start says where telemetry goes and holds no secret.
func TestSummaryHoldsNoSecret(t *testing.T) {
	t.Parallel()
	cfg, err := newConfig(lookupIn(map[string]string{
		"OTEL_EXPORTER_OTLP_ENDPOINT": "https://user:pa55word@collector:4318/x?key=pa55word",
		"OTEL_EXPORTER_OTLP_HEADERS":  "authorization=pa55word",
		"SENTRY_DSN":                  "https://pa55word@sentry.example/1",
	}), []Option{WithServiceName("shop"), WithDiagnostics(io.Discard)})
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(cfg.summary(), "; ")
	want := "service shop; logs → http/protobuf https://collector:4318/x/v1/logs; traces → http/protobuf https://collector:4318/x/v1/traces; " +
		"metrics → http/protobuf https://collector:4318/x/v1/metrics; scrub: on; sentry: on"
	if got != want {
		t.Errorf("summary:\n%s\nwant:\n%s", got, want)
	}
}

func TestWithoutEnvironment(t *testing.T) {
	t.Parallel()
	env := map[string]string{"OTEL_SERVICE_NAME": "of the shell", "OTEL_SDK_DISABLED": "true", "OTELKIT_CONSOLE": "wrong"}
	cfg, err := newConfig(lookupIn(env), []Option{WithServiceName("mine"), WithoutEnvironment()})
	if err != nil || cfg.disabled || cfg.serviceName != "mine" {
		t.Errorf("newConfig = %+v, %v; want nothing of the environment", cfg, err)
	}
}
