package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/otelkit/otelkit-go/otelkit"
)

// service runs one service of the shop until it is told to stop. These lines
// are all the telemetry that is set up; the rest comes from the environment.
func service(ctx context.Context, cfg config, stdout io.Writer, run func(context.Context, config, announcer) error) error {
	kit, err := otelkit.Init(ctx, otelkit.WithServiceName(cfg.run))
	if err != nil {
		return err
	}
	if cfg.duration > 0 && cfg.run != "load" { // load ends by itself
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, cfg.duration)
		defer cancel()
	}
	tell := announcer{stdout}
	err = kit.RunUntilSignal(ctx, func(ctx context.Context) error { return run(ctx, cfg, tell) })
	health := kit.Health() // after the end: the final books
	return errors.Join(err, tell.message(message{Service: cfg.run, Health: &health}))
}

// A message is what a service says to the one who started it: a line of JSON.
type message struct {
	Service   string          `json:"service"`
	Listening string          `json:"listening,omitempty"` // the address, once it listens
	Tally     *tally          `json:"tally,omitempty"`     // what load has seen, at its end
	Health    *otelkit.Health `json:"health,omitempty"`    // the telemetry's books, at the very end
}

// announcer writes messages.
type announcer struct{ out io.Writer }

func (a announcer) message(m message) error { return json.NewEncoder(a.out).Encode(m) }
