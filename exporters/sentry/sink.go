package sentry

import (
	"net/url"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/trace"
)

// queueLength is how many traces may wait for the worker.
const queueLength = 1024

// Sink turns failures seen in spans, log records and calls into Sentry events.
// Make one with [New]. All methods may be called concurrently, on a nil Sink,
// on one that is off because it has nowhere to send to, and after Shutdown: they do
// nothing then.
//
// Who owns what: the processors run on the goroutines of the application and
// touch only traces (locked in shards) and jobs (a channel). The worker owns
// the limiter, recent and the worker fields of a trace. The courier inside
// outbox is the only goroutine that does network I/O.
type Sink struct {
	config *config
	app    app
	// host, port and publicKey are those of the DSN.
	host, port, publicKey string

	client *sentrygo.Client
	outbox *outbox
	traces *traces
	stats  stats

	spans, logs signal

	jobs   chan job
	wake   chan struct{} // a candidate is waiting for its time
	stop   chan struct{}
	ended  sync.WaitGroup
	closed atomic.Bool

	shutdown struct {
		done chan struct{}
		err  error // readable when done is closed
	}

	// resource of the first root span, for captures without a span.
	resource atomic.Pointer[resource.Resource]

	limiter   *limiter
	strangers strangers
	recent    []sighting // issues made without a trace
}

// job is something for the worker to do: to settle a trace, whose root ended
// if root is set; to send a candidate at once; or to answer.
type job struct {
	trace *local
	root  endedSpan
	now   *candidate
	all   bool          // settle every trace
	done  chan struct{} // closed when this and all before it is done
}

// New returns a Sink with options applied, or an error that names each option
// that is wrong. Without DSN, client and Spotlight the Sink is off: it has no
// client and no goroutine, and its methods do nothing. New reads no environment
// variable for these settings.
//
// The Sink runs until Shutdown. Several Sinks may live side by side.
func New(options ...Option) (*Sink, error) {
	c, err := newConfig(options)
	if err != nil {
		return nil, err
	}
	if !c.on() {
		return &Sink{}, nil
	}
	s, err := newSink(c)
	if err != nil {
		return nil, err
	}
	s.ended.Go(s.work)
	s.ended.Go(func() { s.outbox.deliver(s.stop) })
	return s, nil
}

// newSink makes a Sink whose goroutines do not run yet.
func newSink(c *config) (*Sink, error) {
	s := &Sink{
		config:    c,
		app:       newApp(c.inApp),
		traces:    newTraces(),
		jobs:      make(chan job, queueLength),
		wake:      make(chan struct{}, 1),
		stop:      make(chan struct{}),
		limiter:   newLimiter(c.rates),
		strangers: strangers{silent: map[reflect.Type]bool{}},
	}
	s.shutdown.done = make(chan struct{})
	if err := s.connect(); err != nil {
		return nil, err
	}
	if err := s.observe(c.meters); err != nil {
		s.client.Close()
		return nil, err
	}
	return s, nil
}

// connect makes the client.
func (s *Sink) connect() error {
	o := s.clientOptions()
	if u, err := url.Parse(o.Dsn); err == nil {
		s.host, s.port, s.publicKey = u.Hostname(), u.Port(), u.User.Username()
		if s.port == "" {
			s.port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
		}
	}
	client, err := sentrygo.NewClient(o)
	if err != nil {
		// The text of a DSN error may contain the DSN.
		return errDSN
	}
	s.client = client
	return nil
}

// Client returns the sentry-go client of the Sink, nil if the Sink is off. Bind
// it to a hub to send by hand what sentry-go can and this package cannot; such
// events pass BeforeSend and the scrubber too, and are linked to the span of
// their context.
func (s *Sink) Client() *sentrygo.Client {
	if s == nil {
		return nil
	}
	return s.client
}

// open reports whether the Sink takes anything in.
func (s *Sink) open() bool { return s != nil && s.client != nil && !s.closed.Load() }

// judge does with a candidate what the signal table says.
func (s *Sink) judge(c *candidate, v verdict) {
	switch v {
	case breadcrumb, waits:
		if c.source == fromSpanEvent {
			s.tell(c.traceID, c.crumb())
		}
		if v == breadcrumb {
			return
		}
		c.class = promotable
		s.hold(c)
	case issue:
		s.hold(c)
	case urgent:
		s.send(c)
	}
}

func (c *candidate) crumb() crumb {
	return crumb{time: c.time, level: sentrygo.LevelWarning, category: "exception", message: c.text()}
}

// tell adds a step to the story of a trace.
func (s *Sink) tell(id trace.TraceID, c crumb) {
	sh := s.traces.of(id)
	sh.mu.Lock()
	l, evicted := sh.get(id)
	*sh.step(l) = c
	sh.mu.Unlock()
	s.evict(evicted)
}

// hold keeps a candidate until its local root ends or its time has come.
func (s *Sink) hold(c *candidate) {
	if s.isOwnCall(c) {
		return
	}
	if !c.traceID.IsValid() {
		s.send(c)
		return
	}
	first := false
	c.seen = time.Now()
	sh := s.traces.of(c.traceID)
	sh.mu.Lock()
	l, evicted := sh.get(c.traceID)
	switch {
	case l.has(c):
		s.stats.duplicates.Add(1)
	case len(l.pending) >= maxPending:
		s.squeeze(l, c)
	default:
		l.pending = append(l.pending, c)
	}
	if c.class == primary && l.due.IsZero() {
		l.due, first = c.seen.Add(holdTime), true
	}
	sh.mu.Unlock()
	s.evict(evicted)
	if first {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// squeeze puts c into l, which is full, at the cost of one that says what another
// says, such as the one failure of all branches of a trace, else of the oldest that
// may never become an issue, if c is one: below a root that runs as long as the
// process, the calls that failed and were repeated would fill the trace for good.
func (s *Sink) squeeze(l *local, c *candidate) {
	all := append(slices.Clip(l.pending), c)
	if i := lastRepeated(all); i >= 0 {
		l.pending = slices.Delete(all, i, i+1)
		s.stats.duplicates.Add(1)
		return
	}
	s.stats.drop(reasonTraceFull)
	i := slices.IndexFunc(all, func(p *candidate) bool { return p.class == promotable })
	if c.class == primary && i >= 0 {
		l.pending = slices.Delete(all, i, i+1)
	}
}

// lastRepeated returns the index of the last issue in list that says what an
// earlier one says, -1 if there is none.
func lastRepeated(list []*candidate) int {
	for i, c := range slices.Backward(list) {
		if c.class == primary && slices.ContainsFunc(list[:i], func(o *candidate) bool {
			return o.class == primary && o.source == c.source && o.text() == c.text()
		}) {
			return i
		}
	}
	return -1
}

func (l *local) has(c *candidate) bool {
	for _, p := range l.pending {
		if p.sameAs(c) {
			return true
		}
	}
	return false
}

// send hands a candidate to the worker at once.
func (s *Sink) send(c *candidate) {
	if s.isOwnCall(c) {
		return
	}
	c.seen = time.Now()
	j := job{now: c}
	if c.traceID.IsValid() {
		sh := s.traces.of(c.traceID)
		sh.mu.Lock()
		l, evicted := sh.get(c.traceID)
		l.used = true
		sh.mu.Unlock()
		s.evict(evicted)
		j.trace = l
	}
	s.enqueue(j)
}

// isOwnCall reports whether c is about what this package does itself.
func (s *Sink) isOwnCall(c *candidate) bool {
	if isOwn(c) {
		return true
	}
	if c.spanKind != trace.SpanKindClient || s.host == "" {
		return false
	}
	host, port := "", s.port
	for _, kv := range c.attributes {
		switch kv.Key {
		case "server.address", "net.peer.name":
			host = kv.Value.String()
		case "server.port", "net.peer.port":
			port = kv.Value.String()
		}
	}
	return host == s.host && port == s.port
}

// evict settles a trace that had to give way to a newer one.
func (s *Sink) evict(l *local) {
	if l != nil {
		s.stats.evicted.Add(1)
		s.enqueue(job{trace: l})
	}
}

// enqueue never waits: when the worker cannot keep up, the newest is lost.
func (s *Sink) enqueue(j job) {
	if !s.offer(j) {
		s.stats.drop(reasonQueueFull)
	}
}

func (s *Sink) offer(j job) bool {
	select {
	case s.jobs <- j:
		return true
	default:
		return false
	}
}

// recovered keeps a panic of this package or of a value it was given away from
// the application.
func (s *Sink) recovered() {
	if recover() != nil {
		s.stats.drop(reasonPanic)
	}
}
