// Command inapp reports one failure to the DSN in its first argument. The test
// of in_app frames builds it with and without -trimpath.
package main

import (
	"context"
	"fmt"
	"net/url"
	"os"

	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/exporters/sentry/testdata/inapp/orders"
)

func main() {
	sink, err := sentry.New(sentry.WithDSN(os.Args[1]))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	func() {
		defer func() { sink.CapturePanic(context.Background(), recover()) }()
		orders.Each([]string{"7"}, func(string) { _ = (*url.URL)(nil).Port() })
	}()
	if err := sink.Shutdown(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
