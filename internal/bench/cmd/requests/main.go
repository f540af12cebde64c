// Requests prints what an HTTP request costs with otelkit's middleware, with
// plain otelhttp and without any.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

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
	return bench.WriteTable(os.Stdout, table(rounds))
}

// table has the figures of each row, and behind those of a time its ratio to
// otelhttp.
func table(rounds []bench.Round) [][]string {
	times := []struct {
		name string
		of   func(bench.Result) time.Duration
	}{
		{"CPU ns", bench.CPU}, {"caller's CPU ns", bench.Caller}, {"wall ns, calls", bench.Call}, {"with flushes", bench.Total},
	}
	head := []string{"what", "allocs"}
	for _, t := range times {
		head = append(head, t.name, "ratio")
	}
	lines := [][]string{head}
	for _, r := range rows {
		line := []string{
			strings.TrimPrefix(string(r.subject), "request: "),
			fmt.Sprintf("%.1f", bench.Median(rounds, bench.Of(r.subject, bench.Allocs))),
		}
		for _, t := range times {
			line = append(line,
				fmt.Sprint(int64(bench.Median(rounds, bench.Of(r.subject, t.of)))),
				fmt.Sprintf("%.2f", bench.Median(rounds, bench.Ratio(r.subject, r.by, t.of))))
		}
		lines = append(lines, line)
	}
	return lines
}
