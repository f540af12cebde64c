package otlp

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/otelkit/otelkit-go/exporters/spool"
)

// inFlight is how many requests of a signal are under way at once while the
// receiver takes them. One at a time would bound the throughput by the round
// trip.
const inFlight = 4

// sender takes requests out of the queue and sends them. A request leaves the
// queue when the receiver has answered for good, not before.
type sender struct {
	pipe       *pipe
	client     client
	gate       *gate
	growth     *growth
	maxRecords int
	// linger is how long small requests wait to be sent as one. It is 0 when the
	// batcher gathers long enough.
	linger time.Duration

	slots   chan struct{}
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex
	hurried  int                // flushes that are waiting
	cut      context.CancelFunc // ends the present linger
	lastSent time.Time
	watcher  func(err error, failures int)
}

func startSender(p *pipe, c client, b Batch, linger time.Duration) *sender {
	ctx, cancel := context.WithCancel(context.Background())
	s := &sender{
		pipe: p, client: c, gate: newGate(), growth: newGrowth(&p.limit), maxRecords: b.MaxExportBatchSize, linger: linger,
		slots: make(chan struct{}, inFlight), cancel: cancel,
	}
	s.running.Go(func() { s.run(ctx) })
	return s
}

// stop gives up what is under way and returns when all goroutines have ended.
func (s *sender) stop() {
	s.cancel()
	s.running.Wait()
	s.client.close()
}

// hurry has everything sent without delay until the returned function is
// called: no lingering, and one attempt now if the receiver is failing.
func (s *sender) hurry() (leisure func()) {
	s.mu.Lock()
	s.hurried++
	if s.cut != nil {
		s.cut()
	}
	s.mu.Unlock()
	s.gate.hurry()
	return func() {
		s.mu.Lock()
		s.hurried--
		s.mu.Unlock()
	}
}

// watch has f told how each attempt ends, with how many have failed one after the
// other, until the returned function is called.
func (s *sender) watch(f func(err error, failures int)) (unwatch func()) {
	set := func(f func(error, int)) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.watcher = f
	}
	set(f)
	return func() { set(nil) }
}

func (s *sender) attempted(err error, failures int) {
	s.mu.Lock()
	f := s.watcher
	s.mu.Unlock()
	if f != nil {
		f(err, failures)
	}
}

func (s *sender) run(ctx context.Context) {
	for {
		select {
		case s.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		parcel, err := s.gather(ctx)
		if err != nil {
			return
		}
		if s.gate.wait(ctx) != nil {
			parcel.giveBack()
			return
		}
		s.running.Go(func() {
			defer func() { <-s.slots }()
			s.deliver(ctx, parcel)
		})
	}
}

// parcel is what is sent as one request: one item of the queue or several.
type parcel struct {
	leases  []*spool.Lease
	records int
	bytes   int
}

func (p *parcel) add(l *spool.Lease) {
	p.leases = append(p.leases, l)
	p.records += l.Records
	p.bytes += len(l.Payload)
}

// payload joins the items. Requests put one behind the other are one request:
// that is how protobuf treats repeated fields.
func (p *parcel) payload() []byte {
	if len(p.leases) == 1 {
		return p.leases[0].Payload
	}
	parts := make([][]byte, len(p.leases))
	for i, l := range p.leases {
		parts[i] = l.Payload
	}
	return slices.Concat(parts...)
}

func (p *parcel) done() {
	for _, l := range p.leases {
		l.Done()
	}
}

func (p *parcel) giveBack() {
	for _, l := range p.leases {
		l.Return()
	}
}

// gather waits for the next item and, where items are small, for more.
func (s *sender) gather(ctx context.Context) (*parcel, error) {
	first, err := s.pipe.queue.Take(ctx)
	if err != nil {
		return nil, err
	}
	p := &parcel{}
	p.add(first)
	if s.linger == 0 {
		return p, nil
	}
	lingering, cancel := s.lingering(ctx)
	defer cancel()
	for p.records < s.maxRecords {
		l, err := s.pipe.queue.Take(lingering)
		if err != nil {
			break
		}
		if p.records+l.Records > s.maxRecords || int64(p.bytes+len(l.Payload)) > s.pipe.limit.Load() {
			l.Return()
			break
		}
		p.add(l)
	}
	return p, nil
}

// lingering returns a context that ends when the present parcel is to go: a
// linger after the one before it, or when someone flushes. What is in the queue
// already always goes along.
func (s *sender) lingering(ctx context.Context) (context.Context, context.CancelFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	const glance = time.Millisecond
	wait := max(s.linger-time.Since(s.lastSent), glance)
	if s.hurried > 0 {
		wait = glance
	}
	ctx, s.cut = context.WithTimeout(ctx, wait)
	return ctx, s.cut
}

// deliver makes one attempt.
func (s *sender) deliver(ctx context.Context, p *parcel) {
	defer s.caught(p)
	s.sent(time.Now())
	r := s.client.send(ctx, p.payload())
	s.pipe.reporter.note(r.note)
	if ctx.Err() != nil && r.verdict != delivered {
		s.gate.leave()
		p.giveBack()
		return
	}
	if r.verdict == retry {
		s.sent(time.Time{}) // the next one does not linger
		s.failed(r)
		p.giveBack()
		s.attempted(r.err, s.gate.fail(r.after))
		return
	}
	s.gate.ok()
	s.attempted(nil, 0)
	s.pipe.ledger.attempt(r)
	switch r.verdict {
	case delivered:
		s.delivered(p, r)
	case split:
		s.split(p, r.err)
	case refuse:
		p.done()
		s.pipe.drop(p.records, DropRejected, r.err)
	}
}

func (s *sender) failed(r result) {
	s.pipe.ledger.attempt(r)
	s.pipe.reporter.failing(r.err, s.pipe.ledger.pending())
}

func (s *sender) sent(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastSent = at
}

func (s *sender) delivered(p *parcel, r result) {
	p.done()
	s.growth.took()
	// A queue on disk may still hold in memory what it has read.
	if r.unread && !s.pipe.durable && len(p.leases) == 1 {
		s.pipe.buffers.give(p.leases[0].Payload)
	}
	rejected := int(min(max(r.rejected, 0), int64(p.records)))
	s.pipe.ledger.deliver(p.records - rejected)
	if rejected > 0 || r.warning != "" {
		s.pipe.drop(rejected, DropRejected, fmt.Errorf("partial success: %s", r.warning))
	}
	s.pipe.reporter.recovered(s.pipe.ledger.pending())
}

// split has a request that is too large sent in pieces.
func (s *sender) split(p *parcel, cause error) {
	if len(p.leases) > 1 {
		s.growth.refused(p.bytes)
		p.giveBack() // gathered anew, they stay under the limit
		return
	}
	whole := p.leases[0].Item
	a, b, ok := s.pipe.path.Split(whole.Payload)
	if !ok {
		p.done()
		s.pipe.drop(p.records, DropTooLarge, cause)
		return
	}
	s.growth.refused(p.bytes)
	first, _ := s.pipe.path.Count(a)
	whole.Payload, whole.Records = a, min(first, p.records)
	half := whole
	half.Payload, half.Records = b, p.records-whole.Records
	// Put before Done: a crash in between sends twice what else it would lose.
	_ = s.pipe.queue.Put(whole)
	_ = s.pipe.queue.Put(half)
	p.done()
}

// caught takes a panic while sending. The request is dropped, for it would
// panic again.
func (s *sender) caught(p *parcel) {
	if v := recover(); v != nil {
		s.gate.leave()
		p.done()
		s.pipe.drop(p.records, DropPanic, fmt.Errorf("sending panicked: %v", v))
	}
}
