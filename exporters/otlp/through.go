package otlp

import "time"

// through says whether a record is written to the spool before the call that
// recorded it returns. It is, as long as its budget lasts, so that a service
// that is killed or exits loses nothing; in a burst above it, records gather
// for the spool delay, since a file write each would make the service wait.
//
// It belongs to who holds the batcher's lock. nil has no budget.
type through struct {
	left float64
	last time.Time
}

const (
	// throughRate is what is written one by one for good, in records a second: 5000
	// writes cost about 2 % of one core.
	throughRate = 5000
	// throughBurst is what is written one by one at once.
	throughBurst = 2000
)

func newThrough() *through { return &through{left: throughBurst, last: time.Now()} }

// spend takes one record out of the budget, if there is one.
func (t *through) spend() bool {
	if t == nil {
		return false
	}
	now := time.Now()
	t.left = min(throughBurst, t.left+now.Sub(t.last).Seconds()*throughRate)
	t.last = now
	if t.left < 1 {
		return false
	}
	t.left--
	return true
}
