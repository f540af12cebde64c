package otelkit

import (
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
)

// metricChoices are the settings of the OTLP metric exporter (OpenTelemetry
// specification, "Metrics Exporter - OTLP"). nil stands for its default.
type metricChoices struct {
	temporality sdkmetric.TemporalitySelector
	aggregation sdkmetric.AggregationSelector
}

var temporalities = map[string]sdkmetric.TemporalitySelector{
	"cumulative": sdkmetric.CumulativeTemporalitySelector,
	"delta":      sdkmetric.DeltaTemporalitySelector,
	"lowmemory":  sdkmetric.LowMemoryTemporalitySelector,
}

var histogramAggregations = map[string]sdkmetric.AggregationSelector{
	"explicit_bucket_histogram":          sdkmetric.DefaultAggregationSelector,
	"base2_exponential_bucket_histogram": exponentialHistograms,
}

func (m *metricChoices) read(env *environment) {
	var name string
	env.choice("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", &name, "cumulative", "delta", "lowmemory")
	m.temporality = temporalities[name]
	name = ""
	env.choice("OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION", &name, "explicit_bucket_histogram", "base2_exponential_bucket_histogram")
	m.aggregation = histogramAggregations[name]
}

// exponentialHistograms has the sizes of the specification, "Base2 Exponential
// Bucket Histogram Aggregation".
func exponentialHistograms(k sdkmetric.InstrumentKind) sdkmetric.Aggregation {
	if k == sdkmetric.InstrumentKindHistogram {
		return sdkmetric.AggregationBase2ExponentialHistogram{MaxSize: 160, MaxScale: 20}
	}
	return sdkmetric.DefaultAggregationSelector(k)
}
