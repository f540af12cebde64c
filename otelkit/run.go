package otelkit

import (
	"context"
	"os/signal"
	"syscall"
)

// RunUntilSignal calls run with a context that ends at SIGINT or SIGTERM, waits
// for it to return and shuts the kit down, so that a service that is told to
// stop loses nothing. The error is that of run: one of [Kit.Shutdown]
// is said on the diagnostics writer and fails no service.
//
// It never exits the process and leaves the handlers of other signals alone. A
// second signal, while run is still cleaning up, has the effect it would have
// without this function: it ends the process.
func (k *Kit) RunUntilSignal(ctx context.Context, run func(context.Context) error) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	// Deferred, so that a panic of run on its way up is flushed too.
	defer func() { _ = k.Shutdown(context.WithoutCancel(ctx)) }()
	return run(ctx)
}
