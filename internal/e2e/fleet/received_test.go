package fleet

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/otelkit/otelkit-go/internal/collectortest"
)

// received is what Collectors have written, in the JSON encoding of OTLP.
type received struct {
	raw     string
	spans   []record
	logs    []record
	metrics []point
}

// record is a span or a log record.
type record struct {
	Node, Service string // the Collector that wrote it, the service that recorded it

	TraceID      string
	SpanID       string
	ParentSpanID string
	Name         string
	Body         struct{ StringValue string }
	Kind         int
	Status       struct{ Code int }
	Start        uint64 `json:"startTimeUnixNano,string"`
	End          uint64 `json:"endTimeUnixNano,string"`
	Attributes   attributes
}

const statusError = 2

type point struct {
	Service, Name string
	Attributes    attributes
}

type attributes []struct {
	Key   string
	Value struct{ StringValue, IntValue string }
}

// text returns a string or the digits of a number.
func (as attributes) text(key string) string {
	for _, a := range as {
		if a.Key == key {
			return a.Value.StringValue + a.Value.IntValue
		}
	}
	return ""
}

type request struct {
	ResourceSpans []struct {
		Resource   struct{ Attributes attributes }
		ScopeSpans []struct{ Spans []record }
	}
	ResourceLogs []struct {
		Resource  struct{ Attributes attributes }
		ScopeLogs []struct{ LogRecords []record }
	}
	ResourceMetrics []struct {
		Resource     struct{ Attributes attributes }
		ScopeMetrics []struct {
			Metrics []struct {
				Name                  string
				Sum, Gauge, Histogram struct {
					DataPoints []struct{ Attributes attributes }
				}
			}
		}
	}
}

// read returns what the nodes have written so far.
func read(t *testing.T, nodes ...collectortest.Node) *received {
	t.Helper()
	r := &received{}
	for _, n := range nodes {
		// The files that were full, too.
		files, err := filepath.Glob(filepath.Join(n.Dir, "telemetry*.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			r.readFile(t, n.Name, file)
		}
	}
	return r
}

func (r *received) readFile(t *testing.T, node, file string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		// A line that is being written, or that a kill has cut: what it holds was
		// not accepted.
		if json.Valid(lines.Bytes()) {
			r.add(t, node, lines.Bytes())
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

func (r *received) add(t *testing.T, node string, text []byte) {
	t.Helper()
	var q request
	if err := json.Unmarshal(text, &q); err != nil {
		t.Fatalf("%s wrote %s: %v", node, text, err)
	}
	r.raw += string(text) + "\n"
	for _, rs := range q.ResourceSpans {
		for _, ss := range rs.ScopeSpans {
			r.spans = append(r.spans, from(node, rs.Resource.Attributes, ss.Spans)...)
		}
	}
	for _, rl := range q.ResourceLogs {
		for _, sl := range rl.ScopeLogs {
			r.logs = append(r.logs, from(node, rl.Resource.Attributes, sl.LogRecords)...)
		}
	}
	for _, rm := range q.ResourceMetrics {
		for _, sm := range rm.ScopeMetrics {
			for _, m := range sm.Metrics {
				for _, p := range append(append(m.Sum.DataPoints, m.Gauge.DataPoints...), m.Histogram.DataPoints...) {
					r.metrics = append(r.metrics, point{rm.Resource.Attributes.text("service.name"), m.Name, p.Attributes})
				}
			}
		}
	}
}

func from(node string, resource attributes, records []record) []record {
	for i := range records {
		records[i].Node, records[i].Service = node, resource.text("service.name")
	}
	return records
}
