package console_test

import (
	"context"
	"os"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/exporters/console"
)

func orderPaid() log.Record {
	var r log.Record
	r.SetTimestamp(time.Date(2026, 11, 22, 13, 46, 40, 99e6, time.UTC))
	r.SetSeverity(log.SeverityInfo)
	r.SetBody(attribute.StringValue("order_paid"))
	r.AddAttributes(
		attribute.Int("order_id", 7),
		attribute.String("note", "two parcels"),
		attribute.Map("customer", attribute.String("tier", "gold")))
	return r
}

func Example() {
	exporter, err := console.New(console.WithWriter(os.Stdout))
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(exporter.LogProcessor()))
	provider.Logger("shop.checkout").Emit(ctx, orderPaid())
	_ = provider.Shutdown(ctx)
	// Output:
	// 2026-11-22T13:46:40.099Z [info ] order_paid [shop.checkout] order_id=7 note="two parcels" customer.tier=gold
}

func ExampleWithFormat() {
	exporter, err := console.New(console.WithWriter(os.Stdout), console.WithFormat(console.JSON))
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(exporter.LogProcessor()))
	provider.Logger("shop.checkout").Emit(ctx, orderPaid())
	_ = provider.Shutdown(ctx)
	// Output:
	// {"time":"2026-11-22T13:46:40.099000000Z","level":"info","event":"order_paid","logger":"shop.checkout","attributes":{"order_id":7,"note":"two parcels","customer":{"tier":"gold"}}}
}
