package fleet

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/otelkit/otelkit-go/internal/collectortest"
)

// fault is what happens while a service counts.
type fault struct {
	name string
	do   func(t *testing.T, r *rig)
	// reason says where duplicates come from. Without one there may be none.
	reason string
	// setup differs from gateways that keep all and write to files.
	setup collectortest.Setup
	// loses says what may be lost. Without it there may be nothing.
	loses string
	// long says why it is not for every day.
	long string
	// only picks numbers; nil means all.
	only func(int) bool
}

// rig is a fleet and the services that have sent to it, of which the last runs.
type rig struct {
	*collectortest.Fleet
	services []*numbered
	bin      string
	spool    string
}

func (r *rig) service() *numbered { return r.services[len(r.services)-1] }

func (r *rig) startService(t *testing.T, first int) {
	t.Helper()
	r.services = append(r.services, startNumbered(t, r.bin, "http://"+r.Agent.HTTP, r.spool, first))
}

// accepted are the numbers whose records otelkit has taken.
func (r *rig) accepted() (numbers []int) {
	for _, s := range r.services {
		for n := s.first; n <= int(s.last.Load()); n++ {
			numbers = append(numbers, n)
		}
	}
	return numbers
}

// outage is how many numbers an outage takes, at a hundred a second.
func outage() int {
	if long {
		return 6000
	}
	return 300
}

// alike is why a fault waits for LONG=1: another one is harder.
const alike = "another fault holds it"

var faults = []fault{
	{name: "none", long: alike, do: func(*testing.T, *rig) {}},
	{name: "gateway 1 killed", reason: "taken, killed before the answer", do: func(t *testing.T, r *rig) {
		kill(t, r.Gateways[0])
		r.service().more(t, 100)
		start(t, r.Gateways[0])
	}},
	{name: "agent killed", long: alike, reason: "sent by the service or the queue, killed before the answer was noted", do: func(t *testing.T, r *rig) {
		kill(t, r.Agent)
		r.service().more(t, 100)
		start(t, r.Agent)
	}},
	{name: "gateways down, agent killed", reason: "taken, killed before the answer", do: func(t *testing.T, r *rig) {
		kill(t, r.Gateways...)
		r.service().more(t, 200)
		kill(t, r.Agent) // with a queue
		start(t, r.Gateways...)
		start(t, r.Agent)
	}},
	{name: "gateways down", long: alike, reason: "taken, killed before the answer", do: func(t *testing.T, r *rig) {
		kill(t, r.Gateways...)
		r.service().more(t, outage())
		start(t, r.Gateways...)
	}},
	{name: "gateway 1 down for long", long: "the agent tries a part alone for 15 s", reason: "gateway 2 gets its parts again each time the agent tries all parts", do: func(t *testing.T, r *rig) {
		kill(t, r.Gateways[0])
		r.service().more(t, outage())
		start(t, r.Gateways[0])
	}},
	{name: "gateway 1 killed, sampling", long: alike, reason: "taken, killed before the answer", do: func(t *testing.T, r *rig) {
		kill(t, r.Gateways[0])
		r.service().more(t, 100)
		start(t, r.Gateways[0])
	}, setup: collectortest.Setup{Gateway: toFiles}, only: failedOrSlow, loses: "waited in memory for a decision"},
	{name: "backend down", long: alike, reason: "taken, killed before the answer", do: func(t *testing.T, r *rig) {
		kill(t, r.Backend)
		r.service().more(t, outage())
		start(t, r.Backend)
	}, setup: collectortest.Setup{Backend: true, Gateway: []string{keepAll, "GATEWAY_METRICS_EXPORTERS=[otlp_http]"}}},
	{name: "backend down, gateway 1 killed", reason: "taken, killed before the answer", do: func(t *testing.T, r *rig) {
		kill(t, r.Backend)
		r.service().more(t, 200)
		kill(t, r.Gateways[0]) // with a queue
		start(t, r.Gateways[0])
		start(t, r.Backend)
	}, setup: collectortest.Setup{Backend: true, Gateway: []string{keepAll, "GATEWAY_METRICS_EXPORTERS=[otlp_http]"}}},
	{name: "service killed", reason: "sent, killed before the answer was noted in the spool", do: func(t *testing.T, r *rig) {
		r.service().kill()
		// A number may have been accepted that was not told any more.
		r.startService(t, int(r.service().last.Load())+1000)
	}},
}

const keepAll = "GATEWAY_SPAN_PROCESSORS=[memory_limiter]"

// failedOrSlow says whether tail sampling keeps the trace of a number.
func failedOrSlow(n int) bool { return n%25 == 3 || n%50 == 7 }

func kill(t *testing.T, nodes ...collectortest.Node) {
	t.Helper()
	for _, n := range nodes {
		if err := n.Kill(); err != nil {
			t.Fatal(err)
		}
	}
}

func start(t *testing.T, nodes ...collectortest.Node) {
	t.Helper()
	for _, n := range nodes {
		if err := n.Start(); err != nil {
			t.Fatal(err)
		}
	}
}

// What the services have accepted is in the outputs, whatever part dies.
func TestFaults(t *testing.T) {
	t.Parallel()
	bin := build(t, ".", "./service")
	otelcol(t)
	var lines table
	t.Run("fault", func(t *testing.T) {
		for _, f := range faults {
			t.Run(strings.ReplaceAll(f.name, " ", "_"), func(t *testing.T) {
				t.Parallel()
				f.run(t, bin, &lines)
			})
		}
	})
	t.Logf("records by sequence number\n%s", lines.String())
}

func (f fault) run(t *testing.T, bin string, lines *table) {
	t.Helper()
	if f.long != "" && !long {
		t.Skip("only with LONG=1: " + f.long)
	}
	if f.setup.Gateway == nil {
		f.setup.Gateway = append(slices.Clone(toFiles), keepAll)
	}
	r := &rig{Fleet: run(t, f.setup), bin: bin, spool: filepath.Join(t.TempDir(), "spool")}
	outputs := r.Gateways
	if f.setup.Backend {
		outputs = []collectortest.Node{r.Backend}
	}
	r.startService(t, 0)
	r.service().more(t, 100)
	f.do(t, r)
	r.service().more(t, 100)
	r.service().end(t)
	accepted := r.accepted()
	traced := slices.DeleteFunc(slices.Clone(accepted), func(n int) bool { return f.only != nil && !f.only(n) })

	eventually(t.Context(), f.patience(), func() bool {
		got := read(t, outputs...)
		return count(got.logs, accepted, 1).lost+count(got.spans, traced, 2).lost == 0
	})
	stop(t, r.Fleet)
	got := read(t, outputs...)
	lines.check(t, f, "logs", count(got.logs, accepted, 1))
	lines.check(t, f, "spans", count(got.spans, traced, 2))
}

// patience is how long records may be under way after the fault.
func (f fault) patience() time.Duration {
	if f.loses != "" {
		return 10 * time.Second
	}
	return 90 * time.Second
}

// outcome compares what was accepted with what has arrived.
type outcome struct{ accepted, arrived, lost, twice int }

// count counts the records of each number, of which there should be so many.
func count(records []record, numbers []int, each int) (c outcome) {
	seen := map[string]map[string]int{} // number, name
	for _, r := range records {
		number := r.Attributes.text("number")
		if seen[number] == nil {
			seen[number] = map[string]int{}
		}
		seen[number][r.Name]++
	}
	c.accepted = len(numbers) * each
	for _, n := range numbers {
		names := seen[strconv.Itoa(n)]
		c.arrived += len(names)
		for _, times := range names {
			c.twice += times - 1
		}
	}
	c.lost = c.accepted - c.arrived
	return c
}

// table gathers the outcomes of tests that run side by side.
type table struct {
	mu   sync.Mutex
	rows []string
}

// check holds an outcome to what the fault may do, and notes it.
func (l *table) check(t *testing.T, f fault, signal string, c outcome) {
	t.Helper()
	if c.lost > 0 && (f.loses == "" || signal == "logs") {
		t.Errorf("%d of %d %s are lost", c.lost, c.accepted, signal)
	}
	if c.twice > 0 && f.reason == "" {
		t.Errorf("%d %s came twice, without a reason", c.twice, signal)
	}
	var why []string
	if c.lost > 0 {
		why = append(why, "lost: "+f.loses)
	}
	if c.twice > 0 {
		why = append(why, "twice: "+f.reason)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rows = append(l.rows, fmt.Sprintf("%s\t%s\t%d\t%d\t%d\t%d\t%s", f.name, signal, c.accepted, c.arrived, c.lost, c.twice, strings.Join(why, "; ")))
}

func (l *table) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	slices.Sort(l.rows)
	var text strings.Builder
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "fault\tsignal\taccepted\tarrived\tlost\ttwice\twhy")
	for _, row := range l.rows {
		fmt.Fprintln(w, row)
	}
	_ = w.Flush()
	return text.String()
}
