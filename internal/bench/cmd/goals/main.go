// Goals measures what otelkit has promised about its cost, plain OpenTelemetry
// beside it in the same rounds, and exits with status 1 if a promise is not
// kept.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/otelkit/otelkit-go/internal/bench"
)

func main() {
	if bench.Main() {
		return
	}
	n := flag.Int("rounds", 7, "rounds, of which the median counts")
	calls := flag.Int("calls", 40_000, "calls a round")
	flag.Parse()
	ok, err := run(context.Background(), *n, *calls)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if !ok {
		os.Exit(1)
	}
}

func run(ctx context.Context, n, calls int) (bool, error) {
	m, err := measure(ctx, n, calls)
	if err != nil {
		return false, err
	}
	table, ok := [][]string{{"goal", "measured", "limit", "ok"}}, true
	for _, g := range goals {
		line, kept := g.check(m)
		table, ok = append(table, line), ok && kept
	}
	return ok, bench.WriteTable(os.Stdout, table)
}

// measured holds the rounds that goals are read from.
type measured struct {
	exporting, busy, hanging, disabled []bench.Round
}

func measure(ctx context.Context, n, calls int) (m measured, err error) {
	lab, err := bench.NewLab(ctx)
	if err != nil {
		return m, err
	}
	defer func() { _ = lab.Close() }() // the figures are there by then
	if m.exporting, err = lab.Rounds(ctx, n, calls, bench.PlainLog, bench.KitLog, bench.PlainSpan, bench.KitSpan); err != nil {
		return m, err
	}
	if m.busy, err = lab.BusyRounds(ctx, n, calls, bench.PlainLog, bench.KitLog); err != nil {
		return m, err
	}
	if m.hanging, err = lab.LatencyRounds(ctx, n, calls, bench.PlainLog, bench.KitLog); err != nil {
		return m, err
	}
	m.disabled, err = lab.Rounds(ctx, n, 1000*calls, bench.SlogDisabled, bench.KitDisabled)
	return m, err
}
