//go:build unix

package spool

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// cpu reports the processor time of an operation, user and system: on a machine
// that is shared it says more than the wall clock does.
func cpu(b *testing.B) (report func()) {
	now := func() time.Duration {
		var u unix.Rusage
		if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	start := now()
	return func() { b.ReportMetric(float64((now()-start).Nanoseconds())/float64(b.N), "cpu-ns/op") }
}

func BenchmarkQueue(b *testing.B) {
	kinds := map[string]func(b *testing.B) Queue{
		"memory": func(*testing.B) Queue { return NewMemory(1<<30, nil) },
	}
	for _, policy := range []Sync{SyncNever, SyncInterval, SyncAlways} {
		kinds["disk-"+policy.String()] = func(b *testing.B) Queue {
			q, err := Open(b.TempDir(), WithSync(policy))
			if err != nil {
				b.Fatal(err)
			}
			return q
		}
	}
	for _, kind := range []string{"memory", "disk-never", "disk-interval", "disk-always"} {
		for _, size := range []int{300, 4 << 10, 64 << 10} {
			payload := make([]byte, size)
			it := Item{Signal: 'l', Records: 1, Payload: payload}
			b.Run(fmt.Sprintf("%s/%d/put", kind, size), func(b *testing.B) {
				q := kinds[kind](b)
				defer q.Close()
				b.SetBytes(int64(size))
				b.ReportAllocs()
				took := make([]time.Duration, 0, 1<<20)
				used := cpu(b)
				for b.Loop() {
					start := time.Now()
					if err := q.Put(it); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(start))
				}
				used()
				b.StopTimer()
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds()), "p99-ns")
				b.ReportMetric(float64(took[len(took)*999/1000].Nanoseconds()), "p99.9-ns")
				b.ReportMetric(float64(took[len(took)-1].Nanoseconds()), "max-ns")
			})
			b.Run(fmt.Sprintf("%s/%d/put-take-done", kind, size), func(b *testing.B) {
				q := kinds[kind](b)
				defer q.Close()
				b.SetBytes(int64(size))
				b.ReportAllocs()
				used := cpu(b)
				for b.Loop() {
					if err := q.Put(it); err != nil {
						b.Fatal(err)
					}
					l, err := q.Take(b.Context())
					if err != nil {
						b.Fatal(err)
					}
					l.Done()
				}
				used()
			})
		}
	}
}
