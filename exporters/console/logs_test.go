package console

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/internal/loglinetest"
)

// A line of otelkit's handler reads as the record that says the same.
func TestLinesReadLikeRecords(t *testing.T) {
	t.Parallel()
	for name, format := range map[string]Format{"pretty": Pretty, "JSON": JSON} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			show := func(wrap func(sdklog.Processor) sdklog.Processor) string {
				var out bytes.Buffer
				e, err := New(WithWriter(&out), WithFormat(format))
				if err != nil {
					t.Fatal(err)
				}
				l := sdklog.NewLoggerProvider(sdklog.WithProcessor(wrap(e.LogProcessor()))).Logger("shop")
				ctx := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}}))
				for _, severity := range []log.Severity{0, log.SeverityDebug, log.SeverityInfo2, log.SeverityError} {
					for _, body := range []string{"order_paid", ""} {
						for _, at := range []time.Time{{}, time.Unix(1_800_000_000, 0).UTC()} {
							var r log.Record
							r.SetTimestamp(at)
							r.SetObservedTimestamp(time.Unix(1_900_000_000, 0).UTC())
							r.SetSeverity(severity)
							r.SetSeverityText("Level")
							r.SetBody(attribute.StringValue(body))
							r.AddAttributes(attribute.Int("n", 1), attribute.Map("g", attribute.String("a", "b")), attribute.String("exception.type", "*net.OpError"),
								attribute.String("exception.message", "refused"), attribute.String("exception.stacktrace", "main.main()\n\tmain.go:1\n"))
							l.Emit(ctx, r)
						}
					}
				}
				if err := e.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				return out.String()
			}
			asRecords, asLines := show(func(p sdklog.Processor) sdklog.Processor { return p }), show(loglinetest.AsLines)
			if diff := cmp.Diff(asRecords, asLines); diff != "" || asRecords == "" {
				t.Errorf("(-records +lines)\n%s", diff)
			}
		})
	}
}
