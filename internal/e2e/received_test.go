package e2e

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

// received is what a Collector has written, in the JSON encoding of OTLP.
type received struct {
	raw     string
	logs    []logRecord
	spans   []span
	metrics []string // names
	// resources are the attributes of each resource, of all signals.
	resources []map[string]any
}

type logRecord struct {
	TraceID    string     `json:"traceId"`
	SpanID     string     `json:"spanId"`
	Body       value      `json:"body"`
	Attributes attributes `json:"attributes"`
}

type span struct {
	TraceID    string     `json:"traceId"`
	SpanID     string     `json:"spanId"`
	Name       string     `json:"name"`
	Attributes attributes `json:"attributes"`
}

type attributes []struct {
	Key   string `json:"key"`
	Value value  `json:"value"`
}

type value map[string]any

// text returns a string value.
func (v value) text() string {
	s, _ := v["stringValue"].(string)
	return s
}

func (as attributes) asMap() map[string]any {
	m := map[string]any{}
	for _, a := range as {
		for _, v := range a.Value {
			m[a.Key] = v
		}
	}
	return m
}

type line struct {
	ResourceLogs []struct {
		Resource  struct{ Attributes attributes }
		ScopeLogs []struct{ LogRecords []logRecord }
	}
	ResourceSpans []struct {
		Resource   struct{ Attributes attributes }
		ScopeSpans []struct{ Spans []span }
	}
	ResourceMetrics []struct {
		Resource     struct{ Attributes attributes }
		ScopeMetrics []struct {
			Metrics []struct{ Name string }
		}
	}
}

// read returns what the Collector has received. It stops it first.
func (c *collector) read(t *testing.T) received {
	t.Helper()
	c.stop(t)
	f, err := os.Open(c.file)
	if err != nil {
		t.Fatalf("the Collector has written nothing: %v", err)
	}
	defer f.Close()
	var got received
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		got.add(t, lines.Bytes())
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return got
}

func (r *received) add(t *testing.T, text []byte) {
	t.Helper()
	r.raw += string(text) + "\n"
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		t.Fatalf("the Collector wrote %s: %v", text, err)
	}
	for _, rl := range l.ResourceLogs {
		r.resources = append(r.resources, rl.Resource.Attributes.asMap())
		for _, sl := range rl.ScopeLogs {
			r.logs = append(r.logs, sl.LogRecords...)
		}
	}
	for _, rs := range l.ResourceSpans {
		r.resources = append(r.resources, rs.Resource.Attributes.asMap())
		for _, ss := range rs.ScopeSpans {
			r.spans = append(r.spans, ss.Spans...)
		}
	}
	for _, rm := range l.ResourceMetrics {
		r.resources = append(r.resources, rm.Resource.Attributes.asMap())
		for _, sm := range rm.ScopeMetrics {
			for _, m := range sm.Metrics {
				r.metrics = append(r.metrics, m.Name)
			}
		}
	}
}
