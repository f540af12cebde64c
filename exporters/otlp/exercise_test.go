package otlp_test

import (
	"testing"

	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/internal/exportertest"
	"github.com/otelkit/otelkit-go/internal/otlptest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, endpoint := range map[string]func(*otlptest.Receiver) otlp.Endpoint{
		"http": func(r *otlptest.Receiver) otlp.Endpoint { return otlp.Endpoint{URL: r.HTTPEndpoint()} },
		"grpc": func(r *otlptest.Receiver) otlp.Endpoint {
			return otlp.Endpoint{URL: r.GRPCEndpoint(), Protocol: otlp.GRPC}
		},
	} {
		for _, spooled := range []bool{false, true} {
			if spooled {
				name += "/spool"
			}
			t.Run(name, func(t *testing.T) {
				exportertest.Exercise(t, func(tb testing.TB) (exportertest.Exporter, exportertest.Receiver) {
					r := otlptest.New(tb)
					opts := []otlp.Option{otlp.WithEndpoint(endpoint(r)), otlp.WithErrorHandler(nil)}
					if spooled {
						opts = append(opts, otlp.WithSpool(tb.TempDir()))
					}
					e, err := otlp.New(opts...)
					if err != nil {
						tb.Fatal(err)
					}
					return e, exportertest.OTLP(r)
				})
			})
		}
	}
}
