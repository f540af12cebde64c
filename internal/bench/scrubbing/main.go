// Command scrubbing measures what it costs to look at a log line, against other
// ways to do it:
//
//	go -C internal/bench/scrubbing run .
//
// Every subject sees the same lines, in rounds that take turns, so that a slow
// spell of the machine meets all of them; a ratio is taken within its round. A
// round has all lines as often as fill the same time for every subject, or the
// fastest would be timed in caches that the slowest has filled. What is shown is
// the median over the rounds. All run in one goroutine.
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
	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/scrub"
)

const (
	rounds   = 9
	perRound = 2000 // lines
	// atLeast is how long a subject is timed in a round.
	atLeast = 100 * time.Millisecond
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
	}{{"clean lines", clean}, {"lines with a secret", leaky(clean)}, {"clean values of attributes", values(perRound)}} {
		size := 0
		for _, l := range set.lines {
			size += len(l)
		}
		fmt.Printf("\n%s, mean %d bytes, %d rounds of %d\n\n", set.name, size/perRound, rounds, perRound) //nolint:forbidigo // a command
		table(measure(subjects, set.lines), subjects, size/perRound)
	}
	took, allocs := record()
	fmt.Printf("\na clean record of ten fields: %.0f ns, %.1f allocations\n", took, allocs) //nolint:forbidigo // a command
	return nil
}

// record measures the attributes of a log record, one after the other.
func record() (ns, allocs float64) {
	s, err := scrub.New()
	if err != nil {
		return 0, 0
	}
	fields := []attribute.KeyValue{
		attribute.String("http.request.method", "GET"), attribute.String("url.path", "/api/v1/orders"), attribute.String("service.version", "1.42.0"),
		attribute.Int("http.response.status_code", 200), attribute.Int("bytes", 5123), attribute.Float64("ratio", 0.75), attribute.Int64("duration", 1714000),
		attribute.String("error", "context deadline exceeded"), attribute.Bool("retry", false), attribute.Int64("time", 1741944413),
	}
	look := subject{prepare: func([]string) func() {
		return func() {
			for range perRound {
				for j := range fields { // copied once, into the call
					found += len(s.KeyValue(fields[j]).Key)
				}
			}
		}
	}}
	lines := make([]string, perRound)
	allocs = look.allocs(lines)
	var took []float64
	for range rounds {
		took = append(took, look.time(lines))
	}
	return median(took), allocs
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
		{"a look at each byte in a table: the ceiling", each(func(l string) {
			var n uint64
			for i := range len(l) {
				n += table256[l[i]]
			}
			scanned += n
		})},
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
	sink    string
	found   int
	scanned uint64
)

// table256 has an entry for each byte.
var table256 = func() (t [256]uint64) {
	for c := range t {
		t[c] = uint64(c) * 0x9E3779B97F4A7C15
	}
	return t
}()

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

// costs are of one line.
type costs struct {
	ns     []float64 // by round
	allocs float64
}

func measure(subjects []subject, lines []string) []costs {
	out := make([]costs, len(subjects))
	for i, s := range subjects { // to warm up as well
		out[i].allocs = s.allocs(lines)
	}
	for range rounds {
		for i, s := range subjects {
			runtime.GC()
			out[i].ns = append(out[i].ns, s.time(lines))
		}
	}
	return out
}

func (s subject) allocs(lines []string) float64 {
	look := s.prepare(lines)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	look()
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(len(lines))
}

// time returns nanoseconds.
func (s subject) time(lines []string) float64 {
	var took time.Duration
	n := 0
	for took < atLeast {
		look := s.prepare(lines)
		start := time.Now()
		look()
		took += time.Since(start)
		n += len(lines)
	}
	return float64(took.Nanoseconds()) / float64(n)
}

func table(all []costs, subjects []subject, size int) {
	fmt.Println("| subject | ns/text | MB/s | allocs | of otelkit |\n|---|--:|--:|--:|--:|") //nolint:forbidigo // a command
	for i, s := range subjects {
		ratios := make([]float64, rounds)
		for round, ns := range all[i].ns {
			ratios[round] = ns / all[0].ns[round]
		}
		ns := median(all[i].ns)
		fmt.Printf("| %s | %.0f | %.1f | %.1f | %.3g× |\n", s.name, ns, float64(size)*1e3/ns, all[i].allocs, median(ratios)) //nolint:forbidigo // a command
	}
}

func median(values []float64) float64 { return slices.Sorted(slices.Values(values))[len(values)/2] }
