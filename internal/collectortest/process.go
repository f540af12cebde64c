// Package collectortest runs the real Collector with the shipped configurations,
// for tests and measurements: one as a process, and a tier of an agent and
// gateways with its own certificates, token and ports.
package collectortest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// ready is what the Collector says when it receives.
const ready = "Everything is ready"

// Process is a command that can be killed and started again as it was. Its
// methods are for one goroutine.
type Process struct {
	Name string

	path, ready string
	args, env   []string
	output      tail
	command     *exec.Cmd
	read        sync.WaitGroup
}

// Start starts a command and returns when a line of its standard error holds
// ready. The environment is that of this process and env, a list of NAME=value.
func Start(name, path, ready string, args, env []string) (*Process, error) {
	p := &Process{Name: name, path: path, ready: ready, args: args, env: env}
	return p, p.Start()
}

// Start starts a process that was killed or stopped, and returns when it is
// ready again.
func (p *Process) Start() error {
	p.command = exec.Command(p.path, p.args...) //nolint:noctx // it lives until Kill or Stop
	p.command.Env = append(os.Environ(), p.env...)
	stderr, err := p.command.StderrPipe()
	if err != nil {
		return err
	}
	if err := p.command.Start(); err != nil {
		return err
	}
	found := make(chan bool, 1)
	p.read.Go(func() { p.output.copy(stderr, p.ready, found) })
	if !<-found {
		_ = p.command.Wait()
		return fmt.Errorf("%s did not start:\n%s", p.Name, p.Output())
	}
	return nil
}

// Kill ends the process as a crash would, without a chance to clear up.
func (p *Process) Kill() error {
	if err := p.command.Process.Kill(); err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	p.read.Wait()
	_ = p.command.Wait()
	return nil
}

// Stop ends the process in good order. One that has ended is no error.
func (p *Process) Stop() error {
	if p.command.ProcessState != nil {
		return nil
	}
	_ = p.command.Process.Signal(syscall.SIGTERM)
	p.read.Wait()
	err := p.command.Wait()
	if status, ok := p.command.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signal() == syscall.SIGTERM {
		return nil // it was told before it listened for signals
	}
	if err != nil {
		return fmt.Errorf("%s ended with %w:\n%s", p.Name, err, p.Output())
	}
	return nil
}

// ID is the process id.
func (p *Process) ID() int { return p.command.Process.Pid }

// Output is what the process has written to standard error so far.
func (p *Process) Output() string { return p.output.String() }

// tail keeps what processes say.
type tail struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *tail) copy(r io.Reader, ready string, found chan<- bool) {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	told := false
	for lines.Scan() {
		o.mu.Lock()
		o.text.WriteString(lines.Text() + "\n")
		o.mu.Unlock()
		if !told && strings.Contains(lines.Text(), ready) {
			told = true
			found <- true
		}
	}
	if !told {
		found <- false
	}
}

func (o *tail) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// Ports returns TCP ports of the loopback interface that are free now. All are
// held at once, so they differ. They are below those that the system gives to
// connections (RFC 6056, section 3.2; Linux begins at 32768), one of which may
// otherwise have the port before its process does.
func Ports(n int) ([]string, error) {
	const first, last, tries = 10_000, 32_000, 1000
	var ports []string
	for range tries {
		if len(ports) == n {
			break
		}
		port := strconv.Itoa(first + rand.IntN(last-first))              //nolint:gosec // any will do
		l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port)) //nolint:noctx // at once
		if err != nil {
			continue // taken
		}
		defer func() { _ = l.Close() }()
		ports = append(ports, port)
	}
	if len(ports) < n {
		return nil, fmt.Errorf("%d of %d ports are free between %d and %d", len(ports), n, first, last)
	}
	return ports, nil
}

// Metrics returns the values of the metrics that a page in Prometheus' text
// format holds, added up by metric name.
func Metrics(url string) (map[string]float64, error) {
	resp, err := http.Get(url) //nolint:noctx // loopback, and the caller waits for it
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	sums := map[string]float64{}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		name, _, _ := strings.Cut(lines.Text(), " ")
		name, _, _ = strings.Cut(name, "{")
		value, err := strconv.ParseFloat(lines.Text()[strings.LastIndexByte(lines.Text(), ' ')+1:], 64)
		if strings.HasPrefix(name, "#") || err != nil {
			continue
		}
		sums[name] += value
	}
	return sums, lines.Err()
}
