package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/otelkit/otelkit-go/examples/shop/inspect"
)

// runAll runs all services as processes of their own, sends their telemetry to
// a receiver of its own, and says how it went. The error tells that something
// is not as it should be.
func runAll(ctx context.Context, cfg config, stdout io.Writer) error {
	dir, err := os.MkdirTemp("", "shop")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // what is left lies in the folder for it
	if cfg.database == "" {
		cfg.database = filepath.Join(dir, "shop.db")
	}
	if cfg.duration == 0 && cfg.orders == 0 {
		cfg.duration = defaultDuration
	}
	secrets := plantedSecrets()
	receiver, err := inspect.Start(ctx, secrets)
	if err != nil {
		return err
	}
	defer receiver.Close()

	shop := newProcesses(receiver, newScreen(stdout), cfg.database)
	defer shop.kill()
	begin := time.Now()
	defer shop.progress(begin)()
	shop.screen.printf("Gateway, payments, worker and %v orders a second. Of what goes wrong, each kind is shown once.\n\n", cfg.rate)
	if err := shop.open(ctx, cfg); err != nil {
		return err
	}
	end := summary{took: time.Since(begin), said: shop.said, report: receiver.Report(), secrets: len(secrets)}
	end.print(shop.screen)
	if err := end.verdict(); err != nil {
		return err
	}
	shop.screen.printf("All is as it should be: the books balance, each failed order has its issue, no secret has left.\n")
	return nil
}

// plantedSecrets returns what must not leave by any way.
func plantedSecrets() (all []string) {
	for n := range customerCount {
		all = append(all, newCustomer(n).secrets()...)
	}
	return all
}

// open runs the shop from its opening until all orders are done.
func (p *processes) open(ctx context.Context, cfg config) error {
	payments, err := p.start(ctx, "payments")
	if err != nil {
		return err
	}
	gateway, err := p.start(ctx, "gateway", "-payments", payments.address)
	if err != nil {
		return err
	}
	worker, err := p.start(ctx, "worker", "-payments", payments.address)
	if err != nil {
		return err
	}
	load, err := p.start(ctx, "load", "-gateway", "http://"+gateway.address,
		"-duration", cfg.duration.String(), "-orders", fmt.Sprint(cfg.orders), "-rate", fmt.Sprint(cfg.rate))
	if err != nil {
		return err
	}
	// After Ctrl-C, no new orders; what has begun is finished, and summed up.
	defer context.AfterFunc(ctx, load.terminate)()
	if err := load.wait(); err != nil {
		return err
	}
	// Who is called is stopped last.
	for _, service := range []*process{gateway, worker, payments} {
		if err := service.stop(); err != nil {
			return err
		}
	}
	return nil
}

// progress says now and then how far it is, until it is told to stop.
func (p *processes) progress(begin time.Time) (stop func()) {
	tick, done := time.NewTicker(5*time.Second), make(chan struct{})
	go func() {
		for {
			select {
			case <-tick.C:
				r := p.receiver.Report()
				p.screen.printf("%12s %d lines, %d issues, %s looked through\n", time.Since(begin).Round(time.Second), r.InTrace, len(r.Issues), sizes(r.Bytes))
			case <-done:
				return
			}
		}
	}()
	return func() { tick.Stop(); close(done) }
}
