package inspect

import (
	"maps"
	"slices"
)

// Report is what has arrived.
type Report struct {
	Records    map[string]map[string]int64 // by service and signal: spans, data points, log records
	Traces     map[int]int                 // how many have spans of so many services
	InTrace    int                         // log records with the id of a trace
	Joined     int                         // those of them whose trace has arrived
	Issues     []Issue
	Redactions map[string]uint64 // by rule, as the services count them
	Bytes      map[string]int    // that were looked through, by the way they left
	Leaks      []string          // what stands around each secret that was found
	Broken     []string          // requests that could not be read
}

// Issue is an event of Sentry.
type Issue struct {
	Service, Order, Trace, Title string
}

func newReport() Report {
	return Report{Records: map[string]map[string]int64{}, Bytes: map[string]int{}}
}

func (r *Report) count(service, signal string, n int) {
	if r.Records[service] == nil {
		r.Records[service] = map[string]int64{}
	}
	r.Records[service][signal] += int64(n)
}

// clone returns a copy that does not change any more.
func (r *Report) clone() Report {
	out := *r
	out.Records = map[string]map[string]int64{}
	for service, signals := range r.Records {
		out.Records[service] = maps.Clone(signals)
	}
	out.Bytes = maps.Clone(r.Bytes)
	out.Issues, out.Leaks, out.Broken = slices.Clone(r.Issues), slices.Clone(r.Leaks), slices.Clone(r.Broken)
	return out
}
