package console

import (
	"io"
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

func tenFields() *entry {
	return &entry{
		time: noon, level: "info", event: "order_paid", logger: "shop", traceID: spanContext.TraceID(), spanID: spanContext.SpanID(),
		attrs: []attribute.KeyValue{
			attribute.String("a", "one"), attribute.String("b", "two words"), attribute.String("c", "three"),
			attribute.Int("d", 4), attribute.Int("e", 5), attribute.Float64("f", 6.5), attribute.String("g", "7ms"),
			attribute.String("h", "connection refused"), attribute.Bool("i", true), attribute.String("j", "2026-11-22T13:46:40Z"),
		},
	}
}

// TestFormattingDoesNotAllocate holds that a line costs no garbage besides the
// channel that its caller waits on.
func TestFormattingDoesNotAllocate(t *testing.T) {
	e, buf := tenFields(), make([]byte, 0, 4096)
	for name, f := range map[string]formatter{"pretty": prettyFormat{}, "json": jsonFormat{}} {
		if got := testing.AllocsPerRun(100, func() { f.format(buf, e) }); got != 0 {
			t.Errorf("%s: %v allocations, want 0", name, got)
		}
	}
}

func BenchmarkLine(b *testing.B) {
	for name, f := range map[string]Format{"pretty": Pretty, "json": JSON} {
		b.Run(name, func(b *testing.B) {
			x, err := New(WithWriter(io.Discard), WithFormat(f))
			if err != nil {
				b.Fatal(err)
			}
			defer x.Shutdown(b.Context())
			e := tenFields()
			b.ReportAllocs()
			for b.Loop() {
				x.write(e)
			}
		})
	}
}
