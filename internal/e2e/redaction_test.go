package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// place is where a request holds a secret of its own.
type place struct {
	name   string
	secret string
	stays  bool // the head of redaction.yaml says that it is not reached
}

// planted is the OTLP requests, by path, whose %s are secrets.
var planted = map[string]struct {
	request string
	places  []place
}{
	"/v1/traces": {
		`{"resourceSpans":[{"resource":{"attributes":[{"key":"note","value":{"stringValue":"%s"}}]},"scopeSpans":[{"scope":{"name":"%s","attributes":[{"key":"note","value":{"stringValue":"%s"}}]},"spans":[{
		"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","name":"%s","traceState":"k=%s","startTimeUnixNano":"1","endTimeUnixNano":"2","status":{"code":2,"message":"%s"},
		"attributes":[{"key":"note","value":{"stringValue":"%s"}},{"key":"user.email","value":{"kvlistValue":{"values":[{"key":"a","value":{"stringValue":"%s"}}]}}}],
		"events":[{"name":"%s","attributes":[{"key":"note","value":{"stringValue":"%s"}}]}],
		"links":[{"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060709","attributes":[{"key":"note","value":{"stringValue":"%s"}}]}]}]}]}]}`,
		[]place{
			{name: "resource attribute"},
			{name: "scope name", stays: true},
			{name: "scope attribute"},
			{name: "span name", stays: true},
			{name: "trace state", stays: true},
			{name: "status message", stays: true},
			{name: "span attribute"},
			{name: "map under a sensitive key", secret: "plain-word-1"},
			{name: "event name", stays: true},
			{name: "event attribute"},
			{name: "link attribute", stays: true},
		},
	},
	"/v1/logs": {
		`{"resourceLogs":[{"resource":{},"scopeLogs":[{"scope":{},"logRecords":[
		{"timeUnixNano":"1","eventName":"%s","body":{"stringValue":"login of %s"},"attributes":[{"key":"apiKey","value":{"stringValue":"%s"}},{"key":"db.password","value":{"stringValue":"%s"}},
			{"key":"note","value":{"stringValue":"%s"}},{"key":"number","value":{"intValue":"%s"}},{"key":"list","value":{"arrayValue":{"values":[{"stringValue":"%s"}]}}},
			{"key":"map","value":{"kvlistValue":{"values":[{"key":"diagnosis","value":{"stringValue":"%s"}}]}}}]},
		{"timeUnixNano":"2","body":{"kvlistValue":{"values":[{"key":"user","value":{"kvlistValue":{"values":[{"key":"password","value":{"stringValue":"%s"}},{"key":"text","value":{"stringValue":"%s"}}]}}}]}}}]}]}]}`,
		[]place{
			{name: "event name of a record", stays: true},
			{name: "body"},
			{name: "key in camel case", secret: "plain-word-2"},
			{name: "key behind a dot", secret: "plain-word-3"},
			{name: "token in a text", secret: "gh" + "p_" + strings.Repeat("a1B2", 9)},
			{name: "number", secret: "4" + strings.Repeat("1", 15)},
			{name: "list"},
			{name: "key inside a map", secret: "plain-word-4", stays: true},
			{name: "key inside a body", secret: "plain-word-5"},
			{name: "text inside a body"},
		},
	},
	"/v1/metrics": {
		`{"resourceMetrics":[{"resource":{},"scopeMetrics":[{"scope":{},"metrics":[{"name":"%s","description":"%s","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"timeUnixNano":"1","asInt":"%s",
		"attributes":[{"key":"note","value":{"stringValue":"%s"}}],"exemplars":[{"timeUnixNano":"1","asInt":"1","filteredAttributes":[{"key":"note","value":{"stringValue":"%s"}}]}]}]}}]}]}]}`,
		[]place{
			{name: "metric name", stays: true}, {name: "description", stays: true}, {name: "metric value", secret: "4" + strings.Repeat("2", 15), stays: true}, {name: "point attribute"}, {name: "exemplar", stays: true},
		},
	},
}

// The second wall masks what services that do not scrub send, and the head of
// its file is right about what it does not reach.
func TestRedaction(t *testing.T) {
	t.Parallel()
	c := startCollector(t, "redaction.yaml")
	var places []place
	for path, p := range planted {
		var secrets []any
		for i, at := range p.places {
			if at.secret == "" {
				at.secret = fmt.Sprintf("user%d.%s@example.org", i, strings.TrimPrefix(path, "/v1/"))
			}
			at.name = path + ": " + at.name
			places = append(places, at)
			secrets = append(secrets, at.secret)
		}
		// A service has masked this itself; it must keep its rule.
		request := strings.Replace(fmt.Sprintf(p.request, secrets...), `"attributes":[`, `"attributes":[{"key":"password","value":{"stringValue":"[REDACTED:pw.key]"}},`, 1)
		post(t, "http://"+c.http+path, request)
	}
	got := c.read(t)
	for _, p := range places {
		if there := strings.Contains(got.raw, p.secret); there != p.stays {
			t.Errorf("%s: there: %v, want %v", p.name, there, p.stays)
		}
	}
	if n := strings.Count(got.raw, "[REDACTED:pw.key]"); n != len(planted) {
		t.Errorf("%d of %d markers of services were kept", n, len(planted))
	}
	if t.Failed() {
		t.Logf("the Collector wrote\n%s", got.raw)
	}
}

func post(t *testing.T, url, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s answered %s", url, resp.Status)
	}
}
