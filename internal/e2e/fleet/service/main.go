// Command service is a service whose records are numbered, so that a test can
// tell which of them arrived. For each number it records a line and a trace of
// two spans, and prints the number once otelkit has accepted them.
//
// It goes on until its standard input ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/otelkit"
)

func main() {
	rate := flag.Int("rate", 100, "records a second, of each kind")
	first := flag.Int("first", 0, "the first number")
	flag.Parse()
	kit, err := otelkit.Init(context.Background(), otelkit.WithConsole(otelkit.ConsoleOff))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer func() {
		if err := kit.Shutdown(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()

	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	tick := time.NewTicker(time.Second / time.Duration(*rate))
	for n := *first; ; n++ {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		record(n)
		fmt.Println(n)
	}
}

// record records what one order does. Of a hundred orders four fail and two
// are slow.
func record(n int) {
	number := attribute.Int("number", n)
	start := time.Now()
	if n%50 == 7 {
		start = start.Add(-2 * time.Second)
	}
	tracer := otel.Tracer("numbered")
	ctx, order := tracer.Start(context.Background(), "POST /orders", trace.WithSpanKind(trace.SpanKindServer),
		trace.WithTimestamp(start), trace.WithAttributes(number))
	defer order.End()
	_, query := tracer.Start(ctx, "INSERT orders", trace.WithSpanKind(trace.SpanKindClient),
		trace.WithTimestamp(start), trace.WithAttributes(number))
	query.End()
	if n%25 == 3 {
		err := errors.New("out of stock")
		order.SetStatus(codes.Error, err.Error())
		slog.ErrorContext(ctx, "order_failed", "number", n, "error", err)
		return
	}
	slog.InfoContext(ctx, "order_paid", "number", n, "customer_tier", "gold")
}
