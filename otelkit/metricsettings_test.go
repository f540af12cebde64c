package otelkit

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/otelkit/otelkit-go/exporters/otlp"
)

// metricExporterOf returns the exporter that env sets up.
func metricExporterOf(t *testing.T, env map[string]string) sdkmetric.Exporter {
	t.Helper()
	env["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1"
	cfg, err := newConfig(lookupIn(env), nil)
	if err != nil {
		t.Fatal(err)
	}
	e, err := otlp.New(otlpOptions(cfg, func(error) {})...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Shutdown(t.Context()) })
	return e.MetricExporter()
}

// TestTemporalityPreference has the table of the specification, "Metrics Exporter
// - OTLP", Additional Environment Variable Configuration.
func TestTemporalityPreference(t *testing.T) {
	t.Parallel()
	const d, c = metricdata.DeltaTemporality, metricdata.CumulativeTemporality
	kinds := []sdkmetric.InstrumentKind{
		sdkmetric.InstrumentKindCounter, sdkmetric.InstrumentKindHistogram, sdkmetric.InstrumentKindObservableCounter,
		sdkmetric.InstrumentKindUpDownCounter, sdkmetric.InstrumentKindObservableUpDownCounter,
	}
	for value, want := range map[string][]metricdata.Temporality{
		"":           {c, c, c, c, c},
		"cumulative": {c, c, c, c, c},
		"Delta":      {d, d, d, c, c},
		"LOWMEMORY":  {d, d, c, c, c},
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			e := metricExporterOf(t, map[string]string{"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": value})
			var got []metricdata.Temporality
			for _, k := range kinds {
				got = append(got, e.Temporality(k))
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestHistogramAggregation(t *testing.T) {
	t.Parallel()
	explicit := sdkmetric.DefaultAggregationSelector(sdkmetric.InstrumentKindHistogram)
	for value, want := range map[string]sdkmetric.Aggregation{
		"":                                   explicit,
		"explicit_bucket_histogram":          explicit,
		"Base2_Exponential_Bucket_Histogram": sdkmetric.AggregationBase2ExponentialHistogram{MaxSize: 160, MaxScale: 20},
	} {
		t.Run(value, func(t *testing.T) {
			t.Parallel()
			e := metricExporterOf(t, map[string]string{"OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION": value})
			if diff := cmp.Diff(want, e.Aggregation(sdkmetric.InstrumentKindHistogram)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(sdkmetric.Aggregation(sdkmetric.AggregationSum{}), e.Aggregation(sdkmetric.InstrumentKindCounter)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTimeoutOfZero has the specification's word for no limit.
func TestTimeoutOfZero(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]time.Duration{"": 10 * time.Second, "0": noLimit, "250": 250 * time.Millisecond} {
		cfg, err := newConfig(lookupIn(map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_EXPORTER_OTLP_TIMEOUT": value}), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := cfg.otlp[otlp.Logs].Timeout; got != want {
			t.Errorf("%q is %v, want %v", value, got, want)
		}
	}
}
