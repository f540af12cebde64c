// Requests prints what an HTTP request costs with otelkit's middleware, with
// plain otelhttp and without any.
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

var rows = []row{
	{bench.BareRequest, bench.PlainSampled},
	{bench.PlainSampled, bench.PlainSampled},
	{bench.PlainLogged, bench.PlainSampled},
	{bench.KitSampled, bench.PlainSampled},
	{bench.KitArmed, bench.PlainSampled},
	{bench.PlainUnsampled, bench.PlainUnsampled},
	{bench.KitUnsampled, bench.PlainUnsampled},
	{bench.KitSilent, bench.PlainUnsampled},
}

func main() {
	if bench.Main() {
		return
	}
	n := flag.Int("rounds", 5, "rounds, of which the median is shown")
	calls := flag.Int("calls", 40_000, "requests a round")
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
	var subjects []bench.Subject
	for _, r := range rows {
		subjects = append(subjects, r.subject)
	}
	rounds, err := lab.Rounds(ctx, n, calls, subjects...)
	if err != nil {
		return err
	}
	table := [][]string{{"what", "ns wall", "ns CPU", "allocs", "CPU ratio to otelhttp"}}
	for _, r := range rows {
		table = append(table, []string{
			string(r.subject),
			fmt.Sprint(int64(bench.Median(rounds, bench.Of(r.subject, bench.Call)))),
			fmt.Sprint(int64(bench.Median(rounds, bench.Of(r.subject, bench.CPU)))),
			fmt.Sprintf("%.1f", bench.Median(rounds, bench.Of(r.subject, bench.Allocs))),
			fmt.Sprintf("%.2f", bench.Median(rounds, bench.Ratio(r.subject, r.by, bench.CPU))),
		})
	}
	return bench.WriteTable(os.Stdout, table)
}
