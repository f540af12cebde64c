package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/otelkit/otelkit-go/examples/shop/paymentspb"
	"github.com/otelkit/otelkit-go/otelkit"
)

// payments takes money, over gRPC.
type payments struct {
	paymentspb.UnimplementedPaymentsServer
}

func runPayments(ctx context.Context, cfg config, tell announcer) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", cfg.listen)
	if err != nil {
		return err
	}
	server := grpc.NewServer(otelkit.GRPCServer()...)
	paymentspb.RegisterPaymentsServer(server, payments{})
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
	server.GracefulStop()
	return nil
}

// Charge plays the acquirer. Its codes say whose failure it is: Aborted and
// FailedPrecondition are answers, which are no issue here.
func (payments) Charge(ctx context.Context, r *paymentspb.ChargeRequest) (*paymentspb.ChargeResponse, error) {
	otelkit.BindScope(ctx, "order_id", r.GetOrderId())
	slog.InfoContext(ctx, "charge_requested", "request", r, "text", r.String(), "attempt", r.GetAttempt())
	trace.SpanFromContext(ctx).SetAttributes(attribute.String("charged", "card "+r.GetCardNumber()+" cvv="+r.GetCvv()))

	first := r.GetAttempt() == 1
	switch {
	case r.GetScenario() == slow, r.GetScenario() == impatient && first:
		if err := pause(ctx, 600*time.Millisecond); err != nil {
			return nil, status.FromContextError(err).Err()
		}
		slog.WarnContext(ctx, "acquirer_slow", "card", r.GetCardNumber())
	case r.GetScenario() == declined:
		return nil, status.Errorf(codes.FailedPrecondition, "card %s declined", r.GetCardNumber())
	case r.GetScenario() == acquirerDown, r.GetScenario() == acquirerBusy && first:
		return nil, status.Errorf(codes.Aborted, "acquirer has no time for %s", r.GetCardNumber())
	case r.GetScenario() == chargeCrashed && first:
		panic(fmt.Sprintf("no ledger for card %s cvv=%s", r.GetCardNumber(), r.GetCvv()))
	}
	slog.InfoContext(ctx, "card_charged", "amount", float64(r.GetAmountCents())/100, "currency", "EUR")
	return &paymentspb.ChargeResponse{ChargeId: "c-" + r.GetOrderId()}, nil
}

// charger is a client of payments.
type charger struct {
	conn   *grpc.ClientConn
	client paymentspb.PaymentsClient
}

func dialPayments(address string) (charger, error) {
	conn, err := grpc.NewClient(address, append(otelkit.GRPCClient(), grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	if err != nil {
		return charger{}, err
	}
	return charger{conn, paymentspb.NewPaymentsClient(conn)}, nil
}

// close does not say what goes wrong: the process is about to end.
func (c charger) close() { _ = c.conn.Close() }

// charge takes the money for an order.
func (c charger) charge(ctx context.Context, o order, attempt int) error {
	_, err := c.client.Charge(ctx, &paymentspb.ChargeRequest{
		OrderId: o.ID, AmountCents: o.AmountCents, Scenario: o.Scenario, Attempt: int32(attempt),
		CardNumber: o.Customer.Card.Number, Cvv: o.Customer.Card.CVV, Cardholder: o.Customer.Card.Holder,
	})
	return err
}
