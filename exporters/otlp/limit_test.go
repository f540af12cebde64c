package otlp

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// After a time in which the receiver found everything too large, requests become
// large again.
func TestLimitRecovers(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", "spool"} {
		t.Run("spool="+dir, func(t *testing.T) {
			t.Parallel()
			if dir != "" {
				dir = t.TempDir()
			}
			synctest.Test(t, func(t *testing.T) {
				var mean atomic.Bool
				mean.Store(true)
				c := &fakeClient{answer: func(context.Context, int, []byte) result {
					if mean.Load() {
						return result{verdict: split, err: errors.New("413")}
					}
					return result{}
				}}
				e, _ := logExporter(t, c, WithSpool(dir), WithBatch(Logs, Batch{ScheduleDelay: time.Second}))
				em := newEmitter(e.LogProcessor())
				em.emit(40, info)
				time.Sleep(time.Minute)
				synctest.Wait()
				balanced(t, e, 40, 0, 0, map[string]int64{DropTooLarge: 40})
				mean.Store(false)
				before, _ := c.seen()
				em.emit(5000, info)
				if err := e.ForceFlush(t.Context()); err != nil {
					t.Error(err)
				}
				if after, _ := c.seen(); after-before > 100 {
					t.Errorf("%d requests for 5000 records", after-before)
				}
				if err := e.Shutdown(t.Context()); err != nil {
					t.Error(err)
				}
				balanced(t, e, 5040, 5000, 0, map[string]int64{DropTooLarge: 40})
			})
		})
	}
}

// A receiver that has a limit of its own for good meets it ever less often.
func TestLimitRisesEverLessOften(t *testing.T) {
	t.Parallel()
	var limit atomic.Int64
	limit.Store(maxRequest)
	g := newGrowth(&limit)
	refusals := 0
	const its = 10_000
	for range 10_000 {
		if size := int(limit.Load()); size > its {
			refusals++
			g.refused(size)
		} else {
			g.took()
		}
	}
	if refusals > 30 {
		t.Errorf("%d of 10,000 requests were too large", refusals)
	}
	for range 100 * lastPatience {
		g.took()
	}
	if limit.Load() != maxRequest || g.patience != firstPatience {
		t.Errorf("the limit is %d with patience %d", limit.Load(), g.patience)
	}
}
