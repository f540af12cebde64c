// Command service is a shop that fails once, for the test beside it to look at.
// It prints the trace id of the request that failed.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/otelkit"
)

func main() {
	kit, err := otelkit.Init(context.Background(), otelkit.WithServiceName("shop"), otelkit.WithServiceVersion("1.2.3"))
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders/{id}", order)
	server := httptest.NewServer(otelhttp.NewHandler(mux, "shop"))
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost,
		server.URL+"/orders/7?token="+os.Getenv("SHOP_SECRET"), http.NoBody)
	if err != nil {
		log.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		log.Fatal(err)
	}
	_, _ = io.Copy(os.Stdout, resp.Body)
	_ = resp.Body.Close()
	server.Close()
	if err := kit.Shutdown(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func order(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	slog.InfoContext(ctx, "order_received", "order", 7, "password", os.Getenv("SHOP_SECRET"))
	if err := charge(ctx); err != nil {
		slog.ErrorContext(ctx, "order_failed", "order", 7, "error", &orderError{7, err})
		w.WriteHeader(http.StatusInternalServerError)
	}
	span := trace.SpanContextFromContext(ctx)
	fmt.Fprintln(w, span.TraceID(), span.SpanID())
}

// charge fails, and records it on its span like careful code does.
func charge(ctx context.Context) error {
	ctx, span := otel.Tracer("shop/payment").Start(ctx, "charge card")
	defer span.End()
	slog.WarnContext(ctx, "payment_retried", "attempt", 2)
	err := fmt.Errorf("charge card: %w", &declinedError{"insufficient funds"})
	span.RecordError(err)
	span.SetStatus(codes.Error, err.Error())
	return err
}

type orderError struct {
	id  int
	err error
}

func (e *orderError) Error() string { return fmt.Sprintf("order %d: %v", e.id, e.err) }
func (e *orderError) Unwrap() error { return e.err }

type declinedError struct{ reason string }

func (e *declinedError) Error() string { return "card declined: " + e.reason }
