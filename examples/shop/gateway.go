package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/otelkit/otelkit-go/otelkit"
)

// gateway takes orders over HTTP.
type gateway struct {
	store    *store
	payments charger
	orders   metric.Int64Counter
}

func runGateway(ctx context.Context, cfg config, tell announcer) error {
	store, err := openStore(cfg.database)
	if err != nil {
		return err
	}
	defer store.close()
	if err := store.create(ctx); err != nil {
		return err
	}
	payments, err := dialPayments(cfg.payments)
	if err != nil {
		return err
	}
	defer payments.close()
	orders, err := otel.Meter("shop").Int64Counter("shop.orders")
	if err != nil {
		return err
	}

	g := &gateway{store, payments, orders}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /orders", g.placeOrder)
	mux.HandleFunc("GET /orders/{id}", g.showOrder)
	mux.HandleFunc("GET /healthz", g.health)
	return serveHTTP(ctx, cfg, tell, otelkit.HTTPMiddleware(otelkit.WithHealthEndpoints("/healthz"))(mux))
}

func (g *gateway) placeOrder(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	var o order
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		slog.WarnContext(ctx, "order_unreadable", "error", err, "url", r.URL.String())
		http.Error(w, "this is no order", http.StatusBadRequest)
		return
	}
	// From here on every line of this request has them, and its jobs as well.
	otelkit.BindScope(ctx, "order_id", o.ID, "user_id", o.Customer.ID)
	g.gossip(r, o)

	if o.Scenario == limited && o.Attempt == 1 {
		http.Error(w, "try again", http.StatusTooManyRequests)
		return
	}
	if err := g.store.take(ctx, o); err != nil {
		g.fail(ctx, w, "take order", err, http.StatusInternalServerError)
		return
	}
	price(o)
	if o.Scenario == couponBroken {
		if _, err := g.store.discount(ctx, o.Customer.Email); err != nil {
			g.fail(ctx, w, "look for coupon", err, http.StatusInternalServerError)
			return
		}
	}
	g.pay(ctx, w, o)
}

// gossip says everything to everyone: what is logged in a hurry and never
// taken out again. It is left to otelkit that none of it leaves.
func (g *gateway) gossip(r *http.Request, o order) {
	ctx := r.Context()
	slog.InfoContext(ctx, "order_received", "customer", o.Customer, "note", o.Note, "headers", r.Header, "url", r.URL.String())
	trace.SpanFromContext(ctx).SetAttributes(
		attribute.String("order.note", o.Note),
		attribute.String("customer.full_name", o.Customer.FullName), //otelkitvet:allow this is what the shop is to show
	)
	//otelkitvet:allow this is what the shop is to show
	g.orders.Add(ctx, 1, metric.WithAttributes(attribute.String("scenario", o.Scenario), attribute.String("email", o.Customer.Email)))
}

// price looks into a list of prices that has a hole.
func price(o order) {
	prices := map[string]*int64{paid: &o.AmountCents}
	if o.Scenario == priceMissing {
		_ = *prices["unicorn, for card "+o.Customer.Card.Number]
	}
}

func (g *gateway) pay(ctx context.Context, w http.ResponseWriter, o order) {
	err := g.charge(ctx, o)
	switch status.Code(err) {
	case codes.OK:
		if err := g.store.enter(ctx, o, "paid", sendReceipt); err != nil {
			g.fail(ctx, w, "enter order", err, http.StatusInternalServerError)
			return
		}
		slog.InfoContext(ctx, "order_paid", "amount", float64(o.AmountCents)/100, "currency", "EUR")
		w.WriteHeader(http.StatusCreated)
	case codes.Canceled: // the client has gone, which the middleware tells
	case codes.FailedPrecondition:
		slog.InfoContext(ctx, "payment_declined", "error", err)
		http.Error(w, "card declined", http.StatusPaymentRequired)
	case codes.Internal: // payments has made an issue of it; the worker will try again
		if err := g.store.enter(ctx, o, "unpaid", chargeOrder); err != nil {
			g.fail(ctx, w, "enter order", err, http.StatusInternalServerError)
			return
		}
		slog.WarnContext(ctx, "payment_deferred", "error", err)
		w.WriteHeader(http.StatusAccepted)
	default:
		g.fail(ctx, w, "charge card", fmt.Errorf("charge card %s: %w", o.Customer.Card.Number, err), http.StatusBadGateway)
	}
}

// charge tries three times.
func (g *gateway) charge(ctx context.Context, o order) error {
	for attempt := 1; ; attempt++ {
		err := g.payments.charge(ctx, o, o.Attempt+attempt-1)
		if status.Code(err) != codes.Aborted || attempt == 3 {
			return err
		}
		slog.WarnContext(ctx, "payment_retrying", "attempt", attempt, "error", err)
		if pause(ctx, time.Duration(attempt)*20*time.Millisecond) != nil {
			return status.FromContextError(ctx.Err()).Err()
		}
	}
}

// fail says that an order failed. A line at ERROR with its error is an issue.
func (g *gateway) fail(ctx context.Context, w http.ResponseWriter, step string, err error, code int) {
	if ctx.Err() != nil {
		return // nobody waits for it any more
	}
	slog.ErrorContext(ctx, "order_failed", "step", step, "error", err)
	http.Error(w, "cannot "+step, code)
}

func (g *gateway) showOrder(w http.ResponseWriter, r *http.Request) {
	ctx, id := r.Context(), r.PathValue("id")
	otelkit.BindScope(ctx, "order_id", id)
	state, err := g.store.state(ctx, id)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		http.Error(w, "no such order", http.StatusNotFound)
	case err != nil:
		g.fail(ctx, w, "show order", err, http.StatusInternalServerError)
	default:
		fmt.Fprintln(w, state)
	}
}

// health answers how many jobs wait, so that one can tell when all is done.
func (g *gateway) health(w http.ResponseWriter, r *http.Request) {
	n, err := g.store.waiting(r.Context())
	if err != nil {
		http.Error(w, "database", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, n)
}

// serveHTTP serves handler until ctx ends, and finishes what has begun.
func serveHTTP(ctx context.Context, cfg config, tell announcer, handler http.Handler) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if err := tell.message(message{Service: cfg.run, Listening: listener.Addr().String()}); err != nil {
		return err
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	return server.Shutdown(context.WithoutCancel(ctx))
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
