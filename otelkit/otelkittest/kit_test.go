package otelkittest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/goleak"

	"github.com/otelkit/otelkit-go/otelkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errDeclined = errors.New("card declined")

// placeOrder is a small service: a request that charges a card and fails.
func placeOrder(ctx context.Context, kit *Kit) {
	tracer := kit.TracerProvider().Tracer("shop")
	logger := kit.Logger("shop")
	ctx = otelkit.Bind(ctx, "request_id", "0192f5d2-7b6c-7cc0-98c7-6f1a3b5d2e4f")
	ctx, span := tracer.Start(ctx, "POST /orders", trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attribute.String("http.route", "/orders")))
	defer span.End()
	logger.InfoContext(ctx, "request_started", "method", "POST")
	charge(ctx, tracer, logger)
	counter, _ := kit.MeterProvider().Meter("shop").Int64Counter("shop.orders")
	counter.Add(ctx, 1, metric.WithAttributes(attribute.String("outcome", "declined")))
	logger.ErrorContext(ctx, "request_failed", "error", fmt.Errorf("order 7: %w", errDeclined), "duration", 3*time.Millisecond)
	span.SetStatus(codes.Error, "declined")
}

func charge(ctx context.Context, tracer trace.Tracer, logger *slog.Logger) {
	ctx, span := tracer.Start(ctx, "charge card", trace.WithSpanKind(trace.SpanKindClient))
	defer span.End()
	logger.WarnContext(ctx, "payment_declined", slog.Group("payment", "attempt", 1, "email", "ada"+"@example.org"))
	span.RecordError(errDeclined)
}

func TestStoryIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	var first string
	for range 20 {
		kit := New(t)
		placeOrder(t.Context(), kit)
		kit.Logger("shop").Info("idle")
		story := kit.Story()
		if first == "" {
			first = story
			kit.Snapshot(t, "order.txt")
		}
		if diff := cmp.Diff(first, story); diff != "" {
			t.Fatalf("story differs (-first +now):\n%s", diff)
		}
	}
}

func TestQueries(t *testing.T) {
	t.Parallel()
	kit := New(t)
	placeOrder(t.Context(), kit)

	if diff := cmp.Diff([]string{"request_started", "payment_declined", "request_failed"}, kit.Logs().Events()); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	failed := kit.Logs().AtLeast(slog.LevelError)
	if len(failed) != 1 || failed[0].Attributes.Get("request_id") == nil || failed[0].Level != slog.LevelError {
		t.Errorf("lines at ERROR: %+v", failed)
	}
	declined := kit.Logs().Event("payment_declined")
	if len(declined) != 1 || declined[0].Attributes.Get("payment.attempt") != int64(1) {
		t.Errorf("payment_declined: %+v", declined)
	}
	if mail := declined[0].Attributes.Get("payment.email"); mail != "[REDACTED:pii.key]" {
		t.Errorf("email is %q, want it scrubbed as when it leaves", mail)
	}

	roots := kit.Spans().Roots()
	if len(roots) != 1 || len(roots[0].Children) != 1 || roots[0].Children[0].Name != "charge card" {
		t.Fatalf("roots: %+v", roots)
	}
	if got := kit.Logs().In(kit.Spans().Named("charge card")).Events(); !cmp.Equal(got, []string{"payment_declined"}) {
		t.Errorf("lines within the charge: %v", got)
	}
	if kit.Spans().Named("no such span") != nil || len(kit.Logs().In(nil)) != 0 {
		t.Error("found what is not there")
	}

	if p, ok := kit.Metrics().Named("shop.orders").With("outcome", "declined"); !ok || p.Value != 1 {
		t.Errorf("shop.orders{outcome=declined} = %v, %v", p, ok)
	}
	if _, ok := kit.Metrics().Named("shop.orders").With("outcome", "paid"); ok {
		t.Error("found a point that is not there")
	}

	events := kit.SentryEvents()
	if len(events) != 1 || !strings.Contains(events[0].Value, "declined") || events[0].TraceID != roots[0].TraceID.String() {
		t.Errorf("Sentry events: %+v", events)
	}
}

func TestIDsCountInEachKit(t *testing.T) {
	t.Parallel()
	for range 2 {
		kit := New(t)
		placeOrder(t.Context(), kit)
		root := kit.Spans().Roots()[0]
		if got := root.TraceID.String() + " " + root.SpanID.String(); got != "00000000000000000000000000000001 0000000000000001" {
			t.Errorf("ids of the first span are %s", got)
		}
	}
}

// In a bubble of synctest the clock is a fake one.
func TestFakeClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		kit := New(t)
		_, span := kit.TracerProvider().Tracer("shop").Start(t.Context(), "nap")
		time.Sleep(90 * time.Second)
		span.End()
		nap := kit.Spans().Named("nap")
		if got := nap.End.Sub(nap.Start); got != 90*time.Second {
			t.Errorf("the nap took %v, want 1m30s", got)
		}
	})
}

func TestConventions(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		log  func(ctx context.Context, l *slog.Logger)
		want string // empty: nothing to say
	}{
		{"an event", func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "order_paid", "order_id", 7) }, ""},
		{"a key of semantic conventions", func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "order_paid", "http.route", "/") }, ""},
		{"a header", func(ctx context.Context, l *slog.Logger) {
			l.InfoContext(ctx, "order_paid", "http.request.header.x-request-id", "1")
		}, ""},
		{"an error", func(ctx context.Context, l *slog.Logger) { l.ErrorContext(ctx, "order_failed", "error", errDeclined) }, ""},
		{"prose", func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "the order was paid") }, "is prose"},
		{"camel case", func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "orderPaid") }, "is not snake_case"},
		{"an id in the name", func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "order_12345_paid") }, "seems to vary"},
		{"a key in camel case", func(ctx context.Context, l *slog.Logger) { l.InfoContext(ctx, "order_paid", "orderID", 7) }, `key "orderID"`},
		{"a key in a group", func(ctx context.Context, l *slog.Logger) {
			l.InfoContext(ctx, "order_paid", slog.Group("order", "Total", 7))
		}, `key "order.Total"`},
		{"an ERROR without an error", func(ctx context.Context, l *slog.Logger) { l.ErrorContext(ctx, "order_failed") }, "needs the error"},
		{"an error as text", func(ctx context.Context, l *slog.Logger) {
			l.ErrorContext(ctx, "order_failed", "error", errDeclined.Error())
		}, "needs the error"},
		{"no context", func(_ context.Context, l *slog.Logger) { l.Info("order_paid") }, `while "POST /orders" was under way`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			kit := New(t)
			ctx, span := kit.TracerProvider().Tracer("shop").Start(t.Context(), "POST /orders", trace.WithSpanKind(trace.SpanKindServer))
			tt.log(ctx, kit.Logger("shop"))
			span.End()
			kit.Logger("shop").Info("idle")
			if tt.want == "" {
				kit.AssertConventions(t)
				return
			}
			if text := failure(t, func(tb testing.TB) { kit.AssertConventions(tb) }); !strings.Contains(text, tt.want) {
				t.Errorf("failure does not say %q:\n%s", tt.want, text)
			}
		})
	}
}

// A service that logs through package slog is tested like any other, one test at a time.
func TestNewGlobal(t *testing.T) {
	var kits *slog.Logger
	t.Run("inside", func(t *testing.T) {
		kit := NewGlobal(t)
		kits = slog.Default()
		slog.InfoContext(t.Context(), "order_paid")
		if n := len(kit.Logs().Event("order_paid")); n != 1 {
			t.Errorf("%d lines, want 1", n)
		}
		if otelkit.FromContext(t.Context()) != kit.Kit {
			t.Error("the kit is not that of the process")
		}
	})
	if slog.Default() == kits || otelkit.FromContext(t.Context()) != nil {
		t.Error("the kit outlives its test")
	}
}
