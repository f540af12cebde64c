package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// planVariable holds the plan of a process that is a service.
const planVariable = "OTELKIT_DELIVERY_PLAN"

// plan is what a service does.
type plan struct {
	Subject  subject
	GRPC     bool
	Endpoint string
	Spool    string

	Script     string
	Rate       int // records a second
	Records    int // in all, or for each goroutine
	Goroutines int
	Size       int // bytes of a value
	Spans      bool
}

// outcome is what a service tells at its end.
type outcome struct {
	Emitted  int
	P50, P99 time.Duration // of the recording calls
	Took     time.Duration // of what the script is about
	Err      string        // that it returned
	Shutdown string        // error of Shutdown
}

// serve plays the plan, if this process was started with one.
func serve() bool {
	text, ok := os.LookupEnv(planVariable)
	if !ok {
		return false
	}
	var p plan
	err := json.Unmarshal([]byte(text), &p)
	if err == nil {
		err = p.play(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "delivery:", err)
		os.Exit(1)
	}
	return true
}

func (p plan) play(ctx context.Context) error {
	s := &script{plan: p}
	t, err := p.setUp(ctx, s.foreign())
	if err != nil {
		return err
	}
	s.telemetry = t
	o := scripts[p.Script](ctx, s)
	if !s.closed {
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		if err := t.close(ctx); err != nil {
			o.Shutdown = err.Error()
		}
	}
	return json.NewEncoder(os.Stdout).Encode(o)
}

// script is a plan being played.
type script struct {
	plan
	*telemetry
	closed bool
}

var scripts = map[string]func(context.Context, *script) outcome{
	"restart":  func(ctx context.Context, _ *script) outcome { return outcome{Took: settle(ctx)} },
	"paced":    paced,
	"exit":     exits,
	"burst":    burst,
	"large":    large,
	"invalid":  invalid,
	"shutdown": hungShutdown,
	"flush":    hungFlush,

	"bad attribute":    badAttribute,
	"NaN":              nan,
	"failing callback": failingCallback,
	"panic callback":   panicCallback,
	"panic exporter":   alive,
	"panic processor":  alive,
	"panic LogValuer":  panicLogValuer,
	"panic typed nil":  typedNil,
}

// settle gives a new process the time to take over what an earlier one left.
func settle(ctx context.Context) time.Duration {
	const d = 500 * time.Millisecond
	_ = pause(ctx, d)
	return d
}

func (s *script) record(ctx context.Context, n int) {
	s.log.InfoContext(ctx, "order_paid", number, n, "order_id", "ord-2f9c41", "customer_tier", "gold", "items", 3)
	if s.Spans {
		_, span := s.tracer.Start(ctx, "charge", trace.WithAttributes(attribute.Int(number, n)))
		span.End()
	}
}

// paced records at a rate until standard input ends, and tells each call.
func paced(ctx context.Context, s *script) (o outcome) {
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	start := time.Now()
	for {
		due := int(time.Since(start).Seconds() * float64(s.Rate))
		for ; o.Emitted < due; o.Emitted++ {
			s.record(ctx, o.Emitted)
			_, _ = os.Stdout.WriteString(".") // the parent is there, or this process ends with it
		}
		select {
		case <-ended:
			return o
		case <-time.After(time.Millisecond):
		}
	}
}

// exits leaves without a farewell.
func exits(ctx context.Context, s *script) outcome {
	for n := range s.Records {
		s.record(ctx, n)
	}
	os.Exit(0)
	return outcome{}
}

// burst records as fast as possible.
func burst(ctx context.Context, s *script) outcome {
	each := s.Records / s.Goroutines
	times := make([][]time.Duration, s.Goroutines)
	var all sync.WaitGroup
	for g := range s.Goroutines {
		all.Go(func() {
			mine := make([]time.Duration, each)
			for i := range mine {
				start := time.Now()
				s.record(ctx, g*each+i)
				mine[i] = time.Since(start)
			}
			times[g] = mine
		})
	}
	all.Wait()
	sorted := slices.Concat(times...)
	slices.Sort(sorted)
	return outcome{Emitted: len(sorted), P50: sorted[len(sorted)/2], P99: sorted[len(sorted)*99/100]}
}

// large records values of a size.
func large(ctx context.Context, s *script) outcome {
	// Runes of three bytes, so that a cut in the middle of one shows.
	value := strings.Repeat("€", s.Size/3)
	for n := range s.Records {
		s.log.InfoContext(ctx, "page_rendered", number, n, "body", value)
	}
	return outcome{Emitted: s.Records}
}

// invalid records one string that is not UTF-8 among others.
func invalid(ctx context.Context, s *script) outcome {
	for n := range s.Records {
		text := "gold"
		if n == s.Records/2 {
			text = "go\xffld"
		}
		s.log.InfoContext(ctx, "order_paid", number, n, "tier", text)
	}
	return outcome{Emitted: s.Records}
}

// hungShutdown ends without a deadline.
func hungShutdown(ctx context.Context, s *script) outcome {
	s.closed = true
	for n := range s.Records {
		s.record(ctx, n)
	}
	start := time.Now()
	err := s.close(ctx)
	return outcome{Emitted: s.Records, Took: time.Since(start), Err: text(err)}
}

// hungFlush flushes for a second and goes on when standard input ends.
func hungFlush(ctx context.Context, s *script) outcome {
	for n := range s.Records {
		s.record(ctx, n)
	}
	flushing, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	start := time.Now()
	err := s.flush(flushing)
	took := time.Since(start)
	_, _ = os.Stdout.WriteString(".")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return outcome{Emitted: s.Records, Took: took, Err: text(err)}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// cycles is the time of a few collections of metrics.
const cycles = time.Second

// badAttribute counts with an attribute that is not UTF-8.
func badAttribute(ctx context.Context, s *script) outcome {
	s.counter("good").Add(ctx, 1)
	s.counter("bad").Add(ctx, 1, metric.WithAttributes(attribute.String("tier", "go\xffld")))
	_ = pause(ctx, cycles)
	return outcome{}
}

func (s *script) counter(name string) metric.Float64Counter {
	c, err := s.meter.Float64Counter(name)
	if err != nil {
		panic(err)
	}
	return c
}
