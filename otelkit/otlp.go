package otelkit

import (
	"slices"
	"strings"

	"github.com/otelkit/otelkit-go/exporters/otlp"
)

var signals = []otlp.Signal{otlp.Traces, otlp.Metrics, otlp.Logs}

// collectorOptions are the settings of OTLP that were given as options.
type collectorOptions struct {
	endpoint string
	protocol string
	headers  map[string]string

	compression string
}

// readOTLP decides where each signal goes, and how.
func (c *config) readOTLP(env *environment) {
	c.otlp = map[otlp.Signal]otlp.Endpoint{}
	console := false
	for _, s := range signals {
		r := otlpReader{env: env, options: c.collector, signal: s}
		// Looked at also where nothing goes there: a wrong setting is one anyway.
		endpoint := r.endpoint()
		for _, exporter := range r.exporters() {
			switch exporter {
			case "otlp":
				c.otlp[s] = endpoint
			case "console":
				console = true
			}
		}
	}
	if c.console == "" {
		c.console = ConsoleOff
		if console {
			c.console = ConsolePretty
		}
	}
}

// otlpReader reads the settings of one signal.
type otlpReader struct {
	env     *environment
	options collectorOptions
	signal  otlp.Signal
}

// variable names the signal's own variable for setting.
func (r otlpReader) variable(setting string) string {
	return "OTEL_EXPORTER_OTLP_" + strings.ToUpper(r.signal.String()) + "_" + setting
}

// exporters reads OTEL_<SIGNAL>_EXPORTER. By default a signal with an endpoint
// goes there, and one without is shown on the console.
func (r otlpReader) exporters() []string {
	name := "OTEL_" + strings.ToUpper(r.signal.String()) + "_EXPORTER"
	list := r.env.list(name)
	for _, exporter := range list {
		switch {
		case exporter == "console" && r.signal == otlp.Metrics:
			r.env.fail(name, exporter, "metrics are not shown on the console; use otlp or none")
		case !slices.Contains([]string{"otlp", "console", "none"}, exporter):
			r.env.fail(name, exporter, "must be otlp, console or none; give other exporters as options")
		}
	}
	switch {
	case list != nil:
		return list
	case r.endpoints() != nil:
		return []string{"otlp"}
	case r.signal == otlp.Metrics:
		return nil
	}
	return []string{"console"}
}

func otlpOptions(cfg config, report func(error)) []otlp.Option {
	opts := []otlp.Option{
		otlp.WithErrorHandler(report),
		otlp.WithBatch(otlp.Traces, cfg.spanBatch),
		otlp.WithBatch(otlp.Logs, cfg.logBatch),
	}
	opts = append(opts, cfg.spool.options()...)
	if t := cfg.metricChoices.temporality; t != nil {
		opts = append(opts, otlp.WithTemporality(t))
	}
	if a := cfg.metricChoices.aggregation; a != nil {
		opts = append(opts, otlp.WithAggregation(a))
	}
	with := map[otlp.Signal]func(otlp.Endpoint) otlp.Option{
		otlp.Traces: otlp.WithTraces, otlp.Metrics: otlp.WithMetrics, otlp.Logs: otlp.WithLogs,
	}
	for s, e := range cfg.otlp {
		opts = append(opts, with[s](e))
	}
	return opts
}
