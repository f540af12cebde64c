package console

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/otelkit/otelkit-go/internal/lines"
)

// Exporter writes log records and spans as lines. Create it with [New]; a nil
// or zero Exporter writes nothing. All methods, also those of its processors,
// are safe for concurrent use.
//
// A record is on the console when the recording call returns, so a crash right
// after it loses nothing, with one exception: a writer that has not taken a
// line for 100 ms, such as a pipe that nobody reads, is not waited for any
// longer. Up to 1 MiB of lines is then kept for it, what comes later is dropped
// and counted.
type Exporter struct {
	lines  *lines.Writer
	format formatter
	slow   time.Duration
	users  atomic.Int64 // processors handed out and not shut down
}

// formatter appends e to b as one line or, below it, several, each with its
// newline.
type formatter interface {
	format(b []byte, e *entry) []byte
}

// New returns an Exporter. It fails if an option has no meaning. It starts a
// goroutine, which [Exporter.Shutdown] ends.
func New(opts ...Option) (*Exporter, error) {
	c, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	e := &Exporter{slow: c.slow, format: jsonFormat{}}
	w := c.writer
	if w == nil {
		w = standard(c.format)
	}
	if c.format == Pretty {
		e.format = prettyFormat{paint: newPaint(c.color, w)}
	}
	e.lines = lines.New(w)
	return e, nil
}

func standard(f Format) io.Writer {
	if f == JSON {
		return os.Stdout
	}
	return os.Stderr
}

func (e *Exporter) write(en *entry) {
	text := lines.Buffer()
	*text = e.format.format(*text, en)
	e.lines.Write(text)
}

// user is the part of a processor that both kinds share.
type user struct {
	*Exporter
	ended atomic.Bool
}

func newUser(e *Exporter) *user {
	if !e.disabled() {
		e.users.Add(1)
	}
	return &user{Exporter: e}
}

func (u *user) off() bool { return u.disabled() || u.ended.Load() }

// Shutdown ends this processor, and with the last one the Exporter: providers
// are shut down one after the other, and what one says until then must not be
// lost because another is through.
func (u *user) Shutdown(ctx context.Context) error {
	if u.disabled() || u.ended.Swap(true) {
		return nil
	}
	if u.users.Add(-1) > 0 {
		return u.ForceFlush(ctx)
	}
	return u.Exporter.Shutdown(ctx)
}

func (e *Exporter) disabled() bool { return e == nil || e.lines == nil }

// Dropped returns how many lines the writer did not take: because it failed,
// panicked or hung.
func (e *Exporter) Dropped() uint64 {
	if e.disabled() {
		return 0
	}
	return e.lines.Dropped()
}

// ForceFlush returns when every line recorded before has been written, or with
// the error of ctx when that is done. A line that could not be written is not
// an error here; see [Exporter.Dropped].
func (e *Exporter) ForceFlush(ctx context.Context) error {
	if e.disabled() {
		return nil
	}
	return wrap(e.lines.Flush(ctx))
}

// Shutdown writes what is left, as [Exporter.ForceFlush] does, and stops.
// Nothing recorded afterwards is written. It fails if lines were dropped
// since New, saying how many and why the last one was, or if ctx is done first. Further
// calls do nothing and return nil.
func (e *Exporter) Shutdown(ctx context.Context) error {
	if e.disabled() {
		return nil
	}
	return wrap(e.lines.Close(ctx))
}

func wrap(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("otelkit: console: %w", err)
}
