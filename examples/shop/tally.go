package main

import (
	"math/rand/v2"
	"time"
)

const defaultDuration = 20 * time.Second

// tally is what load has seen. What is not in the telemetry itself can be
// compared with it.
type tally struct {
	Orders    int            `json:"orders"`
	Scenarios map[string]int `json:"scenarios"`        // orders by scenario
	Requests  int            `json:"requests"`         // more than orders, as some are sent again
	Statuses  map[string]int `json:"statuses"`         // requests by status; "none": the client gave up
	Failed    []failure      `json:"failed,omitempty"` // orders that failed as they should
	Wrong     []string       `json:"wrong,omitempty"`  // orders that were not answered as their scenario says
}

// failure is an order that failed.
type failure struct {
	Order    string `json:"order"`
	Scenario string `json:"scenario"`
	Service  string `json:"service"` // where it failed
	Trace    string `json:"trace"`
}

// plan decides what happens to which order. It is the same in every run.
type plan struct {
	random   *rand.Rand
	deck     []scenario // each as often as its share says
	failures []scenario
	n        int
	failed   int
}

func newPlan() *plan {
	p := &plan{random: rand.New(rand.NewPCG(7, 7))}
	for _, s := range scenarios {
		if s.share == 0 {
			p.failures = append(p.failures, s)
		}
		for range s.share {
			p.deck = append(p.deck, s)
		}
	}
	return p
}

// next returns the scenario of the next order. Failures are rare: of one cause,
// otelkit makes 5 issues at once and then one each 10 seconds, so as not to
// flood Sentry, and here each of them is to be seen.
func (p *plan) next(elapsed time.Duration) scenario {
	p.n++
	allowed := (4 + int(elapsed/(12*time.Second))) * len(p.failures)
	if p.n%8 == 0 && p.failed < allowed {
		p.failed++
		return p.failures[p.failed%len(p.failures)]
	}
	return p.deck[p.random.IntN(len(p.deck))]
}
