package otelkit

import (
	"context"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
)

// The loggers of what otelkit says about requests, tasks and the like. Each has
// a level of its own: WithLogLevel(slog.LevelWarn, "otelkit.http").
const (
	httpLogger    = "otelkit.http"
	grpcLogger    = "otelkit.grpc"
	sqlLogger     = "otelkit.sql"
	taskLogger    = "otelkit.task"
	commandLogger = "otelkit.command"
	captureLogger = "otelkit.capture"
)

// events are the loggers by name, made once.
type events struct {
	http, grpc, sql, task, command, capture *handler
}

func (k *Kit) newEvents() events {
	named := func(name string) *handler { return k.Logger(name).Handler().(*handler) }
	return events{
		http: named(httpLogger), grpc: named(grpcLogger), sql: named(sqlLogger),
		task: named(taskLogger), command: named(commandLogger), capture: named(captureLogger),
	}
}

// say emits a line of otelkit's own with the attributes bound to ctx and attrs.
func (h *handler) say(ctx context.Context, e entry, attrs ...attribute.KeyValue) {
	h.sayWith(ctx, e, func(kvs []attribute.KeyValue) []attribute.KeyValue { return append(kvs, attrs...) })
}

// sayWith is say for attributes that are made where the line needs them.
func (h *handler) sayWith(ctx context.Context, e entry, appendTo func([]attribute.KeyValue) []attribute.KeyValue) {
	if !h.gate.enabled(e.level) {
		return
	}
	defer reportPanic(h.report, e.event)
	if e.time.IsZero() {
		e.time = time.Now()
	}
	l := linePool.Get().(*line)
	defer l.release()
	l.ctx = ctx
	l.Attributes = appendTo(boundTo(ctx).appendTo(l.Attributes))
	l.emit(h.source, e)
}

// told is a line that says how an operation ended. err may be nil.
func told(event string, level slog.Level, err error) entry {
	e := entry{event: event, level: level, outcome: true}
	if err != nil {
		e.errs = []error{err}
	}
	return e
}

// milliseconds is a duration as lines have it.
func milliseconds(d time.Duration) attribute.KeyValue {
	return attribute.Float64("duration_ms", float64(d.Microseconds())/1000)
}
