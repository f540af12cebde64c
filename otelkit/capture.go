package otelkit

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/internal/attrvalue"
)

// CaptureException says that err prevents something from being done. It is
// recorded on the span of ctx, whose status becomes Error, logged once at ERROR
// as exception_captured, and becomes one Sentry issue with the caller's stack.
// A request, task or command that ctx belongs to counts as failed. args are
// attributes of the line and the issue, given as to [slog.With].
//
// The same error seen elsewhere, wrapped or not, makes no second issue. A nil
// err does nothing.
func CaptureException(ctx context.Context, err error, args ...any) {
	if err == nil {
		return
	}
	ctx = orBackground(ctx)
	k := FromContext(ctx)
	if k.off() {
		slog.Default().ErrorContext(ctx, "exception_captured", append(args, "error", err)...)
		return
	}
	defer reportPanic(k.report.Handle, "CaptureException")
	attrs := appendArgs(nil, args)
	e := told("exception_captured", slog.LevelError, err)
	e.stack = k.capture(ctx, err, sentry.WithAttributes(attrs...))
	k.events.capture.say(ctx, e, append(attrs, errorAttr(err))...)
}

// capture sends err to Sentry and puts it on the span of ctx, unless its scope
// has done so already. The stack that it returns belongs into the one line that
// tells of it.
func (k *Kit) capture(ctx context.Context, err error, opts ...sentry.CaptureOption) (stack []uintptr) {
	stack = caller()
	if !scopeOf(ctx).fail(err) {
		return stack
	}
	bound := sentry.WithAttributes(boundTo(ctx).appendTo(nil)...)
	k.pipeline.sentry.CaptureError(ctx, err, append([]sentry.CaptureOption{bound}, opts...)...)
	recordException(trace.SpanFromContext(ctx), err, stack)
	return stack
}

// Recover is for deferring at the top of a goroutine that must not take the
// process with it:
//
//	defer otelkit.Recover(ctx)
//
// It ends a panic and reports it like [CaptureException], as panic_recovered
// and a fatal issue. [http.ErrAbortHandler] is ended too, and not reported.
func Recover(ctx context.Context) {
	if value := recover(); value != nil {
		FromContext(ctx).panicked(orBackground(ctx), value)
	}
}

// RecoverAndRepanic is for deferring at the top of main and of goroutines whose
// panics must end the process. It reports a panic as [Recover] does, sends all
// there is, waiting at most for the shutdown time-out, and lets the panic go on
// with the same value.
func RecoverAndRepanic(ctx context.Context) {
	value := recover()
	if value == nil {
		return
	}
	// Order is important here: the panic goes on whatever happens before.
	defer panic(value)
	k := FromContext(ctx)
	k.panicked(orBackground(ctx), value)
	_ = k.ForceFlush(context.WithoutCancel(orBackground(ctx)))
}

// panicked reports a recovered panic everywhere but in a line of its outcome,
// and then says so in one of its own. It is called on the panicking goroutine.
func (k *Kit) panicked(ctx context.Context, value any) {
	if value == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
		return
	}
	if k.off() {
		slog.Default().ErrorContext(ctx, "panic_recovered", "error", panicError{value})
		return
	}
	stack, err := k.capturePanic(ctx, value)
	e := told("panic_recovered", slog.LevelError, err)
	e.stack = stack
	k.events.capture.say(ctx, e, errorAttr(err))
}

// capturePanic sends a recovered panic to Sentry and puts it on the span of
// ctx. What it returns belongs into the one line that tells of it.
func (k *Kit) capturePanic(ctx context.Context, value any) (stack []uintptr, err error) {
	defer reportPanic(k.report.Handle, "the report of a panic")
	stack, err = faulting(), asError(value)
	scopeOf(ctx).fail(err)
	k.pipeline.sentry.CapturePanic(ctx, value, sentry.WithAttributes(boundTo(ctx).appendTo(nil)...))
	recordException(trace.SpanFromContext(ctx), err, stack)
	return stack, err
}

// panicError is a panic with a value that is no error.
type panicError struct{ value any }

func (e panicError) Error() string { return attrvalue.Text(e.value) }

func asError(value any) error {
	if err, ok := value.(error); ok {
		return err
	}
	return panicError{value}
}

// recordException puts err on span (semantic conventions, "Exceptions on
// spans"). The SDK's RecordError would call Error unguarded and format a stack
// of its own.
func recordException(span trace.Span, err error, stack []uintptr) {
	if !span.IsRecording() {
		return
	}
	text := errorText(err)
	span.AddEvent(semconv.ExceptionEventName, trace.WithTimestamp(time.Now()), trace.WithAttributes(
		semconv.ExceptionType(errorType(err)),
		semconv.ExceptionMessage(text),
		semconv.ExceptionStacktrace(stackText([]error{err}, stack)),
	))
	span.SetStatus(codes.Error, text)
}

// errorText is err.Error(), which may panic. What it returns then is what
// exporters/sentry says, so that both are seen to be about the same error.
func errorText(err error) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("(%T, whose Error method panics)", err)
		}
	}()
	return err.Error()
}

// errorAttr is err under the key that lines of otelkit have it.
func errorAttr(err error) attribute.KeyValue {
	return attribute.KeyValue{Key: "error", Value: attrvalue.Of(err)}
}

// caller returns the stack of whoever called this package.
func caller() []uintptr {
	pcs := make([]uintptr, maxFrames)
	pcs = pcs[:runtime.Callers(2, pcs)]
	for len(pcs) > 1 && isOwn(pcs[0]) {
		pcs = pcs[1:]
	}
	return pcs
}

const ownPackage = "github.com/otelkit/otelkit-go/otelkit."

func isOwn(pc uintptr) bool {
	f := runtime.FuncForPC(pc - 1)
	return f != nil && strings.HasPrefix(f.Name(), ownPackage) && !isTest(f, pc)
}

// isTest reports whether pc is in a test of this package, which is a caller
// like any other.
func isTest(f *runtime.Func, pc uintptr) bool {
	file, _ := f.FileLine(pc - 1)
	return strings.HasSuffix(file, "_test.go")
}

// faulting returns the stack of the panic that is being recovered, from where it
// happened. Without a panic it is that of its caller.
func faulting() []uintptr {
	var buf [maxFrames + 16]uintptr
	pcs := buf[:runtime.Callers(2, buf[:])]
	// A panic in a deferred function has more than one; the last began it all.
	for i := len(pcs) - 1; i >= 0; i-- {
		if runtimeFunc(pcs[i]) != "runtime.gopanic" {
			continue
		}
		for i++; i < len(pcs) && strings.HasPrefix(runtimeFunc(pcs[i]), "runtime."); i++ {
			// A nil dereference has frames of the runtime below gopanic.
		}
		pcs = pcs[i:]
		break
	}
	return slices.Clone(pcs[:min(len(pcs), maxFrames)])
}

func runtimeFunc(pc uintptr) string {
	if f := runtime.FuncForPC(pc - 1); f != nil {
		return f.Name()
	}
	return ""
}

func orBackground(ctx context.Context) context.Context {
	if ctx == nil {
		return context.Background()
	}
	return ctx
}
