package otelkit

import "context"

// Go runs fn in a goroutine that may outlive the request it is started from.
// Its context has the trace and the bound attributes of ctx and is not cancelled
// with it; a span called name, a child of the one of ctx, is around it.
//
// A panic of fn ends the goroutine and not the process: it is reported like one
// that [Recover] finds. Whether the request failed does not depend on it.
func Go(ctx context.Context, name string, fn func(context.Context)) {
	k := FromContext(ctx)
	ctx = child(context.WithoutCancel(orBackground(ctx)), &binding{scope: k.newScope(), opens: true})
	go func() {
		ctx, span := k.TracerProvider().Tracer(tracerName).Start(ctx, name)
		defer span.End()
		defer Recover(ctx)
		fn(ctx)
	}()
}

// tracerName is the instrumentation scope of the spans that otelkit makes itself.
const tracerName = "github.com/otelkit/otelkit-go/otelkit"
