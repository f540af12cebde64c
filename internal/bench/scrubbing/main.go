// Command scrubbing measures what it costs to look at a log line, against other
// ways to do it:
//
//	go -C internal/bench/scrubbing run .
//
// Every subject sees the same lines, in rounds that take turns, so that a slow
// spell of the machine meets all of them; a ratio is taken within its round.
// What is shown is the median over the rounds. All run in one goroutine.
//
// It is a module of its own: nobody who runs the other benchmarks should have
// to build what is compared here.
package main

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"github.com/rs/zerolog"
	"github.com/zricethezav/gitleaks/v8/detect"
	"github.com/zricethezav/gitleaks/v8/logging"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otelkit/otelkit-go/scrub"
)

const (
	rounds   = 9
	perRound = 2000 // lines
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:forbidigo // a command
	}
}

// subject is a way to look at lines. prepare is not timed.
type subject struct {
	name    string
	prepare func(lines []string) (look func())
}

func run() error {
	subjects, err := all()
	if err != nil {
		return err
	}
	clean := lines(perRound)
	for _, set := range []struct {
		name  string
		lines []string
	}{{"clean lines", clean}, {"lines with a secret", leaky(clean)}} {
		size := 0
		for _, l := range set.lines {
			size += len(l)
		}
		fmt.Printf("\n%s, mean %d bytes, %d rounds of %d\n\n", set.name, size/perRound, rounds, perRound) //nolint:forbidigo // a command
		table(measure(subjects, set.lines), subjects, size/perRound)
	}
	return nil
}

func all() ([]subject, error) {
	s, err := scrub.New()
	if err != nil {
		return nil, err
	}
	var res []*regexp.Regexp
	for _, p := range patterns {
		res = append(res, regexp.MustCompile(p))
	}
	logging.Logger = zerolog.Nop()
	detector, err := detect.NewDetectorDefaultConfig()
	if err != nil {
		return nil, err
	}
	factory := redactionprocessor.NewFactory()
	cfg := factory.CreateDefaultConfig().(*redactionprocessor.Config)
	cfg.AllowAllKeys, cfg.BlockedValues, cfg.Summary = true, patterns, "silent"
	collector, err := factory.CreateLogs(context.Background(), processortest.NewNopSettings(factory.Type()), cfg, consumertest.NewNop())
	if err != nil {
		return nil, err
	}
	each := func(f func(string)) func([]string) func() {
		return func(lines []string) func() {
			return func() {
				for _, l := range lines {
					f(l)
				}
			}
		}
	}
	return []subject{
		{"otelkit, default engine", each(func(l string) { sink = s.String(l) })},
		{"25 regular expressions", each(func(l string) {
			for _, re := range res {
				if re.MatchString(l) {
					l = re.ReplaceAllLiteralString(l, "****")
				}
			}
			sink = l
		})},
		{"Collector redaction processor 0.158, the same 25", func(lines []string) func() {
			logs := records(lines)
			return func() { _ = collector.ConsumeLogs(context.Background(), logs) }
		}},
		{"gitleaks 8.30.1, default rules", each(func(l string) { found += len(detector.DetectString(l)) })},
	}, nil
}

// What is measured must not be optimised away.
var (
	sink  string
	found int
)

// records is a batch of log records whose bodies are lines.
func records(lines []string) plog.Logs {
	logs := plog.NewLogs()
	to := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	to.EnsureCapacity(len(lines))
	for _, l := range lines {
		to.AppendEmpty().Body().SetStr(l)
	}
	return logs
}

// cost is of one line.
type cost struct{ ns, allocs float64 }

// measure returns the costs by subject and round.
func measure(subjects []subject, lines []string) [][]cost {
	out := make([][]cost, len(subjects))
	for round := range rounds + 1 {
		for i, s := range subjects {
			look := s.prepare(lines)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			start := time.Now()
			look()
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if round > 0 { // the first is to warm up
				n := float64(len(lines))
				out[i] = append(out[i], cost{float64(took.Nanoseconds()) / n, float64(after.Mallocs-before.Mallocs) / n})
			}
		}
	}
	return out
}

func table(costs [][]cost, subjects []subject, size int) {
	fmt.Println("| subject | ns/line | MB/s | allocs | of otelkit |\n|---|--:|--:|--:|--:|") //nolint:forbidigo // a command
	for i, s := range subjects {
		ns := median(costs[i], func(_ int, c cost) float64 { return c.ns })
		allocs := median(costs[i], func(_ int, c cost) float64 { return c.allocs })
		ratio := median(costs[i], func(round int, c cost) float64 { return c.ns / costs[0][round].ns })
		fmt.Printf("| %s | %.0f | %.1f | %.1f | %.1f× |\n", s.name, ns, float64(size)*1e3/ns, allocs, ratio) //nolint:forbidigo // a command
	}
}

func median(costs []cost, of func(round int, c cost) float64) float64 {
	var values []float64
	for i, c := range costs {
		values = append(values, of(i, c))
	}
	slices.Sort(values)
	return values[len(values)/2]
}
