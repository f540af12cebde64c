package spool

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

// dropLog collects what onDrop was told.
type dropLog struct {
	mu   sync.Mutex
	sums map[string]int
}

func (d *dropLog) add(signal byte, records int, reason string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.sums == nil {
		d.sums = map[string]int{}
	}
	d.sums[fmt.Sprintf("%c %s", signal, reason)] += records
}

func (d *dropLog) get() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := map[string]int{}
	maps.Copy(out, d.sums)
	return out
}

func (d *dropLog) total() (n int) {
	for _, v := range d.get() {
		n += v
	}
	return n
}

// opener makes a queue with room for about `items` items of size bytes each.
type opener func(t *testing.T, items, size int, onDrop func(byte, int, string)) Queue

func TestMemory(t *testing.T) {
	t.Parallel()
	exercise(t, func(t *testing.T, items, size int, onDrop func(byte, int, string)) Queue {
		return NewMemory(int64(items)*int64(size+overhead), onDrop)
	})
}

func item(signal byte, class Class, records int, payload string) Item {
	return Item{Signal: signal, Class: class, Records: records, Payload: []byte(payload)}
}

func mustPut(t *testing.T, q Queue, items ...Item) {
	t.Helper()
	for _, it := range items {
		if err := q.Put(it); err != nil {
			t.Fatalf("Put(%q): %v", it.Payload, err)
		}
	}
}

func mustTake(t *testing.T, q Queue) *Lease {
	t.Helper()
	// A queue with something in it answers at once; the deadline only turns a hang
	// into a failure.
	l, err := q.Take(t.Context())
	if err != nil {
		t.Fatalf("Take: %v", err)
	}
	return l
}

// drain takes and acknowledges all that is there.
func drain(t *testing.T, q Queue) (payloads []string) {
	t.Helper()
	for {
		items, _ := q.Len()
		if items == 0 {
			return payloads
		}
		l := mustTake(t, q)
		payloads = append(payloads, string(l.Payload))
		l.Done()
	}
}

// exercise is the contract of Queue as a test. Every implementation runs it.
func exercise(t *testing.T, open opener) {
	t.Run("oldest first, whatever the class", func(t *testing.T) {
		t.Parallel()
		q := open(t, 100, 8, nil)
		defer q.Close()
		mustPut(t, q, item('l', Normal, 1, "a"), item('s', Important, 2, "b"), item('l', Normal, 3, "c"))
		l := mustTake(t, q)
		want := item('l', Normal, 1, "a")
		if diff := cmp.Diff(want, l.Item); diff != "" {
			t.Errorf("first item (-want +got):\n%s", diff)
		}
		l.Done()
		if diff := cmp.Diff([]string{"b", "c"}, drain(t, q)); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})

	t.Run("an empty payload is an item", func(t *testing.T) {
		t.Parallel()
		q := open(t, 100, 8, nil)
		defer q.Close()
		mustPut(t, q, Item{Signal: 'l'})
		l := mustTake(t, q)
		if len(l.Payload) != 0 || l.Signal != 'l' {
			t.Errorf("got %+v", l.Item)
		}
		l.Done()
		if n, _ := q.Len(); n != 0 {
			t.Errorf("%d items left", n)
		}
	})

	t.Run("returned leases keep their places", func(t *testing.T) {
		t.Parallel()
		q := open(t, 100, 8, nil)
		defer q.Close()
		mustPut(t, q, item('l', Normal, 1, "a"), item('l', Important, 1, "b"), item('l', Normal, 1, "c"), item('l', Normal, 1, "d"))
		a, b, c := mustTake(t, q), mustTake(t, q), mustTake(t, q)
		c.Return()
		a.Return()
		b.Return()
		if diff := cmp.Diff([]string{"a", "b", "c", "d"}, drain(t, q)); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})

	t.Run("only the first settling counts", func(t *testing.T) {
		t.Parallel()
		var drops dropLog
		q := open(t, 100, 8, drops.add)
		defer q.Close()
		mustPut(t, q, item('l', Normal, 5, "a"))
		l := mustTake(t, q)
		l.Return()
		l.Done()
		l.Return()
		if got := q.Pending()['l']; got != 5 {
			t.Errorf("pending %d after Return and a late Done, want 5", got)
		}
		again := mustTake(t, q)
		again.Done()
		again.Return()
		l.Return()
		if n, _ := q.Len(); n != 0 || len(q.Pending()) != 0 || drops.total() != 0 {
			t.Errorf("items %d, pending %v, drops %v; want nothing", n, q.Pending(), drops.get())
		}
	})

	t.Run("the oldest Normal goes first, Important last", func(t *testing.T) {
		t.Parallel()
		var drops dropLog
		q := open(t, 40, 100, drops.add)
		defer q.Close()
		pad := string(make([]byte, 97))
		mustPut(t, q, item('e', Important, 1, "e00"+pad))
		for i := range 200 {
			mustPut(t, q, item('l', Normal, 1, fmt.Sprintf("%03d", i)+pad))
		}
		got := drops.get()
		if len(got) != 1 || got["l "+ReasonFull] == 0 {
			t.Fatalf("drops %v, want Normal items only", got)
		}
		kept := 200 - got["l "+ReasonFull]
		want := []string{"e00"}
		for i := 200 - kept; i < 200; i++ {
			want = append(want, fmt.Sprintf("%03d", i))
		}
		var have []string
		for _, p := range drain(t, q) {
			have = append(have, p[:3])
		}
		if diff := cmp.Diff(want, have); diff != "" {
			t.Errorf("kept (-want +got):\n%s", diff)
		}
	})

	t.Run("full of Important: a Normal does not get in, an Important does", func(t *testing.T) {
		t.Parallel()
		var drops dropLog
		q := open(t, 40, 100, drops.add)
		defer q.Close()
		payload := string(make([]byte, 100))
		for drops.total() == 0 {
			mustPut(t, q, item('e', Important, 1, payload))
		}
		// That evicted at least one and perhaps a whole file: fill up again.
		for before := drops.total(); drops.total() == before; {
			mustPut(t, q, item('e', Important, 1, payload))
		}
		if got := drops.get(); got["e "+ReasonFull] != drops.total() {
			t.Fatalf("drops %v, want Important only", got)
		}
		// However much room a file left, Normal items never push an Important one out.
		before, refused := drops.get()["e "+ReasonFull], 0
		for range 100 {
			switch err := q.Put(item('l', Normal, 1, payload)); {
			case errors.Is(err, ErrFull):
				refused++
			case err != nil:
				t.Fatal(err)
			}
		}
		after := drops.get()
		if after["e "+ReasonFull] != before {
			t.Errorf("a Normal item evicted an Important one")
		}
		if after["l "+ReasonFull] < refused {
			t.Errorf("%d refused, %d counted", refused, after["l "+ReasonFull])
		}
	})

	t.Run("a leased item is never evicted", func(t *testing.T) {
		t.Parallel()
		var drops dropLog
		q := open(t, 40, 100, drops.add)
		defer q.Close()
		payload := string(make([]byte, 100))
		mustPut(t, q, item('s', Normal, 7, payload))
		l := mustTake(t, q)
		for range 200 {
			mustPut(t, q, item('l', Normal, 1, payload))
		}
		if got := drops.get(); got["s "+ReasonFull] != 0 || q.Pending()['s'] != 7 {
			t.Errorf("drops %v, pending %v", got, q.Pending())
		}
		l.Return()
		again := mustTake(t, q)
		if again.Signal != 's' {
			t.Errorf("took signal %c after the return, want s", again.Signal)
		}
		again.Done()
	})

	t.Run("too large", func(t *testing.T) {
		t.Parallel()
		var drops dropLog
		q := open(t, 40, 100, drops.add)
		defer q.Close()
		mustPut(t, q, item('l', Normal, 1, "small"))
		if err := q.Put(item('l', Important, 3, string(make([]byte, 1<<20)))); !errors.Is(err, ErrTooLarge) {
			t.Errorf("Put: %v, want ErrTooLarge", err)
		}
		if diff := cmp.Diff(map[string]int{"l " + ReasonTooLarge: 3}, drops.get()); diff != "" {
			t.Errorf("drops (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]string{"small"}, drain(t, q)); diff != "" {
			t.Errorf("kept (-want +got):\n%s", diff)
		}
	})

	t.Run("after Close", func(t *testing.T) {
		t.Parallel()
		var drops dropLog
		q := open(t, 40, 100, drops.add)
		if err := q.Close(); err != nil {
			t.Fatal(err)
		}
		if err := q.Close(); err != nil {
			t.Errorf("second Close: %v", err)
		}
		if err := q.Put(item('l', Normal, 2, "x")); !errors.Is(err, ErrClosed) {
			t.Errorf("Put: %v, want ErrClosed", err)
		}
		if _, err := q.Take(t.Context()); !errors.Is(err, ErrClosed) {
			t.Errorf("Take: %v, want ErrClosed", err)
		}
		if diff := cmp.Diff(map[string]int{"l " + ReasonClosed: 2}, drops.get()); diff != "" {
			t.Errorf("drops (-want +got):\n%s", diff)
		}
	})

	t.Run("Take with an ended context takes nothing", func(t *testing.T) {
		t.Parallel()
		q := open(t, 40, 100, nil)
		defer q.Close()
		mustPut(t, q, item('l', Normal, 1, "x"))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := q.Take(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Take: %v, want Canceled", err)
		}
		if diff := cmp.Diff([]string{"x"}, drain(t, q)); diff != "" {
			t.Errorf("left (-want +got):\n%s", diff)
		}
	})

	t.Run("a callback may call the queue", func(t *testing.T) {
		t.Parallel()
		var q Queue
		called := 0
		q = open(t, 40, 100, func(byte, int, string) {
			called++
			q.Len()
			q.Pending()
		})
		defer q.Close()
		for range 100 {
			mustPut(t, q, item('l', Normal, 1, string(make([]byte, 100))))
		}
		if called == 0 {
			t.Error("nothing was evicted")
		}
	})

	t.Run("many hands", func(t *testing.T) {
		t.Parallel()
		manyHands(t, open)
	})
}

// manyHands lets 4 goroutines put and 4 take, one in three leases going back, and
// checks that each item arrives once.
func manyHands(t *testing.T, open opener) {
	const putters, each = 4, 300
	var drops dropLog
	q := open(t, 2*putters*each, 16, drops.add)
	defer q.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()

	var mu sync.Mutex
	seen := map[string]int{}
	var put, taken sync.WaitGroup
	for p := range putters {
		put.Go(func() {
			for i := range each {
				if err := q.Put(item('l', Class(i%2), 1, fmt.Sprintf("%d/%d", p, i))); err != nil {
					t.Error(err)
				}
			}
		})
		taken.Go(func() {
			for n := 0; ; n++ {
				l, err := q.Take(ctx)
				if err != nil {
					return
				}
				if n%3 == 2 {
					l.Return()
					continue
				}
				mu.Lock()
				seen[string(l.Payload)]++
				if len(seen) == putters*each {
					cancel()
				}
				mu.Unlock()
				l.Done()
			}
		})
	}
	put.Wait()
	taken.Wait()
	for payload, n := range seen {
		if n != 1 {
			t.Errorf("%s arrived %d times", payload, n)
		}
	}
	if n, _ := q.Len(); n != 0 || len(q.Pending()) != 0 || drops.total() != 0 {
		t.Errorf("items %d, pending %v, drops %v; want nothing", n, q.Pending(), drops.get())
	}
}

func TestTakeWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := NewMemory(1<<20, nil)
		got := make(chan string, 3)
		for range 3 {
			go func() {
				l, err := q.Take(t.Context())
				if err != nil {
					got <- err.Error()
					return
				}
				got <- string(l.Payload)
				l.Done()
			}()
		}
		synctest.Wait()
		// Two at once make one token: the first taker has to pass it on.
		mq := q.(*memoryQueue)
		mq.lock()
		mq.shelf.put(entry{Item: item('l', Normal, 1, "x"), stamp: 1}, nil)
		mq.shelf.put(entry{Item: item('l', Normal, 1, "x"), stamp: 2}, nil)
		mq.ready()
		mq.unlock()
		synctest.Wait()
		if len(got) != 2 || <-got != "x" || <-got != "x" {
			t.Error("two items did not reach two of three waiting takers")
		}
		q.Close()
		synctest.Wait()
		if len(got) != 1 || <-got != ErrClosed.Error() {
			t.Error("Close did not end the waiting Take")
		}
	})
}

func TestTakeWakesOnReturn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := NewMemory(1<<20, nil)
		defer q.Close()
		mustPut(t, q, item('l', Normal, 1, "x"))
		l := mustTake(t, q)
		got := make(chan *Lease, 1)
		go func() {
			again, _ := q.Take(t.Context())
			got <- again
		}()
		synctest.Wait()
		if len(got) != 0 {
			t.Fatal("the leased item was handed out twice")
		}
		l.Return()
		synctest.Wait()
		if len(got) != 1 {
			t.Fatal("the return woke nobody")
		}
		(<-got).Done()
	})
}

func TestMemoryCloseReportsWhatIsLeft(t *testing.T) {
	t.Parallel()
	var drops dropLog
	q := NewMemory(1<<20, drops.add)
	mustPut(t, q, item('l', Normal, 2, "a"), item('s', Normal, 4, "b"), item('m', Important, 8, "c"), item('m', Normal, 16, "d"))
	a, b := mustTake(t, q), mustTake(t, q)
	q.Close()
	if diff := cmp.Diff(map[byte]int64{'l': 2, 's': 4}, q.Pending()); diff != "" {
		t.Errorf("pending after Close (-want +got):\n%s", diff)
	}
	a.Done()
	b.Return()
	want := map[string]int{"m " + ReasonClosed: 24, "s " + ReasonClosed: 4}
	if diff := cmp.Diff(want, drops.get()); diff != "" {
		t.Errorf("drops (-want +got):\n%s", diff)
	}
	if n, bytes := q.Len(); n != 0 || bytes != 0 || len(q.Pending()) != 0 {
		t.Errorf("left %d items, %d bytes, %v", n, bytes, q.Pending())
	}
}

func TestLineKeepsOrder(t *testing.T) {
	t.Parallel()
	// Long enough that the line moves down on the way, with leases out across it.
	var l line
	for i := range 500 {
		l.push(entry{stamp: uint64(i)})
	}
	var want uint64
	for l.len() > 0 {
		n := min(5, l.len())
		out := make([]entry, n)
		for i := range out {
			out[i] = l.pop()
		}
		for i := range out { // back in a scrambled order
			l.insert(out[(i+2)%n])
		}
		if got := l.pop().stamp; got != want {
			t.Fatalf("stamp %d, want %d", got, want)
		}
		want++
	}
}
