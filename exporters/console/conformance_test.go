package console_test

import (
	"testing"

	"github.com/otelkit/otelkit-go/exporters/console"
	"github.com/otelkit/otelkit-go/internal/exportertest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, format := range map[string]console.Format{"pretty": console.Pretty, "json": console.JSON} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exportertest.Exercise(t, func(tb testing.TB) (exportertest.Exporter, exportertest.Receiver) {
				w := exportertest.NewWriter()
				e, err := console.New(console.WithWriter(w), console.WithFormat(format))
				if err != nil {
					tb.Fatal(err)
				}
				return e, w
			})
		})
	}
}
