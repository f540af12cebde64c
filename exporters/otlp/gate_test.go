package otlp

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// attemptsOf returns when attempts are made with one record and the given
// answers, the last of which delivers.
func attemptsOf(t *testing.T, answers ...result) (times []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := &fakeClient{answer: func(_ context.Context, n int, _ []byte) result {
			times = append(times, time.Since(start))
			return answers[min(n, len(answers))-1]
		}}
		e, _ := logExporter(t, c, WithBatch(Logs, Batch{ScheduleDelay: 1}))
		newEmitter(e.LogProcessor()).emit(1, info)
		time.Sleep(time.Hour)
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		balanced(t, e, 1, 1, 0, nil)
	})
	return times
}

func TestPausesGrowAndAreBounded(t *testing.T) {
	t.Parallel()
	down := result{verdict: retry, err: errDown}
	times := attemptsOf(t, append(slices.Repeat([]result{down}, 30), result{})...)
	if len(times) != 31 {
		t.Fatalf("%d attempts, want 31", len(times))
	}
	for i := 1; i < len(times); i++ {
		got, most := times[i]-times[i-1], min(firstPause<<min(i-1, 10), lastPause)
		if got > most || got < most/2 {
			t.Errorf("pause %d was %s, want %s to %s", i, got, most/2, most)
		}
	}
}

func TestReceiverNamesThePause(t *testing.T) {
	t.Parallel()
	busy := result{verdict: retry, err: errDown, after: 7 * time.Second}
	times := attemptsOf(t, busy, busy, result{})
	if len(times) != 3 || times[1]-times[0] != 7*time.Second || times[2]-times[1] != 7*time.Second {
		t.Errorf("attempts at %v, want them 7 s apart", times)
	}
	forEver := result{verdict: retry, err: errDown, after: 1000 * time.Hour}
	if times := attemptsOf(t, forEver, result{}); len(times) != 2 || times[1]-times[0] != longestThrottle {
		t.Errorf("attempts at %v, want them %s apart", times, longestThrottle)
	}
}

func TestFlushKeepsToThePauseAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &fakeClient{answer: always(result{verdict: retry, err: errDown, after: time.Minute})}
		e, _ := logExporter(t, c)
		newEmitter(e.LogProcessor()).emit(1, info)
		for range 10 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_ = e.ForceFlush(ctx)
			cancel()
		}
		if n, _ := c.seen(); n != 1 {
			t.Errorf("%d attempts in 10 s, want 1", n)
		}
		_ = e.Shutdown(t.Context())
	})
}

// A receiver that asked for a long pause gets one request more before records that
// are in memory only are lost, and none where a spool keeps them.
func TestShutdownTriesOnceMore(t *testing.T) {
	t.Parallel()
	for _, healthy := range []bool{true, false} {
		for _, dir := range []string{"", t.TempDir()} {
			synctest.Test(t, func(t *testing.T) {
				var back atomic.Bool
				c := &fakeClient{answer: func(context.Context, int, []byte) result {
					if back.Load() {
						return result{}
					}
					return result{verdict: retry, err: errDown, after: time.Minute}
				}}
				e, _ := logExporter(t, c, WithSpool(dir))
				newEmitter(e.LogProcessor()).emit(1000, info)
				time.Sleep(2 * time.Second)
				synctest.Wait()
				back.Store(healthy)
				before, _ := c.seen()
				err := e.Shutdown(t.Context())
				after, _ := c.seen()
				if (err == nil) != (healthy && dir == "") {
					t.Errorf("Shutdown: %v", err)
				}
				switch more := after - before; {
				case dir != "":
					balanced(t, e, 1000, 0, 1000, nil)
					if more != 0 {
						t.Errorf("%d attempts more with a spool", more)
					}
				case healthy:
					balanced(t, e, 1000, 1000, 0, nil)
				default:
					balanced(t, e, 1000, 0, 0, map[string]int64{DropClosed: 1000})
					if more != 1 {
						t.Errorf("%d attempts more, want 1", more)
					}
				}
			})
		}
	}
}

// While a receiver is failing one request at a time goes out to see.
func TestOneProbeAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		under, most, failed := 0, 0, false
		c := &fakeClient{answer: func(context.Context, int, []byte) result {
			mu.Lock()
			under++
			if failed {
				most = max(most, under)
			}
			mu.Unlock()
			time.Sleep(5 * time.Second)
			mu.Lock()
			defer mu.Unlock()
			under--
			failed = failed || under == 0
			return result{verdict: retry, err: errDown}
		}}
		e, _ := logExporter(t, c)
		newEmitter(e.LogProcessor()).emit(5000, info)
		time.Sleep(time.Minute)
		mu.Lock()
		if most != 1 {
			t.Errorf("%d requests under way at once", most)
		}
		mu.Unlock()
		_ = e.Shutdown(t.Context())
	})
}

// Everything goes wrong at random, and the books balance at every look; in the
// end each record is where they say.
func TestBooksUnderRandomFaults(t *testing.T) {
	t.Parallel()
	for seed := range uint64(20) {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			r := rand.New(rand.NewPCG(seed, 1))
			draw := func(n int) int {
				mu.Lock()
				defer mu.Unlock()
				return r.IntN(n)
			}
			rejected := 0
			c := &fakeClient{answer: func(ctx context.Context, _ int, p []byte) result {
				time.Sleep(time.Duration(draw(300)) * time.Millisecond)
				switch draw(8) {
				case 0:
					return result{verdict: retry, err: errDown, after: time.Duration(draw(2)) * time.Second}
				case 1:
					return result{verdict: refuse, err: errDown}
				case 2:
					return result{verdict: split, err: errDown}
				case 3:
					if len(logBodies(p)) > 1 {
						mu.Lock()
						rejected++
						mu.Unlock()
						return result{rejected: 1}
					}
				case 4:
					panic("boom")
				case 5:
					return hangFor(ctx, time.Second)
				}
				return result{}
			}}
			dir := ""
			if seed%2 == 1 {
				dir = t.TempDir()
			}
			e, _ := logExporter(t, c, WithSpool(dir), WithQueueBytes(100<<10))
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					em := newEmitter(e.LogProcessor())
					for range 50 {
						em.emit(draw(100), info)
						time.Sleep(time.Duration(draw(100)) * time.Millisecond)
						if b := e.Stats().Logs; b.Accepted != b.Delivered+b.Pending+b.Lost() || b.Pending < 0 {
							t.Errorf("books do not balance: %+v", b)
						}
						if draw(10) == 0 {
							ctx, cancel := context.WithTimeout(t.Context(), time.Duration(draw(1000))*time.Millisecond)
							_ = e.ForceFlush(ctx)
							cancel()
						}
					}
				})
			}
			all.Wait()
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(draw(60))*time.Second)
			defer cancel()
			err := e.Shutdown(ctx)
			b := e.Stats().Logs
			_, bodies := c.seen()
			if got := int64(len(bodies) - rejected); b.Delivered != got {
				t.Errorf("seed %d: %d records delivered, the books say %d", seed, got, b.Delivered)
			}
			if b.Pending != 0 && (dir == "" || err == nil) {
				t.Errorf("seed %d: %d records pending after Shutdown (%v)", seed, b.Pending, err)
			}
			if b.Accepted == 0 || b.Lost() == 0 {
				t.Errorf("seed %d: nothing happened: %+v", seed, b)
			}
			safe := dir != "" && (errors.Is(err, errDown) || errors.Is(err, errSilent))
			if err != nil && !safe && !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("seed %d: Shutdown: %v", seed, err)
			}
		})
	}
}

func hangFor(ctx context.Context, d time.Duration) result {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return hang(ctx, 0, nil)
}

// Requests that fail together are one failure: the pause after it is the first.
func TestFailingTogetherIsOneFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var times []time.Duration
		start := time.Now()
		c := &fakeClient{answer: func(_ context.Context, n int, _ []byte) result {
			mu.Lock()
			times = append(times, time.Since(start))
			mu.Unlock()
			time.Sleep(time.Second)
			if n <= inFlight {
				return result{verdict: retry, err: errDown}
			}
			return result{}
		}}
		e, _ := logExporter(t, c)
		newEmitter(e.LogProcessor()).emit(512*inFlight, info)
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if len(times) < inFlight+1 || times[inFlight-1] != 0 || times[inFlight] > time.Second+firstPause {
			t.Errorf("attempts at %v", times)
		}
	})
}
