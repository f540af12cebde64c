package exportertest

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// toy is the simplest exporter that keeps the rules. Its fields make it break
// one each.
type toy struct {
	writer *Writer

	leaksEarly    bool // exports what it sees in OnStart
	blocks        bool // writes on the caller's goroutine
	ignoresCtx    bool // flushes for as long as it takes
	hidesFailure  bool // flushes without saying that it did not get through
	keepsLast     bool // never sends the newest two records
	dropsRest     bool // forgets what is queued when it is shut down
	endsWithSpans bool // is shut down by its span processor
	worksAfter    bool // goes on after Shutdown
	failsTwice    bool // calls a second Shutdown an error

	mu      sync.Mutex
	pending [][]byte
	busy    chan struct{} // held by who sends
	closed  bool
}

func newToy(w *Writer) *toy { return &toy{writer: w, busy: make(chan struct{}, 1)} }

func (e *toy) SpanProcessor() sdktrace.SpanProcessor { return toySpans{e} }
func (e *toy) LogProcessor() sdklog.Processor        { return toyLogs{e} }

func (e *toy) add(text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed && !e.worksAfter {
		return
	}
	if e.blocks {
		_, _ = e.writer.Write([]byte(text))
		return
	}
	e.pending = append(e.pending, []byte(text))
}

func (e *toy) ForceFlush(ctx context.Context) error {
	if e.ignoresCtx {
		ctx = context.Background()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.send()
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		if e.hidesFailure {
			return nil
		}
		return ctx.Err()
	}
}

func (e *toy) send() {
	e.busy <- struct{}{}
	defer func() { <-e.busy }()
	for {
		e.mu.Lock()
		last := len(e.pending) == 0 || e.keepsLast && len(e.pending) <= 2
		var text []byte
		if !last {
			text = e.pending[0]
		}
		e.mu.Unlock()
		if last {
			return
		}
		if _, err := e.writer.Write(text); err == nil {
			e.mu.Lock()
			e.pending = e.pending[1:]
			e.mu.Unlock()
		}
	}
}

func (e *toy) Shutdown(ctx context.Context) error {
	e.mu.Lock()
	second := e.closed
	e.closed = true
	if e.dropsRest {
		e.pending = nil
	}
	e.mu.Unlock()
	if second && e.failsTwice {
		return errors.New("shut down already")
	}
	return e.ForceFlush(ctx)
}

type toySpans struct{ e *toy }

func (p toySpans) OnStart(_ context.Context, s sdktrace.ReadWriteSpan) {
	if p.e.leaksEarly {
		p.e.add(s.Name())
	}
}
func (p toySpans) OnEnd(s sdktrace.ReadOnlySpan)        { p.e.add(s.Name()) }
func (p toySpans) ForceFlush(ctx context.Context) error { return p.e.ForceFlush(ctx) }
func (p toySpans) Shutdown(ctx context.Context) error {
	if p.e.endsWithSpans {
		return p.e.Shutdown(ctx)
	}
	return p.e.ForceFlush(ctx)
}

type toyLogs struct{ e *toy }

func (p toyLogs) Enabled(context.Context, sdklog.EnabledParameters) bool { return true }
func (p toyLogs) OnEmit(_ context.Context, r *sdklog.Record) error {
	p.e.add(r.Body().String())
	return nil
}
func (p toyLogs) ForceFlush(ctx context.Context) error { return p.e.ForceFlush(ctx) }
func (p toyLogs) Shutdown(ctx context.Context) error   { return p.e.ForceFlush(ctx) }

func TestGoodToyPasses(t *testing.T) {
	t.Parallel()
	Exercise(t, func(testing.TB) (Exporter, Receiver) {
		w := NewWriter()
		return newToy(w), w
	})
}

// TestBadToysFail breaks each rule and holds that the case for it notices.
func TestBadToysFail(t *testing.T) {
	t.Parallel()
	spoil := map[string]func(*toy){
		"arrives":           func(e *toy) { e.keepsLast = true },
		"scrubbed":          func(e *toy) { e.leaksEarly = true },
		"shutdown delivers": func(e *toy) { e.dropsRest = true },
		"shutdown twice":    func(e *toy) { e.failsTwice = true },
		"after shutdown":    func(e *toy) { e.worksAfter = true },
		"one signal ends":   func(e *toy) { e.endsWithSpans = true },
		"hanging":           func(e *toy) { e.blocks = true },
		"deadline":          func(e *toy) { e.hidesFailure = true },
		"cancelled":         func(e *toy) { e.ignoresCtx = true },
		"concurrent":        func(e *toy) { e.keepsLast = true },
		"zero values":       func(e *toy) { e.keepsLast = true },
	}
	for _, c := range cases {
		bad := spoil[c.name]
		if bad == nil {
			continue // refusing and gone: the cases of hanging with another fault
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := NewWriter()
			s := suite{watchdog: time.Second, scrub: standIn, new: func(testing.TB) (Exporter, Receiver) {
				e := newToy(w)
				bad(e)
				return e, w
			}}
			if !fails(t, func(tb testing.TB) { c.run(tb, s.rig(tb)) }) {
				t.Error("the case passes with an exporter that breaks it")
			}
		})
	}
}

// fails runs f with a TB that notes a failure instead of failing.
func fails(t *testing.T, f func(testing.TB)) bool {
	tb := &verdict{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(tb)
	}()
	<-done
	tb.mu.Lock()
	defer tb.mu.Unlock()
	return tb.failed
}

type verdict struct {
	testing.TB
	mu     sync.Mutex
	failed bool
}

func (v *verdict) fail() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.failed = true
}

func (v *verdict) Helper()               {}
func (v *verdict) Error(...any)          { v.fail() }
func (v *verdict) Errorf(string, ...any) { v.fail() }
func (v *verdict) Fatal(...any)          { v.fail(); runtime.Goexit() }
func (v *verdict) Fatalf(string, ...any) { v.fail(); runtime.Goexit() }
