package otelkit

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/scrub"
)

// An Option is a setting given to [Init]. It wins over the environment variable
// of the same meaning, which wins over the default.
type Option interface{ apply(*config) error }

type optionFunc func(*config) error

func (f optionFunc) apply(c *config) error { return f(c) }

// setValue is set for an option whose value must not be nil.
func setValue(name string, value any, f func(*config)) Option {
	return optionFunc(func(c *config) error {
		if value == nil {
			return fmt.Errorf("%s(nil): leave the option out for the default", name)
		}
		f(c)
		return nil
	})
}

// set makes an Option that cannot be wrong.
func set(f func(*config)) Option {
	return optionFunc(func(c *config) error { f(c); return nil })
}

// WithServiceName names the service: resource attribute service.name, and the
// logger of lines logged through package slog.
//
// Variable OTEL_SERVICE_NAME, or service.name in OTEL_RESOURCE_ATTRIBUTES.
// Default: unknown_service:<executable>, as the specification has it.
func WithServiceName(name string) Option { return set(func(c *config) { c.serviceName = name }) }

// WithServiceVersion sets the resource attribute service.version, which is also
// the release of Sentry events.
//
// Variable: service.version in OTEL_RESOURCE_ATTRIBUTES. Default: the version
// of the main module, or its revision, from the build information.
func WithServiceVersion(version string) Option {
	return set(func(c *config) { c.serviceVersion = version })
}

// WithEnvironment sets the resource attribute deployment.environment.name, such
// as "production", which is also the environment of Sentry events.
//
// Variable: deployment.environment.name in OTEL_RESOURCE_ATTRIBUTES. Default:
// none.
func WithEnvironment(name string) Option { return set(func(c *config) { c.environment = name }) }

// WithResourceAttributes adds attributes of the service to all its telemetry.
// They win over those of OTEL_RESOURCE_ATTRIBUTES and those found out.
func WithResourceAttributes(attrs ...attribute.KeyValue) Option {
	return set(func(c *config) { c.resource = append(c.resource, attrs...) })
}

// WithEndpoint sends all signals over OTLP to the Collector at url, such as
// "http://localhost:4318". For HTTP the paths /v1/traces, /v1/metrics and
// /v1/logs are appended.
//
// Variables OTEL_EXPORTER_OTLP_ENDPOINT and, for one signal,
// OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_ENDPOINT. Default: none; lines then
// go to the console and nothing to the network.
func WithEndpoint(url string) Option {
	return set(func(c *config) { c.collector.endpoint = url })
}

// WithProtocol picks the transport of OTLP: "http/protobuf" or "grpc".
//
// Variable OTEL_EXPORTER_OTLP_PROTOCOL. Default: http/protobuf.
func WithProtocol(protocol string) Option {
	return set(func(c *config) { c.collector.protocol = protocol })
}

// WithCompression picks how OTLP requests are packed: "gzip" or "none".
//
// Variable OTEL_EXPORTER_OTLP_COMPRESSION. Default: gzip, but none to a
// Collector on the same host.
func WithCompression(name string) Option {
	return set(func(c *config) { c.collector.compression = name })
}

// WithHeaders sends headers with each OTLP request, for instance to
// authenticate. Their values are never printed.
//
// Variable OTEL_EXPORTER_OTLP_HEADERS. Default: none.
func WithHeaders(headers map[string]string) Option {
	return set(func(c *config) { c.collector.headers = headers })
}

// WithSampler decides which traces are kept.
//
// Variables OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG. Default: all,
// unless the caller's trace is not sampled (parentbased_always_on).
func WithSampler(s sdktrace.Sampler) Option {
	return setValue("WithSampler", s, func(c *config) { c.sampler = s })
}

// WithIDGenerator makes the ids of traces and spans, for a backend that wants
// them in a form of its own and for tests.
//
// Default: random ids.
func WithIDGenerator(g sdktrace.IDGenerator) Option {
	return setValue("WithIDGenerator", g, func(c *config) { c.idGenerator = g })
}

// WithPropagator carries trace context and baggage between processes. Outgoing
// baggage is scrubbed.
//
// Variable OTEL_PROPAGATORS. Default: tracecontext,baggage.
func WithPropagator(p propagation.TextMapPropagator) Option {
	return setValue("WithPropagator", p, func(c *config) { c.propagator = p })
}

// WithLogLevel sets the level below which lines are dropped: that of all
// loggers, or of the named ones and those below them ("shop" also means
// "shop.payment"). [Kit.SetLevel] changes it later.
//
// Variable OTELKIT_LOG_LEVEL, such as "info,shop.payment=debug". Default: info.
func WithLogLevel(level slog.Level, loggers ...string) Option {
	return set(func(c *config) {
		if len(loggers) == 0 {
			loggers = []string{""}
		}
		for _, name := range loggers {
			c.levels[name] = level
		}
	})
}

// WithConsole picks the format of the console.
//
// Variable OTELKIT_CONSOLE. Default: pretty without an OTLP endpoint, else off.
func WithConsole(format string) Option {
	return optionFunc(func(c *config) error {
		switch format {
		case ConsolePretty, ConsoleJSON, ConsoleOff:
			c.console = format
			return nil
		}
		return fmt.Errorf("WithConsole(%q): must be pretty, json or off", format)
	})
}

// WithConsoleWriter sends console lines to w instead of standard error or
// output. Writes are serialised, one line each.
func WithConsoleWriter(w io.Writer) Option {
	return setValue("WithConsoleWriter", w, func(c *config) { c.consoleWriter = w })
}

// WithDiagnostics sends what otelkit says of itself to w: the start-up line and,
// at most once a minute each, what goes wrong. Default: standard error.
func WithDiagnostics(w io.Writer) Option {
	return setValue("WithDiagnostics", w, func(c *config) { c.diagnostics = w })
}

// WithScrubber replaces the default scrubber. It stands before every exporter
// and processor and cannot be left out.
//
// It wins over [WithScrubPolicy] and variable OTELKIT_SCRUB_POLICY. Default:
// [scrub.New] without options.
func WithScrubber(s *scrub.Scrubber) Option {
	return optionFunc(func(c *config) error {
		if s == nil {
			return fmt.Errorf("WithScrubber(nil): a scrubber cannot be left out; give one from scrub.New")
		}
		c.scrubber = s
		return nil
	})
}

// WithScrubPolicy scrubs by the policy file at path, see [scrub.WithPolicy]. It
// is read by Init, once. Variable: OTELKIT_SCRUB_POLICY. Default: none.
func WithScrubPolicy(path string) Option {
	return optionFunc(func(c *config) error {
		if path == "" {
			return fmt.Errorf("WithScrubPolicy: no path")
		}
		c.scrubPolicy = path
		return nil
	})
}

// WithSpanProcessor adds a processor of ended spans, behind the scrubber. It
// may be given several times. Its OnStart sees the live span, unscrubbed.
func WithSpanProcessor(p sdktrace.SpanProcessor) Option {
	return setValue("WithSpanProcessor", p, func(c *config) { c.spanProcessors = append(c.spanProcessors, p) })
}

// WithLogProcessor adds a processor of log records, behind the scrubber. It may
// be given several times.
func WithLogProcessor(p sdklog.Processor) Option {
	return setValue("WithLogProcessor", p, func(c *config) { c.logProcessors = append(c.logProcessors, p) })
}

// WithMetricExporter adds an exporter of metrics, behind the scrubber. It may be
// given several times; each collects at the interval of OTEL_METRIC_EXPORT_INTERVAL.
func WithMetricExporter(e sdkmetric.Exporter) Option {
	return setValue("WithMetricExporter", e, func(c *config) { c.metricExporters = append(c.metricExporters, e) })
}

// WithViews customises metric streams. The filter that keeps sensitive keys out
// of metrics is added to each view.
func WithViews(views ...sdkmetric.View) Option {
	return set(func(c *config) { c.views = append(c.views, views...) })
}

// WithCardinalityLimit bounds the attribute sets of one instrument; what is over
// it is counted under otel.metric.overflow=true. 0 or less means no limit.
// Default: 2000, the SDK's.
func WithCardinalityLimit(n int) Option { return set(func(c *config) { c.cardinalityLimit = n }) }

// WithoutRuntimeMetrics leaves out the metrics of the Go runtime.
func WithoutRuntimeMetrics() Option { return set(func(c *config) { c.runtimeMetrics = false }) }

// WithoutEnvironment reads no environment variable: all settings are options
// or defaults. It is for tests, whose outcome must not depend on the shell.
func WithoutEnvironment() Option { return withoutEnvironment{} }

// withoutEnvironment is looked for before any other option is applied.
type withoutEnvironment struct{}

func (withoutEnvironment) apply(*config) error { return nil }

// WithoutGlobals leaves OpenTelemetry's globals and slog's default logger alone,
// for tests and libraries. Such kits may exist beside each other.
func WithoutGlobals() Option { return set(func(c *config) { c.globals = false }) }

// WithShutdownTimeout bounds a [Kit.Shutdown] and [Kit.ForceFlush] whose context
// has no deadline. Default: 5 s.
func WithShutdownTimeout(d time.Duration) Option {
	return optionFunc(func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("WithShutdownTimeout(%v): must be more than 0", d)
		}
		c.shutdownTimeout = d
		return nil
	})
}

// WithSentryDSN sends errors to the Sentry project of dsn. The key in it is
// never printed.
//
// Variable SENTRY_DSN; also SENTRY_ENVIRONMENT and SENTRY_RELEASE. Default:
// none; without one there is no Sentry client.
func WithSentryDSN(dsn string) Option {
	return optionFunc(func(c *config) error {
		c.sentryDSN = dsn
		if err := checkDSN(dsn); err != nil {
			return fmt.Errorf("WithSentryDSN (value not shown): %w", err)
		}
		return nil
	})
}

// WithSentryHTTPClient sends to Sentry through client, for a proxy, a
// certificate authority of your own, or a test. Its transport must not be
// instrumented. Default: a client with time limits.
func WithSentryHTTPClient(client *http.Client) Option {
	return set(func(c *config) { c.sentryHTTP = client })
}
