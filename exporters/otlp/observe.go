package otlp

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// Observe reports the books through mp whenever its reader collects, for each
// signal with an endpoint: otelkit.export.accepted, .delivered and .dropped (by
// reason) as counters, otelkit.export.pending as an up-down counter, all in
// records. In each collection accepted = delivered + pending + dropped.
//
// mp may be the one that exports to e. What the collection itself adds is in the
// next one. End it by Unregister.
func (e *Exporter) Observe(mp metric.MeterProvider) (metric.Registration, error) {
	m := mp.Meter("github.com/otelkit/otelkit-go/exporters/otlp")
	counter := func(name, description string) (metric.Int64ObservableCounter, error) {
		return m.Int64ObservableCounter("otelkit.export."+name, metric.WithDescription(description), metric.WithUnit("{record}"))
	}
	accepted, err := counter("accepted", "Records taken on for export")
	if err != nil {
		return nil, err
	}
	delivered, err := counter("delivered", "Records that the receiver has taken")
	if err != nil {
		return nil, err
	}
	dropped, err := counter("dropped", "Records that are lost, by reason")
	if err != nil {
		return nil, err
	}
	pending, err := m.Int64ObservableUpDownCounter("otelkit.export.pending",
		metric.WithDescription("Records that wait to be sent or are being sent"), metric.WithUnit("{record}"))
	if err != nil {
		return nil, err
	}
	return m.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		for _, p := range e.pipes() {
			b, signal := p.ledger.books(), attribute.String("signal", p.signal.String())
			o.ObserveInt64(accepted, b.Accepted, metric.WithAttributes(signal))
			o.ObserveInt64(delivered, b.Delivered, metric.WithAttributes(signal))
			o.ObserveInt64(pending, b.Pending, metric.WithAttributes(signal))
			for reason, n := range b.Dropped {
				o.ObserveInt64(dropped, n, metric.WithAttributes(signal, attribute.String("reason", reason)))
			}
		}
		return nil
	}, accepted, delivered, dropped, pending)
}
