package otelkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/exporters/sentry"
)

// A TaskOption is a setting of [EnqueueTask] and [RunTask].
type TaskOption interface{ applyTask(*taskConfig) }

type taskConfig struct {
	strip    func(envelope map[string]string)
	expected []error
	parented bool
	attempt  int
}

type taskOption func(*taskConfig)

func (f taskOption) applyTask(c *taskConfig) { f(c) }

// WithEnvelopeFilter has strip take out of an envelope what must not be
// published. It is called by [EnqueueTask] with what is about to be published,
// and may change it.
func WithEnvelopeFilter(strip func(envelope map[string]string)) TaskOption {
	return taskOption(func(c *taskConfig) { c.strip = strip })
}

// WithExpectedErrors names errors, as for [errors.Is], that are a normal result
// of a task or a query: nothing is captured. A task logs task_failed at INFO then,
// without a stack, and a query nothing.
func WithExpectedErrors(errs ...error) ExpectedOption { return ExpectedOption{errs} }

// ExpectedOption is what [WithExpectedErrors] returns: a setting of [RunTask],
// [OpenDB] and [OpenSQL].
type ExpectedOption struct{ errs []error }

func (o ExpectedOption) applyTask(c *taskConfig) { c.expected = append(c.expected, o.errs...) }
func (o ExpectedOption) applySQL(c *sqlConfig)   { c.expected = append(c.expected, o.errs...) }

// WithTaskParent makes the span of a task a child of the one that enqueued it.
// Default: it begins a trace of its own, linked to that span, as a task may run much later
// or many times.
func WithTaskParent() TaskOption { return taskOption(func(c *taskConfig) { c.parented = true }) }

// WithAttempt tells which attempt at a task this is, from 1.
func WithAttempt(n int) TaskOption { return taskOption(func(c *taskConfig) { c.attempt = n }) }

func newTaskConfig(opts []TaskOption) (c taskConfig) {
	for _, o := range opts {
		if o != nil {
			o.applyTask(&c)
		}
	}
	return c
}

// Retry marks err as the reason why a task will be tried again: returned by a
// task, it is logged as task_retrying at WARN and not captured. It wraps err; of
// nil it is nil.
func Retry(err error) error {
	if err == nil {
		return nil
	}
	return &retryError{err}
}

// IsRetry reports whether err, which [RunTask] returned, was marked by [Retry]: the
// task goes back to the queue.
func IsRetry(err error) bool {
	_, ok := find[*retryError](err)
	return ok
}

type retryError struct{ err error }

func (e *retryError) Error() string { return e.err.Error() }
func (e *retryError) Unwrap() error { return e.err }

// EnqueueTask calls publish with the envelope of a task called name, which is to
// travel with it through the queue, whatever that is. The envelope has the trace
// context, the correlation id and the bound attributes of ctx, scrubbed, and an
// id. A span of kind PRODUCER is around the call.
//
// It logs task_enqueued at INFO, or task_enqueue_failed at WARN, and returns the
// error of publish, which belongs to the caller.
func EnqueueTask(ctx context.Context, name string, publish func(ctx context.Context, envelope map[string]string) error, opts ...TaskOption) error {
	ctx = orBackground(ctx)
	k, c := FromContext(ctx), newTaskConfig(opts)
	if k.off() {
		return publish(ctx, map[string]string{})
	}
	ctx, span := k.tracer().Start(ctx, "enqueue "+name, trace.WithSpanKind(trace.SpanKindProducer),
		trace.WithAttributes(semconv.MessagingOperationTypeSend, semconv.MessagingOperationName("enqueue")))
	defer span.End()

	envelope := k.seal(ctx)
	id := envelope[envelopeID]
	if c.strip != nil {
		c.strip(envelope)
	}
	about := []attribute.KeyValue{attribute.String("task", name), attribute.String("task_id", id)}
	if err := publish(ctx, envelope); err != nil {
		span.SetStatus(codes.Error, errorText(err))
		k.events.task.say(ctx, entry{event: "task_enqueue_failed", level: slog.LevelWarn, errs: []error{err}}, append(about, errorAttr(err))...)
		return err
	}
	k.events.task.say(ctx, entry{event: "task_enqueued", level: slog.LevelInfo}, about...)
	return nil
}

// RunTask runs a task called name that came out of a queue with envelope, which
// may be nil. Its context has the correlation id and the attributes that were
// bound where it was enqueued, its task_id and a span of kind CONSUMER.
//
// It logs task_started at INFO and then exactly one of
//
//	task_succeeded  INFO
//	task_failed     ERROR: run returned an error, which is captured, or panicked;
//	                INFO if the error was expected
//	task_retrying   WARN: run returned an error marked by [Retry]
//	task_cancelled  WARN: run returned because ctx was cancelled
//
// with the duration, and returns the error of run. A panic is captured and
// becomes an error, so that it does not end the worker.
func RunTask(ctx context.Context, name string, envelope map[string]string, run func(context.Context) error, opts ...TaskOption) error {
	ctx = orBackground(ctx)
	k, c := FromContext(ctx), newTaskConfig(opts)
	if k.off() {
		return run(ctx)
	}
	t := &task{kit: k, name: name, config: c, scope: k.newScope(), started: time.Now()}
	ctx = t.begin(ctx, envelope)
	defer t.span.End()
	defer t.scope.ring.close(false)
	stack, panicked, err := guarded(ctx, k, run)
	t.end(ctx, err, stack, panicked)
	return err
}

// guarded calls run and turns its panic into an error. stack is that of the
// panic.
func guarded(ctx context.Context, k *Kit, run func(context.Context) error) (stack []uintptr, panicked bool, err error) {
	defer func() {
		if value := recover(); value != nil {
			stack, err = k.capturePanic(ctx, value)
			panicked, err = true, fmt.Errorf("panic: %w", err)
		}
	}()
	return nil, false, run(ctx)
}

// task is a task under way.
type task struct {
	kit     *Kit
	name    string
	config  taskConfig
	scope   *scope
	span    trace.Span
	started time.Time
}

func (t *task) begin(ctx context.Context, envelope map[string]string) context.Context {
	carrier, attrs := t.kit.open(envelope)
	attrs = append(attrs, attribute.String("task", t.name))
	if t.config.attempt > 0 {
		attrs = append(attrs, attribute.Int("attempt", t.config.attempt))
	}
	ctx = child(ctx, &binding{attrs: attrs, kit: t.kit, scope: t.scope, opens: true})

	sender := t.kit.propagator.Extract(ctx, carrier)
	opts := []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(semconv.MessagingOperationTypeProcess, semconv.MessagingOperationName("run")),
	}
	if sc := trace.SpanContextFromContext(sender); sc.IsRemote() && !t.config.parented {
		opts = append(opts, trace.WithNewRoot(), trace.WithLinks(trace.Link{SpanContext: sc}))
	}
	ctx, t.span = t.kit.tracer().Start(sender, "run "+t.name, opts...)
	if t.kit.config.boundSpans {
		t.scope.span = t.span
	}
	t.kit.events.task.say(ctx, entry{event: "task_started", level: slog.LevelInfo})
	return ctx
}

func (t *task) end(ctx context.Context, err error, stack []uintptr, panicked bool) {
	again, retry := find[*retryError](err)
	switch {
	case panicked:
		e := told("task_failed", slog.LevelError, err)
		e.stack = stack
		t.say(ctx, e, append(t.scope.ring.close(true), errorAttr(err))...)
	case err == nil:
		t.succeeded(ctx)
	case ctx.Err() != nil && isAny(err, []error{context.Canceled, context.DeadlineExceeded}):
		t.say(ctx, told("task_cancelled", slog.LevelWarn, nil), attribute.String("reason", errorText(context.Cause(ctx))))
	case retry:
		t.say(ctx, told("task_retrying", slog.LevelWarn, again.err), attribute.String("reason", errorText(err)))
	case isAny(err, t.config.expected):
		t.say(ctx, entry{event: "task_failed", level: slog.LevelInfo}, errorAttr(err))
	default:
		t.failed(ctx, err)
	}
}

// succeeded says that the task did what it should, although it may have captured
// something on the way.
func (t *task) succeeded(ctx context.Context) {
	if err := t.scope.failed(); err != nil {
		t.say(ctx, told("task_failed", slog.LevelError, err), append(t.scope.ring.close(true), errorAttr(err))...)
		return
	}
	t.say(ctx, told("task_succeeded", slog.LevelInfo, nil))
}

func (t *task) failed(ctx context.Context, err error) {
	e := told("task_failed", slog.LevelError, err)
	// The stack is that of the worker, so it says nothing of which task it was.
	e.stack = t.kit.capture(ctx, err, sentry.WithFingerprint("{{ default }}", t.name, errorType(err)))
	t.say(ctx, e, append(t.scope.ring.close(true), errorAttr(err))...)
}

func (t *task) say(ctx context.Context, e entry, attrs ...attribute.KeyValue) {
	t.kit.events.task.say(ctx, e, append(attrs, milliseconds(time.Since(t.started)))...)
}

func (k *Kit) tracer() trace.Tracer { return k.traces.Tracer(tracerName) }

// isAny reports whether err is one of targets, without trusting its methods.
func isAny(err error, targets []error) (is bool) {
	defer func() {
		if recover() != nil {
			is = false
		}
	}()
	return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
}

// find is [errors.As] without trust in the methods of err.
func find[T any](err error) (found T, ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	ok = errors.As(err, &found)
	return found, ok
}
