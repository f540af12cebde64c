package sentry

import (
	"reflect"
	"time"
)

// patience is how long the worker waits for a method of an error.
const patience = time.Second

// maxLate is how often patience is halved, which leaves about a millisecond.
const maxLate = 10

// maxUnanswered is how many types may owe an answer, and so how many goroutines
// wait for one.
const maxUnanswered = 16

// maxStrangers is how many types that were late are remembered.
const maxStrangers = 256

// strangers calls the methods Is, SQLState and StackTrace of errors, which no logger
// calls: one that waits for a lock must not hold up every issue. It belongs to the
// worker. Each call has a goroutine, which owns the question and the channel that it
// answers by, and nothing of the Sink. One whose method never returns outlives
// the Sink.
type strangers struct {
	// unanswered are the types that owe an answer. The channel is closed when it
	// is there.
	unanswered map[reflect.Type]<-chan struct{}
	// late is how often in a row a type was late: each time the worker waits half as
	// long as before, so that one that is always slow does not set its pace.
	late map[reflect.Type]int
}

func newStrangers() *strangers {
	return &strangers{unanswered: map[reflect.Type]<-chan struct{}{}, late: map[reflect.Type]int{}}
}

// ask returns the answer of question, which calls a method of err. There is none if
// it panics or takes too long, or if the last one that was asked of the type is
// still under way. A nil s asks nobody.
func ask[T any](s *strangers, err error, question func() T) (answer T, ok bool) {
	typ := reflect.TypeOf(err)
	if s == nil || !s.mayAsk(typ) {
		return answer, false
	}
	answers, done := make(chan T, 1), make(chan struct{})
	go func() {
		defer close(done)
		defer func() { _ = recover() }()
		answers <- question()
	}()
	timer := time.NewTimer(patience >> s.late[typ])
	defer timer.Stop()
	select {
	case <-done:
		delete(s.late, typ)
	case <-timer.C:
		s.isLate(typ, done)
		return answer, false
	}
	select {
	case answer = <-answers:
		return answer, true
	default:
		return answer, false // it panicked
	}
}

// mayAsk reports whether there is room for a question to typ, which has answered
// all earlier ones.
func (s *strangers) mayAsk(typ reflect.Type) bool {
	for other, done := range s.unanswered {
		select {
		case <-done:
			delete(s.unanswered, other)
		default:
		}
	}
	return s.unanswered[typ] == nil && len(s.unanswered) < maxUnanswered
}

func (s *strangers) isLate(typ reflect.Type, done <-chan struct{}) {
	s.unanswered[typ] = done
	if len(s.late) >= maxStrangers {
		clear(s.late)
	}
	s.late[typ] = min(s.late[typ]+1, maxLate)
}
