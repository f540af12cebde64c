package collectortest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Fleet is an agent in front of gateways, as collector-config says, on free
// ports of the loopback interface.
type Fleet struct {
	Agent    Node
	Gateways []Node
	Tap      Node // in front of the agent, if Setup asks for it
	Backend  Node // where the gateways' otlp_http goes, if Setup asks for it

	CA, Token string // a file, and what the gateways let in

	setup Setup
	fleet []string // the variables that both tiers read
}

// Node is a Collector and where to find it.
type Node struct {
	*Process
	GRPC, HTTP string // OTLP; a gateway has no HTTP
	Dir        string // its queue, and telemetry.jsonl
	Metrics    string // URL of its own metrics
	Prometheus string // address where a gateway's metrics can be fetched
}

// File is where the file exporter of the node writes.
func (n Node) File() string { return filepath.Join(n.Dir, "telemetry.jsonl") }

// Setup says what a fleet is made of.
type Setup struct {
	Otelcol  string // the Collector
	Configs  string // the folder collector-config
	Dir      string // an empty folder, for everything that is written
	Gateways int
	Tap      bool // an agent.yaml before the agent: what services send, unchanged, in a file
	Backend  bool // an agent.yaml that writes to a file, where gateways and an agent without them send
	// Agent and Gateway hold variables, NAME=value, beside ports, folders, certificates and token.
	Agent, Gateway []string
	// AgentConfigs are the configurations of the agent. Nil means the full
	// agent: agent.yaml, redaction.yaml and agent-fleet.yaml.
	AgentConfigs []string
}

// NewFleet starts the gateways and then the agent. What has been started is
// returned even with an error, so that it can be stopped.
func NewFleet(s Setup) (*Fleet, error) {
	f := &Fleet{setup: s, CA: filepath.Join(s.Dir, "ca.crt"), Token: rand.Text()}
	token := filepath.Join(s.Dir, "token")
	if err := os.WriteFile(token, []byte(f.Token+"\n"), 0o600); err != nil {
		return f, err
	}
	f.fleet = []string{"FLEET_TOKEN_FILE=" + token, "FLEET_CA=" + f.CA}
	if err := certificates(s.Dir); err != nil {
		return f, err
	}
	if s.Backend {
		if err := f.startBackend(); err != nil {
			return f, err
		}
	}
	for i := range s.Gateways {
		if err := f.startGateway(fmt.Sprintf("gateway %d", i+1)); err != nil {
			return f, err
		}
	}
	if err := f.startAgent(); err != nil || !s.Tap {
		return f, err
	}
	var err error
	f.Tap, err = f.agent("tap", []string{"agent.yaml"}, []string{"AGENT_NEXT=http://" + f.Agent.HTTP})
	return f, err
}

func (f *Fleet) startGateway(name string) error {
	ports, err := Ports(4)
	if err != nil {
		return err
	}
	n := Node{
		GRPC: "127.0.0.1:" + ports[0], Prometheus: "127.0.0.1:" + ports[3],
		Metrics: "http://127.0.0.1:" + ports[2] + "/metrics",
		Dir:     filepath.Join(f.setup.Dir, strings.ReplaceAll(name, " ", "-")),
	}
	env := append([]string{
		"GATEWAY_GRPC=" + n.GRPC, "GATEWAY_HEALTH=127.0.0.1:" + ports[1], "GATEWAY_METRICS_PORT=" + ports[2],
		"GATEWAY_PROMETHEUS=" + n.Prometheus, "GATEWAY_DIR=" + n.Dir,
		"GATEWAY_CERT=" + filepath.Join(f.setup.Dir, "gateway.crt"), "GATEWAY_KEY=" + filepath.Join(f.setup.Dir, "gateway.key"),
	}, append(f.fleet, f.setup.Gateway...)...)
	if n.Process, err = f.start(name, []string{"gateway.yaml"}, env); err != nil {
		return err
	}
	f.Gateways = append(f.Gateways, n)
	return nil
}

func (f *Fleet) startAgent() (err error) {
	configs := f.setup.AgentConfigs
	if configs == nil {
		configs = []string{"agent.yaml", "redaction.yaml", "agent-fleet.yaml"}
	}
	var gateways []string
	for _, g := range f.Gateways {
		gateways = append(gateways, g.GRPC)
	}
	env := append([]string{"AGENT_GATEWAYS=[" + strings.Join(gateways, ", ") + "]"}, append(f.fleet, f.setup.Agent...)...)
	f.Agent, err = f.agent("agent", configs, env)
	return err
}

func (f *Fleet) startBackend() (err error) {
	f.Backend, err = f.agent("backend", []string{"agent.yaml"}, []string{"AGENT_EXPORTERS=[file]"})
	url := "http://" + f.Backend.HTTP + "/v1/"
	f.fleet = append(f.fleet, "AGENT_NEXT=http://"+f.Backend.HTTP, "GATEWAY_TRACES_URL="+url+"traces", "GATEWAY_METRICS_URL="+url+"metrics", "GATEWAY_LOGS_URL="+url+"logs")
	return err
}

// agent starts a Collector with agent.yaml among its configurations.
func (f *Fleet) agent(name string, configs, env []string) (Node, error) {
	ports, err := Ports(4)
	if err != nil {
		return Node{}, err
	}
	n := Node{
		GRPC: "127.0.0.1:" + ports[0], HTTP: "127.0.0.1:" + ports[1],
		Metrics: "http://127.0.0.1:" + ports[3] + "/metrics", Dir: filepath.Join(f.setup.Dir, name),
	}
	env = append([]string{
		"AGENT_GRPC=" + n.GRPC, "AGENT_HTTP=" + n.HTTP, "AGENT_HEALTH=127.0.0.1:" + ports[2], "AGENT_METRICS_PORT=" + ports[3],
		"AGENT_DIR=" + n.Dir,
	}, env...)
	n.Process, err = f.start(name, configs, env)
	return n, err
}

func (f *Fleet) start(name string, configs, env []string) (*Process, error) {
	var args []string
	for _, c := range configs {
		args = append(args, "--config", filepath.Join(f.setup.Configs, c))
	}
	return Start(name, f.setup.Otelcol, ready, args, env)
}

// Stop ends the Collectors, those that send before those that receive.
func (f *Fleet) Stop() error {
	var errs []error
	for _, n := range slices.Concat([]Node{f.Tap, f.Agent}, f.Gateways, []Node{f.Backend}) {
		if n.Process != nil {
			errs = append(errs, n.Process.Stop())
		}
	}
	return errors.Join(errs...)
}
