package otlptest

import (
	colmetricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
)

// Metric is a metric with the resource and the scope it arrived under.
type Metric struct {
	*metricspb.Metric
	Resource *resourcepb.Resource
	Scope    *commonpb.InstrumentationScope
}

// Metrics returns every metric in accepted requests, in the order of arrival.
func (r *Receiver) Metrics() []Metric {
	var all []Metric
	for _, q := range r.accepted(Metrics) {
		all = append(all, q.Metrics()...)
	}
	return all
}

// Metrics returns the metrics in the request; none if it is of another signal.
func (q Request) Metrics() []Metric {
	m, ok := q.Message.(*colmetricspb.ExportMetricsServiceRequest)
	if !ok {
		return nil
	}
	var all []Metric
	for _, resource := range m.GetResourceMetrics() {
		for _, scope := range resource.GetScopeMetrics() {
			for _, record := range scope.GetMetrics() {
				all = append(all, Metric{record, resource.GetResource(), scope.GetScope()})
			}
		}
	}
	return all
}
