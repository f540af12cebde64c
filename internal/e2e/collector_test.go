package e2e

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/otelkit/otelkit-go/internal/collectortest"
)

const root = "../.."

// collector is a real Collector that runs as a process with the shipped agent
// configuration and writes all it receives to a file.
type collector struct {
	http, grpc string // addresses of the OTLP receivers
	file       string

	process *exec.Cmd
	output  *tail
	once    sync.Once
}

// startCollector starts a Collector on free ports of the loopback interface and
// returns when it receives. It ends with the test. The shipped configurations
// named by more are added to the agent's.
func startCollector(t *testing.T, more ...string) *collector {
	t.Helper()
	dir := t.TempDir()
	ports := freePorts(t, 4)
	c := &collector{
		http: "127.0.0.1:" + ports[0], grpc: "127.0.0.1:" + ports[1],
		file: filepath.Join(dir, "telemetry.jsonl"), output: &tail{},
	}
	var args []string
	for _, name := range append([]string{"agent.yaml"}, more...) {
		args = append(args, "--config", filepath.Join(root, "collector-config", name))
	}
	c.process = exec.Command(otelcol(t), args...)
	c.process.Env = append(os.Environ(), "AGENT_HTTP="+c.http, "AGENT_GRPC="+c.grpc, "AGENT_HEALTH=127.0.0.1:"+ports[2],
		"AGENT_METRICS_PORT="+ports[3], "AGENT_DIR="+dir, "AGENT_EXPORTERS=[file]")
	stderr, err := c.process.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.stop(t) })
	if !c.output.until(stderr, "Everything is ready") {
		t.Fatalf("the Collector did not start:\n%s", c.output)
	}
	return c
}

// stop ends the Collector in good order, so that its file is complete.
func (c *collector) stop(t *testing.T) {
	t.Helper()
	c.once.Do(func() {
		_ = c.process.Process.Signal(syscall.SIGTERM)
		c.output.done.Wait()
		if err := c.process.Wait(); err != nil {
			t.Errorf("the Collector ended with %v:\n%s", err, c.output)
		}
	})
}

// otelcol returns the path of the Collector that `make collector` builds.
func otelcol(t *testing.T) string {
	t.Helper()
	path, set := os.LookupEnv("OTELKIT_OTELCOL")
	if !set {
		path = filepath.Join(root, "bin", "otelcol")
	}
	if _, err := os.Stat(path); err != nil {
		if set {
			t.Fatalf("no Collector at OTELKIT_OTELCOL=%s", path)
		}
		t.Skip("needs the Collector: run `make collector` first (`make test` does)")
	}
	return path
}

// freePorts returns ports that are free now and differ.
func freePorts(t *testing.T, n int) []string {
	t.Helper()
	ports, err := collectortest.Ports(n)
	if err != nil {
		t.Fatal(err)
	}
	return ports
}

// build compiles a command of the repository and returns the path of the binary.
func build(t *testing.T, pkg string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), filepath.Base(pkg))
	cmd := exec.Command("go", "build", "-o", bin, pkg)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
	return bin
}

// tail reads the output of a process to its end and keeps it.
type tail struct {
	mu   sync.Mutex
	text bytes.Buffer
	done sync.WaitGroup
}

// until returns when a line holds text, true, or when the output has ended. It
// goes on to read the rest in the background.
func (o *tail) until(r io.Reader, text string) bool {
	found := make(chan bool, 1)
	o.done.Go(func() {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			o.mu.Lock()
			o.text.WriteString(lines.Text() + "\n")
			o.mu.Unlock()
			if strings.Contains(lines.Text(), text) {
				select {
				case found <- true:
				default:
				}
			}
		}
		close(found)
	})
	return <-found
}

func (o *tail) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}
