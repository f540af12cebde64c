package otelkit

import (
	"errors"
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/exporters/spool"
)

// spoolSettings are those of the queue on disk. The zero value has its defaults.
type spoolSettings struct {
	dir  string // none: the queue is in memory
	sync spool.Sync
	size int64
	age  *time.Duration
}

// WithSpoolDir keeps what could not be delivered yet in files below dir, so that
// it survives the process: the next one that is started with the same dir sends
// it. Only scrubbed data is written, to files that only this user can read.
//
// A record is in a file before the call that recorded it returns, up to 2000
// records of a signal at once and 5000 a second. In a burst above that, records
// gather for 5 ms, and these are what is lost if the process is killed;
// [WithSpoolSync] "always" writes each one.
//
// The directory is made with mode 0700 if it is missing. One that every user may
// write to, without a sticky bit, or that belongs to another user, is told once on the
// diagnostics writer: others can then take away what waits in it. Give a directory
// below it.
//
// Variable OTELKIT_SPOOL_DIR. Default: none; the queue is in memory.
func WithSpoolDir(dir string) Option { return set(func(c *config) { c.spool.dir = dir }) }

// WithSpoolSync says when what is in the spool is forced to the disk: "always"
// (before the call that recorded it returns), "interval" (every 100 ms), "never" (by
// the operating system). It matters when the machine itself dies; the death of
// the process alone loses nothing that is in a file.
//
// With "always" a record costs the time of a disk write, up to some milliseconds
// on the goroutine that records it.
//
// Variable OTELKIT_SPOOL_SYNC. Default: interval.
func WithSpoolSync(policy string) Option {
	return optionFunc(func(c *config) error {
		if err := c.spool.setSync(policy); err != nil {
			return fmt.Errorf("WithSpoolSync(%q): %w", policy, err)
		}
		return nil
	})
}

// WithSpoolMaxSize bounds the files of one process in bytes, all signals together.
// Above it the oldest go, those with errors last.
//
// Variable OTELKIT_SPOOL_MAX_SIZE, bytes or such as 64MiB. Default: 256 MiB. At least 1 MiB.
func WithSpoolMaxSize(bytes int64) Option {
	return optionFunc(func(c *config) error {
		if err := c.spool.setSize(bytes); err != nil {
			return fmt.Errorf("WithSpoolMaxSize(%d): %w", bytes, err)
		}
		return nil
	})
}

// WithSpoolMaxAge drops what has waited longer. 0 keeps it for ever.
//
// Variable OTELKIT_SPOOL_MAX_AGE, such as 36h. Default: 72 h.
func WithSpoolMaxAge(d time.Duration) Option {
	return optionFunc(func(c *config) error {
		if err := c.spool.setAge(d); err != nil {
			return fmt.Errorf("WithSpoolMaxAge(%v): %w", d, err)
		}
		return nil
	})
}

// read reads the variables.
func (s *spoolSettings) read(env *environment) {
	env.text("OTELKIT_SPOOL_DIR", &s.dir)
	for name, set := range map[string]func(string) error{
		"OTELKIT_SPOOL_SYNC":     s.setSync,
		"OTELKIT_SPOOL_MAX_SIZE": s.parseSize,
		"OTELKIT_SPOOL_MAX_AGE":  s.parseAge,
	} {
		if v, ok := env.get(name); ok {
			if err := set(v); err != nil {
				env.fail(name, v, err.Error())
			}
		}
	}
}

func (s *spoolSettings) setSync(policy string) error {
	sync, err := spool.ParseSync(strings.ToLower(policy))
	if err != nil {
		return errors.New("must be one of always, interval, never")
	}
	s.sync = sync
	return nil
}

// leastSpool leaves the signal with the smallest share some files.
const leastSpool = 1 << 20

func (s *spoolSettings) setSize(bytes int64) error {
	if bytes < leastSpool {
		return errors.New("must be at least 1MiB")
	}
	s.size = bytes
	return nil
}

func (s *spoolSettings) setAge(d time.Duration) error {
	if d < 0 {
		return errors.New("must be 0 or more")
	}
	s.age = &d
	return nil
}

func (s *spoolSettings) parseSize(text string) error {
	number, unit := text, int64(1)
	for suffix, u := range map[string]int64{"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30} {
		if before, ok := strings.CutSuffix(text, suffix); ok {
			number, unit = strings.TrimSpace(before), u
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/unit {
		return errors.New("must be a whole number of bytes, or of KiB, MiB or GiB")
	}
	return s.setSize(n * unit)
}

func (s *spoolSettings) parseAge(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil {
		return errors.New("must be a duration such as 36h, or 0")
	}
	return s.setAge(d)
}

// exposed says whether other users could take away what waits in the directory, or
// put something there. It is no error of Init: the volumes of containers often
// are open to all, and only one user is in there.
func (s *spoolSettings) exposed() error {
	info, _ := os.Stat(s.dir)
	if info == nil || runtime.GOOS == "windows" { // not there yet; has no such modes
		return nil
	}
	const everyone = 0o002
	switch mode := info.Mode(); {
	case !info.IsDir():
		return nil // the spool tells
	case mode&everyone != 0 && mode&os.ModeSticky == 0:
		return fmt.Errorf("otelkit: OTELKIT_SPOOL_DIR or WithSpoolDir: every user may remove what is in %s (mode %#o): give a directory below it", s.dir, mode.Perm())
	case !trusted(info):
		return fmt.Errorf("otelkit: OTELKIT_SPOOL_DIR or WithSpoolDir: %s belongs to another user, who may remove what is in it: give a directory of this user", s.dir)
	}
	return nil
}

// options returns what the exporter is to be told.
func (s *spoolSettings) options() []otlp.Option {
	if s.dir == "" {
		return nil
	}
	files := []spool.Option{spool.WithSync(s.sync)}
	if s.age != nil {
		files = append(files, spool.WithMaxAge(*s.age))
	}
	opts := []otlp.Option{otlp.WithSpool(s.dir, files...), otlp.WithSpoolBytes(s.size)}
	if s.sync == spool.SyncAlways {
		opts = append(opts, otlp.WithSpoolDelay(0)) // records that gather are in memory
	}
	return opts
}
