package fleet

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/otelkit/otelkit-go/internal/collectortest"
)

const rules = root + "/collector-config/rules"

// tool returns the path of a command of Debian's prometheus.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	switch {
	case err == nil:
		return path
	case long:
		t.Fatalf("%v: `make fleet` installs it", err)
	default:
		t.Skipf("needs Prometheus, which `make fleet` installs: %v", err)
	}
	return ""
}

// Prometheus reads the shipped rules, and each alert fires when it should.
func TestRules(t *testing.T) {
	t.Parallel()
	promtool := tool(t, "promtool")
	for _, args := range [][]string{
		{"check", "rules", rules + "/recording.yaml", rules + "/alerts.yaml"},
		{"test", "rules", rules + "/test.yaml"},
	} {
		if out, err := exec.CommandContext(t.Context(), promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %q: %v\n%s", args, err, out)
		}
	}
}

// Prometheus sees what the services did: the spans of both gateways together,
// those that sampling throws away as well.
func TestSpanMetrics(t *testing.T) {
	t.Parallel()
	if !long {
		t.Skip("only with LONG=1: span metrics are told every 15 s")
	}
	binary := tool(t, "prometheus")
	f := run(t, collectortest.Setup{Tap: true, Gateway: toFiles})
	prometheus := startPrometheus(t, binary, f)
	service := startNumbered(t, build(t, ".", "./service"), "http://"+f.Agent.HTTP, t.TempDir(), 0)
	service.more(t, 500)
	service.end(t)

	orders := int(service.last.Load()) + 1
	failed := 0
	for n := range orders {
		if n%25 == 3 {
			failed++
		}
	}
	const calls = `sum(traces_span_metrics_calls_total{service_name="numbered",span_kind="SPAN_KIND_SERVER"%s})`
	all := fmt.Sprintf(calls, "")
	errors := fmt.Sprintf(calls, `,status_code="STATUS_CODE_ERROR"`)
	if !eventually(t.Context(), time.Minute, func() bool { return query(t, prometheus, all) >= float64(orders) }) {
		t.Errorf("%v orders in Prometheus, %d in the service", query(t, prometheus, all), orders)
	}
	if got, want := query(t, prometheus, errors+"/"+all), float64(failed)/float64(orders); got != want {
		t.Errorf("error rate %v in Prometheus, %v in the service", got, want)
	}
	t.Logf("%d orders, %d failed, error rate in Prometheus %v", orders, failed, query(t, prometheus, errors+"/"+all))

	sold := sell(t, f)
	crashed := 0
	for status, n := range sold.Statuses {
		if status >= "500" && status != "none" {
			crashed += n
		}
	}
	const requests = `sum(traces_span_metrics_calls_total{service_name="gateway",span_kind="SPAN_KIND_SERVER"%s})`
	all, errors = fmt.Sprintf(requests, ""), fmt.Sprintf(requests, `,status_code="STATUS_CODE_ERROR"`)
	if !eventually(t.Context(), time.Minute, func() bool { return query(t, prometheus, all) == float64(sold.Requests) }) {
		t.Errorf("%v requests in Prometheus, the shop's customers sent %d", query(t, prometheus, all), sold.Requests)
	}
	if got := query(t, prometheus, errors); got != float64(crashed) {
		t.Errorf("%v failed requests in Prometheus, the customers were answered %v", got, sold.Statuses)
	}
	t.Logf("%d requests of the shop, %d failed, in Prometheus %v and %v", sold.Requests, crashed, query(t, prometheus, all), query(t, prometheus, errors))

	// The rules find the metrics that they are about.
	for _, metric := range []string{
		"collector:otelcol_exporter_queue_fill:ratio", "collector:otelcol_receiver_accepted:rate5m",
		"otelcol_processor_tail_sampling_sampling_traces_on_memory", "otelcol_loadbalancer_backend_outcome",
		"otelcol_receiver_refused_spans",
	} {
		if !eventually(t.Context(), time.Minute, func() bool { return query(t, prometheus, "count("+metric+")") > 0 }) {
			t.Errorf("no metric %s", metric)
		}
	}
	if firing := query(t, prometheus, `count(ALERTS{alertstate="firing"})`); firing != 0 {
		t.Errorf("%v alerts fire", firing)
	}
}

// startPrometheus starts a Prometheus that fetches from the Collectors and has
// the shipped rules. It returns its URL.
func startPrometheus(t *testing.T, binary string, f *collectortest.Fleet) string {
	t.Helper()
	dir := t.TempDir()
	ruleFiles, err := filepath.Abs(rules)
	if err != nil {
		t.Fatal(err)
	}
	config := fmt.Sprintf(`
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [%[1]s/recording.yaml, %[1]s/alerts.yaml]
scrape_configs:
  - job_name: services
    honor_labels: true
    static_configs: [{targets: [%[2]q, %[3]q]}]
  - job_name: otelcol-gateway
    static_configs: [{targets: [%[4]q, %[5]q]}]
  - job_name: otelcol-agent
    static_configs: [{targets: [%[6]q]}]
`, ruleFiles, f.Gateways[0].Prometheus, f.Gateways[1].Prometheus,
		host(t, f.Gateways[0].Metrics), host(t, f.Gateways[1].Metrics), host(t, f.Agent.Metrics))
	file := filepath.Join(dir, "prometheus.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	ports, err := collectortest.Ports(1)
	if err != nil {
		t.Fatal(err)
	}
	p, err := collectortest.Start("prometheus", binary, "Server is ready to receive web requests", []string{
		"--config.file=" + file, "--storage.tsdb.path=" + dir, "--web.listen-address=127.0.0.1:" + ports[0],
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	})
	return "http://127.0.0.1:" + ports[0]
}

func host(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

// query returns the one value of an expression, 0 if there is none.
func query(t *testing.T, prometheus, expression string) float64 {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		prometheus+"/api/v1/query?query="+url.QueryEscape(expression), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer struct {
		Error string
		Data  struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.Error != "" {
		t.Fatalf("%s: %v %s", expression, err, answer.Error)
	}
	if len(answer.Data.Result) == 0 {
		return 0
	}
	text, _ := answer.Data.Result[0].Value[1].(string)
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return value
}
