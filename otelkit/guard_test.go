package otelkit

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// guarded returns a meter as services get it, what it collects and what it says.
func guardedMeter(t *testing.T) (m metric.Meter, collect func() map[string]float64, said *[]string) {
	t.Helper()
	reader := sdkmetric.NewManualReader()
	said = new([]string)
	p := &meterProvider{sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader)), func(err error) {
		first, _, _ := strings.Cut(err.Error(), " at ")
		*said = append(*said, first)
	}}
	return p.Meter("test"), func() map[string]float64 {
		t.Helper()
		var rm metricdata.ResourceMetrics
		if err := reader.Collect(t.Context(), &rm); err != nil {
			t.Fatal(err)
		}
		return sums(rm)
	}, said
}

// sums returns the value of each metric; of histograms the sum.
func sums(rm metricdata.ResourceMetrics) map[string]float64 {
	all := map[string]float64{}
	for _, sm := range rm.ScopeMetrics {
		for _, m := range sm.Metrics {
			switch d := m.Data.(type) {
			case metricdata.Sum[int64]:
				all[m.Name] = float64(d.DataPoints[0].Value)
			case metricdata.Sum[float64]:
				all[m.Name] = d.DataPoints[0].Value
			case metricdata.Gauge[int64]:
				all[m.Name] = float64(d.DataPoints[0].Value)
			case metricdata.Gauge[float64]:
				all[m.Name] = d.DataPoints[0].Value
			case metricdata.Histogram[float64]:
				all[m.Name] = d.DataPoints[0].Sum
			}
		}
	}
	return all
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestSumsTakeNumbersOnly(t *testing.T) {
	t.Parallel()
	m, collect, said := guardedMeter(t)
	ctx := t.Context()
	ints := must[metric.Int64Counter](t)(m.Int64Counter("ints"))
	floats := must[metric.Float64Counter](t)(m.Float64Counter("floats"))
	updown := must[metric.Float64UpDownCounter](t)(m.Float64UpDownCounter("updown"))
	histogram := must[metric.Float64Histogram](t)(m.Float64Histogram("histogram"))
	for _, v := range []float64{3, math.NaN(), math.Inf(1), math.Inf(-1), -1} {
		floats.Add(ctx, v)
		updown.Add(ctx, v)
		histogram.Record(ctx, v)
	}
	ints.Add(ctx, 3)
	ints.Add(ctx, -1)
	ints.Add(ctx, 0)

	want := map[string]float64{"ints": 3, "floats": 3, "updown": 2, "histogram": 2}
	if diff := cmp.Diff(want, collect()); diff != "" {
		t.Errorf("sums (-want +got):\n%s", diff)
	}
	if n := len(*said); n != 11 { // 4 of floats, 3 each of updown and histogram, 1 of ints
		t.Errorf("%d values told of, want 11: %q", n, *said)
	}
	if first := "metric floats: NaN dropped: a sum takes no such value"; !slices.Contains(*said, first) {
		t.Errorf("not said %q: %q", first, *said)
	}
}

// Each kind of observable instrument has its own option type, and so its own
// way around the guard.
func TestCallbacksCostTheirInstrumentOnly(t *testing.T) {
	t.Parallel()
	failed := errors.New("no answer")
	failingInt := func(_ context.Context, o metric.Int64Observer) error { return failed }
	failingFloat := func(context.Context, metric.Float64Observer) error { panic("broken") }
	goodInt := func(_ context.Context, o metric.Int64Observer) error { o.Observe(7); return nil }
	goodFloat := func(_ context.Context, o metric.Float64Observer) error { o.Observe(7); return nil }

	m, collect, said := guardedMeter(t)
	observeAll := func(suffix string, i metric.Int64Callback, f metric.Float64Callback) {
		wi, wf := metric.WithInt64Callback(i), metric.WithFloat64Callback(f)
		unit := metric.WithUnit("1")
		must[metric.Int64ObservableCounter](t)(m.Int64ObservableCounter("ic"+suffix, unit, wi))
		must[metric.Int64ObservableUpDownCounter](t)(m.Int64ObservableUpDownCounter("iu"+suffix, unit, wi))
		must[metric.Int64ObservableGauge](t)(m.Int64ObservableGauge("ig"+suffix, unit, wi))
		must[metric.Float64ObservableCounter](t)(m.Float64ObservableCounter("fc"+suffix, unit, wf))
		must[metric.Float64ObservableUpDownCounter](t)(m.Float64ObservableUpDownCounter("fu"+suffix, unit, wf))
		must[metric.Float64ObservableGauge](t)(m.Float64ObservableGauge("fg"+suffix, unit, wf))
	}
	observeAll("_bad", failingInt, failingFloat)
	observeAll("", goodInt, goodFloat)
	several := must[metric.Int64ObservableGauge](t)(m.Int64ObservableGauge("several"))
	for _, f := range []metric.Callback{
		func(context.Context, metric.Observer) error { panic("broken") },
		func(_ context.Context, o metric.Observer) error { o.ObserveInt64(several, 7); return failed },
	} {
		must[metric.Registration](t)(m.RegisterCallback(f, several))
	}

	want := map[string]float64{"ic": 7, "iu": 7, "ig": 7, "fc": 7, "fu": 7, "fg": 7, "several": 7}
	if diff := cmp.Diff(want, collect()); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
	slices.Sort(*said)
	wantSaid := []string{
		"a callback of metric (several): no answer",
		"a callback of metric ic_bad: no answer",
		"a callback of metric ig_bad: no answer",
		"a callback of metric iu_bad: no answer",
		"panic in a callback of metric (several): broken",
		"panic in a callback of metric fc_bad: broken",
		"panic in a callback of metric fg_bad: broken",
		"panic in a callback of metric fu_bad: broken",
	}
	if diff := cmp.Diff(wantSaid, *said); diff != "" {
		t.Errorf("said (-want +got):\n%s", diff)
	}
}

// brokenExporter panics wherever the SDK's reader calls it.
type brokenExporter struct{ sdkmetric.Exporter }

func (brokenExporter) Temporality(k sdkmetric.InstrumentKind) metricdata.Temporality {
	return sdkmetric.DefaultTemporalitySelector(k)
}

func (brokenExporter) Aggregation(k sdkmetric.InstrumentKind) sdkmetric.Aggregation {
	return sdkmetric.DefaultAggregationSelector(k)
}

func (brokenExporter) Export(context.Context, *metricdata.ResourceMetrics) error { panic("broken") }
func (brokenExporter) ForceFlush(context.Context) error                          { panic("broken") }
func (brokenExporter) Shutdown(context.Context) error                            { panic("broken") }

func TestMetricExporterMayPanic(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	kit, err := Init(t.Context(), append(quiet(WithMetricExporter(brokenExporter{})), WithDiagnostics(&said))...)
	if err != nil {
		t.Fatal(err)
	}
	must[metric.Float64Counter](t)(kit.MeterProvider().Meter("test").Float64Counter("orders")).Add(t.Context(), math.NaN())
	if err := kit.ForceFlush(t.Context()); err != nil {
		t.Error(err)
	}
	if err := kit.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"Export: broken", "ForceFlush: broken", "Shutdown: broken", "metric orders: NaN dropped"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("not said %q:\n%s", want, said.String())
		}
	}
}

// A receiver that hangs must not use up the time that Sentry has for its issues.
func TestProcessorsEndSideBySide(t *testing.T) {
	t.Parallel()
	second := make(chan struct{})
	err := ofEach([]int{1, 2}, failOn(t), "a processor", func(n int) error {
		if n == 2 {
			close(second)
			return errors.New("2 failed")
		}
		<-second // the first waits for the second
		return nil
	})
	if err == nil || err.Error() != "2 failed" {
		t.Errorf("error %v", err)
	}
}
