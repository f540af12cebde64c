package otlp

import (
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
	"github.com/otelkit/otelkit-go/exporters/spool"
)

func TestThrough(t *testing.T) {
	t.Parallel()
	if (*through)(nil).spend() {
		t.Error("no budget was spent from")
	}
	synctest.Test(t, func(t *testing.T) {
		b := newThrough()
		spent := func() (n int) {
			for b.spend() {
				n++
			}
			return n
		}
		for i, step := range []struct {
			idle time.Duration
			want int
		}{{0, throughBurst}, {0, 0}, {100 * time.Millisecond, throughRate / 10}, {time.Hour, throughBurst}} {
			time.Sleep(step.idle)
			if got := spent(); got != step.want {
				t.Errorf("step %d: %d records written through, want %d", i, got, step.want)
			}
		}
	})
}

// A record is with the spool when the call that recorded it returns.
func TestRecordIsWrittenThrough(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, durable := range []bool{false, true} {
			f := newThroughRig(durable)
			for range 3 {
				f.add()
			}
			want := 0
			if durable {
				want = 3
			}
			if f.put != want {
				t.Errorf("durable %t: %d records were put at once, want %d", durable, f.put, want)
			}
			f.close()
			if f.put != 3 {
				t.Errorf("durable %t: %d records were put in the end, want 3", durable, f.put)
			}
		}
	})
}

// throughRig is a batcher that counts what it puts into the queue.
type throughRig struct {
	*batcher
	put int
}

func newThroughRig(durable bool) *throughRig {
	r := &throughRig{}
	r.batcher = newBatcher(new(ledger), wire.LogShape, 512, time.Second, func() int { return maxRequest },
		func(_ spool.Class, b *wire.Batch) { r.put += b.Records() })
	if durable {
		r.through = newThrough()
	}
	return r
}

func (r *throughRig) add() {
	r.batcher.add(spool.Normal, resource.Empty(), instrumentation.Scope{}, []byte{0x10, 9}, 1)
}
