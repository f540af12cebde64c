package otlp

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
	"github.com/otelkit/otelkit-go/exporters/spool"
)

// metrics encodes what a reader collected and puts it into the queue.
type metrics struct {
	*pipe

	temporality sdkmetric.TemporalitySelector
	aggregation sdkmetric.AggregationSelector
}

var _ sdkmetric.Exporter = metrics{}

// Temporality implements sdkmetric.Exporter.
func (m metrics) Temporality(k sdkmetric.InstrumentKind) metricdata.Temporality {
	return m.temporality(k)
}

// Aggregation implements sdkmetric.Exporter.
func (m metrics) Aggregation(k sdkmetric.InstrumentKind) sdkmetric.Aggregation {
	return m.aggregation(k)
}

// Export encodes rm and returns without waiting for the network. It keeps
// nothing of rm. After Shutdown it returns an error.
func (m metrics) Export(_ context.Context, rm *metricdata.ResourceMetrics) error {
	if m.closing.Load() {
		return errShutdown
	}
	e, batch := m.encoder(), wire.NewBatch(wire.MetricShape)
	for _, sm := range rm.ScopeMetrics {
		for _, metric := range sm.Metrics {
			m.add(batch, e, rm.Resource, sm.Scope, metric)
		}
	}
	e.Repaired += batch.Repaired()
	m.release(e)
	if batch.Records() > 0 {
		m.ledger.accept(batch.Records())
		m.store(batch.Payload(), batch.Records())
	}
	return nil
}

var errShutdown = errors.New("otelkit: metrics: the exporter is shut down")

// add encodes one metric into batch. What goes wrong costs that one only.
func (m metrics) add(batch *wire.Batch, e *wire.Encoder, res *resource.Resource, scope instrumentation.Scope, metric metricdata.Metrics) {
	defer m.caught()
	e.Next()
	points, ok := e.Metric(metric)
	if !ok {
		m.ledger.accept(points)
		m.drop(points, DropUnknown, fmt.Errorf("metric %q: unknown aggregation or temporality", metric.Name))
		return
	}
	batch.Add(res, scope, e.Bytes(), points)
}

// store puts a request into the queue, in pieces if it is above the limit.
func (m metrics) store(payload []byte, points int) {
	if len(payload) > m.batchLimit() {
		if a, b, ok := m.path.Split(payload); ok {
			first, _ := m.path.Count(a)
			m.store(a, first)
			m.store(b, points-first)
			return
		}
	}
	_ = m.queue.Put(spool.Item{Signal: byte(m.signal), Records: points, Payload: payload})
}
