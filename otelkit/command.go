package otelkit

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// RunCommand runs a command, such as a migration or a cron job, and returns the
// exit code of the process:
//
//	os.Exit(otelkit.RunCommand(ctx, "reindex", reindex))
//
// It logs command_started and command_finished at INFO, or command_failed at
// ERROR if run returns an error, which is captured. Both have the exit code and
// the duration. All lines of the command have its command_id, and
// parent_command_id if it is run by another. Before the outermost returns,
// everything is sent, waiting at most for the shutdown time-out, since a short run
// would end before the next batch.
//
// A command that fails right after one that it ran has failed is no second issue.
//
// The exit code is 0, or what the error's ExitCode method says, or 1. A panic is
// reported, everything is sent, and it goes on.
func RunCommand(ctx context.Context, name string, run func(context.Context) error) (exitCode int) {
	ctx = orBackground(ctx)
	k := FromContext(ctx)
	if k.off() {
		return exitCodeOf(run(ctx))
	}
	c := &command{kit: k, scope: k.newScope(), started: time.Now(), id: k.newID(), outer: commandOf(ctx)}
	attrs := []attribute.KeyValue{attribute.String("command", name), attribute.String("command_id", c.id)}
	if c.outer != nil {
		defer func() { c.outer.inner.Store(exitCode != 0) }()
		attrs = append(attrs, attribute.String("parent_command_id", c.outer.id))
	} else {
		defer func() { _ = k.ForceFlush(context.WithoutCancel(ctx)) }()
	}
	ctx = child(ctx, &binding{attrs: attrs, kit: k, scope: c.scope, opens: true})
	ctx = context.WithValue(ctx, commandKey{}, c)
	return c.run(ctx, name, run)
}

type commandKey struct{}

func commandOf(ctx context.Context) *command {
	c, _ := ctx.Value(commandKey{}).(*command)
	return c
}

// command is one under way.
type command struct {
	kit     *Kit
	scope   *scope
	id      string
	started time.Time
	outer   *command // nil for the outermost

	// inner is whether the command that it ran last failed.
	inner atomic.Bool
}

func (c *command) run(ctx context.Context, name string, run func(context.Context) error) (exitCode int) {
	ctx, span := c.kit.tracer().Start(ctx, name)
	defer span.End()
	defer c.scope.ring.close(false)
	if c.kit.config.boundSpans {
		c.scope.span = span
	}
	c.kit.events.command.say(ctx, entry{event: "command_started", level: slog.LevelInfo})
	defer func() {
		if value := recover(); value != nil {
			// Order is important here: the panic goes on whatever happens before.
			defer panic(value)
			stack, err := c.kit.capturePanic(ctx, value)
			c.failed(ctx, err, stack, exitPanic)
		}
	}()
	err := run(ctx)
	if err == nil {
		err = c.scope.failed()
		if err == nil {
			c.say(ctx, told("command_finished", slog.LevelInfo, nil), 0)
			return 0
		}
		// Something was captured, and yet the command has done its work.
		c.failed(ctx, err, nil, 0)
		return 0
	}
	exitCode = exitCodeOf(err)
	c.failed(ctx, err, c.capture(ctx, span, err), exitCode)
	return exitCode
}

// capture sends err to Sentry, unless it only passes on that the command run last has
// failed: that one's error was sent, and an exit code is all that is known of it here.
func (c *command) capture(ctx context.Context, span trace.Span, err error) (stack []uintptr) {
	if !c.inner.Load() {
		return c.kit.capture(ctx, err)
	}
	span.SetStatus(codes.Error, errorText(err))
	return caller()
}

func (c *command) failed(ctx context.Context, err error, stack []uintptr, exitCode int) {
	e := told("command_failed", slog.LevelError, err)
	e.stack = stack
	c.say(ctx, e, exitCode, append(c.scope.ring.close(true), errorAttr(err))...)
}

func (c *command) say(ctx context.Context, e entry, exitCode int, attrs ...attribute.KeyValue) {
	attrs = append(attrs, attribute.Int("exit_code", exitCode), milliseconds(time.Since(c.started)))
	c.kit.events.command.say(ctx, e, attrs...)
}

// exitPanic is what the runtime exits with after a panic.
const exitPanic = 2

// exitCodeOf never makes a success of an error: its ExitCode may panic, or say
// what is 0 in the one byte that a parent process gets.
func exitCodeOf(err error) (code int) {
	if err == nil {
		return 0
	}
	defer func() {
		if recover() != nil || code&0xff == 0 {
			code = 1
		}
	}()
	if coded, ok := find[interface{ ExitCode() int }](err); ok {
		return coded.ExitCode()
	}
	return 1
}
