package main

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// tenMicroseconds is a machine on which everything costs as much.
func tenMicroseconds() measured {
	m := measured{sizes: map[signal]size{}, waiting: 1000}
	for _, s := range []signal{logRecords, spans} {
		m.sizes[s] = size{raw: 400, gzip: 50, disk: 700}
		for _, row := range setups {
			m.costs = append(m.costs, cost{name: row.name, signal: s, cpu: 10 * time.Microsecond})
		}
	}
	return m
}

func TestPlan(t *testing.T) {
	t.Parallel()
	// 10 million records of 10 µs are 100 cores, and a gateway has 8 of which 60 % work.
	if n := large.gateways(tenMicroseconds()); n != 21 {
		t.Errorf("%d gateways, want 21", n)
	}
	got := map[string][]string{}
	for _, row := range large.plan(tenMicroseconds()) {
		got[row[0]] = row[1:3]
	}
	for what, want := range map[string][]string{
		"agents":                        {"2000", "5000/s, 0.05 cores"},
		"network, agents to gateways":   {"477 MiB/s", "22.7 MiB/s a gateway"},
		"disk, no gateway for 30m0s":    {"11.5 TiB", "5.87 GiB an agent"},
		"network, gateways to backends": {"355 MiB/s", "16.9 MiB/s a gateway"},
	} {
		if diff := cmp.Diff(want, got[what]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
}

// The traces that wait are those that came in the time a trace waits.
func TestSimulation(t *testing.T) {
	t.Parallel()
	w := large.simulate(20)
	rate := large.records * large.spanShare / large.spansOfTrace * (1 - large.kept)
	if want := rate * (large.duration + large.afterRoot) / 20; math.Abs(w.mean-want) > want/20 {
		t.Errorf("%.0f traces wait on a gateway, want about %.0f", w.mean, want)
	}
	if w.most <= w.mean || w.most > 1.5*w.mean {
		t.Errorf("%.0f traces wait on the busiest gateway and %.0f on one of them", w.most, w.mean)
	}
}

func TestRing(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 30, 500} {
		sum := 0.0
		for g, share := range newRing(n).shares() {
			sum += share
			if share < 0.5/float64(n) || share > 2/float64(n) {
				t.Errorf("gateway %d of %d has %.4f of the ring", g, n, share)
			}
		}
		if math.Abs(sum-1) > 1e-6 {
			t.Errorf("%d gateways have %f of the ring", n, sum)
		}
	}
	// When one leaves, only its part moves.
	before, after := newRing(10), newRing(9)
	moved := 0
	for p := range positions {
		if before.owner[p] != 9 && before.owner[p] != after.owner[p] {
			moved++
		}
	}
	if moved > positions/100 {
		t.Errorf("%d of %d positions move that were not the lost gateway's", moved, positions)
	}
}
