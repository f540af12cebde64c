package otelkit

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// meterProvider keeps what goes wrong with one instrument to that instrument.
// In the SDK a callback that fails costs all metrics of the cycle, one that
// panics the process, and a NaN that is added makes a sum NaN for good.
//
// It, its meters and their instruments can be compared, as the SDK's can:
// OpenTelemetry's globals do so.
type meterProvider struct {
	metric.MeterProvider
	report func(error)
}

func (p *meterProvider) Meter(name string, opts ...metric.MeterOption) metric.Meter {
	return meter{p.MeterProvider.Meter(name, opts...), p}
}

// meter wraps the instruments that add up, and the callbacks of those that
// observe. Observable instruments themselves are the SDK's own, as it knows no
// others when a callback is registered for them.
type meter struct {
	metric.Meter
	provider *meterProvider
}

// callback calls f and reports its error or panic.
func (m meter) callback(name string, f func() error) {
	defer reportPanic(m.provider.report, "a callback of metric "+name)
	if err := f(); err != nil {
		m.provider.report(fmt.Errorf("a callback of metric %s: %w", name, err))
	}
}

// RegisterCallback guards a callback that observes several instruments, which
// have no name that could be told.
func (m meter) RegisterCallback(f metric.Callback, instruments ...metric.Observable) (metric.Registration, error) {
	if f == nil {
		return m.Meter.RegisterCallback(f, instruments...)
	}
	return m.Meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		m.callback("(several)", func() error { return f(ctx, o) })
		return nil
	}, instruments...)
}

func (m meter) int64Callback(name string) func(metric.Int64Callback) metric.Int64ObservableOption {
	return func(f metric.Int64Callback) metric.Int64ObservableOption {
		return metric.WithInt64Callback(func(ctx context.Context, o metric.Int64Observer) error {
			m.callback(name, func() error { return f(ctx, o) })
			return nil
		})
	}
}

func (m meter) float64Callback(name string) func(metric.Float64Callback) metric.Float64ObservableOption {
	return func(f metric.Float64Callback) metric.Float64ObservableOption {
		return metric.WithFloat64Callback(func(ctx context.Context, o metric.Float64Observer) error {
			m.callback(name, func() error { return f(ctx, o) })
			return nil
		})
	}
}

// guardCallbacks replaces the options that hold a callback, as callbacksOf
// tells, by guarded ones. Option is an interface that G satisfies.
func guardCallbacks[Option, F, G any](opts []Option, callbacksOf func(Option) []F, guard func(F) G) []Option {
	guarded := make([]Option, 0, len(opts))
	for _, o := range opts {
		callbacks := callbacksOf(o)
		if len(callbacks) == 0 {
			guarded = append(guarded, o)
		}
		for _, f := range callbacks {
			guarded = append(guarded, any(guard(f)).(Option))
		}
	}
	return guarded
}

func (m meter) Int64ObservableCounter(name string, opts ...metric.Int64ObservableCounterOption) (metric.Int64ObservableCounter, error) {
	return m.Meter.Int64ObservableCounter(name, guardCallbacks(opts, func(o metric.Int64ObservableCounterOption) []metric.Int64Callback {
		return metric.NewInt64ObservableCounterConfig(o).Callbacks()
	}, m.int64Callback(name))...)
}

func (m meter) Int64ObservableUpDownCounter(name string, opts ...metric.Int64ObservableUpDownCounterOption) (metric.Int64ObservableUpDownCounter, error) {
	return m.Meter.Int64ObservableUpDownCounter(name, guardCallbacks(opts, func(o metric.Int64ObservableUpDownCounterOption) []metric.Int64Callback {
		return metric.NewInt64ObservableUpDownCounterConfig(o).Callbacks()
	}, m.int64Callback(name))...)
}

func (m meter) Int64ObservableGauge(name string, opts ...metric.Int64ObservableGaugeOption) (metric.Int64ObservableGauge, error) {
	return m.Meter.Int64ObservableGauge(name, guardCallbacks(opts, func(o metric.Int64ObservableGaugeOption) []metric.Int64Callback {
		return metric.NewInt64ObservableGaugeConfig(o).Callbacks()
	}, m.int64Callback(name))...)
}

func (m meter) Float64ObservableCounter(name string, opts ...metric.Float64ObservableCounterOption) (metric.Float64ObservableCounter, error) {
	return m.Meter.Float64ObservableCounter(name, guardCallbacks(opts, func(o metric.Float64ObservableCounterOption) []metric.Float64Callback {
		return metric.NewFloat64ObservableCounterConfig(o).Callbacks()
	}, m.float64Callback(name))...)
}

func (m meter) Float64ObservableUpDownCounter(name string, opts ...metric.Float64ObservableUpDownCounterOption) (metric.Float64ObservableUpDownCounter, error) {
	return m.Meter.Float64ObservableUpDownCounter(name, guardCallbacks(opts, func(o metric.Float64ObservableUpDownCounterOption) []metric.Float64Callback {
		return metric.NewFloat64ObservableUpDownCounterConfig(o).Callbacks()
	}, m.float64Callback(name))...)
}

func (m meter) Float64ObservableGauge(name string, opts ...metric.Float64ObservableGaugeOption) (metric.Float64ObservableGauge, error) {
	return m.Meter.Float64ObservableGauge(name, guardCallbacks(opts, func(o metric.Float64ObservableGaugeOption) []metric.Float64Callback {
		return metric.NewFloat64ObservableGaugeConfig(o).Callbacks()
	}, m.float64Callback(name))...)
}

func (m meter) Int64Counter(name string, opts ...metric.Int64CounterOption) (metric.Int64Counter, error) {
	c, err := m.Meter.Int64Counter(name, opts...)
	return int64Counter{c, m.sum(name)}, err
}

func (m meter) Float64Counter(name string, opts ...metric.Float64CounterOption) (metric.Float64Counter, error) {
	c, err := m.Meter.Float64Counter(name, opts...)
	return float64Counter{c, m.sum(name)}, err
}

func (m meter) Float64UpDownCounter(name string, opts ...metric.Float64UpDownCounterOption) (metric.Float64UpDownCounter, error) {
	c, err := m.Meter.Float64UpDownCounter(name, opts...)
	return float64UpDownCounter{c, m.sum(name)}, err
}

func (m meter) Float64Histogram(name string, opts ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	h, err := m.Meter.Float64Histogram(name, opts...)
	return float64Histogram{h, m.sum(name)}, err
}

func (m meter) sum(name string) sum { return sum{name, m.provider} }

// sum looks at what is added to one metric.
type sum struct {
	name     string
	provider *meterProvider
}

// takes reports whether v can be added; if not, it tells. A sum that is not
// finite stays so, and a counter that goes down is read as a restart.
func (s sum) takes(v float64, down bool) bool {
	if math.IsNaN(v) || math.IsInf(v, 0) || v < 0 && !down {
		s.provider.report(fmt.Errorf("metric %s: %v dropped: a sum takes no such value", s.name, v))
		return false
	}
	return true
}

type int64Counter struct {
	metric.Int64Counter
	sum sum
}

func (c int64Counter) Add(ctx context.Context, v int64, opts ...metric.AddOption) {
	if v >= 0 || c.sum.takes(float64(v), false) {
		c.Int64Counter.Add(ctx, v, opts...)
	}
}

type float64Counter struct {
	metric.Float64Counter
	sum sum
}

func (c float64Counter) Add(ctx context.Context, v float64, opts ...metric.AddOption) {
	if c.sum.takes(v, false) {
		c.Float64Counter.Add(ctx, v, opts...)
	}
}

type float64UpDownCounter struct {
	metric.Float64UpDownCounter
	sum sum
}

func (c float64UpDownCounter) Add(ctx context.Context, v float64, opts ...metric.AddOption) {
	if c.sum.takes(v, true) {
		c.Float64UpDownCounter.Add(ctx, v, opts...)
	}
}

type float64Histogram struct {
	metric.Float64Histogram
	sum sum
}

func (h float64Histogram) Record(ctx context.Context, v float64, opts ...metric.RecordOption) {
	if h.sum.takes(v, true) {
		h.Float64Histogram.Record(ctx, v, opts...)
	}
}

// ofEach calls method on all of next side by side, so that one that waits takes
// no time from the others, and joins their errors. A panic in one is reported as one
// of where and costs the others nothing.
func ofEach[T any](next []T, report func(error), where string, method func(T) error) error {
	errs := make([]error, len(next))
	var all sync.WaitGroup
	for i, n := range next {
		all.Go(func() {
			defer reportPanic(report, where)
			errs[i] = method(n)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// metricExporter keeps a panic of next, which runs on a goroutine of the SDK's
// reader, from ending the process. It costs that export.
type metricExporter struct {
	sdkmetric.Exporter
	report func(error)
}

func (e metricExporter) Export(ctx context.Context, rm *metricdata.ResourceMetrics) error {
	defer reportPanic(e.report, "a metric exporter's Export")
	return e.Exporter.Export(ctx, rm)
}

func (e metricExporter) ForceFlush(ctx context.Context) error {
	defer reportPanic(e.report, "a metric exporter's ForceFlush")
	return e.Exporter.ForceFlush(ctx)
}

func (e metricExporter) Shutdown(ctx context.Context) error {
	defer reportPanic(e.report, "a metric exporter's Shutdown")
	return e.Exporter.Shutdown(ctx)
}
