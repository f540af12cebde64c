package fleet

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/otelkit/otelkit-go/internal/collectortest"
)

const root = "../../.."

// long makes outages as long as in production.
var long = os.Getenv("LONG") != ""

// startFleet starts an agent and two gateways that write to files. They end with
// the test.
func startFleet(t *testing.T, gateway ...string) *collectortest.Fleet {
	t.Helper()
	return run(t, collectortest.Setup{Gateway: append(slices.Clone(toFiles), gateway...)})
}

// toFiles makes gateways write to files.
var toFiles = []string{
	"GATEWAY_TRACES_EXPORTERS=[file]", "GATEWAY_METRICS_EXPORTERS=[file, prometheus]", "GATEWAY_LOGS_EXPORTERS=[file]",
}

func run(t *testing.T, s collectortest.Setup) *collectortest.Fleet {
	t.Helper()
	s.Otelcol, s.Configs, s.Dir, s.Gateways = otelcol(t), filepath.Join(root, "collector-config"), t.TempDir(), 2
	f, err := collectortest.NewFleet(s)
	t.Cleanup(func() {
		if err := f.Stop(); err != nil {
			t.Error(err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// stop ends the Collectors in good order, so that their files are complete.
func stop(t *testing.T, f *collectortest.Fleet) {
	t.Helper()
	if err := f.Stop(); err != nil {
		t.Fatal(err)
	}
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

// build compiles a command of the repository and returns the path of the binary.
func build(t *testing.T, dir, pkg string) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), filepath.Base(pkg))
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", bin, pkg)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, out)
	}
	return bin
}

// numbered is a running ./service.
type numbered struct {
	first int
	cmd   *exec.Cmd
	stdin io.Closer
	last  atomic.Int64 // the last number that was accepted
	ended chan struct{}
}

// startNumbered starts ./service, which counts up from first. Its spool makes
// what it has accepted outlive it.
func startNumbered(t *testing.T, bin, endpoint, spool string, first int) *numbered {
	t.Helper()
	n := &numbered{first: first, cmd: exec.Command(bin, "-first", strconv.Itoa(first)), ended: make(chan struct{})}
	n.last.Store(int64(first) - 1)
	n.cmd.Env = append(os.Environ(), "OTEL_SERVICE_NAME=numbered", "OTEL_EXPORTER_OTLP_ENDPOINT="+endpoint,
		"OTELKIT_SPOOL_DIR="+spool,
		// Soon, so that faults find records in every part.
		"OTEL_BSP_SCHEDULE_DELAY=200", "OTEL_BLRP_SCHEDULE_DELAY=200")
	var err error
	if n.stdin, err = n.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := n.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	n.cmd.Stderr = t.Output()
	if err := n.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(n.ended)
		for lines := bufio.NewScanner(stdout); lines.Scan(); {
			if number, err := strconv.Atoi(lines.Text()); err == nil {
				n.last.Store(int64(number))
			}
		}
	}()
	t.Cleanup(n.kill)
	return n
}

// more returns when the service has accepted that many more numbers.
func (n *numbered) more(t *testing.T, count int) {
	t.Helper()
	want := n.last.Load() + int64(count)
	until(t, time.Minute+time.Duration(count)*20*time.Millisecond, func() bool { return n.last.Load() >= want })
}

// end stops the service in good order.
func (n *numbered) end(t *testing.T) {
	t.Helper()
	_ = n.stdin.Close()
	<-n.ended
	if err := n.cmd.Wait(); err != nil {
		t.Errorf("the service ended with %v", err)
	}
}

// kill ends the service as a crash would.
func (n *numbered) kill() {
	if n.cmd.ProcessState == nil {
		_ = n.cmd.Process.Kill()
		<-n.ended
		_ = n.cmd.Wait()
	}
}

// until returns when done does, and fails the test if that takes too long.
func until(t *testing.T, limit time.Duration, done func() bool) {
	t.Helper()
	if !eventually(t.Context(), limit, done) {
		t.Fatalf("still waiting after %s", limit)
	}
}

// eventually says whether done became true in time.
func eventually(ctx context.Context, limit time.Duration, done func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(200 * time.Millisecond) // reading the files takes a while
	defer tick.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}

// answers says whether something listens at address.
func answers(address string) bool {
	c, err := net.Dial("tcp", address)
	if err == nil {
		_ = c.Close()
	}
	return err == nil
}
