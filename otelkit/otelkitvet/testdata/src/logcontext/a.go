// Package logcontext logs with and without contexts.
package logcontext

import (
	"context"
	"log/slog"
	"net/http"
)

var logger = slog.Default()

func parameter(ctx context.Context) {
	slog.Info("order_paid", "order_id", 7) // want `the line has no context, so no trace id; use InfoContext with ctx`
	logger.Error("order_failed")           // want `use ErrorContext with ctx`
	slog.InfoContext(ctx, "order_paid")
	slog.InfoContext(context.Background(), "order_paid")     // want `the line has a context of nothing; pass ctx`
	logger.Log(context.TODO(), slog.LevelInfo, "order_paid") // want `a context of nothing`
	logger.LogAttrs(ctx, slog.LevelInfo, "order_paid", slog.Int("n", 1))
	logger.With("a", 1).Warn("order_slow") // want `use WarnContext with ctx`
}

func request(w http.ResponseWriter, r *http.Request) {
	slog.Info("order_received") // want `use InfoContext with r.Context\(\)`
	ctx := context.WithoutCancel(r.Context())
	slog.InfoContext(ctx, "order_received")
	slog.Info("order_received") // want `use InfoContext with ctx`
	func() {
		slog.Debug("order_received") // want `use DebugContext with ctx`
		{
			ctx := "another thing"
			slog.Debug("order_received", "ctx", ctx) // want `use DebugContext with r.Context\(\)`
		}
	}()
}

func none(_ context.Context) {
	slog.Info("started")
	slog.InfoContext(context.Background(), "started")
	ctx := context.Background()
	slog.InfoContext(ctx, "started")
}

func later() {
	slog.Info("started")
	ctx := context.Background()
	_ = ctx
}

func allowed(ctx context.Context) {
	slog.Info("detached") //otelkitvet:allow the request is over by now
	//otelkitvet:allow the request is over by now
	slog.Info("detached")

	slog.Info("detached") //otelkitvet:allow // want `use InfoContext`
}
