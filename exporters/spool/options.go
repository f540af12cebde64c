package spool

import (
	"errors"
	"fmt"
	"time"
)

// Sync says when written bytes are forced to the medium. Whatever it is, the
// death of the process loses nothing that was Put: the bytes are with the
// operating system then. It matters when the machine itself dies.
type Sync byte

const (
	// SyncInterval forces written bytes out once per interval, in the background,
	// and only while something written is not yet Done: a loss of power costs what
	// was Put in the last interval. It is the default.
	SyncInterval Sync = iota
	// SyncNever leaves it to the operating system, half a minute as a rule.
	SyncNever
	// SyncAlways lets Put return only after the item is on the medium. Puts that
	// wait at the same time share one fsync.
	SyncAlways
)

// ParseSync reads "interval", "never" or "always", as a configuration has them.
func ParseSync(s string) (Sync, error) {
	switch s {
	case "interval":
		return SyncInterval, nil
	case "never":
		return SyncNever, nil
	case "always":
		return SyncAlways, nil
	}
	return SyncInterval, fmt.Errorf("spool: sync policy %q: want interval, never or always", s)
}

// String returns the word that ParseSync reads.
func (s Sync) String() string {
	switch s {
	case SyncInterval:
		return "interval"
	case SyncNever:
		return "never"
	case SyncAlways:
		return "always"
	}
	return fmt.Sprintf("Sync(%d)", byte(s))
}

// Option sets something of a queue on disk; see [Open].
type Option interface{ apply(*config) }

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

type config struct {
	maxBytes     int64
	maxAge       time.Duration
	memory       int64
	sync         Sync
	syncInterval time.Duration
	onDrop       func(signal byte, records int, reason string)
	onAdopt      func(signal byte, records int)
	onError      func(error)
	onWarning    func(error)

	// Set by tests only.
	segmentBytes int64
	recentBytes  int64
	fs           fileSystem
	now          func() time.Time
	random       func() uint32
}

// WithMaxBytes bounds the files of this process, adopted ones included. The
// default is 256 MiB. The bound is kept to the byte; what is evicted is a whole
// file of at most 1 MiB or an eighth of the bound, or one larger item.
func WithMaxBytes(n int64) Option { return optionFunc(func(c *config) { c.maxBytes = n }) }

// WithMaxAge drops items that have waited longer. The default is 72 h; 0 keeps
// them for ever.
func WithMaxAge(d time.Duration) Option { return optionFunc(func(c *config) { c.maxAge = d }) }

// WithMemory bounds what is held in memory while the directory takes no writes,
// counted as [NewMemory] does. The default is 64 MiB.
func WithMemory(maxBytes int64) Option { return optionFunc(func(c *config) { c.memory = maxBytes }) }

// WithSync sets when written bytes are forced to the medium. The default is
// [SyncInterval].
func WithSync(s Sync) Option { return optionFunc(func(c *config) { c.sync = s }) }

// WithSyncInterval sets the interval of [SyncInterval]. The default is 100 ms.
func WithSyncInterval(d time.Duration) Option {
	return optionFunc(func(c *config) { c.syncInterval = d })
}

// WithOnDrop sets who is told of items that leave the queue in another way than
// Done. It is called without a lock held, by the goroutine that caused it or one
// of the queue's own, and may be called concurrently. It may call the queue, Take
// and Close excepted.
//
// Where damage took the header of a record, its signal is not known: if this
// process wrote the file, its own count tells what is missing as soon as the
// rest of the file is done; if an earlier one did, the gap is told as one record
// of signal 0, adopted and dropped.
func WithOnDrop(f func(signal byte, records int, reason string)) Option {
	return optionFunc(func(c *config) { c.onDrop = f })
}

// WithOnAdopt sets who is told of records that an earlier process left behind.
// With it the books balance: put + adopted = done + pending + dropped. It is
// called like the callback of [WithOnDrop].
func WithOnAdopt(f func(signal byte, records int)) Option {
	return optionFunc(func(c *config) { c.onAdopt = f })
}

// WithOnError sets who is told when the directory stops taking writes (the error)
// and when it takes them again (nil): once each, however many items are concerned.
// A failed fsync is told as well. It is called like the callback of [WithOnDrop].
func WithOnError(f func(error)) Option { return optionFunc(func(c *config) { c.onError = f }) }

// WithOnWarning sets who is told of what a person should look at and the queue can
// live with: leftovers that cannot be read or moved, files of another version of
// the format (each file is told once), files removed while in use. It is called
// like the callback of [WithOnDrop].
func WithOnWarning(f func(error)) Option { return optionFunc(func(c *config) { c.onWarning = f }) }

const (
	defaultMaxBytes     = 256 << 20
	defaultMaxAge       = 72 * time.Hour
	defaultMemory       = 64 << 20
	defaultSyncInterval = 100 * time.Millisecond
	defaultSegmentBytes = 1 << 20
)

func newConfig(dir string, opts []Option) (config, error) {
	c := config{
		maxBytes:     defaultMaxBytes,
		maxAge:       defaultMaxAge,
		memory:       defaultMemory,
		syncInterval: defaultSyncInterval,
		recentBytes:  recentBytes,
		fs:           osFS{},
		now:          time.Now,
		random:       random,
	}
	for _, o := range opts {
		if o != nil {
			o.apply(&c)
		}
	}
	if c.segmentBytes == 0 {
		c.segmentBytes = min(defaultSegmentBytes, c.maxBytes/8)
	}
	if c.onAdopt == nil {
		c.onAdopt = func(byte, int) {}
	}
	if c.onError == nil {
		c.onError = func(error) {}
	}
	if c.onWarning == nil {
		c.onWarning = func(error) {}
	}
	return c, c.check(dir)
}

func (c config) check(dir string) error {
	var errs []error
	wrong := func(bad bool, format string, args ...any) {
		if bad {
			errs = append(errs, fmt.Errorf("spool: "+format, args...))
		}
	}
	wrong(dir == "", "no directory given")
	wrong(c.maxBytes <= 0, "maximal size %d: want more than 0 bytes", c.maxBytes)
	wrong(c.maxAge < 0, "maximal age %s: want 0 or more", c.maxAge)
	wrong(c.memory < 0, "memory bound %d: want 0 or more bytes", c.memory)
	wrong(c.sync > SyncAlways, "sync policy %s: want interval, never or always", c.sync)
	wrong(c.syncInterval <= 0, "sync interval %s: want more than 0", c.syncInterval)
	return errors.Join(errs...)
}
