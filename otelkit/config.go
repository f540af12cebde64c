package otelkit

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/propagators/autoprop"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/scrub"
)

// config is every setting of a kit, after options, environment and defaults
// have been put together.
type config struct {
	disabled    bool
	globals     bool
	diagnostics io.Writer

	serviceName     string
	serviceVersion  string
	environment     string
	resource        []attribute.KeyValue // of WithResourceAttributes
	resourceFromEnv []attribute.KeyValue

	scrubber    *scrub.Scrubber
	scrubPolicy string

	collector collectorOptions
	otlp      map[otlp.Signal]otlp.Endpoint // a signal that is not in it is not sent
	spool     spoolSettings

	console       string
	consoleWriter io.Writer
	levels        map[string]slog.Level
	logAttributes int // of one record
	logValues     valueLength
	sampledLogs   bool
	debugLines    int // kept of a scope, of WithDebugOnError
	logBatch      otlp.Batch
	logProcessors []sdklog.Processor

	boundSpans     bool
	newID          func() string
	sampler        sdktrace.Sampler
	idGenerator    sdktrace.IDGenerator
	propagator     propagation.TextMapPropagator
	spanLimits     sdktrace.SpanLimits
	spanValues     valueLength
	spanBatch      otlp.Batch
	spanProcessors []sdktrace.SpanProcessor

	metricInterval   time.Duration
	metricTimeout    time.Duration
	metricChoices    metricChoices
	metricExporters  []sdkmetric.Exporter
	views            []sdkmetric.View
	cardinalityLimit int
	runtimeMetrics   bool

	sentryDSN         string
	sentryEnvironment string
	sentryRelease     string
	sentryOptions     []sentry.Option
	sentryHTTP        *http.Client
	spotlight         string // URL

	shutdownTimeout time.Duration
}

// newConfig puts the settings together: option, else environment, else default.
// Its error joins everything that is wrong.
func newConfig(lookup func(string) (string, bool), opts []Option) (config, error) {
	if slices.Contains(opts, WithoutEnvironment()) {
		lookup = func(string) (string, bool) { return "", false }
	}
	env := &environment{lookup: lookup}
	cfg := defaultConfig()
	cfg.readEnvironment(env)
	errs := []error{cfg.applyOptions(opts)}
	cfg.readOTLP(env)
	cfg.nameService()
	errs = append(errs, cfg.readScrubPolicy(env))
	errs = append(errs, env.err())
	return cfg, wrapAll(errors.Join(errs...))
}

func defaultConfig() config {
	return config{
		globals:          true,
		diagnostics:      os.Stderr,
		levels:           map[string]slog.Level{"": slog.LevelInfo},
		logAttributes:    defaultLogAttributes,
		logValues:        unlimited,
		spanLimits:       defaultSpanLimits(),
		spanValues:       unlimited,
		metricInterval:   time.Minute,
		metricTimeout:    30 * time.Second,
		cardinalityLimit: 2000,
		runtimeMetrics:   true,
		shutdownTimeout:  5 * time.Second,
	}
}

// readEnvironment reads every variable but those of OTLP, whose meaning depends
// on the options.
func (c *config) readEnvironment(env *environment) {
	rejectUnsupported(env)
	env.flag("OTEL_SDK_DISABLED", &c.disabled)
	env.text("OTEL_SERVICE_NAME", &c.serviceName)
	c.readResource(env)
	env.text("OTELKIT_SCRUB_POLICY", &c.scrubPolicy)
	c.spool.read(env)
	env.choice("OTELKIT_CONSOLE", &c.console, ConsolePretty, ConsoleJSON, ConsoleOff)
	c.readLevels(env)
	c.readSampler(env)
	c.readPropagators(env)
	c.readLimits(env)
	c.readBatches(env)
	env.millis("OTEL_METRIC_EXPORT_INTERVAL", &c.metricInterval)
	env.timeout("OTEL_METRIC_EXPORT_TIMEOUT", &c.metricTimeout)
	c.metricChoices.read(env)
	c.readSentry(env)
}

// rejectUnsupported names the variables that would be read elsewhere and are
// not read here, so that nobody waits for their effect.
func rejectUnsupported(env *environment) {
	const path = "OTEL_CONFIG_FILE"
	if v, ok := env.get(path); ok {
		env.fail(path, v, "a configuration file is not supported, because exporters it names would not stand behind the scrubber; use the OTEL_* variables or options")
	}
}

func (c *config) readLevels(env *environment) {
	const name = "OTELKIT_LOG_LEVEL"
	v, ok := env.get(name)
	if !ok {
		return
	}
	levels, err := parseLevels(v)
	if err != nil {
		env.fail(name, v, err.Error())
	}
	maps.Copy(c.levels, levels)
}

// readScrubPolicy makes the scrubber if no option has given one. Each kit has
// its own, so that it counts what it found itself.
func (c *config) readScrubPolicy(env *environment) error {
	if c.scrubber != nil {
		return nil
	}
	var opts []scrub.Option
	if c.scrubPolicy != "" {
		opts = append(opts, scrub.WithPolicy(c.scrubPolicy))
	}
	s, err := scrub.New(opts...)
	if err == nil {
		c.scrubber = s
		return nil
	}
	why := strings.ReplaceAll(err.Error(), "\n", "; ")
	const name = "OTELKIT_SCRUB_POLICY"
	if v, ok := env.get(name); ok && v == c.scrubPolicy {
		env.fail(name, v, why)
		return nil
	}
	return fmt.Errorf("WithScrubPolicy(%q): %s", c.scrubPolicy, why)
}

func (c *config) readPropagators(env *environment) {
	const name = "OTEL_PROPAGATORS"
	names := env.list(name)
	if len(names) == 0 {
		names = []string{"tracecontext", "baggage"}
	}
	p, err := autoprop.TextMapPropagator(names...)
	if err != nil {
		v, _ := env.get(name)
		env.fail(name, v, "must be a list of tracecontext, baggage, b3, b3multi, jaeger, xray, ottrace, none")
		return
	}
	c.propagator = p
}

func (c *config) applyOptions(opts []Option) error {
	var errs []error
	for _, o := range opts {
		if o != nil {
			errs = append(errs, o.apply(c))
		}
	}
	return errors.Join(errs...)
}

// wrapAll gives each of the joined errors the prefix of this package.
func wrapAll(err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	var errs []error
	for _, e := range flatten(joined.Unwrap()) {
		errs = append(errs, fmt.Errorf("otelkit: %w", e))
	}
	return errors.Join(errs...)
}

func flatten(errs []error) []error {
	return slices.Collect(func(yield func(error) bool) {
		for _, err := range errs {
			if joined, ok := err.(interface{ Unwrap() []error }); ok {
				for _, e := range flatten(joined.Unwrap()) {
					if !yield(e) {
						return
					}
				}
			} else if !yield(err) {
				return
			}
		}
	})
}
