package otlp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	otellog "go.opentelemetry.io/otel/log"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
)

const info, severe = otellog.SeverityInfo, otellog.SeverityError

func TestRecordsGoOutAfterScheduleDelay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &fakeClient{}
		e, _ := logExporter(t, c, WithBatch(Logs, Batch{ScheduleDelay: 3 * time.Second}))
		em := newEmitter(e.LogProcessor())
		em.emit(10, info)
		time.Sleep(3*time.Second - 1)
		synctest.Wait()
		if n, _ := c.seen(); n != 0 {
			t.Errorf("%d requests before the delay was over", n)
		}
		balanced(t, e, 10, 0, 10, nil)
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		balanced(t, e, 10, 10, 0, nil)
		em.emit(513, info) // a full batch goes at once
		synctest.Wait()
		balanced(t, e, 523, 522, 1, nil)
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		balanced(t, e, 523, 523, 0, nil)
		if !c.closed {
			t.Error("Shutdown left the client open")
		}
	})
}

// The receiver is down for a while, in each of the ways that are worth another
// attempt: everything arrives, in order, and soon after it is back.
func TestOutageLosesNothing(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", "spool"} {
		t.Run("spool="+dir, func(t *testing.T) {
			t.Parallel()
			if dir != "" {
				dir = t.TempDir()
			}
			synctest.Test(t, func(t *testing.T) {
				var down atomic.Bool
				down.Store(true)
				c := &fakeClient{answer: func(context.Context, int, []byte) result {
					if down.Load() {
						return result{verdict: retry, err: errDown}
					}
					return result{}
				}}
				e, told := logExporter(t, c, WithSpool(dir))
				em := newEmitter(e.LogProcessor())
				for range 900 { // 90 s
					em.emit(10, info)
					time.Sleep(100 * time.Millisecond)
				}
				synctest.Wait()
				balanced(t, e, 9000, 0, 9000, nil)
				if b := e.Stats().Logs; !b.Failing || b.LastError == "" {
					t.Errorf("failing is not told: %+v", b)
				}
				attempts, _ := c.seen()
				if attempts > 120 {
					t.Errorf("%d attempts in 90 s", attempts)
				}
				down.Store(false)
				time.Sleep(lastPause + time.Second)
				synctest.Wait()
				balanced(t, e, 9000, 9000, 0, nil)
				if err := e.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				_, bodies := c.seen()
				if want := numbers(9000); !slices.Equal(inOrder(bodies), want) {
					t.Errorf("%d records arrived, want 0…8999 once each", len(bodies))
				}
				lines := told.all()
				if len(lines) != 3 || !strings.Contains(lines[2], "again") {
					t.Errorf("told, want two lines a minute apart and one at the end:\n%s", strings.Join(lines, "\n"))
				}
			})
		})
	}
}

func numbers(n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprint(i))
	}
	return out
}

func inOrder(bodies []string) []string {
	slices.SortFunc(bodies, func(a, b string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return bodies
}

func TestFlushDestroysNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var hanging atomic.Bool
		hanging.Store(true)
		c := &fakeClient{answer: func(ctx context.Context, n int, p []byte) result {
			if hanging.Load() {
				ctx, cancel := context.WithTimeout(ctx, DefaultTimeout) // as a client does
				defer cancel()
				return hang(ctx, n, p)
			}
			return result{}
		}}
		e, _ := logExporter(t, c)
		newEmitter(e.LogProcessor()).emit(500, info)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		err := e.ForceFlush(ctx)
		if took := time.Since(start); took != time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("ForceFlush took %s and returned %v", took, err)
		}
		balanced(t, e, 500, 0, 500, nil)
		hanging.Store(false)
		time.Sleep(DefaultTimeout + lastPause)
		synctest.Wait()
		balanced(t, e, 500, 500, 0, nil)
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestFlushTriesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var up atomic.Bool
		c := &fakeClient{answer: func(context.Context, int, []byte) result {
			if up.Load() {
				return result{}
			}
			return result{verdict: retry, err: errDown}
		}}
		e, _ := logExporter(t, c)
		defer func() { _ = e.Shutdown(t.Context()) }()
		newEmitter(e.LogProcessor()).emit(1, info)
		time.Sleep(7 * lastPause) // the pauses are as long as they get
		for i := range 4 {
			up.Store(i == 3)
			before, _ := c.seen()
			// Shorter than the shortest such pause.
			ctx, cancel := context.WithTimeout(t.Context(), lastPause/4)
			_ = e.ForceFlush(ctx)
			cancel()
			synctest.Wait()
			if after, _ := c.seen(); after <= before {
				t.Errorf("flush %d: no attempt", i)
			}
		}
		balanced(t, e, 1, 1, 0, nil)
	})
}

// Shutdown in every state ends in time, ends all goroutines (goleak in
// TestMain, and synctest) and keeps the books.
func TestShutdown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		answer func(context.Context, int, []byte) result
		within time.Duration
		// spooled is within with a spool, where what is pending is safe.
		spooled time.Duration
		lost    bool
	}{
		{"healthy", nil, 0, 0, false},
		{"slow", func(context.Context, int, []byte) result { time.Sleep(time.Second); return result{} }, 4 * time.Second, 4 * time.Second, false},
		{"hung", hang, DefaultShutdownTimeout, patience, true},
		{"failing", always(result{verdict: retry, err: errDown}), DefaultShutdownTimeout, firstPause, true},
		{"throttled", always(result{verdict: retry, err: errDown, after: time.Hour}), DefaultShutdownTimeout, patience, true},
		{"panicking", func(context.Context, int, []byte) result { panic("boom") }, 0, 0, true},
	} {
		for _, spooled := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/spool=%v", tt.name, spooled), func(t *testing.T) {
				t.Parallel()
				dir, within := "", tt.within
				if spooled {
					dir, within = t.TempDir(), tt.spooled
				}
				synctest.Test(t, func(t *testing.T) {
					c := &fakeClient{answer: tt.answer}
					e, told := logExporter(t, c, WithSpool(dir))
					em := newEmitter(e.LogProcessor())
					em.emit(2000, info)
					start := time.Now()
					err := e.Shutdown(t.Context())
					if took := time.Since(start); took > within+10*time.Millisecond {
						t.Errorf("Shutdown took %s, want %s", took, within)
					}
					switch b := e.Stats().Logs; {
					case tt.name == "panicking":
						balanced(t, e, 2000, 0, 0, map[string]int64{DropPanic: 2000})
					case !tt.lost:
						balanced(t, e, 2000, 2000, 0, nil)
						if err != nil {
							t.Error(err)
						}
					case spooled:
						balanced(t, e, 2000, 0, 2000, nil)
						if err == nil || !strings.Contains(err.Error(), "2000 records not sent, kept in the spool") {
							t.Errorf("Shutdown: %v", err)
						}
					default:
						balanced(t, e, 2000, 0, 0, map[string]int64{DropClosed: 2000})
						if err == nil || !strings.Contains(err.Error(), "2000 records not sent, lost") {
							t.Errorf("Shutdown: %v", err)
						}
						if lines := told.all(); !strings.Contains(lines[len(lines)-1], "lost 2000 of 2000 records: closed 2000") {
							t.Errorf("the last line told is %q, %+v", lines, b)
						}
					}
					before := e.Stats()
					em.emit(5, severe)
					if err := errors.Join(e.Shutdown(t.Context()), e.ForceFlush(t.Context())); err != nil {
						t.Errorf("after Shutdown: %v", err)
					}
					if after := e.Stats(); fmt.Sprint(after) != fmt.Sprint(before) {
						t.Errorf("the books changed after Shutdown: %+v", after)
					}
				})
			})
		}
	}
}

// What is in memory only, since the directory cannot be used, is worth all the
// time that a Shutdown has.
func TestShutdownWithoutItsSpool(t *testing.T) {
	t.Parallel()
	noDirectory := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(noDirectory, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		c := &fakeClient{answer: func(context.Context, int, []byte) result {
			if time.Since(start) < DefaultShutdownTimeout-lastPause-time.Second {
				return result{verdict: retry, err: errDown}
			}
			return result{}
		}}
		e, _ := logExporter(t, c, WithSpool(noDirectory))
		newEmitter(e.LogProcessor()).emit(700, info)
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		balanced(t, e, 700, 700, 0, nil)
	})
	synctest.Test(t, func(t *testing.T) {
		e, _ := logExporter(t, &fakeClient{answer: hang}, WithSpool(noDirectory))
		newEmitter(e.LogProcessor()).emit(700, info)
		if err := e.Shutdown(t.Context()); err == nil || !strings.Contains(err.Error(), "700 records not sent, lost") {
			t.Errorf("Shutdown: %v, want one that says what is lost", err)
		}
		balanced(t, e, 700, 0, 0, map[string]int64{DropClosed: 700})
	})
}

// What a process leaves in the spool the next one sends.
func TestSpoolOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		first, _ := logExporter(t, &fakeClient{answer: always(result{verdict: retry, err: errDown})}, WithSpool(dir))
		newEmitter(first.LogProcessor()).emit(700, info)
		if err := first.Shutdown(t.Context()); err == nil {
			t.Error("Shutdown must say that records were not sent")
		}
		c := &fakeClient{}
		second, _ := logExporter(t, c, WithSpool(dir))
		time.Sleep(time.Minute)
		synctest.Wait()
		balanced(t, second, 700, 700, 0, nil)
		if b := second.Stats().Logs; b.Recovered != 700 {
			t.Errorf("recovered %d, want 700", b.Recovered)
		}
		if err := second.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if _, bodies := c.seen(); !slices.Equal(inOrder(bodies), numbers(700)) {
			t.Errorf("%d records arrived, want 700", len(bodies))
		}
	})
}

func TestErrorsAreTheLastToGo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var down atomic.Bool
		down.Store(true)
		c := &fakeClient{answer: func(context.Context, int, []byte) result {
			if down.Load() {
				return result{verdict: retry, err: errDown}
			}
			return result{}
		}}
		e, _ := logExporter(t, c, WithQueueBytes(200<<10))
		em := newEmitter(e.LogProcessor())
		em.emit(100, severe)
		em.emit(20_000, info)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		down.Store(false)
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		_, bodies := c.seen()
		if kept := inOrder(bodies)[:100]; !slices.Equal(kept, numbers(100)) {
			t.Errorf("of the error records %v are left", kept)
		}
		lost := e.Stats().Logs.Dropped[DropQueueFull]
		if lost < 10_000 {
			t.Errorf("only %d records evicted", lost)
		}
		balanced(t, e, 20_100, 20_100-lost, 0, map[string]int64{DropQueueFull: lost})
	})
}

func TestMaxQueueSize(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, _ := logExporter(t, &fakeClient{answer: hang}, WithBatch(Logs, Batch{MaxQueueSize: 1000}))
		em := newEmitter(e.LogProcessor())
		em.emit(1500, info)
		em.emit(10, severe)
		balanced(t, e, 1510, 0, 1010, map[string]int64{DropQueueFull: 500})
		_ = e.Shutdown(t.Context())
	})
}

// TestSmallMaxQueueSize has a healthy receiver and a queue that a batch of the
// default size does not fit into.
func TestSmallMaxQueueSize(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1, 2, 256, 512} {
		t.Run(strconv.Itoa(size), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := &fakeClient{}
				e, _ := logExporter(t, c, WithBatch(Logs, Batch{MaxQueueSize: size}))
				em := newEmitter(e.LogProcessor())
				burst := max(1, size/3)
				for range 30 {
					em.emit(burst, info)
					time.Sleep(100 * time.Millisecond)
				}
				if err := e.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				if _, bodies := c.seen(); len(bodies) != 30*burst {
					t.Errorf("%d of %d records arrived; books %+v", len(bodies), 30*burst, e.Stats().Logs)
				}
			})
		})
	}
}

func TestFinalAnswers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		answer    result
		delivered int64
		dropped   map[string]int64
		told      string
	}{
		{"refused", result{verdict: refuse, err: errors.New("400 Bad Request")}, 0, map[string]int64{DropRejected: 20}, "20 records dropped (rejected): 400 Bad Request"},
		{"partial", result{rejected: 3, warning: "too old"}, 17, map[string]int64{DropRejected: 3}, "3 records dropped (rejected): partial success: too old"},
		{"more rejected than sent", result{rejected: 99}, 0, map[string]int64{DropRejected: 20}, "20 records dropped"},
		{"nonsense", result{rejected: -5}, 20, nil, ""},
		{"warning", result{warning: "old client"}, 20, nil, "partial success: old client"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e, told := logExporter(t, &fakeClient{answer: always(tt.answer)})
				newEmitter(e.LogProcessor()).emit(20, info)
				if err := e.ForceFlush(t.Context()); err != nil {
					t.Error(err)
				}
				synctest.Wait() // what is settled is told a moment later
				balanced(t, e, 20, tt.delivered, 0, tt.dropped)
				if lines := strings.Join(told.all(), "\n"); !strings.Contains(lines, tt.told) || tt.told == "" && lines != "" {
					t.Errorf("told %q, want %q", lines, tt.told)
				}
				_ = e.Shutdown(t.Context())
			})
		})
	}
}

func TestFailing(t *testing.T) {
	t.Parallel()
	bad := result{verdict: refuse, contents: true, err: errors.New("400")}
	forbidden := result{verdict: refuse, err: errors.New("403")}
	large := result{verdict: split, err: errors.New("413")}
	down := result{verdict: retry, err: errDown}
	for name, tt := range map[string]struct {
		answers []result
		want    bool
	}{
		"one bad request":            {[]result{{}, bad}, false},
		"two in a row":               {[]result{bad, bad}, true},
		"two with another between":   {[]result{bad, {}, bad}, false},
		"over again":                 {[]result{bad, bad, {}}, false},
		"forbidden":                  {[]result{{}, forbidden}, true},
		"too large":                  {[]result{{}, large}, false},
		"down":                       {[]result{{}, down}, true},
		"down, then one bad request": {[]result{down, bad}, false},
	} {
		var l ledger
		for _, r := range tt.answers {
			l.attempt(r)
		}
		if b := l.books(); b.Failing != tt.want || b.LastError == "" {
			t.Errorf("%s: %+v", name, b)
		}
	}
}

// A receiver with a limit of its own gets smaller requests until they fit; only
// a record that is too large by itself is lost.
func TestTooLargeIsSplit(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", "spool"} {
		t.Run("spool="+dir, func(t *testing.T) {
			t.Parallel()
			if dir != "" {
				dir = t.TempDir()
			}
			synctest.Test(t, func(t *testing.T) {
				c := &fakeClient{answer: func(_ context.Context, _ int, p []byte) result {
					if len(p) > 2000 {
						return result{verdict: split, err: errors.New("413")}
					}
					return result{}
				}}
				e, _ := logExporter(t, c, WithSpool(dir), WithBatch(Logs, Batch{ScheduleDelay: time.Second}))
				em := newEmitter(e.LogProcessor())
				em.emit(600, info)
				var r otellog.Record
				r.SetBody(attributeString(strings.Repeat("x", 5000)))
				em.logger.Emit(t.Context(), r)
				em.emit(600, info)
				if err := e.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				balanced(t, e, 1201, 1200, 0, map[string]int64{DropTooLarge: 1})
				if _, bodies := c.seen(); !slices.Equal(inOrder(bodies), numbers(1200)) {
					t.Errorf("%d records arrived, want 1200", len(bodies))
				}
			})
		})
	}
}

func TestLargeBatchesStayUnderTheLimit(t *testing.T) {
	t.Parallel()
	for _, size := range []int{9 << 10, 64 << 10, 1 << 20, 20 << 20} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := &fakeClient{answer: func(_ context.Context, _ int, p []byte) result {
					if len(p) > maxRequest {
						t.Errorf("a request of %d bytes", len(p))
					}
					return result{}
				}}
				e, _ := logExporter(t, c)
				em := newEmitter(e.LogProcessor())
				var r otellog.Record
				r.SetBody(attributeString(strings.Repeat("é", size/2)))
				n := min(512, (32<<20)/size+1)
				for range n {
					em.logger.Emit(t.Context(), r)
				}
				if err := e.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				balanced(t, e, int64(n), int64(n), 0, nil)
				_, bodies := c.seen()
				truncated := e.Stats().Logs.Truncated
				if size > wire.DefaultMaxValue {
					if truncated != int64(n) || !strings.HasSuffix(bodies[0], wire.TruncationMark) || len(bodies[0]) > wire.DefaultMaxValue {
						t.Errorf("%d of %d values truncated, the first to %d bytes", truncated, n, len(bodies[0]))
					}
				} else if truncated != 0 || len(bodies[0]) != size {
					t.Errorf("%d values truncated", truncated)
				}
			})
		})
	}
}

func TestSeveralRequestsInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &fakeClient{answer: func(context.Context, int, []byte) result { time.Sleep(time.Second); return result{} }}
		e, _ := logExporter(t, c)
		start := time.Now()
		newEmitter(e.LogProcessor()).emit(512*8, info)
		if err := e.ForceFlush(t.Context()); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 8/inFlight*time.Second {
			t.Errorf("8 requests of a second took %s", took)
		}
		_ = e.Shutdown(t.Context())
	})
}

// With a spool, records are written within milliseconds but sent together.
func TestSpooledRecordsTravelTogether(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		c := &fakeClient{}
		e, _ := logExporter(t, c, WithSpool(dir))
		em := newEmitter(e.LogProcessor())
		for range 1000 { // 10 s
			em.emit(1, info)
			time.Sleep(10 * time.Millisecond)
		}
		synctest.Wait()
		if n, _ := c.seen(); n > 12 {
			t.Errorf("%d requests in 10 s", n)
		}
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		balanced(t, e, 1000, 1000, 0, nil)
	})
}

func TestPanickingRecordCostsItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, told := logExporter(t, &fakeClient{})
		em := newEmitter(e.LogProcessor())
		em.emit(3, info)
		e.logs.record(0, nil, scopeless, func(*wire.Encoder) { panic("boom") })
		em.emit(3, info)
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		balanced(t, e, 7, 6, 0, map[string]int64{DropPanic: 1})
		if lines := told.all(); len(lines) != 2 || !strings.Contains(lines[0], "boom") {
			t.Errorf("told %q", lines)
		}
	})
}

func TestPanickingHandlerIsCaught(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		e, _ := logExporter(t, &fakeClient{answer: always(result{verdict: refuse, err: errDown})},
			WithErrorHandler(func(error) { panic("handler") }))
		newEmitter(e.LogProcessor()).emit(3, info)
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		balanced(t, e, 3, 0, 0, map[string]int64{DropRejected: 3})
	})
}

func TestFlushDoesNotLinger(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		e, _ := logExporter(t, &fakeClient{}, WithSpool(dir), WithBatch(Logs, Batch{ScheduleDelay: time.Hour}))
		em := newEmitter(e.LogProcessor())
		for range 3 {
			em.emit(1, info)
			time.Sleep(time.Second) // long enough for the sender to begin to linger
			start := time.Now()
			if err := e.ForceFlush(t.Context()); err != nil {
				t.Error(err)
			}
			if took := time.Since(start); took > 10*time.Millisecond {
				t.Errorf("ForceFlush took %s", took)
			}
		}
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
