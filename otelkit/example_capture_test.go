package otelkit_test

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/otelkit/otelkit-go/otelkit"
)

// An error that prevents something is reported where it is known best, once.
func ExampleCaptureException() {
	kit := printing("error", "order", "exception.type")
	defer kit.Shutdown(context.Background())
	ctx := kit.Context(context.Background())

	err := fmt.Errorf("charge: %w", errors.New("card declined"))
	otelkit.CaptureException(ctx, err, "order", 17)
	// Output:
	// ERROR exception_captured order=17 error=charge: card declined exception.type=*errors.errorString
}

// What outlives a request keeps its trace and attributes, but is not cancelled
// with it, and its panics do not end the process.
func ExampleGo() {
	kit := printing("user_id", "error")
	defer kit.Shutdown(context.Background())
	ctx, cancel := context.WithCancel(kit.Context(context.Background()))
	ctx = otelkit.Bind(ctx, "user_id", "u-7")
	cancel()

	var done sync.WaitGroup
	done.Add(1)
	otelkit.Go(ctx, "warm cache", func(ctx context.Context) {
		defer done.Done()
		kit.Logger("shop").InfoContext(ctx, "cache_warmed", "cancelled", ctx.Err() != nil)
	})
	done.Wait()
	// Output:
	// INFO cache_warmed user_id=u-7
}

// A goroutine of one's own survives its panics.
func ExampleRecover() {
	kit := printing("error")
	defer kit.Shutdown(context.Background())
	ctx := kit.Context(context.Background())

	var done sync.WaitGroup
	done.Go(func() {
		defer otelkit.Recover(ctx)
		panic("out of stock")
	})
	done.Wait()
	// Output:
	// ERROR panic_recovered error=out of stock
}

// Attributes are bound to a context, or to all that follows in a request.
func ExampleBind() {
	kit := printing("user_id", "cart", "item")
	defer kit.Shutdown(context.Background())
	log := kit.Logger("shop")

	ctx := otelkit.Bind(context.Background(), "user_id", "u-7")
	log.InfoContext(ctx, "user_known")
	inner := otelkit.Bind(ctx, "cart", 3)
	log.InfoContext(inner, "item_added", "item", "book")
	log.InfoContext(ctx, "user_left")
	// Output:
	// INFO user_known user_id=u-7
	// INFO item_added user_id=u-7 cart=3 item=book
	// INFO user_left user_id=u-7
}
