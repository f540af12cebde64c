package main

import (
	"context"
	"fmt"
	"time"

	"github.com/otelkit/otelkit-go/internal/otlptest"
)

var (
	overHTTP = setting{}
	overGRPC = setting{grpc: true}
	onDisk   = setting{spool: true}
)

// rows is the table. What is said of plain OpenTelemetry is measured in the
// same run, and so not written here.
var rows = []row{
	{name: "Collector down 25 s, 100 logs/s and 100 spans/s, HTTP", goal: "0 lost, flowing ≤ 2 s", waits: true, measure: each(overHTTP, outage(25*time.Second, 100))},
	{name: "Collector down 25 s, 100 logs/s and 100 spans/s, gRPC", goal: "0 lost, flowing ≤ 2 s", waits: true, measure: each(overGRPC, outage(25*time.Second, 100))},
	{name: "Collector down 90 s, 100 logs/s and 100 spans/s, HTTP", goal: "0 lost, flowing ≤ 2 s", waits: true, long: true, measure: each(overHTTP, outage(90*time.Second, 100))},
	{name: "Collector down 90 s, 100 logs/s and 100 spans/s, gRPC", goal: "0 lost, flowing ≤ 2 s", waits: true, long: true, measure: each(overGRPC, outage(90*time.Second, 100))},
	{name: "Collector down 600 s, 20 logs/s and 20 spans/s, HTTP", goal: "0 lost, flowing ≤ 2 s", waits: true, long: true, measure: each(overHTTP, outage(600*time.Second, 20))},
	{name: "Collector down 600 s, 20 logs/s and 20 spans/s, gRPC", goal: "0 lost, flowing ≤ 2 s", waits: true, long: true, measure: each(overGRPC, outage(600*time.Second, 20))},
	{name: "real Collector, SIGKILL and started again after 30 s, 100 logs/s and 100 spans/s, HTTP", goal: "0 lost, flowing ≤ 2 s", waits: true, measure: each(overHTTP, realOutage(30*time.Second, 100))},
	{name: "real Collector, SIGKILL and started again after 30 s, 100 logs/s and 100 spans/s, gRPC", goal: "0 lost, flowing ≤ 2 s", waits: true, measure: each(overGRPC, realOutage(30*time.Second, 100))},
	{name: "HTTP 500 for 20 s, 100 logs/s and 100 spans/s", goal: "0 lost", waits: true, measure: each(overHTTP, failing(otlptest.Fault{Status: 500}))},
	{name: "gRPC Unavailable for 20 s, 100 logs/s and 100 spans/s", goal: "0 lost", waits: true, measure: each(overGRPC, failing(otlptest.Fault{Status: 503}))},
	{name: "Shutdown without deadline, hung Collector, HTTP", goal: "≤ 5.5 s, 0 lost, says what is pending", waits: true, measure: each(onDisk, shutdownHung)},
	{name: "Shutdown without deadline, hung Collector, gRPC", goal: "≤ 5.5 s, 0 lost, says what is pending", waits: true, measure: each(setting{grpc: true, spool: true}, shutdownHung)},
	{name: "ForceFlush(1 s), hung Collector, 500 records", goal: "0 lost", waits: true, measure: each(overHTTP, flushHung)},

	{name: "SIGKILL at 1000 logs/s, healthy Collector: median (max) lost", goal: "≤ 5 (10)", measure: each(onDisk, kills(7, false))},
	{name: "SIGKILL at 1000 logs/s during an outage, restart: median (max) lost", goal: "≤ 5 (10)", measure: each(onDisk, kills(3, true))},
	{name: "os.Exit right after 1000 records, restart", goal: "0 lost", measure: each(onDisk, exit)},
	{name: "200,000 records as fast as possible, 1 goroutine", goal: "0 lost, p99 in µs", measure: each(onDisk, bursting(200_000, 1))},
	{name: "200,000 records as fast as possible, 8 goroutines", goal: "0 lost, p99 in µs", measure: each(onDisk, bursting(200_000, 8))},
	{name: "10,000 goroutines × 10 logs", goal: "0 lost", measure: each(onDisk, bursting(100_000, 10_000))},
	{name: "one invalid UTF-8 string in 512 records", goal: "0 lost, repaired", measure: each(overHTTP, invalidText)},
	{name: "one bad metric attribute", goal: "metrics flow, repaired", measure: each(overHTTP, badMetric)},
	{name: "4.5 MiB batch, HTTP", goal: "0 lost", measure: each(overHTTP, batch(9<<10))},
	{name: "4.5 MiB batch, gRPC", goal: "0 lost", measure: each(overGRPC, batch(9<<10))},
	{name: "32 MiB batch, HTTP", goal: "0 lost", measure: each(onDisk, batch(64<<10))},
	{name: "32 MiB batch, gRPC", goal: "0 lost", measure: each(setting{grpc: true, spool: true}, batch(64<<10))},
	{name: "one value of 6 MiB, gRPC", goal: "cut on a rune, marked", measure: each(overGRPC, oneLarge)},
	{name: "panic in an exporter of metrics", goal: "lives", measure: each(overHTTP, survives("panic exporter", aliveBody))},
	{name: "panic in a log processor", goal: "lives", measure: each(overHTTP, survives("panic processor", aliveBody))},
	{name: "panic in a LogValuer", goal: "lives, the value says so", measure: each(overHTTP, survives("panic LogValuer", troubleBody))},
	{name: "panic in a metric callback", goal: "lives, other metrics flow", measure: each(overHTTP, othersFlow("panic callback"))},
	{name: "typed-nil error in slog", goal: "lives, the value says so", measure: each(overHTTP, survives("panic typed nil", troubleBody))},
	{name: "one failing observable callback", goal: "other metrics flow", measure: each(overHTTP, othersFlow("failing callback"))},
	{name: "NaN into a counter, between 1 and 2", goal: "sum 3", measure: each(overHTTP, notNumber)},
	{name: "emit latency, hung Collector, p50 / p99", goal: "not above plain", measure: latencies},
}

// outage closes the receiver for a while.
func outage(d time.Duration, rate int) func(context.Context, *stage) (figure, error) {
	return func(ctx context.Context, st *stage) (figure, error) {
		s, err := st.startPaced(ctx, plan{Rate: rate, Spans: true})
		if err != nil {
			return figure{}, err
		}
		st.receiver.Close()
		if err := pause(ctx, d); err != nil {
			return figure{}, err
		}
		before := st.receiver.Counts()
		start := time.Now()
		if err := st.receiver.Reopen(); err != nil {
			return figure{}, err
		}
		// Spans come every 5 s by default, so logs tell when it flows. Wait gives up
		// after 30 s, which is a figure as well.
		_ = st.receiver.Wait(ctx, func(c otlptest.Counts) bool { return c.Logs > before.Logs })
		flowing := time.Since(start)
		if err := pause(ctx, 3*time.Second); err != nil {
			return figure{}, err
		}
		return st.losses(s, flowing)
	}
}

// startPaced starts a service that records logs until it is finished, and waits
// until they arrive.
func (st *stage) startPaced(ctx context.Context, p plan) (*service, error) {
	p.Script = "paced"
	s, err := st.start(ctx, p)
	if err != nil {
		return nil, err
	}
	return s, st.receiver.Wait(ctx, func(c otlptest.Counts) bool { return c.Logs > 0 })
}

// losses ends a service and counts what it has recorded and has not arrived.
func (st *stage) losses(s *service, flowing time.Duration) (figure, error) {
	o, err := s.finish()
	if err != nil {
		return figure{}, err
	}
	logs, spans := st.logs(o.Emitted), st.spans(o.Emitted)
	if st.collector != nil {
		if logs, spans, err = st.collector.tally(o.Emitted); err != nil {
			return figure{}, err
		}
	}
	text := fmt.Sprintf("%d logs (%s), %d spans (%s) of %d lost", logs.lost, percent(logs.lost, o.Emitted),
		spans.lost, percent(spans.lost, o.Emitted), o.Emitted)
	if logs.lost+spans.lost == 0 {
		text = fmt.Sprintf("0 of %d logs and spans lost", o.Emitted)
	}
	if n := logs.twice + spans.twice; n > 0 {
		text += fmt.Sprintf(", %d twice", n)
	}
	if flowing > 0 {
		text += fmt.Sprintf(", flowing after %.1f s", flowing.Seconds())
	}
	return figure{text, logs.lost+spans.lost == 0 && flowing <= 2*time.Second}, nil
}

// failing has the receiver refuse for a while.
func failing(f otlptest.Fault) func(context.Context, *stage) (figure, error) {
	return func(ctx context.Context, st *stage) (figure, error) {
		s, err := st.startPaced(ctx, plan{Rate: 100, Spans: true})
		if err != nil {
			return figure{}, err
		}
		st.receiver.Fail(f)
		if err := pause(ctx, 20*time.Second); err != nil {
			return figure{}, err
		}
		st.receiver.Heal()
		if err := pause(ctx, 5*time.Second); err != nil {
			return figure{}, err
		}
		return st.losses(s, 0)
	}
}

// patience is how long a Shutdown is waited for unless LONG=1.
const patience = 30 * time.Second

func shutdownHung(ctx context.Context, st *stage) (figure, error) {
	st.receiver.Fail(otlptest.Fault{Hang: true})
	s, err := st.start(ctx, plan{Script: "shutdown", Records: 500})
	if err != nil {
		return figure{}, err
	}
	end := patience
	if long() {
		end = 5 * time.Minute
	}
	var o outcome
	unended := false
	select {
	case o = <-s.told:
		if _, err := s.finish(); err != nil && o.Emitted == 0 {
			return figure{}, err
		}
	case <-time.After(end):
		if _, err := s.kill(); err != nil {
			return figure{}, err
		}
		o.Took, o.Emitted, unended = end, 500, true
	}
	st.receiver.Heal()
	if err := st.restart(ctx); err != nil {
		return figure{}, err
	}
	got := st.logs(500)
	took := fmt.Sprintf("%.1f s", o.Took.Seconds())
	said := "nil"
	switch {
	case unended:
		took, said = "> "+took, "killed then"
	case o.Err != "":
		said = "an error"
	}
	return figure{
		fmt.Sprintf("%s, %s, %s", took, said, got),
		o.Took <= 5500*time.Millisecond && got.lost == 0 && o.Err != "",
	}, nil
}

func flushHung(ctx context.Context, st *stage) (figure, error) {
	st.receiver.Fail(otlptest.Fault{Hang: true})
	s, err := st.start(ctx, plan{Script: "flush", Records: 500})
	if err != nil {
		return figure{}, err
	}
	for s.emitted.Load() == 0 { // the flush has returned
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return figure{}, err
		}
	}
	// What a client has given up is not to arrive after all.
	if err := pause(ctx, 500*time.Millisecond); err != nil {
		return figure{}, err
	}
	st.receiver.Heal()
	o, err := s.finish()
	if err != nil {
		return figure{}, err
	}
	got := st.logs(o.Emitted)
	return figure{fmt.Sprintf("%s of %d", got, o.Emitted), got.lost == 0}, nil
}

func exit(ctx context.Context, st *stage) (figure, error) {
	const n = 1000
	// It ends without telling anything.
	if _, err := st.play(ctx, plan{Script: "exit", Records: n}); err == nil {
		return figure{}, fmt.Errorf("the service did not exit")
	}
	if err := st.restart(ctx); err != nil {
		return figure{}, err
	}
	got := st.logs(n)
	return figure{fmt.Sprintf("%s of %d", got, n), got.lost == 0}, nil
}

func bursting(records, goroutines int) func(context.Context, *stage) (figure, error) {
	return func(ctx context.Context, st *stage) (figure, error) {
		o, err := st.play(ctx, plan{Script: "burst", Records: records, Goroutines: goroutines})
		if err != nil {
			return figure{}, err
		}
		if o.Shutdown != "" { // it had ten seconds
			if err := st.restart(ctx); err != nil {
				return figure{}, err
			}
		}
		got := st.logs(records)
		text := fmt.Sprintf("%d lost (%s)", got.lost, percent(got.lost, records))
		if got.twice > 0 {
			text += fmt.Sprintf(", %d twice", got.twice)
		}
		if goroutines > 100 { // then latencies are those of the scheduler
			return figure{text, got.lost == 0}, nil
		}
		return figure{
			fmt.Sprintf("%s, p50 %s, p99 %s", text, micro(o.P50), micro(o.P99)),
			got.lost == 0 && o.P99 < time.Millisecond,
		}, nil
	}
}

func micro(d time.Duration) string { return fmt.Sprintf("%.1f µs", float64(d)/1000) }
