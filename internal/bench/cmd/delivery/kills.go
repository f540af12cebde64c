package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// kills runs a service n times, kills it, restarts it and counts what is lost.
func kills(n int, outage bool) func(context.Context, *stage) (figure, error) {
	return func(ctx context.Context, st *stage) (figure, error) {
		var lost []int
		twice := 0
		for range n {
			t, err := st.kill(ctx, outage)
			if err != nil {
				return figure{}, err
			}
			lost, twice = append(lost, t.lost), twice+t.twice
		}
		slices.Sort(lost)
		median, most := lost[len(lost)/2], lost[len(lost)-1]
		text := fmt.Sprintf("%d (%d)", median, most)
		if twice > 0 {
			text += fmt.Sprintf(", %d twice", twice)
		}
		return figure{text, median <= 5 && most <= 10}, nil
	}
}

func (st *stage) kill(ctx context.Context, outage bool) (t tally, err error) {
	st.receiver.Reset()
	s, err := st.startPaced(ctx, plan{Rate: 1000})
	if err != nil {
		return t, err
	}
	if outage {
		st.receiver.Close()
	}
	// At any moment between two exports.
	if err := pause(ctx, time.Second+rand.N(time.Second)); err != nil {
		return t, err
	}
	emitted, err := s.kill()
	if err != nil {
		return t, err
	}
	if err := st.receiver.Reopen(); err != nil {
		return t, err
	}
	if err := st.restart(ctx); err != nil {
		return t, err
	}
	return st.logs(emitted), nil
}
