package scrub_test

import (
	"bytes"
	"log/slog"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/otelkit/otelkit-go/scrub"
)

// All wrappers share one Scrubber and what they read, while its counters are
// collected: nothing is changed that someone else may read.
func TestWrappersSharedByMany(t *testing.T) {
	t.Parallel()
	const workers = 64
	s, err := scrub.New(scrub.WithRule("pii.crew", scrub.PII, "CREW-", "CREW-[0-9]{6}"))
	if err != nil {
		t.Fatal(err)
	}
	var p planter
	ended := &keep{}
	endSpan(t, &p, ended)
	rm, ev := plantedMetrics(&p), plantedEvent(&p)
	res := ended.spans[0].Resource()
	member, err := baggage.NewMemberRaw("note", p.text("baggage"))
	if err != nil {
		t.Fatal(err)
	}
	bag, err := baggage.New(member)
	if err != nil {
		t.Fatal(err)
	}
	reader := sdkmetric.NewManualReader()
	mp := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader), sdkmetric.WithView(scrub.Views(s)...))
	if _, err := s.Observe(mp); err != nil {
		t.Fatal(err)
	}

	spans := scrub.NewSpanProcessor(discardSpans{}, s)
	metrics := scrub.NewMetricExporter(discardMetrics{}, s)
	propagator := scrub.NewPropagator(propagation.Baggage{}, s)
	var lines lockedBuffer
	logger := slog.New(scrub.NewHandler(slog.NewTextHandler(&lines, nil), s)).With("note", p.text("with"))

	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			spans.OnEnd(ended.spans[i%len(ended.spans)])
			carrier := propagation.MapCarrier{}
			propagator.Inject(baggage.ContextWithBaggage(t.Context(), bag), carrier)
			logger.WithGroup("request").Info(p.text("message"), "user", struct{ Password string }{p.secret("struct")})
			own := *ev // the maps and slices behind it are shared
			var collected metricdata.ResourceMetrics
			for _, err := range []error{metrics.Export(t.Context(), rm), s.SentryEvent(&own), reader.Collect(t.Context(), &collected)} {
				if err != nil {
					t.Error(err)
				}
			}
			scrub.Resource(res, s)
			s.KeyValue(attribute.Int(p.secret("key"), 1))
			s.Explain("note", "CREW-123456 "+p.text("explained"))
			s.Stats()
			if leaked := p.survivors(carrier["baggage"]); len(leaked) > 0 {
				t.Errorf("leaked from %v", leaked)
			}
		})
	}
	wg.Wait()
	if leaked := p.survivors(lines.String()); len(leaked) > 0 {
		t.Errorf("leaked from %v", leaked)
	}
	if failures := s.Stats().Failures; len(failures) > 0 {
		t.Errorf("failures: %v", failures)
	}
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(text []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(text)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
