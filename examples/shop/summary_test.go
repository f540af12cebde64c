package main

import (
	"strings"
	"testing"

	"github.com/otelkit/otelkit-go/examples/shop/inspect"
	"github.com/otelkit/otelkit-go/exporters/otlp"
	"github.com/otelkit/otelkit-go/otelkit"
)

// flawless is the summary of a run in which one order failed.
func flawless() summary {
	books := otlp.Books{Accepted: 10, Delivered: 10}
	s := summary{said: map[string]message{}, report: inspect.Report{
		Records:    map[string]map[string]int64{},
		Issues:     []inspect.Issue{{Service: "worker", Order: "o-1", Trace: "t-1"}},
		Redactions: map[string]uint64{"auth.key": 1, "pw.key": 1, "financial.pan": 1, "health.key": 1, "pii.email": 1},
	}}
	for _, service := range services {
		s.said[service] = message{Service: service, Health: &otelkit.Health{OTLP: otlp.Stats{Traces: books, Metrics: books, Logs: books}}}
		s.report.Records[service] = map[string]int64{"traces": 10, "metrics": 10, "logs": 10}
	}
	load := s.said["load"]
	load.Tally = &tally{Orders: 2, Failed: []failure{{Order: "o-1", Scenario: receiptLost, Service: "worker", Trace: "t-1"}}}
	s.said["load"] = load
	return s
}

func TestVerdict(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		spoil func(*summary)
		want  string // empty: nothing is wrong
	}{
		{"all is well", func(*summary) {}, ""},
		{"no orders", func(s *summary) { delete(s.said, "load") }, "no order was placed"},
		{"wrong answer", func(s *summary) { s.said["load"].Tally.Wrong = []string{"o-2 was answered 500"} }, "o-2 was answered 500"},
		{"silent service", func(s *summary) { delete(s.said, "worker") }, "worker has not said its books"},
		{"dropped", func(s *summary) {
			s.said["gateway"].Health.OTLP.Logs = otlp.Books{Accepted: 12, Delivered: 10, Dropped: map[string]int64{"queue_full": 2}}
		}, "logs of gateway: accepted 12 = delivered 10 + pending 0 + dropped 2, and 10 arrived"},
		{"books that do not add up", func(s *summary) {
			s.said["gateway"].Health.OTLP.Traces = otlp.Books{Accepted: 10, Delivered: 9}
		}, "traces of gateway: accepted 10 = delivered 9"},
		{"lost on the way", func(s *summary) { s.report.Records["payments"]["metrics"] = 9 }, "metrics of payments: accepted 10 = delivered 10 + pending 0 + dropped 0, and 9 arrived"},
		{"unreadable request", func(s *summary) { s.report.Broken = []string{"/v1/logs: EOF"} }, "could not be read: /v1/logs: EOF"},
		{"no issue", func(s *summary) { s.report.Issues = nil }, "order o-1 (receipt_lost) failed in worker, trace t-1; its issues: []"},
		{"two issues", func(s *summary) { s.report.Issues = append(s.report.Issues, s.report.Issues[0]) }, "order o-1 (receipt_lost) failed"},
		{"issue of another service", func(s *summary) { s.report.Issues[0].Service = "gateway" }, "order o-1 (receipt_lost) failed"},
		{"issue in another trace", func(s *summary) { s.report.Issues[0].Trace = "t-2" }, "order o-1 (receipt_lost) failed"},
		{"issue without a failure", func(s *summary) {
			s.report.Issues = append(s.report.Issues, inspect.Issue{Service: "gateway", Order: "o-2"})
		}, `order "o-2" has not failed`},
		{"leak", func(s *summary) { s.report.Leaks = []string{"console: …hunter2…"} }, "a secret has left by console: …hunter2…"},
		{"nothing to be found", func(s *summary) { delete(s.report.Redactions, "health.key") }, "nothing was redacted by a rule of health"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := flawless()
			tt.spoil(&s)
			err := s.verdict()
			if tt.want == "" {
				if err != nil {
					t.Errorf("verdict: %v, want none", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("verdict: %v, want one with %q", err, tt.want)
			}
		})
	}
}
