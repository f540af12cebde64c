package scrub

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// Observe reports the counters of s through mp whenever its reader collects:
// otelkit.scrub.redactions by signal, category and rule, otelkit.scrub.failures
// by signal, and otelkit.scrub.time by signal: the seconds that went into texts
// in which a first look saw something, estimated from one in sixteen. Clean
// texts are not timed, because the clock costs as much as they do. A finding
// counts each time that it would leave, so that of a label of a metric counts
// with every export. Recording itself stays free of metrics, so it cannot loop.
// Stop it by Unregister. It is safe for concurrent use. A nil s is the one with
// default options that all nil ones share.
func (s *Scrubber) Observe(mp metric.MeterProvider) (metric.Registration, error) {
	s = s.orDefault()
	m := mp.Meter("github.com/otelkit/otelkit-go/scrub")
	redactions, err := m.Int64ObservableCounter("otelkit.scrub.redactions",
		metric.WithDescription("Findings that were replaced"), metric.WithUnit("{redaction}"))
	if err != nil {
		return nil, err
	}
	failures, err := m.Int64ObservableCounter("otelkit.scrub.failures",
		metric.WithDescription("Values that were masked whole because a rule failed"), metric.WithUnit("{value}"))
	if err != nil {
		return nil, err
	}
	spent, err := m.Float64ObservableCounter("otelkit.scrub.time",
		metric.WithDescription("Time spent on texts that may hold something"), metric.WithUnit("s"))
	if err != nil {
		return nil, err
	}
	return m.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		stats := s.Stats()
		for _, r := range stats.Redactions {
			o.ObserveInt64(redactions, int64(r.Count), metric.WithAttributes(
				attribute.String("signal", r.Signal), attribute.String("category", string(r.Category)), attribute.String("rule", r.Rule)))
		}
		for sig, n := range stats.Failures {
			o.ObserveInt64(failures, int64(n), metric.WithAttributes(attribute.String("signal", sig)))
		}
		for sig := range numSignals {
			if n := s.stats.spent[sig].Load(); n > 0 {
				o.ObserveFloat64(spent, time.Duration(n).Seconds(), metric.WithAttributes(attribute.String("signal", sig.String())))
			}
		}
		return nil
	}, redactions, failures, spent)
}
