// Delivery shows what plain OpenTelemetry loses and what otelkit loses when
// things go wrong: outages, kills, bursts, bad values, panics. It exits with
// status 1 if otelkit falls short of a goal.
//
//	go -C internal/bench run ./cmd/delivery [row …]
//
// Arguments are parts of the names of rows to run. LONG=1 adds the long outages
// and waits for as long as plain OpenTelemetry takes to shut down.
//
// Every service is a process of its own, this binary started again; nothing
// leaves loopback, and only processes started here are killed.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/otelkit/otelkit-go/internal/bench"
)

func main() {
	if bench.Main() || serve() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit())
	defer cancel()
	ok, err := run(ctx, os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	if !ok || err != nil {
		os.Exit(1)
	}
}

// long reports whether the long outages are asked for.
func long() bool { return os.Getenv("LONG") == "1" }

func limit() time.Duration {
	if long() {
		return 20 * time.Minute
	}
	return 5 * time.Minute
}

// row is a line of the table.
type row struct {
	name, goal string
	waits      bool // needs time and not the machine: runs beside others
	long       bool // only with LONG=1
	measure    func(context.Context) (comparison, error)
}

// comparison is what was found, and whether otelkit keeps the goal.
type comparison struct {
	plain, kit string
	ok         bool
}

func run(ctx context.Context, wanted []string) (bool, error) {
	rows := chosen(wanted)
	results, errs := make([]comparison, len(rows)), make([]error, len(rows))
	measure := func(i int) {
		start := time.Now()
		results[i], errs[i] = rows[i].measure(ctx)
		if errs[i] != nil {
			errs[i] = fmt.Errorf("%s: %w", rows[i].name, errs[i])
		}
		fmt.Fprintf(os.Stderr, "%5.1f s  %s\n", time.Since(start).Seconds(), rows[i].name)
	}
	var waiting sync.WaitGroup
	for i, r := range rows {
		if r.waits {
			waiting.Go(func() { measure(i) })
		}
	}
	waiting.Wait()
	for i, r := range rows {
		if !r.waits {
			measure(i)
		}
	}
	table, ok := [][]string{{"row", "plain", "otelkit", "goal", "ok"}}, true
	for i, r := range rows {
		c, verdict := results[i], "ok"
		if !c.ok {
			verdict, ok = "short", false
		}
		table = append(table, []string{r.name, c.plain, c.kit, r.goal, verdict})
	}
	return ok, errors.Join(errors.Join(errs...), bench.WriteTable(os.Stdout, table))
}

func chosen(wanted []string) (some []row) {
	for _, r := range rows {
		if r.long && !long() || !matches(r.name, wanted) {
			continue
		}
		some = append(some, r)
	}
	return some
}

func matches(name string, wanted []string) bool {
	for _, w := range wanted {
		if strings.Contains(name, w) {
			return true
		}
	}
	return len(wanted) == 0
}

// figure is what was found of one subject.
type figure struct {
	text string
	ok   bool
}

// each measures both subjects side by side, on a stage each.
func each(s setting, f func(context.Context, *stage) (figure, error)) func(context.Context) (comparison, error) {
	return func(ctx context.Context) (comparison, error) {
		var figures [2]figure
		var errs [2]error
		var both sync.WaitGroup
		for i, subject := range []subject{plain, kit} {
			both.Go(func() {
				st, err := newStage(subject, s)
				if err != nil {
					errs[i] = err
					return
				}
				defer st.close()
				if figures[i], err = f(ctx, st); err != nil {
					errs[i] = fmt.Errorf("%s: %w", subject, err)
				}
			})
		}
		both.Wait()
		return comparison{figures[0].text, figures[1].text, figures[1].ok}, errors.Join(errs[:]...)
	}
}
