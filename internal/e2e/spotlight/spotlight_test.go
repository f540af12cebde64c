package spotlight

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// secret is what the service must keep. It is put together so that no scanner
// takes it for a real one.
var secret = strings.Join([]string{"correct", "horse", "battery", "4711"}, "-")

// The issue of a service that calls otelkit.Init arrives in Spotlight: in its
// stream, and on its page.
func TestIssueInSpotlight(t *testing.T) {
	if os.Getenv("OTELKIT_E2E_SENTRY") != "1" {
		t.Skip("needs Node, npm and Chromium; make e2e-sentry installs them and sets OTELKIT_E2E_SENTRY=1")
	}
	viewer := startViewer(t)
	traceID, rootID := runService(t, viewer)
	header, event := receive(t, viewer)

	if got := header.Trace["trace_id"]; got != traceID {
		t.Errorf("trace_id of the envelope is %q, want that of OpenTelemetry, %q", got, traceID)
	}
	tc := event.Contexts.Trace
	if tc.TraceID != traceID || tc.ParentSpanID != rootID || tc.SpanID == "" {
		t.Errorf("trace context is %+v, want trace %s and a child of span %s", tc, traceID, rootID)
	}
	if event.Transaction != "POST /orders/{id}" || event.Release != "1.2.3" {
		t.Errorf("transaction %q, release %q", event.Transaction, event.Release)
	}
	var chain []string
	for _, x := range event.Exception.Values {
		chain = append(chain, x.Type+": "+x.Value)
	}
	wantChain := []string{
		"*main.declinedError: charge card: card declined: insufficient funds",
		"*main.orderError: order 7: charge card: card declined: insufficient funds",
	}
	if diff := cmp.Diff(wantChain, chain); diff != "" {
		t.Errorf("chain (-want +got):\n%s", diff)
	}
	var story []string
	for _, b := range event.Breadcrumbs.Values {
		story = append(story, b.Level+" "+b.Message)
	}
	if diff := cmp.Diff([]string{"info order_received", "warning payment_retried", "error order_failed"}, story); diff != "" {
		t.Errorf("breadcrumbs (-want +got):\n%s", diff)
	}

	p := openPage(t, strings.Replace(viewer, "127.0.0.1", "localhost", 1)+"/telemetry/errors/"+event.EventID+"/details")
	body := p.waitFor("insufficient funds")
	for _, want := range []string{
		"*main.orderError", "order 7: charge card: card declined: insufficient funds", "*main.declinedError",
		"spotlight/service/main.go", "order",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %q:\n%s", want, body)
		}
	}
	p.screenshot(picture(t, "details.png"))
	for _, tab := range []struct {
		name  string
		shows []string
	}{
		{"Breadcrumbs", []string{"order_failed", "payment_retried", "order_received", "[REDACTED"}},
		{"Context", []string{"parent_span_id", rootID, traceID, tc.SpanID, "internal_error"}},
	} {
		p.eval(`[...document.querySelectorAll("a")].find(a => a.innerText === "` + tab.name + `").click()`)
		body := p.waitFor(tab.shows[0])
		for _, want := range tab.shows {
			if !strings.Contains(body, want) {
				t.Errorf("%s of the page do not show %q:\n%s", tab.name, want, body)
			}
		}
		if strings.Contains(body, secret) {
			t.Errorf("%s of the page show the secret", tab.name)
		}
		p.screenshot(picture(t, strings.ToLower(tab.name)+".png"))
	}
}

// picture is where a screenshot goes: OTELKIT_E2E_PICTURES, to be looked at, or
// a folder that goes with the test.
func picture(t *testing.T, name string) string {
	dir := os.Getenv("OTELKIT_E2E_PICTURES")
	if dir == "" {
		dir = t.TempDir()
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

// startViewer starts Spotlight on a free port of the loopback interface.
func startViewer(t *testing.T) (url string) {
	t.Helper()
	cmd := exec.Command("node", "start.mjs")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGKILL)
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if url, ok := strings.CutPrefix(lines.Text(), "listening on "); ok {
			return url
		}
	}
	t.Fatal("Spotlight did not start; npm ci?")
	return ""
}

// runService builds and runs the service, with no other destination than
// viewer, and returns the ids of its local root span.
func runService(t *testing.T, viewer string) (traceID, spanID string) {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "service")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", bin, "./service").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), bin)
	cmd.Env = append(os.Environ(), "SENTRY_DSN=", "SENTRY_SPOTLIGHT="+viewer, "SHOP_SECRET="+secret)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("service: %v\n%s", err, stderr.String())
	}
	if _, err := fmt.Sscan(stdout.String(), &traceID, &spanID); err != nil {
		t.Fatalf("%v in %q", err, stdout.String())
	}
	return traceID, spanID
}

type envelopeHeader struct {
	Trace map[string]string `json:"trace"`
}

type event struct {
	EventID     string `json:"event_id"`
	Transaction string `json:"transaction"`
	Release     string `json:"release"`
	Contexts    struct {
		Trace struct {
			TraceID      string `json:"trace_id"`
			SpanID       string `json:"span_id"`
			ParentSpanID string `json:"parent_span_id"`
		} `json:"trace"`
	} `json:"contexts"`
	Exception struct {
		Values []struct{ Type, Value string }
	} `json:"exception"`
	Breadcrumbs struct {
		Values []struct{ Level, Message string }
	} `json:"breadcrumbs"`
}

// receive reads the first event from the stream of the viewer, as Spotlight
// understood it.
func receive(t *testing.T, viewer string) (h envelopeHeader, e event) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, viewer+"/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !ok {
			continue
		}
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("the secret arrived:\n%s", data)
		}
		var items [][]json.RawMessage
		envelope := []any{&h, &items}
		if err := json.Unmarshal(data, &envelope); err != nil {
			t.Fatalf("%v in %s", err, data)
		}
		if err := json.Unmarshal(items[0][1], &e); err != nil {
			t.Fatalf("%v in %s", err, items[0][1])
		}
		return h, e
	}
	t.Fatalf("the stream ended: %v", lines.Err())
	return h, e
}
