package canary

import (
	"context"
	"errors"
	"math"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// metrics plants secrets in every part of metrics. ctx is that of a sampled
// span, so that measurements leave exemplars.
func metrics(ctx context.Context, mp metric.MeterProvider, book *Book) error {
	m := mp.Meter(book.text("metric scope name"),
		metric.WithInstrumentationVersion(book.text("metric scope version")),
		metric.WithSchemaURL("https://example.org/schema?password="+book.password("metric scope schema URL", "in a query string")),
		metric.WithInstrumentationAttributes(book.attributes("metric scope attribute")...),
	)
	return errors.Join(
		counters(ctx, m, book),
		histograms(ctx, m, book),
		observed(m, book),
		named(ctx, m, book),
	)
}

func counters(ctx context.Context, m metric.Meter, book *Book) error {
	ints, err1 := m.Int64Counter("canary.counts", metric.WithDescription(book.text("metric description")), metric.WithUnit("{call} "+book.jwt("metric unit", "as the value")))
	floats, err2 := m.Float64Counter("canary.amounts")
	both, err3 := m.Int64UpDownCounter("canary.open")
	gauge, err4 := m.Float64Gauge("canary.level")
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	with := func(place string) metric.MeasurementOption {
		return metric.WithAttributes(append(book.attributes(place), attribute.String("marker", marker("metrics")))...)
	}
	ints.Add(ctx, 1, with("attribute of an int counter"))
	floats.Add(ctx, 1.5, with("attribute of a float counter"))
	both.Add(ctx, -1, with("attribute of an up-down counter"))
	gauge.Record(ctx, 0.5, with("attribute of a gauge"))
	return nil
}

func histograms(ctx context.Context, m metric.Meter, book *Book) error {
	ints, err1 := m.Int64Histogram("canary.sizes")
	floats, err2 := m.Float64Histogram("canary.durations")
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	ints.Record(ctx, 1, metric.WithAttributes(book.attributes("attribute of an int histogram")...))
	floats.Record(ctx, 1.5, metric.WithAttributes(book.attributes("attribute of a float histogram")...))
	return nil
}

func observed(m metric.Meter, book *Book) error {
	kvs := book.attributes("attribute of an observed gauge")
	_, err := m.Int64ObservableGauge("canary.observed", metric.WithInt64Callback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(1, metric.WithAttributes(kvs...))
		return nil
	}))
	return err
}

// named has a secret in the name of an instrument, which may hold letters,
// digits and . - _ / only. One takes what no sum should, which is worth a
// diagnostic.
func named(ctx context.Context, m metric.Meter, book *Book) error {
	ints, err1 := m.Int64Counter("canary/" + book.jwt("metric name", "as part of the name"))
	floats, err2 := m.Float64Counter("canary/" + book.jwt("metric name, in a diagnostic", "as part of the name"))
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	ints.Add(ctx, 1)
	floats.Add(ctx, 1)
	floats.Add(ctx, math.NaN())
	return nil
}
