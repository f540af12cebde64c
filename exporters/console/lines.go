package console

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

const (
	// patience is how long a recording call waits for its line to be written.
	// A terminal or a file takes microseconds; only a writer that hangs
	// exhausts it, and then once for each caller that is waiting.
	patience = 100 * time.Millisecond

	// backlog is how many bytes are kept for a writer that hangs.
	backlog = 1 << 20

	// keepBytes bounds the buffers that are kept for reuse.
	keepBytes = 16 << 10
)

var (
	errHung    = errors.New("the writer hangs")
	errPartial = errors.New("the writer took part of a line")
)

// lines hands lines to a writer from a goroutine of its own, so that a writer
// that hangs hangs nobody else. Only that goroutine touches next.
//
// Everything a caller waits on is made in newLines or by the goroutine: a
// caller inside a testing/synctest bubble may not share channels or timers
// with one outside.
type lines struct {
	next  io.Writer
	work  chan struct{} // has room for one: something is queued, or closed
	ended chan struct{} // closed when the goroutine has returned

	mu       sync.Mutex // guards all below
	queue    []*[]byte
	head     int // index in queue of the next line
	bytes    int // from there on
	queued   uint64
	written  uint64        // of those queued, taken by the writer or refused by it
	progress chan struct{} // closed and replaced when written or hung changes
	writing  bool
	hung     bool // the writer has exhausted the callers' patience
	closed   bool
	dropped  uint64
	reason   error // of the last drop
}

// buffers holds *[]byte. A buffer belongs to the caller until it is queued and
// to the goroutine afterwards.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

func freeBuffer(b *[]byte) {
	if cap(*b) <= keepBytes {
		*b = (*b)[:0]
		buffers.Put(b)
	}
}

func newLines(w io.Writer) *lines {
	s := &lines{
		next:     w,
		work:     make(chan struct{}, 1),
		ended:    make(chan struct{}),
		progress: make(chan struct{}),
	}
	go s.run()
	return s
}

// write queues a line and waits a little until it has been written.
func (s *lines) write(text *[]byte) {
	n, ok := s.enqueue(text)
	if !ok {
		freeBuffer(text)
		return
	}
	s.nudge()
	for {
		done, progress := s.past(n)
		if done {
			return
		}
		<-progress
	}
}

// enqueue returns the number of the line, or false if it is refused.
func (s *lines) enqueue(text *[]byte) (n uint64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, false
	}
	if s.bytes > 0 && s.bytes+len(*text) > backlog {
		s.drop(errHung)
		return 0, false
	}
	s.queue = append(s.queue, text)
	s.bytes += len(*text)
	s.queued++
	return s.queued, true
}

func (s *lines) nudge() {
	select {
	case s.work <- struct{}{}:
	default: // it has been told already
	}
}

// past reports whether line n needs no more waiting for, and if it does,
// returns what to wait for before asking again.
func (s *lines) past(n uint64) (bool, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hung || s.written >= n, s.progress
}

func (s *lines) run() {
	defer close(s.ended)
	timer := time.AfterFunc(patience, s.giveUp)
	timer.Stop()
	for {
		text, closed := s.take()
		switch {
		case text != nil:
			timer.Reset(patience)
			err := s.put(*text)
			timer.Stop()
			freeBuffer(text)
			s.wrote(err)
		case closed:
			return
		default:
			<-s.work
		}
	}
}

// take returns the next line, or nil and whether there will be none.
func (s *lines) take() (text *[]byte, closed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.head == len(s.queue) {
		return nil, s.closed
	}
	text = s.queue[s.head]
	s.queue[s.head] = nil
	if s.head++; s.head == len(s.queue) {
		s.queue, s.head = s.queue[:0], 0
	}
	s.bytes -= len(*text)
	s.writing = true
	return text, false
}

// put gives the writer one line, in one Write.
func (s *lines) put(text []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the writer panicked: %v", p)
		}
	}()
	n, err := s.next.Write(text)
	if err == nil && n < len(text) {
		err = errPartial
	}
	return err
}

func (s *lines) wrote(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.drop(err)
	}
	s.written++
	s.writing, s.hung = false, false
	s.signal()
}

// giveUp is called when the writer has not taken a line for too long.
func (s *lines) giveUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writing {
		s.hung = true
		s.signal()
	}
}

// signal must be called with mu held, as must drop.
func (s *lines) signal() {
	close(s.progress)
	s.progress = make(chan struct{})
}

func (s *lines) drop(why error) {
	s.dropped++
	s.reason = why
}

// flush waits until the lines queued before it are written.
func (s *lines) flush(ctx context.Context) error {
	for n := s.last(); ; {
		progress, left := s.until(n)
		if left == 0 {
			return nil
		}
		select {
		case <-progress:
		case <-ctx.Done():
			return fmt.Errorf("otelkit: console: %d lines are not written yet: %w", left, ctx.Err())
		}
	}
}

func (s *lines) last() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queued
}

// until returns how many lines up to line n are still to be written.
func (s *lines) until(n uint64) (progress <-chan struct{}, left uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.progress, n - min(n, s.written)
}

// close refuses further lines, waits until those queued are written and
// releases the writer. If ctx is done first, the goroutine goes on by itself.
func (s *lines) close(ctx context.Context, release func() error) error {
	if !s.refuse() {
		return nil
	}
	s.nudge()
	if err := s.flush(ctx); err != nil {
		return err
	}
	<-s.ended
	return errors.Join(s.lost(), release())
}

// refuse reports whether it was this call that closed.
func (s *lines) refuse() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.closed
	s.closed = true
	return first
}

func (s *lines) lost() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dropped == 0 {
		return nil
	}
	return fmt.Errorf("otelkit: console: %d lines were not written, the last because: %w", s.dropped, s.reason)
}

func (s *lines) droppedLines() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dropped
}
