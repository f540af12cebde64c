package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/otelkit/otelkit-go/otelkit"
)

// The jobs.
const (
	sendReceipt = "send_receipt"
	chargeOrder = "charge_order"
)

// worker does the jobs that the gateway leaves in the database.
type worker struct {
	store    *store
	payments charger
}

func runWorker(ctx context.Context, cfg config, _ announcer) error {
	store, err := openStore(cfg.database)
	if err != nil {
		return err
	}
	defer store.close()
	payments, err := dialPayments(cfg.payments)
	if err != nil {
		return err
	}
	defer payments.close()

	w := &worker{store, payments}
	for ctx.Err() == nil {
		// A job that has begun is finished, also after SIGTERM.
		switch err := w.next(context.WithoutCancel(ctx)); {
		case errors.Is(err, sql.ErrNoRows):
			_ = pause(ctx, 100*time.Millisecond) // the loop looks at ctx
		case err != nil:
			slog.WarnContext(ctx, "jobs_unreachable", "error", err)
			_ = pause(ctx, time.Second)
		}
	}
	return nil
}

// next does the next job. The error is one of the table of jobs; what goes wrong
// with a job is told by RunTask.
func (w *worker) next(ctx context.Context) error {
	j, err := w.store.claim(ctx)
	if err != nil {
		return err
	}
	// In a shop one wants to see an order with all its jobs as one trace.
	err = otelkit.RunTask(ctx, j.name, j.envelope, func(ctx context.Context) error { return w.do(ctx, j) },
		otelkit.WithAttempt(j.attempt), otelkit.WithTaskParent())
	if otelkit.IsRetry(err) {
		return w.store.later(ctx, j, 50*time.Millisecond)
	}
	return w.store.done(ctx, j)
}

func (w *worker) do(ctx context.Context, j job) error {
	if j.name == chargeOrder {
		// The first attempt was the gateway's.
		if err := w.payments.charge(ctx, j.order, j.attempt+1); err != nil {
			return fmt.Errorf("charge card %s: %w", j.order.Customer.Card.Number, err)
		}
		return w.store.enter(ctx, j.order, "paid", sendReceipt)
	}
	return w.sendReceipt(ctx, j)
}

var errMailbox = errors.New("mailbox is full")

func (w *worker) sendReceipt(ctx context.Context, j job) error {
	to := j.order.Customer.Email
	err := fmt.Errorf("mail to %s: %w", to, errMailbox)
	switch {
	case j.order.Scenario == receiptLost && j.attempt == 3:
		return err
	case j.order.Scenario == receiptLost, j.order.Scenario == receiptLate && j.attempt == 1:
		return otelkit.Retry(err)
	}
	slog.InfoContext(ctx, "receipt_sent", "to", to, "text", "Dear "+j.order.Customer.Email+", paid with "+grouped(j.order.Customer.Card.Number))
	return nil
}
