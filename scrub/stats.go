package scrub

import (
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

// counters counts findings by signal and rule.
type counters struct {
	found  [numSignals][]atomic.Uint64
	failed [numSignals]atomic.Uint64
	closer [numSignals]atomic.Uint64 // texts read closely
	spent  [numSignals]atomic.Int64  // nanoseconds on them, estimated
}

func (c *counters) init(rules int) {
	for i := range c.found {
		c.found[i] = make([]atomic.Uint64, rules)
	}
}

func (c *counters) add(sig signal, r *detect.Rule) { c.found[sig][r.Index].Add(1) }

func (c *counters) fail(sig signal) { c.failed[sig].Add(1) }

// timedEvery is of how many texts that are read closely one is timed: to ask
// the clock costs a twentieth of what it measures.
const timedEvery = 16

// timed counts a text that is read closely, and tells whether to time it.
func (c *counters) timed(sig signal) bool { return c.closer[sig].Add(1)%timedEvery == 0 }

// spend lets a timed text speak for those that were not.
func (c *counters) spend(sig signal, start time.Time) {
	c.spent[sig].Add(timedEvery * time.Since(start).Nanoseconds())
}

// Redactions is how often a rule found something in a signal.
type Redactions struct {
	Signal   string // traces, logs, metrics, resource, baggage, sentry or text
	Category Category
	Rule     string
	Count    uint64
}

// Stats is what a [Scrubber] has found so far.
type Stats struct {
	Redactions []Redactions      // by signal and rule, without zeros
	Failures   map[string]uint64 // by signal: values masked because a rule panicked
}

// Stats returns what was found so far. In a dry run it counts what would
// have been replaced.
func (s *Scrubber) Stats() Stats {
	s = s.orDefault()
	out := Stats{Failures: map[string]uint64{}}
	for sig := range numSignals {
		for i := range s.stats.found[sig] {
			if n := s.stats.found[sig][i].Load(); n > 0 {
				r := s.detection.Rules[i]
				out.Redactions = append(out.Redactions, Redactions{sig.String(), Category(r.Category), r.Name, n})
			}
		}
		if n := s.stats.failed[sig].Load(); n > 0 {
			out.Failures[sig.String()] = n
		}
	}
	slices.SortFunc(out.Redactions, func(a, b Redactions) int {
		return strings.Compare(a.Signal+a.Rule, b.Signal+b.Rule)
	})
	return out
}
