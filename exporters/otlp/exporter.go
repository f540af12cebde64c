package otlp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"golang.org/x/sync/errgroup"
)

// DefaultShutdownTimeout bounds Shutdown when its context has no deadline.
const DefaultShutdownTimeout = 5 * time.Second

// Exporter sends the three signals to their receivers. Its methods are safe
// for concurrent use. A nil Exporter is off.
type Exporter struct {
	traces  *traces
	metrics *metrics
	logs    *logs
}

// New returns an Exporter for the signals that have an endpoint. It makes no
// connection; a receiver that cannot be reached is not an error. Errors name
// the setting that is wrong and never hold a credential.
func New(opts ...Option) (*Exporter, error) {
	c := config{
		endpoints:   map[Signal]Endpoint{},
		batches:     map[Signal]Batch{},
		queueBytes:  DefaultQueueBytes,
		handler:     func(err error) { fmt.Fprintln(os.Stderr, err) },
		temporality: sdkmetric.DefaultTemporalitySelector,
		aggregation: sdkmetric.DefaultAggregationSelector,
	}
	for _, o := range opts {
		if o != nil {
			o.apply(&c)
		}
	}
	e := &Exporter{}
	var errs []error
	for signal, start := range map[Signal]func(config, Endpoint, target) error{
		Traces:  e.startTraces,
		Metrics: e.startMetrics,
		Logs:    e.startLogs,
	} {
		endpoint, on := c.endpoints[signal]
		if !on {
			continue
		}
		t, err := endpoint.parse(signal)
		if err == nil {
			err = start(c, endpoint, t)
		}
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		_ = e.Shutdown(context.Background())
		return nil, err
	}
	return e, nil
}

// SpanProcessor returns the processor to register with a TracerProvider, nil
// if traces have no endpoint.
func (e *Exporter) SpanProcessor() sdktrace.SpanProcessor {
	if e == nil || e.traces == nil {
		return nil
	}
	return e.traces
}

// LogProcessor returns the processor to register with a LoggerProvider, nil if
// logs have no endpoint.
func (e *Exporter) LogProcessor() sdklog.Processor {
	if e == nil || e.logs == nil {
		return nil
	}
	return e.logs
}

// MetricExporter returns the exporter to give to a PeriodicReader, nil if
// metrics have no endpoint.
func (e *Exporter) MetricExporter() sdkmetric.Exporter {
	if e == nil || e.metrics == nil {
		return nil
	}
	return e.metrics
}

type part interface {
	ForceFlush(context.Context) error
	Shutdown(context.Context) error
}

func (e *Exporter) parts() []part {
	var parts []part
	if e == nil {
		return nil
	}
	if e.traces != nil {
		parts = append(parts, e.traces)
	}
	if e.metrics != nil {
		parts = append(parts, e.metrics)
	}
	if e.logs != nil {
		parts = append(parts, e.logs)
	}
	return parts
}

// ForceFlush sends what was accepted before the call and returns when the
// receiver has it, it was dropped, or ctx ends. What is not sent by then stays
// in the queue.
func (e *Exporter) ForceFlush(ctx context.Context) error {
	return sideBySide(e.parts(), func(p part) error { return p.ForceFlush(ctx) })
}

// Shutdown sends what is left and ends the exporter's goroutines, within the
// deadline of ctx or DefaultShutdownTimeout if it has none. The error says how
// much could not be sent. Records that come later are ignored. Only the first
// call has an effect.
func (e *Exporter) Shutdown(ctx context.Context) error {
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, DefaultShutdownTimeout)
		defer cancel()
	}
	return sideBySide(e.parts(), func(p part) error { return p.Shutdown(ctx) })
}

func sideBySide(parts []part, do func(part) error) error {
	errs := make([]error, len(parts))
	var g errgroup.Group
	for i, p := range parts {
		g.Go(func() error { errs[i] = do(p); return nil })
	}
	_ = g.Wait()
	return errors.Join(errs...)
}

// Stats returns the books of all signals.
func (e *Exporter) Stats() Stats {
	var s Stats
	if e == nil {
		return s
	}
	if e.traces != nil {
		s.Traces = e.traces.books()
	}
	if e.metrics != nil {
		s.Metrics = e.metrics.books()
	}
	if e.logs != nil {
		s.Logs = e.logs.books()
	}
	return s
}
