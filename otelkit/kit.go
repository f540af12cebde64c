package otelkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/log"
	lognoop "go.opentelemetry.io/otel/log/noop"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	tracenoop "go.opentelemetry.io/otel/trace/noop"
)

// Kit is the telemetry of one service, made by [Init]. Its methods are safe for
// concurrent use, and safe on a nil Kit and on one that Init returned beside an
// error: both do nothing.
type Kit struct {
	running bool // false for the zero Kit: all methods do nothing
	config  config
	levels  *levels
	report  *reporter

	traces   *sdktrace.TracerProvider
	metrics  *sdkmetric.MeterProvider
	logs     *sdklog.LoggerProvider
	pipeline *pipeline
	globals  *globals

	tracers    trace.TracerProvider          // traces, without a way to attach to them
	loggers    log.LoggerProvider            // logs, with scopes scrubbed
	meters     *meterProvider                // metrics, each instrument guarded
	propagator propagation.TextMapPropagator // scrubs what goes out
	events     events
	kept       atomic.Int64 // lines in the rings of WithDebugOnError

	stopping    atomic.Bool
	stopped     chan struct{} // closed when Shutdown is done
	shutdownErr error         // of Shutdown, once it is done
}

func (k *Kit) off() bool { return k == nil || !k.running }

// Logger returns a logger whose lines carry the attributes bound to their
// context and its trace and span id. Its name is the instrumentation scope and
// decides its level; dots make a hierarchy ("shop.payment").
//
// On a kit that does nothing it is [slog.Default].
func (k *Kit) Logger(name string) *slog.Logger {
	if k.off() {
		return slog.Default()
	}
	return slog.New(&handler{
		gate:   k.levels.gate(name),
		source: newSource(k.loggers.Logger(name)),
		debug:  k.config.debugLines > 0,
		report: k.report.Handle,
	})
}

// SetLevel changes the level of all loggers, or of the named ones and those
// below them, at once. A logger with a level of its own keeps it when all are
// set.
func (k *Kit) SetLevel(level slog.Level, loggers ...string) {
	if !k.off() {
		k.levels.set(level, loggers...)
	}
}

// TracerProvider returns the provider of tracers.
func (k *Kit) TracerProvider() trace.TracerProvider {
	if k.off() {
		return tracenoop.NewTracerProvider()
	}
	return k.tracers
}

// MeterProvider returns the provider of meters.
func (k *Kit) MeterProvider() metric.MeterProvider {
	if k.off() {
		return metricnoop.NewMeterProvider()
	}
	return k.meters
}

// LoggerProvider returns the provider behind [Kit.Logger], for the bridges of
// other log libraries.
func (k *Kit) LoggerProvider() log.LoggerProvider {
	if k.off() {
		return lognoop.NewLoggerProvider()
	}
	return k.loggers
}

// Propagator returns what carries trace context and baggage between processes.
// Sensitive baggage and trace state stay here: what it injects is scrubbed.
func (k *Kit) Propagator() propagation.TextMapPropagator {
	if k == nil || k.propagator == nil {
		return propagation.NewCompositeTextMapPropagator()
	}
	return k.propagator
}

// ForceFlush sends what has been recorded and returns when as much is delivered or
// dropped as was waiting, or ctx ends, or after the shutdown time-out if ctx has no
// deadline. What could not be sent stays queued. While others go on recording, later
// records may stand in for a request that the Collector does not take: nil says that
// telemetry flows, [Kit.Health] what is pending.
func (k *Kit) ForceFlush(ctx context.Context) error {
	if k.off() {
		return nil
	}
	ctx, cancel := k.bounded(orBackground(ctx))
	defer cancel()
	return wrap("flush", together(ctx, k.traces.ForceFlush, k.metrics.ForceFlush, k.logs.ForceFlush))
}

// Shutdown sends what has been recorded, stops all goroutines and gives the
// globals back. It returns when that is done or ctx ends, or after the shutdown
// time-out (5 s by default) if ctx has no deadline. Once ctx has ended, what is
// left is counted as lost, or stays in the spool, which takes some milliseconds
// more and never above half a second. The error, which is said on the
// diagnostics writer too, tells what went wrong; [Kit.Health] has the books.
//
// Only the first call has an effect; others wait for it and return its error.
// What is recorded later is dropped, but lines logged through package slog go,
// scrubbed, where the default logger wrote before Init.
func (k *Kit) Shutdown(ctx context.Context) error {
	if k.off() {
		return nil
	}
	ctx, cancel := k.bounded(orBackground(ctx))
	defer cancel()
	if k.stopping.CompareAndSwap(false, true) {
		k.globals.restore()
		k.shutdownErr = wrap("shutdown", k.stop(ctx))
		close(k.stopped)
		return k.shutdownErr
	}
	if !endsWith(ctx, k.stopped) {
		return wrap("shutdown", context.Cause(ctx))
	}
	return k.shutdownErr
}

// stop ends the providers and then the exporters: only a provider that has
// ended has handed everything on.
func (k *Kit) stop(ctx context.Context) error {
	err := errors.Join(
		together(ctx, k.traces.Shutdown, k.metrics.Shutdown, k.logs.Shutdown),
		k.pipeline.shutdown(ctx),
	)
	k.report.Handle(wrap("shutdown", err))
	k.report.close(ctx)
	return err
}

func (k *Kit) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, k.config.shutdownTimeout)
}

// grace is how long those that ctx has ended may take to close their books. That
// waits for no network.
const grace = 500 * time.Millisecond

// endsWith waits for done, but not longer than ctx and grace, and says whether it
// came.
func endsWith(ctx context.Context, done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-ctx.Done():
	}
	last := time.NewTimer(grace)
	defer last.Stop()
	select {
	case <-done:
		return true
	case <-last.C:
		return false
	}
}

// together runs fns side by side under one deadline and waits for all of them,
// but not much longer than ctx: the SDK may hold on to a provider that is in use.
func together(ctx context.Context, fns ...func(context.Context) error) error {
	var (
		mu   sync.Mutex
		errs []error
		all  sync.WaitGroup
		done = make(chan struct{})
	)
	for _, fn := range fns {
		all.Go(func() {
			err := fn(ctx)
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, err)
		})
	}
	go func() { all.Wait(); close(done) }()
	complete := endsWith(ctx, done)
	mu.Lock()
	defer mu.Unlock()
	if !complete {
		errs = append(errs, context.Cause(ctx))
	}
	return errors.Join(errs...)
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("otelkit: %s: %w", what, err)
}
