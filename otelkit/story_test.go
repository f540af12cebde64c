package otelkit_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/otelkit/otelkit-go/otelkit"
	"github.com/otelkit/otelkit-go/otelkit/otelkittest"
)

// One request that calls another service and a database and enqueues a task,
// which fails once and then succeeds: all that is told about it, in one file.
func TestStoryOfAnOrder(t *testing.T) {
	t.Parallel()
	kit := otelkittest.New(t)
	middleware := otelkit.HTTPMiddleware(otelkit.WithKit(kit.Kit))

	stock := http.NewServeMux()
	stock.HandleFunc("POST /reservations", func(w http.ResponseWriter, r *http.Request) {
		kit.Logger("stock").InfoContext(r.Context(), "items_reserved", "items", 2)
		w.WriteHeader(http.StatusCreated)
	})
	stockServer := httptest.NewServer(middleware(stock))
	defer stockServer.Close()

	db := otelkit.OpenDB(modernDB{}, otelkit.WithKit(kit.Kit), otelkit.WithDBSystem("postgresql"))
	defer db.Close()
	client := &http.Client{Transport: otelkit.HTTPTransport(&http.Transport{})}
	var queue []map[string]string

	shop := http.NewServeMux()
	shop.HandleFunc("POST /orders/{id}", func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		otelkit.BindScope(ctx, "user_id", "u-7")
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, stockServer.URL+"/reservations?token="+canary("query"), nil)
		if err != nil {
			t.Error(err)
			return
		}
		res, err := client.Do(req)
		if err != nil {
			t.Error(err)
			return
		}
		res.Body.Close()
		if _, err := db.ExecContext(ctx, "INSERT INTO orders (id, name) VALUES ($1, '"+canary("literal")+"')", r.PathValue("id")); err != nil {
			t.Error(err)
		}
		err = otelkit.EnqueueTask(ctx, "send_invoice", func(_ context.Context, envelope map[string]string) error {
			queue = append(queue, envelope)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusAccepted)
	})
	shopServer := httptest.NewServer(middleware(shop))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, shopServer.URL+"/orders/17", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+canary("header"))
	req.Header.Set("X-Request-Id", "r-1")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	shopServer.Close() // waits for the handlers

	ctx := kit.Context(t.Context())
	for attempt := 1; len(queue) > 0; attempt++ {
		envelope := queue[0]
		queue = queue[1:]
		if err := otelkit.RunTask(ctx, "send_invoice", envelope, sendInvoice(attempt), otelkit.WithAttempt(attempt)); err != nil {
			queue = append(queue, envelope)
		}
	}
	kit.AssertConventions(t)
	kit.Snapshot(t, "order.txt")
}

var errMailbox = errors.New("mailbox is full")

func sendInvoice(attempt int) func(context.Context) error {
	return func(ctx context.Context) error {
		if attempt == 1 {
			return otelkit.Retry(fmt.Errorf("send: %w", errMailbox))
		}
		otelkit.FromContext(ctx).Logger("invoices").InfoContext(ctx, "invoice_sent")
		return nil
	}
}
