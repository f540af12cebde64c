package scrub

import "sync/atomic"

// counters counts findings by signal and rule.
type counters struct {
	found [numSignals][256]atomic.Uint64
}

func (c *counters) add(sig signal, r *Rule) {
	if r.index >= 0 && r.index < 256 {
		c.found[sig][r.index].Add(1)
	}
}
