package fleet

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/otelkit/otelkit-go/internal/collectortest"
)

// share is the percentage of ordinary traces that the gateways keep here: more
// than by default, so that there are enough of both to count.
const share = 30

// slow is what the gateways call a slow trace here.
const slow = 400 * time.Millisecond

// The example shop, its services as processes of their own: a trace runs through
// several of them and ends on one gateway, whole.
func TestShop(t *testing.T) {
	t.Parallel()
	f := run(t, collectortest.Setup{Tap: true, Gateway: append(slices.Clone(toFiles),
		"GATEWAY_SHARE="+strconv.Itoa(share), "GATEWAY_SLOW_MS="+strconv.FormatInt(slow.Milliseconds(), 10))})
	tally := sell(t, f)
	sent := read(t, f.Tap)
	eventually(t.Context(), time.Minute, func() bool {
		got := read(t, f.Gateways...)
		return len(got.logs) >= len(sent.logs) && len(lostFailures(sent, got)) == 0
	})
	stop(t, f)
	got := read(t, f.Gateways...)

	checkPlace(t, sent, got)
	checkSampling(t, sent, got)
	checkLogs(t, sent, got)
	checkWall(t, sent, got)
	for _, failed := range tally.Failed {
		if len(traces(got)[failed.Trace]) == 0 {
			t.Errorf("the trace of order %s (%s) is not there", failed.Order, failed.Scenario)
		}
	}
}

// tally is what the shop's customers have seen.
type tally struct {
	Orders   int
	Requests int
	Statuses map[string]int
	Failed   []struct{ Order, Scenario, Trace string }
}

// sell runs the shop and returns when all it recorded is with the tap. The
// gateway's scrubbing is off, as if somebody had allowed it everything.
func sell(t *testing.T, f *collectortest.Fleet) tally {
	t.Helper()
	dir := t.TempDir()
	policy := filepath.Join(dir, "off.yaml")
	if err := os.WriteFile(policy, []byte("without: [auth, password, financial, health, pii]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ports, err := collectortest.Ports(2)
	if err != nil {
		t.Fatal(err)
	}
	web, grpc := "127.0.0.1:"+ports[0], "127.0.0.1:"+ports[1]
	bin := build(t, root, "./examples/shop")
	shop := func(name string, env []string, args ...string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), bin, append([]string{"-run", name, "-db", filepath.Join(dir, "shop.db")}, args...)...)
		cmd.Env = append(append(os.Environ(), "OTEL_EXPORTER_OTLP_ENDPOINT=http://"+f.Tap.HTTP, "OTELKIT_CONSOLE=off"), env...)
		return cmd
	}
	services := []*exec.Cmd{
		shop("payments", nil, "-listen", grpc),
		shop("gateway", []string{"OTELKIT_SCRUB_POLICY=" + policy}, "-listen", web, "-payments", grpc),
		shop("worker", nil, "-payments", grpc),
	}
	for _, s := range services {
		if err := s.Start(); err != nil {
			t.Fatal(err)
		}
		// They end in good order, so that all they have recorded is sent.
		defer func() {
			_ = s.Process.Signal(syscall.SIGTERM)
			if err := s.Wait(); err != nil {
				t.Errorf("%q: %v", s.Args[1:3], err)
			}
		}()
		if s == services[1] { // it makes the tables that the worker reads
			until(t, 30*time.Second, func() bool { return answers(web) && answers(grpc) })
		}
	}
	load := shop("load", nil, "-gateway", "http://"+web, "-orders", "300", "-rate", "60")
	var stdout, stderr bytes.Buffer
	load.Stdout, load.Stderr = &stdout, &stderr
	if err := load.Run(); err != nil {
		t.Fatalf("load: %v\n%s", err, &stderr)
	}
	var told struct{ Tally tally }
	for line := range strings.SplitSeq(stdout.String(), "\n") {
		if strings.Contains(line, `"tally"`) {
			if err := json.Unmarshal([]byte(line), &told); err != nil {
				t.Fatal(err)
			}
		}
	}
	return told.Tally
}

// traces groups spans by trace.
func traces(r *received) map[string][]record {
	m := map[string][]record{}
	for _, s := range r.spans {
		m[s.TraceID] = append(m[s.TraceID], s)
	}
	return m
}

// mustStay says whether a trace has failed or was slow.
func mustStay(spans []record) bool {
	return slices.ContainsFunc(spans, func(s record) bool {
		return s.Status.Code == statusError || time.Duration(s.End-s.Start) > slow //nolint:gosec // a duration
	})
}

func lostFailures(sent, got *received) (lost []string) {
	arrived := traces(got)
	for id, spans := range traces(sent) {
		if mustStay(spans) && len(arrived[id]) < len(spans) {
			lost = append(lost, id)
		}
	}
	return lost
}

// checkPlace expects all spans of a trace on one gateway, and traces on both.
func checkPlace(t *testing.T, sent, got *received) {
	t.Helper()
	nodes := map[string]int{}
	services := map[int]int{}
	for id, spans := range traces(got) {
		on, by := map[string]bool{}, map[string]bool{}
		for _, s := range spans {
			on[s.Node], by[s.Service] = true, true
		}
		if len(on) != 1 {
			t.Errorf("trace %s is on %d gateways", id, len(on))
		}
		nodes[spans[0].Node]++
		services[len(by)]++
	}
	if len(nodes) != 2 {
		t.Errorf("traces by gateway: %v", nodes)
	}
	if services[3]+services[4] == 0 {
		t.Errorf("no trace of three services; traces by number of services: %v", services)
	}
	t.Logf("%d spans of %d traces sent; kept on %v; kept traces by number of services %v", len(sent.spans), len(traces(sent)), nodes, services)
}

// checkSampling expects every failed or slow trace whole, and the share of the
// others, whole or not at all.
func checkSampling(t *testing.T, sent, got *received) {
	t.Helper()
	arrived := traces(got)
	var failed, others, kept int
	for id, spans := range traces(sent) {
		switch n := len(arrived[id]); {
		case mustStay(spans):
			failed++
			if n != len(spans) {
				t.Errorf("of trace %s, which failed or was slow, %d of %d spans are there", id, n, len(spans))
			}
		case n == len(spans):
			others++
			kept++
		case n == 0:
			others++
		default:
			t.Errorf("of trace %s %d of %d spans are there", id, n, len(spans))
		}
	}
	// Four standard deviations: once in 16,000 runs by chance.
	mean, width := float64(others)*share/100, 4*math.Sqrt(float64(others)*share*(100-share))/100
	if math.Abs(float64(kept)-mean) > width {
		t.Errorf("%d of %d ordinary traces are kept, want %.0f ± %.0f", kept, others, mean, width)
	}
	if failed == 0 {
		t.Error("no trace failed or was slow")
	}
	t.Logf("%d failed or slow traces kept of %d; %d of %d others, want %.0f ± %.0f", failed, failed, kept, others, mean, width)
}

// checkLogs expects every line, and to find the span of a line by its ids.
func checkLogs(t *testing.T, sent, got *received) {
	t.Helper()
	if len(got.logs) != len(sent.logs) {
		t.Errorf("%d log lines, %d were sent", len(got.logs), len(sent.logs))
	}
	arrived, joined := traces(got), 0
	for _, l := range got.logs {
		spans, kept := arrived[l.TraceID]
		if !kept {
			continue
		}
		if !slices.ContainsFunc(spans, func(s record) bool { return s.SpanID == l.SpanID }) {
			t.Errorf("line %q has trace %s but no span of it: %s", l.Body.StringValue, l.TraceID, l.SpanID)
		}
		joined++
	}
	if joined == 0 {
		t.Error("no line joins a trace")
	}
	t.Logf("%d log lines, %d of them in traces that are kept", len(got.logs), joined)
}

// planted are the forms of what the shop's customers send. The second wall
// promises those of which it has a pattern; README.md of collector-config lists
// the others.
var planted = []struct {
	name    string
	form    *regexp.Regexp
	promise bool
}{
	{"e-mail", regexp.MustCompile(`[a-z]{12}@mail\.example\.org`), true},
	{"card", regexp.MustCompile(`4539\d{12}|4539 \d{4} \d{4} \d{4}`), true},
	{"IBAN", regexp.MustCompile(`DE\d{20}`), true},
	{"phone", regexp.MustCompile(`\+49151\d{8}`), true},
	{"token", regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]+`), true},
	{"key, password", regexp.MustCompile(`(?:password|api_key)=\w{10,}`), true},
	{"medical record", regexp.MustCompile(`\b[A-Z]{3}\d{8}\b`), false},
	{"illness", regexp.MustCompile(`chronic [a-z]{12}`), false},
	{"name", regexp.MustCompile(`Robin [A-Z][a-z]{9}`), false},
}

// statuses are the descriptions of failed spans, which the redaction processor
// does not look at.
var statuses = regexp.MustCompile(`"status":\{"message":"(?:[^"\\]|\\.)*"`)

// checkWall expects nothing behind the agent of what reached it unscrubbed.
func checkWall(t *testing.T, sent, got *received) {
	t.Helper()
	looked := statuses.ReplaceAllString(got.raw, "")
	reached := 0
	for _, p := range planted {
		before := p.form.FindAllString(sent.raw, -1)
		slices.Sort(before)
		before = slices.Compact(before)
		var behind, inStatus []string
		for _, secret := range before {
			switch {
			case strings.Contains(looked, secret):
				behind = append(behind, secret)
			case strings.Contains(got.raw, secret):
				inStatus = append(inStatus, secret)
			}
		}
		reached += len(before)
		t.Logf("%-14s %3d reached the agent, %3d the gateways, %d more in status messages", p.name, len(before), len(behind), len(inStatus))
		if p.promise && len(behind) > 0 {
			i := strings.Index(looked, behind[0])
			t.Errorf("%s: %d of %d are behind the wall: …%s…", p.name, len(behind), len(before), looked[max(0, i-300):min(len(looked), i+100)])
		}
	}
	if reached == 0 {
		t.Error("nothing reached the agent unscrubbed, so the wall was not tested")
	}
}
