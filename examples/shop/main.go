// Command shop is a small shop of three services and its customers: gateway
// (HTTP), payments (gRPC) and worker (jobs from a table of the database), and
// load, which orders from them. Their code logs carelessly, as code does; what
// leaves them is looked through for secrets.
//
//	go run ./examples/shop -duration 20s       # all of it, and a summary
//	go run ./examples/shop -run payments       # one service, by OTEL_* and SENTRY_DSN
//
// The tour is in examples/README.md.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/otelkit/otelkit-go/scrub"
)

func main() {
	cfg, err := parse(os.Args[1:])
	if err == nil {
		err = run(context.Background(), cfg, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "shop:", printed(err))
		os.Exit(1)
	}
}

// printed is err without what a database's or gateway's address holds of secrets:
// package net/url repeats an address that it cannot read.
func printed(err error) string {
	s, broken := scrub.New()
	if broken != nil {
		return "failed"
	}
	return s.String(err.Error())
}

// databaseVariable holds what -db does, out of sight of those who list processes.
const databaseVariable = "SHOP_DB"

type config struct {
	run      string        // gateway, payments, worker, load; empty: all, as processes of their own
	listen   string        // of gateway and payments
	gateway  string        // where load orders
	payments string        // where gateway and worker charge cards
	database string        // file of SQLite, or postgres://…
	duration time.Duration // 0: until a signal
	orders   int           // 0: as many as fit into duration
	rate     float64       // orders a second
	child    bool          // started by this program
}

func parse(args []string) (config, error) {
	var c config
	flags := flag.NewFlagSet("shop", flag.ContinueOnError)
	flags.StringVar(&c.run, "run", "", "only this service: gateway, payments, worker or load (default all of them)")
	flags.StringVar(&c.listen, "listen", "127.0.0.1:0", "address that gateway or payments listens on")
	flags.StringVar(&c.gateway, "gateway", "http://127.0.0.1:8080", "address of the gateway, for load")
	flags.StringVar(&c.payments, "payments", "127.0.0.1:8081", "address of payments, for gateway and worker")
	flags.StringVar(&c.database, "db", "", "postgres://… or a file of SQLite (default SHOP_DB, or a new file)")
	flags.DurationVar(&c.duration, "duration", 0, "how long (default until a signal; 20s for all together)")
	flags.IntVar(&c.orders, "orders", 0, "how many orders load places (default as many as fit into -duration)")
	flags.Float64Var(&c.rate, "rate", 40, "orders a second")
	flags.BoolVar(&c.child, "child", false, "stop when standard input ends, as the one who holds it has died")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	if c.database == "" {
		c.database = os.Getenv(databaseVariable)
	}
	return c, c.check(flags.Args())
}

func (c config) check(rest []string) error {
	switch {
	case len(rest) > 0:
		return fmt.Errorf("%q is no flag", rest[0])
	case c.duration < 0:
		return fmt.Errorf("-duration %v: must be 0 or more", c.duration)
	case c.orders < 0:
		return fmt.Errorf("-orders %d: must be 0 or more", c.orders)
	case !(c.rate >= 0.01 && c.rate <= 10_000):
		return fmt.Errorf("-rate %v: must be from 0.01 to 10000", c.rate)
	case !strings.HasPrefix(c.gateway, "http://") && !strings.HasPrefix(c.gateway, "https://"):
		return errors.New("-gateway: must be a URL such as http://127.0.0.1:8080")
	case !isPostgres(c.database) && (strings.ContainsAny(c.database, "=?") || strings.Contains(c.database, "://")):
		return errors.New("-db: must be postgres://… or a file")
	}
	return nil
}

// run is the program. The services print messages for it to stdout; their lines
// go to stderr.
func run(ctx context.Context, cfg config, stdout io.Writer) error {
	if cfg.child {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			cancel()
		}()
	}
	switch cfg.run {
	case "gateway":
		return service(ctx, cfg, stdout, runGateway)
	case "payments":
		return service(ctx, cfg, stdout, runPayments)
	case "worker":
		return service(ctx, cfg, stdout, runWorker)
	case "load":
		return service(ctx, cfg, stdout, runLoad)
	case "":
		ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
		defer stop()
		return runAll(ctx, cfg, stdout)
	default:
		return fmt.Errorf("-run %s: there are gateway, payments, worker and load", cfg.run)
	}
}
