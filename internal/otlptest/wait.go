package otlptest

import (
	"context"
	"fmt"
	"time"
)

// waitLimit bounds every wait, so that a test whose context has no deadline
// says what is missing instead of running into the time-out of go test.
const waitLimit = 30 * time.Second

// Counts says how much was received.
type Counts struct {
	Requests int // all, the refused ones included
	Refused  int
	Bytes    int // of all bodies, decompressed
	Hanging  int // requests that hang right now; not among the others yet

	// Records in accepted requests.
	Logs, Spans, Metrics int
}

// Counts returns how much was received so far.
func (r *Receiver) Counts() Counts {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts
}

// Wait returns nil as soon as cond holds for the counts, which it is asked
// each time a request has been dealt with. It fails when ctx is done, and
// after 30 seconds in any case.
func (r *Receiver) Wait(ctx context.Context, cond func(Counts) bool) error {
	ctx, cancel := context.WithTimeout(ctx, waitLimit)
	defer cancel()
	for {
		r.mu.Lock()
		counts, arrived := r.counts, r.arrived
		r.mu.Unlock()
		if cond(counts) {
			return nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return fmt.Errorf("otlptest: waited in vain, received %+v: %w", counts, ctx.Err())
		}
	}
}

// WaitRequests waits until n requests have arrived, accepted or not.
func (r *Receiver) WaitRequests(ctx context.Context, n int) ([]Request, error) {
	err := r.Wait(ctx, func(c Counts) bool { return c.Requests >= n })
	return r.Requests(), err
}

// WaitLogs waits until n log records have been accepted and returns all there
// are. See [Receiver.Wait] for when it gives up.
func (r *Receiver) WaitLogs(ctx context.Context, n int) ([]Log, error) {
	err := r.Wait(ctx, func(c Counts) bool { return c.Logs >= n })
	return r.Logs(), err
}

// WaitSpans is [Receiver.WaitLogs] for spans.
func (r *Receiver) WaitSpans(ctx context.Context, n int) ([]Span, error) {
	err := r.Wait(ctx, func(c Counts) bool { return c.Spans >= n })
	return r.Spans(), err
}

// WaitMetrics is [Receiver.WaitLogs] for metrics: n counts metrics, not their
// data points.
func (r *Receiver) WaitMetrics(ctx context.Context, n int) ([]Metric, error) {
	err := r.Wait(ctx, func(c Counts) bool { return c.Metrics >= n })
	return r.Metrics(), err
}

// arrive books a request and wakes those who wait.
func (r *Receiver) arrive(q Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts.add(q)
	if !r.countOnly {
		r.requests = append(r.requests, q)
	}
	r.wake()
}

// wake must be called with r.mu held.
func (r *Receiver) wake() {
	close(r.arrived)
	r.arrived = make(chan struct{})
}

func (c *Counts) add(q Request) {
	c.Requests++
	c.Bytes += len(q.Body)
	if !q.Accepted {
		c.Refused++
		return
	}
	switch q.Signal {
	case Logs:
		c.Logs += q.Records
	case Spans:
		c.Spans += q.Records
	case Metrics:
		c.Metrics += q.Records
	}
}
