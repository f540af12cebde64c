// Package logerror logs errors well and badly.
package logerror

import (
	"context"
	"errors"
	"log/slog"

	"github.com/otelkit/otelkit-go/otelkit"
	"go.opentelemetry.io/otel/attribute"
)

type failure struct{}

func (failure) Error() string { return "" }

type gauge struct{}

func (gauge) Error() float64 { return 0 }

func do() error { return errors.New("x") }

func texts(ctx context.Context, err error, f failure, g gauge) {
	slog.ErrorContext(ctx, "order_failed", "error", err)
	slog.ErrorContext(ctx, "order_failed", "error", err.Error())           // want `the text of an error is not the error`
	slog.WarnContext(ctx, "order_failed", slog.String("error", f.Error())) // want `the text of an error`
	slog.WarnContext(ctx, "order_failed", "error", g.Error())
	_ = otelkit.Bind(ctx, "cause", err.Error()) // want `the text of an error`
	_ = attribute.String("error", err.Error())
}

func dropped(ctx context.Context) {
	if err := do(); err != nil {
		slog.ErrorContext(ctx, "order_failed") // want `err is dropped: it is neither on this line, nor returned, nor captured`
	}
	err := do()
	if ctx != nil && err != nil {
		slog.Default().Log(ctx, slog.LevelError, "order_failed", "n", 1) // want `err is dropped`
		return
	}
	if err := do(); err != nil {
		slog.ErrorContext(ctx, "order_failed") //otelkitvet:allow it is reported below
	}
}

func kept(ctx context.Context) (result error) {
	if err := do(); err != nil {
		slog.ErrorContext(ctx, "order_failed", "error", err)
	}
	if err := do(); err != nil {
		slog.ErrorContext(ctx, "order_failed")
		otelkit.CaptureException(ctx, err)
	}
	if err := do(); err != nil {
		slog.WarnContext(ctx, "order_slow")
	}
	if err := do(); err == nil {
		slog.ErrorContext(ctx, "order_unexpected")
	}
	if result = do(); result != nil {
		slog.ErrorContext(ctx, "order_failed")
		return
	}
	err := do()
	if err != nil {
		slog.ErrorContext(ctx, "order_failed")
		return err
	}
	return nil
}

func droppedElsewhere(ctx context.Context) {
	err := do()
	if nil != err {
		slog.ErrorContext(ctx, "order_failed") // want `err is dropped`
	}
	if err == nil {
		slog.InfoContext(ctx, "order_paid")
	} else {
		slog.ErrorContext(ctx, "order_failed") // want `err is dropped`
	}
	if ctx == nil || err == nil {
		slog.InfoContext(ctx, "order_paid")
	} else if ctx.Err() == nil {
		slog.ErrorContext(ctx, "order_failed") // want `err is dropped`
	}
	if !(err == nil) {
		slog.ErrorContext(ctx, "order_failed") // want `err is dropped`
	}
	switch {
	case ctx == nil:
		slog.ErrorContext(ctx, "order_without_context")
	case err != nil && ctx.Err() == nil:
		slog.ErrorContext(ctx, "order_failed") // want `err is dropped`
	}
	switch {
	default:
		slog.ErrorContext(ctx, "order_failed") // want `err is dropped`
	case err == nil:
	}
}

func keptElsewhere(ctx context.Context) error {
	err := do()
	if err == nil {
		slog.ErrorContext(ctx, "order_unexpected")
	} else {
		slog.ErrorContext(ctx, "order_failed", "error", err)
	}
	if ctx == nil || err != nil {
		slog.ErrorContext(ctx, "order_impossible")
	} else {
		slog.ErrorContext(ctx, "order_unexpected")
	}
	if ctx != nil && err == nil {
		slog.InfoContext(ctx, "order_paid")
	} else {
		slog.ErrorContext(ctx, "order_impossible")
	}
	switch {
	case err == nil:
		slog.ErrorContext(ctx, "order_unexpected")
	case ctx == nil, err != nil:
		slog.ErrorContext(ctx, "order_impossible")
	default:
		slog.ErrorContext(ctx, "order_failed", "error", err)
	}
	switch err {
	case nil:
	default:
		slog.ErrorContext(ctx, "order_failed")
		return err
	}
	switch {
	case err != nil:
		slog.ErrorContext(ctx, "order_failed")
		return err
	}
	return nil
}
