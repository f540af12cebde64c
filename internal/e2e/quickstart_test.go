package e2e

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// secrets are what quickstart logs and must not leave it.
var secrets = []string{
	"ada@example.com", "hunter2", "4111 1111 1111 1111", "4111111111111111", "0123456789abcdef-key", "s3cr3t", "E11.9",
}

var protocols = []string{"http/protobuf", "grpc"}

// service is a command line that sends to c.
func service(c *collector, protocol, bin string, args ...string) *exec.Cmd {
	endpoint := "http://" + c.http
	if protocol == "grpc" {
		endpoint = "http://" + c.grpc
	}
	cmd := exec.Command(bin, args...)
	cmd.Env = append(os.Environ(), "OTEL_EXPORTER_OTLP_ENDPOINT="+endpoint, "OTEL_EXPORTER_OTLP_PROTOCOL="+protocol)
	return cmd
}

// The main job: a service calls Init once, and a real Collector has its three
// signals, correlated and without the secrets.
func TestQuickstart(t *testing.T) {
	t.Parallel()
	bin := build(t, "./examples/quickstart")
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			c := startCollector(t)
			out, err := service(c, protocol, bin, "-n", "4").CombinedOutput()
			if err != nil {
				t.Fatalf("quickstart: %v\n%s", err, out)
			}
			got := c.read(t)
			checkSignals(t, got)
			checkCorrelation(t, got)
			checkSecrets(t, "what the Collector wrote", got.raw)
			checkSecrets(t, "what quickstart printed", string(out))
		})
	}
}

func checkSignals(t *testing.T, got received) {
	t.Helper()
	events := map[string]int{}
	for _, l := range got.logs {
		events[l.Body.text()]++
	}
	want := map[string]int{
		"request_started": 4, "request_finished": 4, "external_request_failed": 1,
		"order_received": 4, "payment_slow": 1, "payment_failed": 1, "order_paid": 3,
	}
	if diff := cmp.Diff(want, events); diff != "" {
		t.Errorf("log lines: %s", diff)
	}
	if n := len(got.spans); n != 8 {
		t.Errorf("%d spans, want 8: a client's and a server's for each request", n)
	}
	for _, name := range []string{"http.server.request.duration", "go.goroutine.count"} {
		if !slices.Contains(got.metrics, name) {
			t.Errorf("no metric %s among %q", name, got.metrics)
		}
	}
	instances := map[any]bool{}
	for _, r := range got.resources {
		instances[r["service.instance.id"]] = true
		if r["service.name"] != "shop" {
			t.Errorf("service.name is %v", r["service.name"])
		}
	}
	if len(instances) != 1 || instances[nil] {
		t.Errorf("service.instance.id: %v, want one value on all signals", instances)
	}
}

// checkCorrelation wants each line on a span of its own trace, and the error
// where it was logged.
func checkCorrelation(t *testing.T, got received) {
	t.Helper()
	traceOf := map[string]string{}
	for _, s := range got.spans {
		traceOf[s.SpanID] = s.TraceID
	}
	for _, l := range got.logs {
		if l.TraceID == "" || traceOf[l.SpanID] != l.TraceID {
			t.Errorf("%s has trace %q and span %q, whose trace is %q", l.Body.text(), l.TraceID, l.SpanID, traceOf[l.SpanID])
		}
		attrs := l.Attributes.asMap()
		if l.Body.text() == "payment_failed" && attrs["exception.type"] != "*errors.errorString" {
			t.Errorf("payment_failed has no exception: %v", attrs)
		}
		bound := "order_id"
		switch {
		case strings.HasPrefix(l.Body.text(), "external_"):
			continue // the client's, outside any request
		case strings.HasPrefix(l.Body.text(), "request_"):
			bound = "request_id"
		}
		if attrs[bound] == nil {
			t.Errorf("%s lacks the %s bound to its context: %v", l.Body.text(), bound, attrs)
		}
	}
}

func checkSecrets(t *testing.T, where, text string) {
	t.Helper()
	for _, secret := range secrets {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("%s holds %q: …%s…", where, secret, text[max(0, i-80):min(len(text), i+80)])
		}
	}
}

// A service that is told to stop loses nothing: the Collector has each line that
// the service printed.
func TestSIGTERM(t *testing.T) {
	t.Parallel()
	bin := build(t, "./examples/quickstart")
	for _, protocol := range protocols {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			c := startCollector(t)
			cmd := service(c, protocol, bin, "-n", "0")
			cmd.Env = append(cmd.Env, "OTELKIT_CONSOLE=json")
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			stdout, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			printed := countThenTerminate(t, cmd, stdout)
			if err := cmd.Wait(); err != nil {
				t.Fatalf("quickstart: %v\n%s", err, &stderr)
			}
			arrived := map[string]int{}
			for _, l := range c.read(t).logs {
				arrived[l.Body.text()]++
			}
			if diff := cmp.Diff(printed, arrived); diff != "" {
				t.Errorf("printed (-) and arrived (+):\n%s", diff)
			}
		})
	}
}

// countThenTerminate counts the events among the lines of a service, and sends it
// SIGTERM while it is at work.
func countThenTerminate(t *testing.T, cmd *exec.Cmd, stdout io.Reader) map[string]int {
	t.Helper()
	events := []string{
		"request_started", "order_received", "payment_slow", "payment_failed", "order_paid", "request_finished", "external_request_failed",
	}
	printed := map[string]int{}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		for _, event := range events {
			if strings.Contains(lines.Text(), fmt.Sprintf("%q", event)) {
				printed[event]++
			}
		}
		if printed["order_received"] == 50 && printed["order_paid"] == 48 {
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
		}
	}
	if printed["order_paid"] < 48 {
		t.Errorf("the service ended too soon: %v", printed)
	}
	return printed
}
