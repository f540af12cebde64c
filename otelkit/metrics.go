package otelkit

import (
	"go.opentelemetry.io/contrib/instrumentation/runtime"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdkresource "go.opentelemetry.io/otel/sdk/resource"

	"github.com/otelkit/otelkit-go/scrub"
)

// newMeterProvider returns the provider that collects for each of exporters,
// and starts the metrics of the scrubber and of the Go runtime.
func newMeterProvider(cfg config, res *sdkresource.Resource, exporters []sdkmetric.Exporter, report func(error)) (*sdkmetric.MeterProvider, error) {
	opts := []sdkmetric.Option{
		sdkmetric.WithResource(res),
		sdkmetric.WithView(withoutFilter(scrub.Views(cfg.scrubber, cfg.views...), cfg.scrubber)...),
		sdkmetric.WithCardinalityLimit(cfg.cardinalityLimit),
	}
	for _, e := range exporters {
		opts = append(opts, sdkmetric.WithReader(sdkmetric.NewPeriodicReader(metricExporter{e, report},
			sdkmetric.WithInterval(cfg.metricInterval),
			sdkmetric.WithTimeout(cfg.metricTimeout))))
	}
	mp := sdkmetric.NewMeterProvider(opts...)
	if len(exporters) == 0 {
		return mp, nil
	}
	// It ends with mp, so the registration need not be kept.
	if _, err := cfg.scrubber.Observe(mp); err != nil {
		return mp, err
	}
	if !cfg.runtimeMetrics {
		return mp, nil
	}
	return mp, runtime.Start(runtime.WithMeterProvider(mp))
}
