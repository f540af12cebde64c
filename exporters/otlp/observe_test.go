package otlp

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// collect returns the sums of the books by name, signal and reason.
func collect(t *testing.T, r sdkmetric.Reader) map[string]int64 {
	t.Helper()
	var rm metricdata.ResourceMetrics
	if err := r.Collect(t.Context(), &rm); err != nil {
		t.Fatal(err)
	}
	got := map[string]int64{}
	for _, scope := range rm.ScopeMetrics {
		for _, m := range scope.Metrics {
			sum, ok := m.Data.(metricdata.Sum[int64])
			if wantSum := m.Name != "otelkit.export.pending"; !ok || sum.IsMonotonic != wantSum || m.Unit != "{record}" {
				t.Errorf("%s is %T, monotonic %v, of unit %q", m.Name, m.Data, sum.IsMonotonic, m.Unit)
			}
			for _, p := range sum.DataPoints {
				name := m.Name
				for _, key := range []attribute.Key{"signal", "reason"} {
					if v, ok := p.Attributes.Value(key); ok {
						name += " " + v.AsString()
					}
				}
				got[name] = p.Value
			}
		}
	}
	return got
}

// TestObserve follows the books through an outage, a refusal and a Shutdown that
// runs out of time.
func TestObserve(t *testing.T) {
	t.Parallel()
	for _, spooled := range []bool{false, true} {
		t.Run(fmt.Sprintf("spool=%v", spooled), func(t *testing.T) {
			t.Parallel()
			dir := ""
			if spooled {
				dir = t.TempDir()
			}
			synctest.Test(t, func(t *testing.T) {
				answer := result{}
				c := &fakeClient{answer: func(context.Context, int, []byte) result { return answer }}
				e, _ := logExporter(t, c, WithSpool(dir))
				reader := sdkmetric.NewManualReader()
				mp := sdkmetric.NewMeterProvider(sdkmetric.WithReader(reader))
				if _, err := e.Observe(mp); err != nil {
					t.Fatal(err)
				}
				em := newEmitter(e.LogProcessor())
				sums := func(when string, accepted, delivered, pending int64, dropped map[string]int64) {
					t.Helper()
					want := map[string]int64{
						"otelkit.export.accepted logs":  accepted,
						"otelkit.export.delivered logs": delivered,
						"otelkit.export.pending logs":   pending,
					}
					for reason, n := range dropped {
						want["otelkit.export.dropped logs "+reason] = n
					}
					if diff := cmp.Diff(want, collect(t, reader)); diff != "" {
						t.Errorf("%s (-want +got):\n%s", when, diff)
					}
				}

				sums("at the start", 0, 0, 0, nil)
				em.emit(10, info)
				sums("before the batch is sent", 10, 0, 10, nil)
				time.Sleep(2 * time.Second)
				synctest.Wait()
				sums("delivered", 10, 10, 0, nil)

				answer = result{verdict: refuse, err: errDown}
				em.emit(5, info)
				time.Sleep(2 * time.Second)
				synctest.Wait()
				refused := map[string]int64{DropRejected: 5}
				sums("refused", 15, 10, 0, refused)

				answer = result{verdict: retry, err: errDown, after: time.Hour}
				em.emit(7, info)
				time.Sleep(2 * time.Second)
				synctest.Wait()
				sums("in an outage", 22, 10, 7, refused)
				if err := e.Shutdown(t.Context()); err == nil {
					t.Error("Shutdown must say that records were not sent")
				}
				if spooled {
					sums("after Shutdown, in the spool", 22, 10, 7, refused)
				} else {
					sums("after Shutdown", 22, 10, 0, map[string]int64{DropRejected: 5, DropClosed: 7})
				}
			})
		})
	}
}
