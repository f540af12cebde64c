// Sizing measures what the Collector tiers of collector-config cost on this
// machine: records a second and core of agent and gateway, memory of a trace
// that waits for its sampling decision, bytes on disk during an outage. From
// these it works out a fleet of a thousand services and ten million records a
// second. The tables of collector-config/README.md are its output.
//
//	go -C internal/bench run ./cmd/sizing
//
// CPU time of the Collector's process is what is measured, so that other work on
// the machine matters little.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"

	"github.com/otelkit/otelkit-go/internal/bench"
)

func main() {
	otelcol := flag.String("otelcol", "../../bin/otelcol", "the Collector, from make collector")
	configs := flag.String("configs", "../../collector-config", "the folder of configurations")
	n := flag.Int("records", 200_000, "records of each signal and row")
	flag.Parse()
	if err := run(context.Background(), lab{otelcol: *otelcol, configs: *configs, records: *n}); err != nil {
		fmt.Fprintln(os.Stderr, "sizing:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, l lab) error {
	m, err := l.measure(ctx)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		title string
		table [][]string
	}{
		{"Measured here", m.table()},
		{"An outage, on the disk of an agent", m.outages()},
		{"1,000 services, 10 million records a second", large.plan(m)},
		{"The busiest gateway, of n by trace id", balance()},
	} {
		fmt.Printf("\n%s:\n\n", part.title)
		if err := bench.WriteTable(os.Stdout, part.table); err != nil {
			return err
		}
	}
	return nil
}
