package bench

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// chunk is how many calls are made between two flushes. It is below the 2048
// records that the queues of plain OpenTelemetry hold.
const chunk = 2000

// job is what a worker is to do.
type job struct {
	Subject  Subject
	Endpoint string
	Calls    int
	Callers  int // goroutines that make the calls
	// Latencies times each call instead of all of them, and does not flush.
	Latencies bool
}

// Result is what a worker has measured. The times of a call are averages.
type Result struct {
	Call   time.Duration // wall time of the calls themselves
	Total  time.Duration // wall time with the flushes
	Caller time.Duration // CPU of the calls themselves: what a caller waits for on an idle machine (of one caller, on Linux)
	CPU    time.Duration // of the process, its exporting goroutines and the collector of garbage included
	Allocs float64       // a call, all goroutines
	Calls  int
	MaxRSS int64 // bytes, at most, of the process

	P50, P99 time.Duration // if asked for
}

// work is the worker's process: one job, one result.
func work(in io.Reader, out io.Writer) error {
	var j job
	if err := json.NewDecoder(in).Decode(&j); err != nil {
		return err
	}
	r, err := j.run(context.Background())
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(r)
}

func (j job) run(ctx context.Context) (res Result, err error) {
	rig, err := j.Subject.setUp(ctx, j.Endpoint)
	if err != nil {
		return res, err
	}
	defer func() {
		// A deadline, as the receiver may hang. What was measured stands.
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		defer cancel()
		_ = rig.close(ctx)
	}()
	if j.Latencies {
		return j.latencies(rig), nil
	}
	return j.measure(ctx, rig)
}

// warmUp fills pools and caches, which a service does once.
func (j job) warmUp() int { return j.Calls / 10 }

func (j job) measure(ctx context.Context, rig *rig) (res Result, err error) {
	if _, err := j.calls(ctx, rig, j.warmUp()); err != nil {
		return res, err
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	stop, err := j.profile()
	if err != nil {
		return res, err
	}
	cpu, start := cpuTime(processUsage), time.Now()
	inCalls, err := j.calls(ctx, rig, j.Calls)
	total := time.Since(start)
	cpu = cpuTime(processUsage) - cpu
	stop()
	runtime.ReadMemStats(&after)
	n := time.Duration(j.Calls)
	return Result{
		Call: inCalls.wall / n, Caller: inCalls.cpu / n, Total: total / n, CPU: cpu / n, Calls: j.Calls + j.warmUp(),
		Allocs: thousandths(float64(after.Mallocs-before.Mallocs) / float64(n)), MaxRSS: maxRSS(),
	}, err
}

// profileVariable names a directory for a CPU profile of each subject's last
// measurement. Profiling costs a little, so figures taken meanwhile are not to
// be quoted.
const profileVariable = "OTELKIT_BENCH_PROFILE"

// profile starts a CPU profile if one is asked for, and returns how to end it.
func (j job) profile() (stop func(), err error) {
	dir := os.Getenv(profileVariable)
	if dir == "" {
		return func() {}, nil
	}
	name := strings.NewReplacer(" ", "-", ":", "", ",", "", "/", "-").Replace(string(j.Subject)) + ".pprof"
	f, err := os.Create(filepath.Join(dir, name))
	if err != nil {
		return nil, err
	}
	return func() {
		pprof.StopCPUProfile()
		f.Close()
	}, pprof.StartCPUProfile(f)
}

// thousandths rounds away what the runtime allocates now and then by itself.
func thousandths(f float64) float64 { return math.Round(f*1000) / 1000 }

// calls makes n calls, flushing after each chunk, and returns the time spent
// in the calls.
func (j job) calls(ctx context.Context, rig *rig, n int) (sum spent, err error) {
	for n > 0 {
		some := min(n, chunk)
		n -= some
		start := time.Now()
		sum.cpu += j.callTogether(rig, some)
		sum.wall += time.Since(start)
		if err := rig.flush(ctx); err != nil {
			return sum, err
		}
	}
	return sum, nil
}

// spent is the time that calls took: on the clock, and of the CPU.
type spent struct{ wall, cpu time.Duration }

// callTogether makes n calls, each caller its share, and returns what they have
// used of the CPU, if it is one.
func (j job) callTogether(rig *rig, n int) time.Duration {
	if j.Callers == 1 {
		return ofThread(func() { rig.call(n) })
	}
	var callers sync.WaitGroup
	for i := range j.Callers {
		callers.Go(func() { rig.call(n*(i+1)/j.Callers - n*i/j.Callers) })
	}
	callers.Wait()
	return 0
}

// ofThread calls f on a thread of its own and returns the CPU time of that. Many
// that wait for each other must not be called so: to hand a thread on is dear.
func ofThread(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := cpuTime(threadUsage)
	f()
	return cpuTime(threadUsage) - before
}

func (j job) latencies(rig *rig) Result {
	rig.call(j.warmUp())
	all := make([]time.Duration, j.Calls)
	for i := range all {
		start := time.Now()
		rig.call(1)
		all[i] = time.Since(start)
	}
	slices.Sort(all)
	return Result{P50: all[len(all)/2], P99: all[len(all)*99/100]}
}

// Whose usage is asked for. Only Linux knows that of a thread.
const (
	processUsage = syscall.RUSAGE_SELF
	threadUsage  = 1
)

func cpuTime(whose int) time.Duration {
	u := usage(whose)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// maxRSS is in bytes; Linux counts in kibibytes.
func maxRSS() int64 { return usage(processUsage).Maxrss << 10 }

func usage(whose int) (u syscall.Rusage) {
	// It fails only for an invalid argument.
	_ = syscall.Getrusage(whose, &u)
	return u
}
