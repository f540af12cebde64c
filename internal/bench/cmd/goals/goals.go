package main

import (
	"fmt"
	"time"

	"github.com/otelkit/otelkit-go/internal/bench"
)

// goal is a promise about a figure.
type goal struct {
	name    string
	figure  func(measured) float64
	limit   float64
	atLeast bool   // the limit is a lower one
	format  string // of figure and limit
}

const (
	times = "%.2f×"
	each  = "%.1f"
)

var goals = []goal{
	{
		name: "log of ten fields, CPU against plain", limit: 0.48, format: times,
		figure: exporting(bench.Ratio(bench.KitLog, bench.PlainLog, bench.CPU)),
	},
	{
		name: "log of ten fields, allocations", limit: 16, format: each,
		figure: exporting(bench.Of(bench.KitLog, bench.Allocs)),
	},
	{
		name: "span of five attributes, CPU against plain", limit: 0.65, format: times,
		figure: exporting(bench.Ratio(bench.KitSpan, bench.PlainSpan, bench.CPU)),
	},
	{
		name: "span of five attributes, allocations", limit: 9, format: each,
		figure: exporting(bench.Of(bench.KitSpan, bench.Allocs)),
	},
	{
		name: "log throughput without a drop, against plain", limit: 2.4, format: times, atLeast: true,
		figure: busy(bench.Ratio(bench.PlainLog, bench.KitLog, bench.Total)),
	},
	{
		name: "peak resident set meanwhile, MB", limit: 40, format: each,
		figure: busy(func(r bench.Round) float64 { return float64(r[bench.KitLog].MaxRSS) / 1e6 }),
	},
	{
		name: "call below the level, ns", limit: 8, format: each,
		figure: disabled(func(r bench.Round) float64 { return nanoseconds(r[bench.KitDisabled].CPU) }),
	},
	{
		name: "call below the level, allocations", limit: 0, format: "%.3f",
		figure: disabled(bench.Of(bench.KitDisabled, bench.Allocs)),
	},
	{
		name: "call below the level, against slog", limit: 2, format: times,
		figure: disabled(bench.Ratio(bench.KitDisabled, bench.SlogDisabled, bench.CPU)),
	},
	{
		name: "log call, Collector hangs, p50 against plain", limit: 1, format: times,
		figure: hanging(bench.Ratio(bench.KitLog, bench.PlainLog, bench.P50)),
	},
	{
		name: "log call, Collector hangs, p99 against plain", limit: 1, format: times,
		figure: hanging(bench.Ratio(bench.KitLog, bench.PlainLog, bench.P99)),
	},
}

func exporting(f func(bench.Round) float64) func(measured) float64 {
	return func(m measured) float64 { return bench.Median(m.exporting, f) }
}

func busy(f func(bench.Round) float64) func(measured) float64 {
	return func(m measured) float64 { return bench.Median(m.busy, f) }
}

func hanging(f func(bench.Round) float64) func(measured) float64 {
	return func(m measured) float64 { return bench.Median(m.hanging, f) }
}

func disabled(f func(bench.Round) float64) func(measured) float64 {
	return func(m measured) float64 { return bench.Median(m.disabled, f) }
}

func nanoseconds(d time.Duration) float64 { return float64(d) / float64(time.Nanosecond) }

// check returns the row of the table and whether the goal is kept.
func (g goal) check(m measured) (row []string, kept bool) {
	figure := g.figure(m)
	sign, kept := "≤ ", figure <= g.limit
	if g.atLeast {
		sign, kept = "≥ ", figure >= g.limit
	}
	verdict := "short"
	if kept {
		verdict = "ok"
	}
	return []string{g.name, fmt.Sprintf(g.format, figure), sign + fmt.Sprintf(g.format, g.limit), verdict}, kept
}
