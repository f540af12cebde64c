package otlp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
	"github.com/otelkit/otelkit-go/exporters/spool"
)

// pipe is the way of one signal: encoded records go through the batcher into
// the queue, the sender takes requests out of it. Signals share nothing, so a
// failing receiver of one does not hold up another.
type pipe struct {
	signal   Signal
	path     wire.Path
	ledger   ledger
	reporter reporter
	batcher  *batcher
	queue    spool.Queue
	durable  bool
	unsafe   atomic.Bool // the spool has failed to take or to keep what it was given
	sender   *sender
	maxQueue int64
	limit    atomic.Int64 // bytes of a request; halved when a receiver finds one too large
	encoders sync.Pool
	buffers  buffers

	ending  sync.Once
	ended   chan struct{}
	closing atomic.Bool
}

const (
	// maxRequest is the most bytes of an uncompressed request. Receivers take
	// 4 MiB over gRPC unless told otherwise.
	maxRequest = 4<<20 - 64<<10
	// minRequest is the least that records are gathered for, and large enough for
	// one with its values cut. Below it requests are taken apart afterwards.
	minRequest = 64 << 10
)

func newPipe(signal Signal, shape wire.Shape, path wire.Path, c config, e Endpoint) (*pipe, error) {
	t, err := e.parse(signal)
	if err != nil {
		return nil, err
	}
	batch := c.batches[signal].withDefaults(signal)
	e.Timeout = min(e.timeout(), batch.ExportTimeout)
	client, err := c.dial(signal, e, t)
	if err != nil {
		return nil, err
	}
	p := &pipe{signal: signal, path: path, maxQueue: int64(batch.MaxQueueSize), ended: make(chan struct{})}
	p.reporter = reporter{signal: signal, where: t.String(), handle: c.handler}
	p.limit.Store(maxRequest)
	p.encoders.New = func() any { return new(wire.Encoder) }
	if p.queue, err = c.openQueue(p); err != nil {
		client.close()
		return nil, err
	}
	p.durable = c.spoolDir != ""
	delay, linger := batch.ScheduleDelay, time.Duration(0)
	if p.durable {
		delay, linger = c.spoolDelay, batch.ScheduleDelay
	}
	p.batcher = newBatcher(&p.ledger, shape, batch.MaxExportBatchSize, delay, p.batchLimit, p.put)
	if p.durable {
		p.batcher.through = newThrough()
	}
	p.sender = startSender(p, client, batch, linger)
	return p, nil
}

// openQueue opens the queue of one pipe with its share of the room.
func (c config) openQueue(p *pipe) (spool.Queue, error) {
	onDrop := func(_ byte, records int, reason string) { p.drop(records, reason, nil) }
	if c.spoolDir == "" {
		return spool.NewMemory(c.share(p.signal, c.queueBytes, DefaultQueueBytes), onDrop), nil
	}
	opts := append([]spool.Option{
		spool.WithMaxBytes(c.share(p.signal, c.spoolBytes, c.queueBytes, DefaultSpoolBytes)),
		spool.WithMemory(c.share(p.signal, c.queueBytes, DefaultQueueBytes)),
	}, c.spoolOptions...)
	opts = append(opts,
		spool.WithOnDrop(onDrop),
		spool.WithOnAdopt(func(_ byte, records int) { p.ledger.adopt(records) }),
		spool.WithOnError(func(err error) {
			p.unsafe.Store(err != nil)
			p.reporter.spool(err)
		}),
		spool.WithOnWarning(func(err error) { p.reporter.say("%w", err) }),
	)
	return spool.Open(filepath.Join(c.spoolDir, p.signal.String()), opts...)
}

// shares are the parts of the room that the signals get, by weight: log lines
// come in bursts, metrics at a steady pace.
var shares = map[Signal]int64{Logs: 4, Traces: 3, Metrics: 1}

// share returns the part that signal gets of the first bound that is set.
func (c config) share(signal Signal, bounds ...int64) int64 {
	total := cmp.Or(bounds...)
	var sum int64
	for s := range c.endpoints {
		sum += shares[s]
	}
	return total * shares[signal] / sum
}

// batchLimit is how large the batcher lets a request get.
func (p *pipe) batchLimit() int { return int(max(p.limit.Load(), minRequest)) }

// encoder returns an empty encoder, to be given back by release.
func (p *pipe) encoder() *wire.Encoder {
	e := p.encoders.Get().(*wire.Encoder)
	e.Reset()
	return e
}

func (p *pipe) release(e *wire.Encoder) {
	if e.Repaired > 0 {
		p.ledger.repaired.Add(int64(e.Repaired))
	}
	if e.Truncated > 0 {
		p.ledger.truncated.Add(int64(e.Truncated))
	}
	if cap(e.Bytes()) <= minRequest {
		p.encoders.Put(e)
	}
}

// caught takes a panic of a recording call: it costs that record and nothing
// else. It is to be deferred directly.
func (p *pipe) caught() {
	if v := recover(); v != nil {
		p.ledger.accept(1)
		p.drop(1, DropPanic, fmt.Errorf("encoding panicked: %v", v))
	}
}

// smaller are the caps of values that are tried on a record that is above the
// limit of a request with its values whole.
var smaller = []int{64 << 10, 4 << 10, 256}

// record encodes one record and adds it to its batch.
func (p *pipe) record(class spool.Class, res *resource.Resource, scope instrumentation.Scope, encode func(*wire.Encoder)) {
	defer p.caught()
	if p.closing.Load() || p.refused(class) {
		return
	}
	e := p.encoder()
	defer p.release(e)
	encode(e)
	for _, limit := range smaller {
		if len(e.Bytes()) <= p.batchLimit()-requestOverhead {
			break
		}
		e.Reset()
		e.MaxValue = limit
		encode(e)
		e.MaxValue = 0
	}
	p.batcher.add(class, res, scope, e.Bytes(), 1)
}

// refused drops a record if the bound in records is reached.
func (p *pipe) refused(class spool.Class) bool {
	if p.maxQueue == 0 || class == spool.Important || p.ledger.pending() < p.maxQueue {
		return false
	}
	p.ledger.accept(1)
	p.drop(1, DropQueueFull, nil)
	return true
}

// put takes a batch into the queue. What the queue does not take it reports as
// dropped itself.
func (p *pipe) put(class spool.Class, b *wire.Batch) {
	p.ledger.repaired.Add(int64(b.Repaired()))
	payload := b.Append(p.buffers.take(b.Size()))
	_ = p.queue.Put(spool.Item{Signal: byte(p.signal), Class: class, Records: b.Records(), Payload: payload})
}

func (p *pipe) drop(records int, reason string, err error) {
	p.ledger.drop(records, reason)
	p.reporter.dropped(records, reason, err)
}

// ForceFlush implements the processors and the metric exporter.
func (p *pipe) ForceFlush(ctx context.Context) error {
	if p.closing.Load() {
		return nil
	}
	ctx, cancel := bounded(ctx, DefaultFlushTimeout)
	defer cancel()
	p.batcher.flush()
	if err := p.drain(ctx); err != nil {
		return fmt.Errorf("otelkit: %s: flush: %d records not sent yet: %w", p.signal, p.ledger.pending(), err)
	}
	return nil
}

func (p *pipe) drain(ctx context.Context) error {
	defer p.sender.hurry()()
	return p.ledger.wait(ctx)
}

// Shutdown implements the processors and the metric exporter.
func (p *pipe) Shutdown(ctx context.Context) (err error) {
	ctx, cancel := bounded(ctx, DefaultShutdownTimeout)
	defer cancel()
	first := false
	p.ending.Do(func() { first = true })
	if !first {
		return p.awaitEnd(ctx)
	}
	defer close(p.ended)
	p.closing.Store(true)
	p.batcher.close()
	undelivered := p.lastTry(ctx)
	p.sender.stop()
	pending := p.ledger.pending()
	err = p.queue.Close()
	if undelivered != nil && pending > 0 {
		fate := fateOf(p.ledger.pending(), pending)
		err = errors.Join(err, fmt.Errorf("otelkit: %s: shutdown: %d records not sent, %s: %w", p.signal, pending, fate, undelivered))
	}
	p.reporter.end(p.ledger.books())
	return err
}

// awaitEnd waits for the Shutdown under way.
func (p *pipe) awaitEnd(ctx context.Context) error {
	select {
	case <-p.ended:
		return nil
	case <-ctx.Done():
	}
	select {
	case <-p.ended: // both have come
		return nil
	default:
		return ctx.Err()
	}
}

// fateOf says what became of the records that could not be sent, of which the
// queue has kept some.
func fateOf(kept, all int64) string {
	switch {
	case kept <= 0:
		return "lost"
	case kept < all:
		return fmt.Sprintf("%d of them lost, the others kept in the spool", all-kept)
	}
	return "kept in the spool"
}

// patience is how long a Shutdown with a spool waits for a receiver to take one
// more request.
const patience = 1500 * time.Millisecond

// lastTry is drain at the end. What is in the spool is safe, and the next process
// sends it: so that only goes on as long as the receiver takes requests.
func (p *pipe) lastTry(ctx context.Context) error {
	if !p.durable || p.unsafe.Load() {
		p.sender.gate.insist()
		return p.drain(ctx)
	}
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	waited := time.AfterFunc(patience, func() { giveUp(errSilent) })
	defer waited.Stop()
	defer p.sender.watch(func(err error, failures int) {
		if failures > 1 { // a single one may be due to a connection that had gone stale
			giveUp(err)
		} else if err == nil {
			waited.Reset(patience)
		}
	})()
	return p.drain(ctx)
}

var errSilent = fmt.Errorf("no answer within %s", patience)

func bounded(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, limit)
}
