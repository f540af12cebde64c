// Package lines writes whole lines to a writer that may fail, hang or go away,
// without harm to who writes them.
package lines

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

const (
	// Patience is how long a call of Write waits for its line to be written. A
	// terminal or a file takes microseconds; only a writer that hangs exhausts
	// it, and then once for each caller that is waiting.
	Patience = 100 * time.Millisecond

	// Backlog is how many bytes are kept for a writer that hangs.
	Backlog = 1 << 20

	// keepBytes bounds the buffers that are kept for reuse.
	keepBytes = 16 << 10
)

var (
	errHung    = errors.New("the writer hangs")
	errPartial = errors.New("the writer took part of a line")
)

// Writer hands lines to an io.Writer from a goroutine of its own, so that one
// that hangs hangs nobody else. Only that goroutine touches next. All methods
// are safe for concurrent use.
//
// Everything a caller waits on is made in New or by the goroutine: a caller
// inside a testing/synctest bubble may not share channels or timers with one
// outside.
type Writer struct {
	next    io.Writer
	release func() error  // gives back what New has opened
	work    chan struct{} // has room for one: something is queued, or closed
	ended   chan struct{} // closed when the goroutine has returned

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

// Buffer returns an empty buffer for the text of a Write.
func Buffer() *[]byte { return buffers.Get().(*[]byte) }

func freeBuffer(b *[]byte) {
	if cap(*b) <= keepBytes {
		*b = (*b)[:0]
		buffers.Put(b)
	}
}

// New returns a Writer that writes to w, and starts its goroutine, which
// [Writer.Close] ends. The standard streams are written under a descriptor of
// their own, so that a reader that goes away does not end the process.
func New(w io.Writer) *Writer {
	s := &Writer{
		next:     w,
		release:  func() error { return nil },
		work:     make(chan struct{}, 1),
		ended:    make(chan struct{}),
		progress: make(chan struct{}),
	}
	if f, ok := w.(*os.File); ok && (f == os.Stdout || f == os.Stderr) {
		if own, err := duplicate(f); err == nil {
			s.next, s.release = own, own.Close
		}
	}
	go s.run()
	return s
}

// Write queues text, which holds whole lines, and waits a little until it has
// been written. The buffer belongs to the Writer from then on. After Close, and
// when the backlog is full, text is dropped.
func (s *Writer) Write(text *[]byte) {
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
func (s *Writer) enqueue(text *[]byte) (n uint64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, false
	}
	if s.bytes > 0 && s.bytes+len(*text) > Backlog {
		s.drop(errHung)
		return 0, false
	}
	s.queue = append(s.queue, text)
	s.bytes += len(*text)
	s.queued++
	return s.queued, true
}

func (s *Writer) nudge() {
	select {
	case s.work <- struct{}{}:
	default: // it has been told already
	}
}

// past reports whether line n needs no more waiting for, and if it does,
// returns what to wait for before asking again.
func (s *Writer) past(n uint64) (bool, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hung || s.written >= n, s.progress
}

func (s *Writer) run() {
	defer close(s.ended)
	timer := time.AfterFunc(Patience, s.giveUp)
	timer.Stop()
	for {
		text, closed := s.take()
		switch {
		case text != nil:
			timer.Reset(Patience)
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
func (s *Writer) take() (text *[]byte, closed bool) {
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
func (s *Writer) put(text []byte) (err error) {
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

func (s *Writer) wrote(err error) {
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
func (s *Writer) giveUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writing {
		s.hung = true
		s.signal()
	}
}

// signal must be called with mu held, as must drop.
func (s *Writer) signal() {
	close(s.progress)
	s.progress = make(chan struct{})
}

func (s *Writer) drop(why error) {
	s.dropped++
	s.reason = why
}

// Flush waits until the lines queued before it are written.
func (s *Writer) Flush(ctx context.Context) error {
	for n := s.last(); ; {
		progress, left := s.until(n)
		if left == 0 {
			return nil
		}
		select {
		case <-progress:
		case <-ctx.Done():
			return fmt.Errorf("%d lines are not written yet: %w", left, ctx.Err())
		}
	}
}

func (s *Writer) last() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queued
}

// until returns how many lines up to line n are still to be written.
func (s *Writer) until(n uint64) (progress <-chan struct{}, left uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.progress, n - min(n, s.written)
}

// Close refuses further lines, waits until those queued are written and ends the
// goroutine. It fails if lines were dropped since New, saying how many and why
// the last one was. If ctx is done first, the goroutine goes on by itself until
// its writer has taken them. Further calls do nothing.
func (s *Writer) Close(ctx context.Context) error {
	if !s.refuse() {
		return nil
	}
	s.nudge()
	if err := s.Flush(ctx); err != nil {
		return err
	}
	<-s.ended
	return errors.Join(s.lost(), s.release())
}

// refuse reports whether it was this call that closed.
func (s *Writer) refuse() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	first := !s.closed
	s.closed = true
	return first
}

func (s *Writer) lost() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dropped == 0 {
		return nil
	}
	return fmt.Errorf("%d lines were not written, the last because: %w", s.dropped, s.reason)
}

// Dropped returns how many lines were not written: the writer failed, panicked or
// hung.
func (s *Writer) Dropped() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dropped
}
