package otelkit

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"

	"github.com/otelkit/otelkit-go/scrub"
)

// Init starts the telemetry of a service: from then on its slog lines, spans and
// metrics are scrubbed and exported, and each line carries the trace and span id
// of its context. Without options everything comes from the environment; see
// the package documentation for the variables.
//
// The error joins every setting that is wrong and names what to mend; nothing
// is running then, and the Kit does nothing. A Collector that cannot be reached
// is not an error. ctx bounds the look at the host.
//
// Call [Kit.Shutdown] before the process ends. A second Init before that is an
// error, unless one of the two has [WithoutGlobals].
func Init(ctx context.Context, opts ...Option) (*Kit, error) {
	cfg, err := newConfig(os.LookupEnv, opts)
	if err != nil {
		return &Kit{}, err
	}
	if cfg.disabled {
		return newDisabled(cfg), nil
	}
	kit := &Kit{running: true, config: cfg, levels: newLevels(cfg.levels), stopped: make(chan struct{})}
	if cfg.globals && !current.CompareAndSwap(nil, kit) {
		return &Kit{}, errTwice
	}
	if err := kit.start(ctx); err != nil {
		current.CompareAndSwap(kit, nil)
		return &Kit{}, wrap("start", err)
	}
	if cfg.globals {
		kit.globals = kit.install()
	}
	kit.announce()
	return kit, nil
}

// newDisabled returns the Kit of OTEL_SDK_DISABLED: nothing is recorded, but trace
// context and baggage are passed on, as the specification wants, and the lines
// that now go elsewhere are scrubbed all the same.
func newDisabled(cfg config) *Kit {
	k := &Kit{propagator: newPropagator(cfg)}
	if cfg.globals && current.Load() == nil {
		otel.SetTextMapPropagator(k.propagator)
		slog.SetDefault(scrubbedDefault(cfg.scrubber))
	}
	return k
}

func newPropagator(cfg config) propagation.TextMapPropagator {
	return scrub.NewPropagator(cfg.propagator, cfg.scrubber)
}

var errTwice = errors.New("otelkit: Init called twice: call Shutdown on the first Kit before, or give WithoutGlobals")

// start builds the way of each signal, from the exporters up to the provider.
func (k *Kit) start(ctx context.Context) error {
	k.report = newReporter(k.config.diagnostics, k.config.scrubber)
	res := newResource(ctx, k.config)
	p, err := newPipeline(k.config, res, k.report.Handle)
	if err != nil {
		k.report.close(ctx)
		return err
	}
	k.report.Handle(k.config.spool.exposed())
	k.pipeline = p
	k.traces = newTracerProvider(k.config, res, p.spans, k.report.Handle)
	k.tracers = &tracerProvider{k.traces}
	k.metrics = p.metrics
	k.meters = &meterProvider{p.metrics, k.report.Handle}
	k.logs = newLoggerProvider(k.config, res, k.levels, p.logs, k.report.Handle)
	// A scope is fixed when its logger is made, and baggage leaves by requests
	// of the service: neither comes by the pipeline.
	k.loggers = scrub.NewLoggerProvider(k.logs, k.config.scrubber)
	k.propagator = newPropagator(k.config)
	k.events = k.newEvents()
	return nil
}
