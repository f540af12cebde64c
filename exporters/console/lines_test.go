package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/internal/lines"
)

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// say logs one record through a provider, as a service does.
func say(t *testing.T, e *Exporter, event string) {
	t.Helper()
	var r log.Record
	r.SetBody(attribute.StringValue(event))
	r.SetSeverityText("test")
	sdklog.NewLoggerProvider(sdklog.WithProcessor(e.LogProcessor())).Logger("test").Emit(t.Context(), r)
}

func TestLinesAreNeverTorn(t *testing.T) {
	t.Parallel()
	const writers, each = 16, 50
	var writes []string
	var inside sync.Mutex
	e, err := New(WithWriter(writerFunc(func(b []byte) (int, error) {
		if !inside.TryLock() {
			t.Error("two writes at the same time")
		} else {
			defer inside.Unlock()
		}
		writes = append(writes, string(b))
		return len(b), nil
	})))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				say(t, e, fmt.Sprintf("w%d-%d", w, i))
			}
		})
	}
	all.Wait()
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if len(writes) != writers*each {
		t.Errorf("%d writes, want %d", len(writes), writers*each)
	}
	next := map[string]int{}
	for _, line := range writes {
		if strings.Count(line, "\n") != 1 || !strings.HasSuffix(line, "\n") {
			t.Errorf("one write holds %q", line)
		}
		writer, i, _ := strings.Cut(strings.Fields(line)[3], "-")
		if i != fmt.Sprint(next[writer]) {
			t.Fatalf("%s: line %s came when %d was due", writer, i, next[writer])
		}
		next[writer]++
	}
}

func TestBadWriters(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	tests := map[string]struct {
		write writerFunc
		want  string
	}{
		"fails":  {func([]byte) (int, error) { return 0, broken }, "broken"},
		"short":  {func(b []byte) (int, error) { return len(b) - 1, nil }, "part of a line"},
		"panics": {func([]byte) (int, error) { panic("boom") }, "boom"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := New(WithWriter(test.write))
			if err != nil {
				t.Fatal(err)
			}
			say(t, e, "one")
			say(t, e, "two")
			if err := e.ForceFlush(t.Context()); err != nil {
				t.Errorf("ForceFlush: %v", err)
			}
			if got := e.Dropped(); got != 2 {
				t.Errorf("Dropped = %d, want 2", got)
			}
			if err := e.Shutdown(t.Context()); err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "2 lines") {
				t.Errorf("Shutdown: %v, want 2 lines and %q", err, test.want)
			}
			if err := e.Shutdown(t.Context()); err != nil {
				t.Errorf("second Shutdown: %v", err)
			}
		})
	}
}

func TestHungWriter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		unblock := make(chan struct{})
		e, err := New(WithWriter(writerFunc(func(b []byte) (int, error) {
			<-unblock
			return out.Write(b)
		})))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		say(t, e, "first")
		if took := time.Since(start); took != lines.Patience {
			t.Errorf("the first call took %v, want %v", took, lines.Patience)
		}
		start = time.Now()
		for range 3 {
			say(t, e, "more")
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("later calls took %v, want none to wait", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := e.ForceFlush(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("ForceFlush: %v after %v", err, time.Since(start))
		}

		close(unblock)
		synctest.Wait()
		say(t, e, "after")
		if got := strings.Count(out.String(), "\n"); got != 5 {
			t.Errorf("%d lines once the writer moves again, want 5:\n%s", got, out.String())
		}
		if err := e.Shutdown(t.Context()); err != nil || e.Dropped() != 0 {
			t.Errorf("Shutdown: %v, dropped %d", err, e.Dropped())
		}
	})
}

func TestBacklogIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		unblock := make(chan struct{})
		e, err := New(WithWriter(writerFunc(func(b []byte) (int, error) {
			<-unblock
			return len(b), nil
		})))
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			say(t, e, strings.Repeat("x", lines.Backlog/10))
		}
		if got := e.Dropped(); got < 9 || got > 12 {
			t.Errorf("Dropped = %d of 20 lines of a tenth of the backlog, want about 10", got)
		}
		expired, cancel := context.WithCancel(t.Context())
		cancel()
		if err := e.Shutdown(expired); !errors.Is(err, context.Canceled) {
			t.Errorf("Shutdown with an expired context: %v", err)
		}
		close(unblock) // the goroutine ends by itself, or the bubble complains
	})
}

func TestAfterShutdown(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	e := newExporter(t, &out)
	if err := e.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	say(t, e, "late")
	if out.Len() > 0 || e.Dropped() != 0 {
		t.Errorf("a record after Shutdown left %q, dropped %d", out.String(), e.Dropped())
	}
	if err := e.ForceFlush(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestZeroExporter(t *testing.T) {
	t.Parallel()
	for name, e := range map[string]*Exporter{"nil": nil, "zero": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			say(t, e, "nothing")
			e.SpanProcessor().OnEnd(nil)
			if err := errors.Join(e.ForceFlush(t.Context()), e.Shutdown(t.Context())); err != nil || e.Dropped() != 0 {
				t.Errorf("err = %v, dropped %d", err, e.Dropped())
			}
		})
	}
}

// What tells the lines of a request apart comes before what they have in common.
func TestPrettyRequestIDsComeLast(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	e, err := New(WithWriter(&out), WithFormat(Pretty))
	if err != nil {
		t.Fatal(err)
	}
	var r log.Record
	r.SetBody(attribute.StringValue("order_paid"))
	r.AddAttributes(attribute.String("request_id", "r-1"), attribute.String("client_ip", "127.0.0.1"), attribute.String("order_id", "17"))
	sdklog.NewLoggerProvider(sdklog.WithProcessor(e.LogProcessor())).Logger("test").Emit(t.Context(), r)
	if err := e.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := "order_id=17 request_id=r-1 client_ip=127.0.0.1\n"; !strings.HasSuffix(out.String(), want) {
		t.Errorf("wrote %q, want %q at the end", out.String(), want)
	}
}
