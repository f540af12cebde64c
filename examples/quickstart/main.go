// Command quickstart is an HTTP service that calls itself a few times: with
// success, slowly, and with a failure. It logs secrets, which do not leave it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/otelkit/otelkit-go/otelkit"
)

func main() {
	n := flag.Int("n", 4, "how many requests; 0 means until SIGTERM")
	flag.Parse()

	kit, err := otelkit.Init(context.Background(), otelkit.WithServiceName("shop"))
	if err != nil {
		log.Fatal(err)
	}
	err = kit.RunUntilSignal(context.Background(), func(ctx context.Context) error { return serve(ctx, *n) })
	if err != nil {
		log.Fatal(err)
	}
}

// serve starts the shop and orders from it until n requests are done or ctx ends.
func serve(ctx context.Context, n int) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders/{id}", order)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	shop := &http.Server{Handler: otelkit.HTTPMiddleware()(mux), ReadHeaderTimeout: time.Second}
	go func() { _ = shop.Serve(listener) }()
	defer func() { _ = shop.Close() }()

	done := 0
	for ; (n == 0 || done < n) && ctx.Err() == nil; done++ {
		url := fmt.Sprintf("http://%s/orders/%d?token=s3cr3t-%d", listener.Addr(), done, done)
		// A request that has begun is finished, also after SIGTERM.
		if err := post(context.WithoutCancel(ctx), url); err != nil {
			return err
		}
	}
	fmt.Printf("%d requests\n", done)
	return nil
}

var client = http.Client{Transport: otelkit.HTTPTransport(http.DefaultTransport)}

func post(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

var errDeclined = errors.New("card declined")

// order logs events in a context. Each line has the trace id of its request.
func order(w http.ResponseWriter, r *http.Request) {
	ctx := otelkit.Bind(r.Context(), "order_id", r.PathValue("id"))
	slog.InfoContext(ctx, "order_received", "email", "ada@example.com", "password", "hunter2-hunter2",
		"note", "pay with 4111 1111 1111 1111, diagnosis=E11.9, api_key=0123456789abcdef-key")

	switch r.PathValue("id") {
	case "1":
		time.Sleep(120 * time.Millisecond)
		slog.WarnContext(ctx, "payment_slow", "provider", "acme", "duration", 120*time.Millisecond)
	case "2":
		err := fmt.Errorf("charge 4111111111111111: %w", errDeclined)
		slog.ErrorContext(ctx, "payment_failed", "error", err)
		http.Error(w, "payment failed", http.StatusBadGateway)
		return
	}
	slog.InfoContext(ctx, "order_paid", "amount", 42.5, "currency", "EUR")
}
