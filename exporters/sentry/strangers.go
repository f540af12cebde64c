package sentry

import (
	"reflect"
	"time"
)

// patience is how long the worker waits for a method of an error.
const patience = time.Second

// strangers are the types of errors whose methods Is, SQLState and StackTrace the
// worker does not call any more: one that waits for a lock would hold up every
// issue. It belongs to the worker.
type strangers struct{ silent map[reflect.Type]bool }

// ask returns the answer of question, which calls a method of err, or the zero value
// if it panics, takes too long or did so before. The goroutine of one that never
// answers stays, one for each type. A nil s asks nobody.
func ask[T any](s *strangers, err error, question func() T) (answer T) {
	typ := reflect.TypeOf(err)
	if s == nil || s.silent[typ] {
		return answer
	}
	answers := make(chan T, 1)
	go func() {
		defer func() {
			if recover() != nil {
				close(answers)
			}
		}()
		answers <- question()
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case answer = <-answers:
	case <-timer.C:
		s.silent[typ] = true
	}
	return answer
}
