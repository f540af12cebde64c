package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/otelkit/otelkit-go/examples/shop/inspect"
)

// processes are the services that run, each in a process of its own.
type processes struct {
	receiver *inspect.Receiver
	screen   *screen
	database string // of all, by the environment: ps shows arguments to everybody
	running  []*process

	mu   sync.Mutex
	said map[string]message // what each service has said
}

func newProcesses(r *inspect.Receiver, s *screen, database string) *processes {
	return &processes{receiver: r, screen: s, database: database, said: map[string]message{}}
}

// process is a service that runs.
type process struct {
	name    string
	address string
	command *exec.Cmd
	stdin   io.Closer      // while it is open, the service runs
	output  sync.WaitGroup // of the readers of its output
	ended   sync.Once
	err     error
}

// start starts a service, and waits for its address if it is to listen.
func (p *processes) start(ctx context.Context, name string, args ...string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	s := &process{name: name, command: exec.Command(self, append([]string{"-run", name, "-child"}, args...)...)} //nolint:noctx // it is told to stop, not killed
	s.command.Env = append(withoutTelemetry(os.Environ()), "OTEL_EXPORTER_OTLP_ENDPOINT="+p.receiver.Endpoint(),
		"SENTRY_DSN="+p.receiver.DSN(), "OTELKIT_CONSOLE=pretty",
		databaseVariable+"="+p.database)
	alone(s.command)
	if s.stdin, err = s.command.StdinPipe(); err != nil {
		return nil, err
	}
	stdout, err := s.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	stderr, err := s.command.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	p.running = append(p.running, s)
	address := make(chan string, 1)
	s.output.Go(func() { p.messages(stdout, address) })
	s.output.Go(func() { p.lines(name, stderr) })
	if name == "worker" || name == "load" {
		return s, nil
	}
	select {
	case s.address = <-address:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if s.address == "" {
		return nil, fmt.Errorf("%s does not listen: %w", name, s.wait())
	}
	return s, nil
}

// withoutTelemetry leaves out what would send telemetry elsewhere.
func withoutTelemetry(environ []string) []string {
	return slices.DeleteFunc(environ, func(v string) bool {
		return strings.HasPrefix(v, "OTEL") || strings.HasPrefix(v, "SENTRY_")
	})
}

// messages reads what a service says. The channel gets its address, or is closed.
func (p *processes) messages(out io.Reader, address chan<- string) {
	defer close(address)
	for line := range lines(out) {
		p.receiver.Look(inspect.Console, line)
		var m message
		if err := json.Unmarshal(line, &m); err != nil {
			p.screen.line(m.Service, string(line))
			continue
		}
		if m.Listening != "" {
			address <- m.Listening
		}
		p.mu.Lock()
		all := p.said[m.Service]
		all.Service = m.Service
		if m.Tally != nil {
			all.Tally = m.Tally
		}
		if m.Health != nil {
			all.Health = m.Health
		}
		p.said[m.Service] = all
		p.mu.Unlock()
	}
}

// lines reads what a service logs.
func (p *processes) lines(name string, out io.Reader) {
	for line := range lines(out) {
		p.receiver.Look(inspect.Console, line)
		p.screen.line(name, string(line))
	}
	p.screen.end(name)
}

// lines returns the lines of r, until it ends.
func lines(r io.Reader) func(yield func([]byte) bool) {
	return func(yield func([]byte) bool) {
		in := bufio.NewScanner(r)
		in.Buffer(nil, 16<<20)
		for in.Scan() {
			if !yield(in.Bytes()) {
				return
			}
		}
	}
}

// terminate tells a service to stop, as orchestrators do, or where there are no
// such signals as best it can. It may have ended already, which wait tells.
func (s *process) terminate() {
	if s.command.Process.Signal(syscall.SIGTERM) != nil {
		_ = s.stdin.Close()
	}
}

// stop tells a service to stop and waits for it.
func (s *process) stop() error {
	s.terminate()
	return s.wait()
}

// wait waits for a service to end, and for the last it says.
func (s *process) wait() error {
	s.ended.Do(func() {
		s.output.Wait()
		if err := s.command.Wait(); err != nil {
			s.err = fmt.Errorf("%s: %w", s.name, err)
		}
	})
	return s.err
}

// kill ends what still runs.
func (p *processes) kill() {
	for _, s := range p.running {
		_ = s.command.Process.Kill() // it may have ended
		_ = s.wait()
	}
}
