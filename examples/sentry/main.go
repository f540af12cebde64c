// Command sentry shows what becomes a Sentry issue and what does not. It sends
// to a small Sentry inside itself and prints the issues that arrived there; with
// SENTRY_DSN or SENTRY_SPOTLIGHT set, it sends to that instead.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"

	"github.com/otelkit/otelkit-go/otelkit"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out io.Writer) error {
	options := []otelkit.Option{otelkit.WithServiceName("shop"), otelkit.WithConsole(otelkit.ConsoleOff)}
	var inside *issues
	if os.Getenv("SENTRY_DSN") == "" && os.Getenv("SENTRY_SPOTLIGHT") == "" {
		inside = &issues{}
		address, stop, err := listen(ctx, inside)
		if err != nil {
			return err
		}
		defer stop()
		options = append(options, otelkit.WithSentryDSN("http://key@"+address+"/1"))
	}
	kit, err := otelkit.Init(ctx, options...)
	if err != nil {
		return err
	}
	if err := shop(ctx, out); err != nil {
		return errors.Join(err, kit.Shutdown(ctx))
	}
	// Whatever is held back is sent before Shutdown returns.
	if err := kit.Shutdown(ctx); err != nil {
		return err
	}
	if inside == nil {
		_, err = fmt.Fprintln(out, "\nsent; look at your Sentry or Spotlight")
		return err
	}
	return inside.print(out)
}

// shop serves three requests and does one job.
func shop(ctx context.Context, out io.Writer) error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders/{id}", order)
	address, stop, err := listen(ctx, otelkit.HTTPMiddleware()(mux))
	if err != nil {
		return err
	}
	defer stop()
	for _, id := range []string{"1", "2", "nonsense"} {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/orders/"+id, nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		_ = resp.Body.Close()
		_, _ = fmt.Fprintf(out, "POST /orders/%s: %s\n", id, resp.Status)
	}
	nightly(ctx)
	_, _ = fmt.Fprintln(out, "nightly job: done, with one thing captured")
	return nil
}

var (
	errDeclined = errors.New("card declined")
	errNoNumber = errors.New("an order has a number")
)

// order tells of one failure three times: on the span of the charge, in a line
// of the log, and by its status 502. It is one issue.
func order(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	slog.InfoContext(ctx, "order_received", "email", "ada@example.com")
	switch id := r.PathValue("id"); id {
	case "1":
		slog.InfoContext(ctx, "order_paid")
	case "2":
		if err := charge(ctx); err != nil {
			slog.ErrorContext(ctx, "payment_failed", "error", fmt.Errorf("order %s: %w", id, err))
			http.Error(w, "payment failed", http.StatusBadGateway)
		}
	default:
		// The client's fault: it gets a 4xx, and nobody an issue.
		_, span := otel.Tracer("shop").Start(ctx, "parse")
		span.RecordError(errNoNumber)
		span.SetStatus(codes.Error, errNoNumber.Error())
		span.End()
		http.Error(w, errNoNumber.Error(), http.StatusBadRequest)
	}
}

func charge(ctx context.Context) error {
	_, span := otel.Tracer("shop").Start(ctx, "charge")
	defer span.End()
	err := fmt.Errorf("charge 4111 1111 1111 1111: %w", errDeclined)
	span.RecordError(err)
	span.SetStatus(codes.Error, err.Error())
	return err
}

// nightly captures by hand what no request fails for.
func nightly(ctx context.Context) {
	ctx, span := otel.Tracer("shop").Start(ctx, "nightly")
	defer span.End()
	slog.InfoContext(ctx, "stock_compared", "items", 1700)
	otelkit.CaptureException(ctx, errors.New("stock differs from the books"), "missing", 3)
}

// listen serves h on loopback until stop is called.
func listen(ctx context.Context, h http.Handler) (address string, stop func(), err error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(l) }()
	return l.Addr().String(), func() { _ = server.Close() }, nil
}
