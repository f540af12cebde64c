package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/otelkit/otelkit-go/internal/collectortest"
)

// lab is where and how much is measured.
type lab struct {
	otelcol, configs string
	records          int
}

// cost is what a Collector needs for a record.
type cost struct {
	name   string
	signal signal
	cpu    time.Duration // of the process
	peak   int           // resident memory of the process in MiB
}

// perCore is records a second and core.
func (c cost) perCore() float64 { return float64(time.Second) / float64(c.cpu) }

// size is the mean of a record in bytes.
type size struct{ raw, gzip, disk float64 }

// measured is what the machine has said.
type measured struct {
	costs   []cost
	sizes   map[signal]size
	waiting float64 // bytes of memory of a span that waits for a decision
}

// setups are the rows: a tier and its configurations.
var setups = []struct {
	name    string
	agent   []string // nil means that the gateway is measured
	gateway []string
	signals []signal
}{
	{name: "agent.yaml", agent: []string{"agent.yaml"}},
	{name: "+ redaction.yaml", agent: []string{"agent.yaml", "redaction.yaml"}},
	{name: "+ agent-fleet.yaml", agent: []string{"agent.yaml", "agent-fleet.yaml"}},
	{name: "+ both", agent: []string{"agent.yaml", "redaction.yaml", "agent-fleet.yaml"}},
	{name: "gateway.yaml"},
	{name: "gateway.yaml, all traces kept", gateway: []string{"GATEWAY_SPAN_PROCESSORS=[memory_limiter]"}, signals: []signal{spans}},
}

func (l lab) measure(ctx context.Context) (measured, error) {
	m := measured{sizes: map[signal]size{}}
	for _, s := range setups {
		if s.signals == nil {
			s.signals = []signal{logRecords, spans}
		}
		for _, what := range s.signals {
			c, err := l.cost(ctx, s.agent, s.gateway, what)
			if err != nil {
				return m, fmt.Errorf("%s: %w", s.name, err)
			}
			c.name, c.signal = s.name, what
			m.costs = append(m.costs, c)
		}
	}
	for _, what := range []signal{logRecords, spans} {
		size, err := l.size(ctx, what)
		if err != nil {
			return m, fmt.Errorf("outage: %w", err)
		}
		m.sizes[what] = size
	}
	var err error
	m.waiting, err = l.memory(ctx)
	return m, err
}

// fleet starts an agent, two gateways and a backend, and gives do what it needs.
func (l lab) fleet(agent, gateway []string, do func(*collectortest.Fleet) error) (err error) {
	dir, err := os.MkdirTemp("", "sizing")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if agent == nil {
		agent = []string{"agent.yaml"}
	}
	f, err := collectortest.NewFleet(collectortest.Setup{
		Otelcol: l.otelcol, Configs: l.configs, Dir: dir, Gateways: 2, Backend: true, AgentConfigs: agent,
		Agent:   []string{"AGENT_EXPORTERS=[otlp_http]"},
		Gateway: append([]string{"GATEWAY_METRICS_EXPORTERS=[otlp_http]"}, gateway...),
	})
	defer func() { err = errors.Join(err, f.Stop()) }()
	if err != nil {
		return err
	}
	return do(f)
}

// cost measures the agent, or the first gateway if there is no agent.
func (l lab) cost(ctx context.Context, agent, gateway []string, what signal) (c cost, err error) {
	return c, l.fleet(agent, gateway, func(f *collectortest.Fleet) error {
		node, s, err := target(f, agent != nil)
		if err != nil {
			return err
		}
		defer s.close()
		// Connections, pools and caches are made by then.
		if err := l.through(ctx, s, node, what, 10*request); err != nil {
			return err
		}
		before, err := cpu(node.ID())
		if err != nil {
			return err
		}
		if err := l.through(ctx, s, node, what, l.records); err != nil {
			return err
		}
		after, err := cpu(node.ID())
		if err != nil {
			return err
		}
		c.cpu = (after - before) / time.Duration(l.records)
		c.peak, err = status(node.ID(), "VmHWM")
		return err
	})
}

// target is the Collector to measure and a connection to it.
func target(f *collectortest.Fleet, agent bool) (collectortest.Node, *sender, error) {
	if agent {
		s, err := dial(f.Agent.GRPC)
		return f.Agent, s, err
	}
	s, err := dialGateway(f.Gateways[0].GRPC, f.CA, f.Token)
	return f.Gateways[0], s, err
}

// through sends records and returns when the queue is empty behind them and all
// traces are decided.
func (l lab) through(ctx context.Context, s *sender, node collectortest.Node, what signal, n int) error {
	if err := s.send(ctx, what, n); err != nil {
		return err
	}
	return eventually(ctx, func() (bool, error) {
		metrics, err := collectortest.Metrics(node.Metrics)
		return metrics["otelcol_exporter_queue_size"]+metrics["otelcol_exporter_in_flight_requests"]+
			metrics["otelcol_processor_tail_sampling_sampling_traces_on_memory"] == 0, err
	})
}

// size measures the bytes of a record: as it is encoded, compressed on the wire,
// and in the queue of an agent whose gateways are away.
func (l lab) size(ctx context.Context, what signal) (z size, err error) {
	var message proto.Message = someLogs(0)
	if what == spans {
		message = someSpans(0)
	}
	raw, err := proto.Marshal(message)
	if err != nil {
		return z, err
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(raw) // into memory
	_ = w.Close()
	z.raw, z.gzip = float64(len(raw))/request, float64(packed.Len())/request
	return z, l.fleet([]string{"agent.yaml", "agent-fleet.yaml"}, nil, func(f *collectortest.Fleet) error {
		for _, g := range f.Gateways {
			if err := g.Kill(); err != nil {
				return err
			}
		}
		s, err := dial(f.Agent.GRPC)
		if err != nil {
			return err
		}
		defer s.close()
		if err := s.send(ctx, what, l.records); err != nil {
			return err
		}
		n, err := folder(f.Agent.Dir)
		z.disk = float64(n) / float64(l.records)
		if err != nil {
			return err
		}
		// It is for Stop to find gateways that take what is left.
		for _, g := range f.Gateways {
			if err := g.Start(); err != nil {
				return err
			}
		}
		return nil
	})
}

// memory measures what a span takes that waits in a gateway: none is kept, all
// wait.
func (l lab) memory(ctx context.Context) (bytes float64, err error) {
	return bytes, l.fleet(nil, []string{"GATEWAY_SHARE=0", "GATEWAY_WAIT=10m", "GATEWAY_WAIT_AFTER_ROOT=10m", "GOGC=20"}, func(f *collectortest.Fleet) error {
		node, s, err := target(f, false)
		if err != nil {
			return err
		}
		defer s.close()
		if err := s.send(ctx, spans, 20*request); err != nil {
			return err
		}
		before, err := status(node.ID(), "VmRSS")
		if err != nil {
			return err
		}
		if err := s.send(ctx, spans, l.records); err != nil {
			return err
		}
		after, err := status(node.ID(), "VmRSS")
		bytes = float64(after-before) * (1 << 20) / float64(l.records)
		return err
	})
}

// cpu is the time that the process has spent so far (proc_pid_stat(5)).
func cpu(id int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", id))
	if err != nil {
		return 0, err
	}
	// The name of the command, in parentheses, may hold blanks.
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	const tick = 10 * time.Millisecond // USER_HZ is 100 on all that Go runs on
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

// status is a value of proc_pid_status(5), in MiB.
func status(id int, name string) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", id))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kib, err := strconv.Atoi(strings.Fields(value)[0])
			return kib / 1024, err
		}
	}
	return 0, fmt.Errorf("no %s of process %d", name, id)
}

// folder is how many bytes the files in a folder take.
func folder(dir string) (n int64, err error) {
	return n, filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
}

// eventually returns when done says so, or has gone on for too long.
func eventually(ctx context.Context, done func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		ok, err := done()
		if ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.New("the Collector does not get to the end of its queue")
		case <-tick.C:
		}
	}
}
