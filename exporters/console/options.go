package console

import (
	"errors"
	"fmt"
	"io"
	"time"
)

// Format is how lines look.
type Format int

// The formats.
const (
	// Pretty is for people, and the default.
	Pretty Format = iota
	// JSON is one object a line, for containers.
	JSON
)

// Color says when [Pretty] lines are coloured. JSON never is.
type Color int

// The choices.
const (
	// Auto colours if the writer is a terminal, TERM is not "dumb" and
	// NO_COLOR (https://no-color.org) is unset or empty. It is the default.
	Auto Color = iota
	// Always colours whatever the environment says.
	Always
	// Never does not colour.
	Never
)

// defaultSlow is how long a span takes to be of interest for that alone. It is
// about where a person at the other end starts to wait.
const defaultSlow = 500 * time.Millisecond

// Option configures an [Exporter].
type Option interface{ apply(*config) }

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

type config struct {
	writer io.Writer
	format Format
	color  Color
	slow   time.Duration
}

// WithWriter makes the exporter write to w, one Write for each line, never two
// at the same time. The default is os.Stderr for [Pretty] and os.Stdout for
// [JSON]. The exporter does not close w.
func WithWriter(w io.Writer) Option {
	return optionFunc(func(c *config) { c.writer = w })
}

// WithFormat sets the format. The default is [Pretty].
func WithFormat(f Format) Option {
	return optionFunc(func(c *config) { c.format = f })
}

// WithColor says when to colour. The default is [Auto].
func WithColor(choice Color) Option {
	return optionFunc(func(c *config) { c.color = choice })
}

// WithSlowSpans sets how long a finished span must have taken to be shown for
// that alone. Zero shows every span, a negative duration none for that reason.
// The default is 500 ms.
func WithSlowSpans(atLeast time.Duration) Option {
	return optionFunc(func(c *config) { c.slow = atLeast })
}

func newConfig(opts []Option) (config, error) {
	c := config{slow: defaultSlow}
	for _, o := range opts {
		if o != nil {
			o.apply(&c)
		}
	}
	var errs []error
	if c.format != Pretty && c.format != JSON {
		errs = append(errs, fmt.Errorf("otelkit: console: unknown format %d", c.format))
	}
	if c.color < Auto || c.color > Never {
		errs = append(errs, fmt.Errorf("otelkit: console: unknown color %d", c.color))
	}
	return c, errors.Join(errs...)
}
