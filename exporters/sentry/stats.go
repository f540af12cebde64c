package sentry

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// reason is why a failure did not become an issue in Sentry. Reasons are the
// values of the attribute of otelkit.sentry.events and the keys of
// [Stats].Dropped.
type reason string

const (
	reasonIgnored     reason = "ignored"           // IgnoreErrors, context.Canceled …
	reasonRejected    reason = "rejected"          // the request ended with 4xx
	reasonRate        reason = "rate_limit"        // too many of one fingerprint, or of all
	reasonBeforeSend  reason = "before_send"       // BeforeSend said no, or panicked
	reasonScrub       reason = "scrub_failed"      // the scrubber failed or panicked
	reasonTooLarge    reason = "too_large"         // here, or for the server (413)
	reasonTraceFull   reason = "trace_full"        // too many failures in one trace
	reasonQueueFull   reason = "queue_full"        // the worker cannot keep up
	reasonOutboxFull  reason = "outbox_full"       // the network cannot keep up
	reasonPanic       reason = "panic"             // in code of ours or of a given value
	reasonEncoding    reason = "encoding"          // the event is not encodable
	reasonNetwork     reason = "network"           // no answer
	reasonServerRate  reason = "server_rate_limit" // 429
	reasonServerError reason = "server_error"      // 5xx
	reasonRefused     reason = "refused"           // other than 2xx
)

// failures are the reasons that mean loss of an event that was meant to be
// sent.
var failures = []reason{
	reasonScrub, reasonTooLarge, reasonQueueFull, reasonOutboxFull, reasonPanic,
	reasonEncoding, reasonNetwork, reasonServerRate, reasonServerError, reasonRefused,
}

// Stats are counts since the Sink was made.
type Stats struct {
	// Delivered is how many events the receiving end answered with success.
	Delivered uint64
	// Duplicates is how many sightings were merged into an issue that had
	// others already.
	Duplicates uint64
	// Evicted is how many traces with failures were settled before their
	// time to make room for newer ones.
	Evicted uint64
	// Dropped is how many failures or events were not delivered, by reason:
	// ignored, rejected, rate_limit, before_send, scrub_failed, too_large,
	// trace_full, queue_full, outbox_full, panic, encoding, network,
	// server_rate_limit, server_error and refused.
	Dropped map[string]uint64
	// Queued is how many traces wait for the worker and events for the
	// network.
	Queued int
	// Traces is how many local traces are remembered, at most 4096.
	Traces int
}

// Stats returns the counts so far, zero for a Sink that is off.
func (s *Sink) Stats() Stats {
	if s == nil || s.client == nil {
		return Stats{}
	}
	st := Stats{
		Delivered:  s.stats.delivered.Load(),
		Duplicates: s.stats.duplicates.Load(),
		Evicted:    s.stats.evicted.Load(),
		Dropped:    map[string]uint64{},
		Queued:     len(s.jobs) + int(s.outbox.waiting()),
		Traces:     s.traces.len(),
	}
	for r, n := range s.stats.drops() {
		st.Dropped[string(r)] = n
	}
	return st
}

type stats struct {
	delivered, duplicates, evicted atomic.Uint64

	mu       sync.Mutex
	dropped  map[reason]uint64
	told     uint64 // failures that ForceFlush has spoken of
	said     uint64 // failures that the error handler has heard of
	saidAt   time.Time
	duration metric.Float64Histogram
	observer metric.Registration
}

func (st *stats) drop(r reason) {
	st.mu.Lock()
	defer st.mu.Unlock()
	if st.dropped == nil {
		st.dropped = map[reason]uint64{}
	}
	st.dropped[r]++
}

func (st *stats) drops() map[reason]uint64 {
	st.mu.Lock()
	defer st.mu.Unlock()
	return maps.Clone(st.dropped)
}

// sent counts an event that left, with "" as the reason if it arrived.
func (st *stats) sent(r reason, took time.Duration) {
	if r == "" {
		st.delivered.Add(1)
	} else {
		st.drop(r)
	}
	if st.duration != nil {
		st.duration.Record(context.Background(), took.Seconds())
	}
}

func (st *stats) failed() uint64 {
	var n uint64
	for _, r := range failures {
		n += st.dropped[r]
	}
	return n
}

// lost returns an error about what was lost since the last call.
func (st *stats) lost() error {
	st.mu.Lock()
	defer st.mu.Unlock()
	n := st.failed() - st.told
	st.told += n
	if n == 0 {
		return nil
	}
	return fmt.Errorf("otelkit: sentry: %d events were not accepted %v", n, st.dropped)
}

// complaintInterval is how often the error handler is called at most.
const complaintInterval = time.Minute

// complain tells the error handler what was lost since it heard of it last.
func (st *stats) complain(handler func(error)) {
	st.mu.Lock()
	n, now := st.failed()-st.said, time.Now()
	if n == 0 || !st.saidAt.IsZero() && now.Sub(st.saidAt) < complaintInterval {
		st.mu.Unlock()
		return
	}
	st.said, st.saidAt = st.said+n, now
	err := fmt.Errorf(ownTexts+"%d events were lost %v", n, st.dropped)
	st.mu.Unlock()
	if handler == nil {
		handler = otel.Handle
	}
	handler(err)
}

// observe makes the metrics.
func (s *Sink) observe(p metric.MeterProvider) error {
	if p == nil {
		return nil
	}
	m := p.Meter(ownScopes + "sentry")
	events, err := m.Int64ObservableCounter("otelkit.sentry.events",
		metric.WithDescription("Failures seen, by what became of them"), metric.WithUnit("{event}"))
	if err != nil {
		return fmt.Errorf("otelkit: sentry: %w", err)
	}
	queue, err := m.Int64ObservableGauge("otelkit.sentry.queue.length",
		metric.WithDescription("Traces and events that wait"), metric.WithUnit("{item}"))
	if err != nil {
		return fmt.Errorf("otelkit: sentry: %w", err)
	}
	tracked, err := m.Int64ObservableGauge("otelkit.sentry.traces",
		metric.WithDescription("Local traces remembered"), metric.WithUnit("{trace}"))
	if err != nil {
		return fmt.Errorf("otelkit: sentry: %w", err)
	}
	s.stats.duration, err = m.Float64Histogram("otelkit.sentry.send.duration",
		metric.WithDescription("Time to deliver an event"), metric.WithUnit("s"))
	if err != nil {
		return fmt.Errorf("otelkit: sentry: %w", err)
	}
	s.stats.observer, err = m.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		now := s.Stats()
		result := func(result, why string, n uint64) {
			o.ObserveInt64(events, int64(n), metric.WithAttributes(
				attribute.String("result", result), attribute.String("reason", why)))
		}
		result("delivered", "", now.Delivered)
		result("merged", "duplicate", now.Duplicates)
		for why, n := range now.Dropped {
			result("dropped", why, n)
		}
		o.ObserveInt64(queue, int64(now.Queued))
		o.ObserveInt64(tracked, int64(now.Traces))
		return nil
	}, events, queue, tracked)
	if err != nil {
		return fmt.Errorf("otelkit: sentry: %w", err)
	}
	return nil
}

func (s *Sink) unobserve() {
	if s.stats.observer != nil {
		_ = s.stats.observer.Unregister()
	}
}
