// Compare prints what a log call of ten fields, a span of five attributes and a
// call below the level cost with otelkit and without.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

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
	table := [][]string{{"what", "ns wall", "ns CPU", "allocs", "ratio"}}
	for _, part := range []struct {
		rows  []row
		calls int
	}{{exporting, calls}, {disabled, disabledCalls * calls}} {
		lines, err := compare(ctx, lab, part.rows, n, part.calls)
		if err != nil {
			return err
		}
		table = append(table, lines...)
	}
	return bench.WriteTable(os.Stdout, table)
}

func compare(ctx context.Context, lab *bench.Lab, rows []row, n, calls int) ([][]string, error) {
	var subjects []bench.Subject
	for _, r := range rows {
		subjects = append(subjects, r.subject)
	}
	rounds, err := lab.Rounds(ctx, n, calls, subjects...)
	if err != nil {
		return nil, err
	}
	var lines [][]string
	for _, r := range rows {
		lines = append(lines, []string{
			string(r.subject),
			fmt.Sprint(int64(bench.Median(rounds, bench.Of(r.subject, bench.Call)))),
			fmt.Sprint(int64(bench.Median(rounds, bench.Of(r.subject, bench.CPU)))),
			fmt.Sprintf("%.1f", bench.Median(rounds, bench.Of(r.subject, bench.Allocs))),
			fmt.Sprintf("%.2f", bench.Median(rounds, bench.Ratio(r.subject, r.by, bench.CPU))),
		})
	}
	return lines, nil
}
