// Compare prints what a log call of ten fields, a span of five attributes and a
// call below the level cost with otelkit and without.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/otelkit/otelkit-go/internal/bench"
)

// row is a subject and what its ratio refers to.
type row struct{ subject, by bench.Subject }

var exporting = []row{
	{bench.SlogJSON, bench.PlainLog},
	{bench.PlainLog, bench.PlainLog},
	{bench.KitLog, bench.PlainLog},
	{bench.PlainSpan, bench.PlainSpan},
	{bench.KitSpan, bench.PlainSpan},
}

var disabled = []row{
	{bench.SlogDisabled, bench.SlogDisabled},
	{bench.KitDisabled, bench.SlogDisabled},
}

// busy is measured with a calling goroutine for each core.
var busy = []row{
	{bench.PlainLog, bench.PlainLog},
	{bench.KitLog, bench.PlainLog},
}

// disabledCalls is how many calls of nanoseconds go for one of microseconds.
const disabledCalls = 1000

func main() {
	if bench.Main() {
		return
	}
	n := flag.Int("rounds", 5, "rounds, of which the median is shown")
	calls := flag.Int("calls", 40_000, "calls a round")
	flag.Parse()
	if err := run(context.Background(), *n, *calls); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, n, calls int) error {
	lab, err := bench.NewLab(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = lab.Close() }() // the figures are there by then
	table := [][]string{{"what", "ns wall", "calls/s", "ns CPU", "allocs", "ratio"}}
	for _, part := range []part{
		{"", exporting, lab.Rounds, calls},
		{", on all cores", busy, lab.BusyRounds, calls},
		{"", disabled, lab.Rounds, disabledCalls * calls},
	} {
		lines, err := part.compare(ctx, n)
		if err != nil {
			return err
		}
		table = append(table, lines...)
	}
	return bench.WriteTable(os.Stdout, table)
}

// part is rows that are measured alike.
type part struct {
	how    string
	rows   []row
	rounds func(ctx context.Context, n, calls int, subjects ...bench.Subject) ([]bench.Round, error)
	calls  int
}

func (p part) compare(ctx context.Context, n int) ([][]string, error) {
	var subjects []bench.Subject
	for _, r := range p.rows {
		subjects = append(subjects, r.subject)
	}
	rounds, err := p.rounds(ctx, n, p.calls, subjects...)
	if err != nil {
		return nil, err
	}
	var lines [][]string
	for _, r := range p.rows {
		lines = append(lines, []string{
			string(r.subject) + p.how,
			fmt.Sprint(int64(bench.Median(rounds, bench.Of(r.subject, bench.Call)))),
			fmt.Sprint(int64(time.Second / bench.Median(rounds, bench.Of(r.subject, bench.Total)))),
			fmt.Sprint(int64(bench.Median(rounds, bench.Of(r.subject, bench.CPU)))),
			fmt.Sprintf("%.1f", bench.Median(rounds, bench.Of(r.subject, bench.Allocs))),
			fmt.Sprintf("%.2f", bench.Median(rounds, bench.Ratio(r.subject, r.by, bench.CPU))),
		})
	}
	return lines, nil
}
