package otlp

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestBuffers(t *testing.T) {
	t.Parallel()
	var b buffers
	const size = 1000
	p := append(b.take(size), "request"...)
	b.give(p)
	if q := b.take(size - 1); &q[:1][0] != &p[0] || len(q) != 0 {
		t.Error("the buffer was not used again, empty")
	}
	if q := b.take(size); cap(q) < size {
		t.Errorf("a buffer of %d bytes, want %d", cap(q), size)
	}
	b.give(p)
	if q := b.take(size/4 - 1); cap(q) >= size {
		t.Errorf("a buffer of %d bytes for a request of %d", cap(q), size/4-1)
	}
	b.give(make([]byte, maxBuffer+1))
	for range 2 * maxBuffers {
		b.give(make([]byte, size))
	}
	if len(b.free) != maxBuffers {
		t.Errorf("%d buffers are kept, want %d", len(b.free), maxBuffers)
	}
	for _, p := range b.free {
		if cap(p) != size {
			t.Errorf("a buffer of %d bytes is kept", cap(p))
		}
	}
}

// TestDeliveredMemoryIsUsedAgain sends one request after the other: the memory of one whose
// payload is not read any more serves the next, that of any other does not.
func TestDeliveredMemoryIsUsedAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		result result
		want   int // distinct memories of 3 requests
	}{
		"delivered":                     {result{unread: true}, 1},
		"delivered, perhaps still read": {result{}, 3},
		"refused, perhaps still read":   {result{verdict: refuse, err: errDown}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				seen := map[*byte]bool{}
				var held [][]byte // so that the collector of garbage gives no address twice
				c := &fakeClient{answer: func(_ context.Context, _ int, p []byte) result {
					seen[&p[0]] = true
					held = append(held, p)
					return test.result
				}}
				e, _ := logExporter(t, c)
				em := newEmitter(e.LogProcessor())
				for range 3 {
					em.emit(10, info)
					time.Sleep(2 * time.Second)
					synctest.Wait()
				}
				if len(seen) != test.want || len(held) != 3 {
					t.Errorf("%d memories for %d requests, want %d", len(seen), len(held), test.want)
				}
				_ = e.Shutdown(t.Context())
			})
		})
	}
}
