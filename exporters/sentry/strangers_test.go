package sentry

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// slow takes its time to answer.
type slow struct {
	takes time.Duration
	state string
}

func (*slow) Error() string { return "client went away" }

func (e *slow) Is(target error) bool {
	time.Sleep(e.takes)
	return target == context.Canceled
}

func (e *slow) SQLState() string {
	time.Sleep(e.takes)
	if e.state == "panic" {
		panic("no state")
	}
	return e.state
}

// An answer that comes too late silences the type until it is there, not for good.
func TestSlowAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, typ := newStrangers(), reflect.TypeFor[*slow]()
		is := func(takes time.Duration) (is bool, waited time.Duration) {
			c := &candidate{strangers: s, err: &slow{takes: takes}}
			c.chain = appendLinks(nil, c.err, -1)
			start := time.Now()
			return c.is(context.Canceled), time.Since(start)
		}
		for i, step := range []struct {
			takes, rest  time.Duration
			is           bool
			waits        time.Duration
			late, unsaid int
		}{
			{0, 0, true, 0, 0, 0},
			{1100 * time.Millisecond, 0, false, time.Second, 1, 1},
			{0, 100 * time.Millisecond, false, 0, 1, 1}, // the other is under way
			{0, 0, true, 0, 0, 0},
			{2 * time.Second, time.Second, false, time.Second, 1, 1},
			{time.Second, time.Second, false, time.Second / 2, 2, 1},
			{time.Second / 8, 0, true, time.Second / 8, 0, 0},
		} {
			got, waited := is(step.takes)
			if got != step.is || waited != step.waits || s.late[typ] != step.late || len(s.unanswered) != step.unsaid {
				t.Errorf("step %d: is %v after %v, late %d, %d unanswered; want %+v", i, got, waited, s.late[typ], len(s.unanswered), step)
			}
			time.Sleep(step.rest)
			synctest.Wait()
		}
		for range 30 {
			is(time.Second)
			time.Sleep(time.Second)
		}
		if _, waited := is(time.Second); waited > time.Millisecond {
			t.Errorf("the worker waits %v for one that is always late", waited)
		}
		time.Sleep(time.Second)
	})
}

// No answer is no part of a fingerprint.
func TestFingerprintWithoutAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			name string
			err  slow
			want string
		}{
			{"in time", slow{0, "40001"}, "{{ default }} *sentry.slow SQLSTATE 40001"},
			{"too late", slow{2 * time.Second, "40001"}, "{{ default }} *sentry.slow"},
			{"empty", slow{0, ""}, "{{ default }} *sentry.slow"},
			{"a panic", slow{0, "panic"}, "{{ default }} *sentry.slow"},
		} {
			c := &candidate{strangers: newStrangers(), err: &tt.err, chain: appendLinks(nil, &tt.err, -1)}
			if got := strings.Join(c.fingerprintOf(callSite, "", nil), " "); got != tt.want {
				t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
			}
			time.Sleep(2 * time.Second)
		}
	})
}

// The goroutines that wait for answers have a bound.
func TestManyStrangersThatNeverAnswer(t *testing.T) {
	t.Parallel()
	s, answer := newStrangers(), make(chan struct{})
	for i := range maxUnanswered {
		s.isLate(reflect.ArrayOf(i, reflect.TypeFor[int]()), answer)
	}
	question := func() int { return 7 }
	if n, ok := ask(s, errors.New("x"), question); n != 0 || ok {
		t.Errorf("answer is %d, %v, though too many are under way", n, ok)
	}
	close(answer)
	if n, ok := ask(s, errors.New("x"), question); n != 7 || !ok {
		t.Errorf("answer is %d, %v", n, ok)
	}
}
