package inspect

import (
	"bytes"
	"encoding/json"
	"sort"
	"strings"

	collogspb "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	colmetricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	coltracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	"google.golang.org/protobuf/proto"
)

func (r *Receiver) spans(body []byte) error {
	var q coltracepb.ExportTraceServiceRequest
	if err := proto.Unmarshal(body, &q); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, rs := range q.GetResourceSpans() {
		service := text(rs.GetResource().GetAttributes(), "service.name")
		for _, ss := range rs.GetScopeSpans() {
			r.report.count(service, "traces", len(ss.GetSpans()))
			for _, s := range ss.GetSpans() {
				r.spanOf([16]byte(s.GetTraceId()), service)
			}
		}
	}
	return nil
}

func (r *Receiver) spanOf(trace [16]byte, service string) {
	if r.traces[trace] == nil {
		r.traces[trace] = map[string]bool{}
	}
	r.traces[trace][service] = true
}

func (r *Receiver) logs(body []byte) error {
	var q collogspb.ExportLogsServiceRequest
	if err := proto.Unmarshal(body, &q); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, rl := range q.GetResourceLogs() {
		service := text(rl.GetResource().GetAttributes(), "service.name")
		for _, sl := range rl.GetScopeLogs() {
			r.report.count(service, "logs", len(sl.GetLogRecords()))
			for _, l := range sl.GetLogRecords() {
				if id := l.GetTraceId(); len(id) == 16 {
					r.lines[[16]byte(id)]++
				}
			}
		}
	}
	return nil
}

func (r *Receiver) metrics(body []byte) error {
	var q colmetricspb.ExportMetricsServiceRequest
	if err := proto.Unmarshal(body, &q); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, rm := range q.GetResourceMetrics() {
		service := text(rm.GetResource().GetAttributes(), "service.name")
		for _, sm := range rm.GetScopeMetrics() {
			for _, m := range sm.GetMetrics() {
				r.report.count(service, "metrics", points(m))
				if m.GetName() == "otelkit.scrub.redactions" {
					r.redactions(service, m.GetSum().GetDataPoints())
				}
			}
		}
	}
	return nil
}

func points(m *metricspb.Metric) int {
	return len(m.GetSum().GetDataPoints()) + len(m.GetGauge().GetDataPoints()) + len(m.GetHistogram().GetDataPoints()) +
		len(m.GetExponentialHistogram().GetDataPoints()) + len(m.GetSummary().GetDataPoints())
}

// redactions keeps what a service says of its scrubber. The counters only rise,
// so the latest value is the largest.
func (r *Receiver) redactions(service string, points []*metricspb.NumberDataPoint) {
	for _, p := range points {
		rule := text(p.GetAttributes(), "rule")
		series := rule + " " + service + " " + text(p.GetAttributes(), "signal")
		r.points[series] = max(r.points[series], uint64(p.GetAsInt()))
	}
}

// envelope reads the events of an envelope: lines of JSON, of which those with
// a type are headers (https://develop.sentry.dev/sdk/envelopes/).
func (r *Receiver) envelope(body []byte) error {
	lines := bytes.Split(bytes.TrimSpace(body), []byte("\n"))
	for i := 1; i+1 < len(lines); i += 2 {
		var header struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal(lines[i], &header); err != nil {
			return err
		}
		if header.Type != "event" {
			continue
		}
		var e event
		if err := json.Unmarshal(lines[i+1], &e); err != nil {
			return err
		}
		r.mu.Lock()
		r.report.Issues = append(r.report.Issues, e.issue())
		r.mu.Unlock()
	}
	return nil
}

// event is what is read of an event of Sentry.
type event struct {
	Message   string                    `json:"message"`
	Contexts  map[string]map[string]any `json:"contexts"`
	Exception []struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"exception"`
	Tags map[string]string `json:"tags"`
}

func (e event) issue() Issue {
	i := Issue{Service: e.Tags["service.name"], Title: e.Message}
	if n := len(e.Exception); n > 0 {
		i.Title = e.Exception[n-1].Type + ": " + e.Exception[n-1].Value
	}
	i.Trace, _ = e.Contexts["trace"]["trace_id"].(string)
	attributes, _ := e.Contexts["otel"]["attributes"].(map[string]any)
	i.Order, _ = attributes["order_id"].(string)
	return i
}

func text(attributes []*commonpb.KeyValue, key string) string {
	for _, kv := range attributes {
		if kv.GetKey() == key {
			return kv.GetValue().GetStringValue()
		}
	}
	return ""
}

// Report returns what has arrived so far.
func (r *Receiver) Report() Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := r.report.clone()
	out.Redactions = map[string]uint64{}
	for series, n := range r.points {
		rule, _, _ := strings.Cut(series, " ")
		out.Redactions[rule] += n
	}
	for trace, n := range r.lines {
		out.InTrace += n
		if r.traces[trace] != nil {
			out.Joined += n
		}
	}
	out.Traces = map[int]int{}
	for _, services := range r.traces {
		out.Traces[len(services)]++
	}
	sort.Strings(out.Leaks)
	return out
}
