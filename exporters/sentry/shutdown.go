package sentry

import (
	"context"
	"fmt"
	"sync/atomic"
)

// signal is the state of one of the processors.
type signal struct {
	taken atomic.Bool // someone has the processor
	ended atomic.Bool
}

// end ends one signal, and with the last one the Sink: providers are shut down
// one after the other, and the first must not silence the other.
func (s *Sink) end(ctx context.Context, this, other *signal) error {
	this.ended.Store(true)
	if other.taken.Load() && !other.ended.Load() {
		return s.ForceFlush(ctx)
	}
	return s.Shutdown(ctx)
}

// ForceFlush sends what is held back, of all traces, and waits until Sentry
// has answered. It returns an error when ctx ends first, or if events were not
// accepted since the last call. After Shutdown it does nothing.
func (s *Sink) ForceFlush(ctx context.Context) error {
	if !s.open() {
		return nil
	}
	if err := s.flush(ctx, true); err != nil {
		return fmt.Errorf("otelkit: sentry: flush: %w", err)
	}
	return s.stats.lost()
}

// flush waits until the worker and the courier have done what is to be done
// now, and with all also what could wait.
func (s *Sink) flush(ctx context.Context, all bool) error {
	done := make(chan struct{})
	select {
	case s.jobs <- job{all: all, done: done}:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stop:
		return nil
	}
	select {
	case <-done:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.stop:
		return nil
	}
	return s.outbox.drain(ctx)
}

// flushBriefly is for goroutines after which the process probably ends.
func (s *Sink) flushBriefly() {
	ctx, cancel := context.WithTimeout(context.Background(), fatalWait)
	defer cancel()
	_ = s.flush(ctx, false)
}

// Shutdown takes in nothing more, sends what is held back, waits until ctx
// ends at most and then lets go of everything. It returns an error if not all
// was delivered. The first call does the work, others wait for it or for their
// own ctx.
func (s *Sink) Shutdown(ctx context.Context) error {
	if s == nil || s.client == nil {
		return nil
	}
	if s.closed.CompareAndSwap(false, true) {
		s.shutdown.err = s.close(ctx)
		close(s.shutdown.done)
		return s.shutdown.err
	}
	select {
	case <-s.shutdown.done:
		return s.shutdown.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Sink) close(ctx context.Context) error {
	flushed := s.flush(ctx, true)
	close(s.stop)
	s.outbox.abort() // the request under way, if ctx ended first
	released := make(chan struct{})
	go func() {
		defer close(released)
		s.ended.Wait()
		s.client.Close()
		s.unobserve()
	}()
	select {
	case <-released:
	case <-ctx.Done():
	}
	switch left := s.left(); {
	case flushed == nil || left == 0 && s.traces.len() == 0:
		return s.stats.lost()
	case left == 0: // of the traces that are waited for, some may hold events back
		return fmt.Errorf("otelkit: sentry: shutdown: not looked through to the end: %w", flushed)
	default:
		return fmt.Errorf("otelkit: sentry: shutdown: %d events not delivered: %w", left, flushed)
	}
}

// left counts what nobody will send any more, after the end.
func (s *Sink) left() int64 {
	left := s.outbox.waiting()
	for {
		select {
		case j := <-s.jobs:
			if j.now != nil { // an event that waits for no trace
				left++
			}
		default:
			return left
		}
	}
}
