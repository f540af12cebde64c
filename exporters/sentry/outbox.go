package sentry

import (
	"context"
	"net/http"
	"sync/atomic"
	"time"

	sentrygo "github.com/getsentry/sentry-go"
)

// outboxLength is how many finished events may wait for the network.
const outboxLength = 128

// outbox is the transport of the Sink's client: a bounded queue and one
// courier that hands events to sentry-go's synchronous transport. The
// asynchronous ones of sentry-go drop the oldest of 100 events without a word
// and cannot be stopped while a request hangs.
type outbox struct {
	next    sentrygo.Transport
	ours    bool // next is to be configured and tells the truth
	truth   *truth
	stats   *stats
	onError func(error)

	queue  chan parcel
	ctx    context.Context // of the request under way
	cancel context.CancelFunc
	left   atomic.Int64 // events that wait or are on their way
}

// parcel is an event or, if done is set, the question whether all before it
// were handled.
type parcel struct {
	event *sentrygo.Event
	done  chan struct{}
}

var _ sentrygo.Transport = (*outbox)(nil)

// newOutbox returns an outbox in front of given, or of sentry-go's own HTTP
// transport if that is nil.
func newOutbox(given sentrygo.Transport, t *truth, st *stats) *outbox {
	b := &outbox{next: given, truth: t, stats: st, queue: make(chan parcel, outboxLength)}
	if b.next == nil {
		b.next, b.ours = sentrygo.NewHTTPSyncTransport(), true
	}
	b.ctx, b.cancel = context.WithCancel(context.Background())
	return b
}

// Configure is called by the client. A transport that belongs to someone else
// has been configured by its owner.
func (b *outbox) Configure(o sentrygo.ClientOptions) {
	if b.ours {
		b.next.Configure(o)
	}
}

// SendEvent never waits: when the network cannot keep up, the newest is lost.
func (b *outbox) SendEvent(e *sentrygo.Event) {
	e.MakeSerializationSafe()
	b.left.Add(1)
	select {
	case b.queue <- parcel{event: e}:
	default:
		b.left.Add(-1)
		b.stats.drop(reasonOutboxFull)
	}
}

// deliver is the courier.
func (b *outbox) deliver(stop <-chan struct{}) {
	for {
		select {
		case <-stop:
			return
		case p := <-b.queue:
			if p.done != nil {
				close(p.done)
				continue
			}
			b.post(p.event)
			b.left.Add(-1)
		}
	}
}

func (b *outbox) post(e *sentrygo.Event) {
	defer func() {
		if recover() != nil {
			b.stats.drop(reasonPanic)
		}
	}()
	start := time.Now()
	t, ok := b.next.(*sentrygo.HTTPSyncTransport)
	if !b.ours || !ok {
		b.next.SendEvent(e)
		b.stats.sent("", time.Since(start))
		return
	}
	b.truth.begin()
	t.SendEventWithContext(b.ctx, e)
	reason := b.truth.verdict()
	b.stats.sent(reason, time.Since(start))
	b.stats.complain(b.onError)
}

// drain waits until all that is in the queue now was handled.
func (b *outbox) drain(ctx context.Context) error {
	done := make(chan struct{})
	select {
	case b.queue <- parcel{done: done}:
	case <-ctx.Done():
		return ctx.Err()
	case <-b.ctx.Done():
		return nil
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-b.ctx.Done():
		return nil
	}
}

// abort ends the request under way.
func (b *outbox) abort() { b.cancel() }

func (b *outbox) waiting() int64 { return b.left.Load() }

// Flush and FlushWithContext are for those who use the client by hand.
func (b *outbox) Flush(timeout time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return b.FlushWithContext(ctx)
}

func (b *outbox) FlushWithContext(ctx context.Context) bool { return b.drain(ctx) == nil }

// Close lets go of idle connections. The courier is stopped by the Sink.
func (b *outbox) Close() { b.truth.closeIdle() }

// truth is the round tripper that sees what really became of an event, which
// sentry-go does not tell. It is used by the courier only.
type truth struct {
	next    http.RoundTripper
	asked   bool
	limited bool // the server has limited us before
	status  int
}

func (t *truth) begin() { t.asked, t.status = false, 0 }

// RoundTrip implements http.RoundTripper.
func (t *truth) RoundTrip(r *http.Request) (*http.Response, error) {
	t.asked, t.status = true, 0
	resp, err := t.next.RoundTrip(r)
	if err != nil {
		return resp, err
	}
	t.status = resp.StatusCode
	if resp.StatusCode == http.StatusTooManyRequests || resp.Header.Get("X-Sentry-Rate-Limits") != "" {
		t.limited = true
	}
	return resp, nil
}

// verdict is why the event was lost, "" if it was accepted.
func (t *truth) verdict() reason {
	switch {
	case !t.asked && t.limited:
		return reasonServerRate
	case !t.asked:
		return reasonEncoding
	case t.status == 0:
		return reasonNetwork
	case t.status == http.StatusTooManyRequests:
		return reasonServerRate
	case t.status == http.StatusRequestEntityTooLarge:
		return reasonTooLarge
	case t.status >= 500:
		return reasonServerError
	case t.status >= 300:
		return reasonRefused
	default:
		return ""
	}
}

func (t *truth) closeIdle() {
	if c, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}
