package otlp

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// quiet is how long a kind of trouble that was told is not told again.
const quiet = time.Minute

// reporter tells what goes wrong, now and then. It never passes through the
// pipelines: a line about a failing exporter must not be exported.
type reporter struct {
	signal Signal
	where  string
	handle func(error)

	mu      sync.Mutex
	told    map[string]time.Time
	silent  map[string]int // records since told
	failure bool           // was told and is not over
}

// due reports whether a kind of trouble may be told, and how many records it
// has cost since it was told last.
func (r *reporter) due(kind string, records int) (total int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.told == nil {
		r.told, r.silent = map[string]time.Time{}, map[string]int{}
	}
	r.silent[kind] += records
	if last, told := r.told[kind]; told && time.Since(last) < quiet {
		return 0, false
	}
	r.told[kind] = time.Now()
	total = r.silent[kind]
	r.silent[kind] = 0
	return total, true
}

func (r *reporter) say(format string, args ...any) {
	if r.handle == nil {
		return
	}
	defer func() { _ = recover() }() // the handler is the host's
	r.handle(fmt.Errorf("otelkit: "+r.signal.String()+": "+format, args...))
}

func (r *reporter) failing(err error, pending int64) {
	if _, ok := r.due("failing", 0); ok {
		r.mu.Lock()
		r.failure = true
		r.mu.Unlock()
		r.say("cannot send to %s, trying on, %d records waiting: %w", r.where, pending, err)
	}
}

func (r *reporter) recovered(pending int64) {
	r.mu.Lock()
	was := r.failure
	r.failure = false
	r.mu.Unlock()
	if was {
		r.say("sending to %s again, %d records waiting", r.where, pending)
	}
}

func (r *reporter) dropped(records int, reason string, err error) {
	total, ok := r.due(reason, records)
	switch {
	case !ok || reason == DropClosed: // end says it all
	case err != nil && total == 0:
		r.say("%s: %w", r.where, err)
	case err != nil:
		r.say("%d records dropped (%s): %w", total, reason, err)
	default:
		r.say("%d records dropped (%s)", total, reason)
	}
}

func (r *reporter) note(text string) {
	if text != "" {
		r.say("%s: %s", r.where, text)
	}
}

// spool tells of a spool directory that takes no writes, or takes them again.
func (r *reporter) spool(err error) {
	if err == nil {
		r.say("the spool takes writes again")
	} else if _, ok := r.due("spool", 0); ok {
		r.say("cannot write to the spool, keeping records in memory: %w", err)
	}
}

// end tells what was lost in all.
func (r *reporter) end(b Books) {
	if b.Lost() == 0 {
		return
	}
	var parts []string
	for _, reason := range slices.Sorted(maps.Keys(b.Dropped)) {
		parts = append(parts, fmt.Sprintf("%s %d", reason, b.Dropped[reason]))
	}
	r.say("lost %d of %d records: %s", b.Lost(), b.Accepted, strings.Join(parts, ", "))
}
