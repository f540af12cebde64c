package bench

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"
)

// Lab measures subjects against one receiver, one at a time.
type Lab struct{ receiver *Receiver }

// NewLab starts the receiver. The caller must Close the Lab.
func NewLab(ctx context.Context) (*Lab, error) {
	r, err := NewReceiver(ctx)
	if err != nil {
		return nil, err
	}
	return &Lab{r}, nil
}

// Close ends the receiver.
func (l *Lab) Close() error { return l.receiver.Close() }

// Measure has one goroutine make the calls of s and fails if one of them was
// lost.
func (l *Lab) Measure(ctx context.Context, s Subject, calls int) (Result, error) {
	return l.measure(ctx, job{Subject: s, Calls: calls, Callers: 1})
}

// MeasureBusy is Measure with a calling goroutine for each core.
func (l *Lab) MeasureBusy(ctx context.Context, s Subject, calls int) (Result, error) {
	return l.measure(ctx, job{Subject: s, Calls: calls, Callers: runtime.NumCPU()})
}

func (l *Lab) measure(ctx context.Context, j job) (Result, error) {
	s := j.Subject
	before, err := l.receiver.tell(order{Reset: true})
	if err != nil {
		return Result{}, err
	}
	j.Endpoint = before.Endpoint
	res, err := do(ctx, j)
	if err != nil {
		return res, fmt.Errorf("%s: %w", s, err)
	}
	after, err := l.receiver.tell(order{})
	if err != nil {
		return res, err
	}
	if got, want := s.arrived(after), res.Calls*s.sends(); got >= 0 && got != want {
		return res, fmt.Errorf("%s: %d of %d records arrived", s, got, want)
	}
	return res, nil
}

// Latencies measures single calls of s while the receiver hangs.
func (l *Lab) Latencies(ctx context.Context, s Subject, calls int) (Result, error) {
	hanging, err := l.receiver.tell(order{Reset: true, Hang: true})
	if err != nil {
		return Result{}, err
	}
	res, err := do(ctx, job{Subject: s, Endpoint: hanging.Endpoint, Calls: calls, Latencies: true})
	if err != nil {
		return res, fmt.Errorf("%s: %w", s, err)
	}
	_, err = l.receiver.tell(order{})
	return res, err
}

func do(ctx context.Context, j job) (res Result, err error) {
	p, err := start(ctx, roleWorker)
	if err != nil {
		return res, err
	}
	err = p.ask(j, &res)
	if e := p.end(); e != nil {
		err = e
	}
	return res, err
}

// arrived returns how many of the records of s have arrived, or -1 if it
// sends none.
func (s Subject) arrived(st state) int {
	switch kind, _, _ := strings.Cut(string(s), ":"); kind {
	case "log":
		return st.Logs
	case "span":
		return st.Spans
	case "request":
		return st.Spans + st.Logs
	}
	return -1
}

// sends returns how many records a call of s makes.
func (s Subject) sends() int {
	if s.isRequest() {
		return perRequest[s].spans + perRequest[s].logs
	}
	return 1
}

// Round is what was measured side by side.
type Round map[Subject]Result

// Rounds measures the subjects n times, in turn.
func (l *Lab) Rounds(ctx context.Context, n, calls int, subjects ...Subject) ([]Round, error) {
	return rounds(n, subjects, func(s Subject) (Result, error) { return l.Measure(ctx, s, calls) })
}

// BusyRounds is Rounds with [Lab.MeasureBusy].
func (l *Lab) BusyRounds(ctx context.Context, n, calls int, subjects ...Subject) ([]Round, error) {
	return rounds(n, subjects, func(s Subject) (Result, error) { return l.MeasureBusy(ctx, s, calls) })
}

// LatencyRounds is Rounds with [Lab.Latencies].
func (l *Lab) LatencyRounds(ctx context.Context, n, calls int, subjects ...Subject) ([]Round, error) {
	return rounds(n, subjects, func(s Subject) (Result, error) { return l.Latencies(ctx, s, calls) })
}

func rounds(n int, subjects []Subject, measure func(Subject) (Result, error)) ([]Round, error) {
	all := make([]Round, n)
	for i := range all {
		all[i] = Round{}
		for _, s := range subjects {
			res, err := measure(s)
			if err != nil {
				return nil, err
			}
			all[i][s] = res
		}
	}
	return all, nil
}

// Median returns the median over the rounds of what f says about each.
func Median[T cmp.Ordered](rounds []Round, f func(Round) T) T {
	all := make([]T, len(rounds))
	for i, r := range rounds {
		all[i] = f(r)
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// Of picks a figure of one subject, for [Median].
func Of[T any](s Subject, figure func(Result) T) func(Round) T {
	return func(r Round) T { return figure(r[s]) }
}

// Ratio divides a figure of one subject by that of another, round by round.
func Ratio(s, by Subject, figure func(Result) time.Duration) func(Round) float64 {
	return func(r Round) float64 { return float64(figure(r[s])) / float64(figure(r[by])) }
}

// The figures of a Result, for [Of] and [Ratio].
var (
	Call   = func(r Result) time.Duration { return r.Call }
	Total  = func(r Result) time.Duration { return r.Total }
	Caller = func(r Result) time.Duration { return r.Caller }
	CPU    = func(r Result) time.Duration { return r.CPU }
	P50    = func(r Result) time.Duration { return r.P50 }
	P99    = func(r Result) time.Duration { return r.P99 }
	Allocs = func(r Result) float64 { return r.Allocs }
	MaxRSS = func(r Result) int64 { return r.MaxRSS }
)
