package sentry

import "testing"

// NewStill returns a Sink whose worker and courier do not run: it takes in what
// it is told and does nothing with it, so that what remains to be measured is
// the share of the caller.
func NewStill(t testing.TB) *Sink {
	c, err := newConfig([]Option{WithDSN("http://publickey@127.0.0.1:1/1")})
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSink(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.client.Close)
	return s
}

// Empty forgets all that s was told.
func (s *Sink) Empty() {
	for range len(s.jobs) {
		<-s.jobs
	}
	for i := range s.traces.shards {
		sh := &s.traces.shards[i]
		clear(sh.byID)
		for j := range sh.like {
			sh.like[j].Store(0)
		}
		sh.root.prev, sh.root.next, sh.crumbs = &sh.root, &sh.root, 0
	}
	s.traces.held.Store(0)
}
