package otlptest

import (
	collogspb "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	logspb "go.opentelemetry.io/proto/otlp/logs/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
)

// Log is a log record with the resource and the scope it arrived under.
type Log struct {
	*logspb.LogRecord
	Resource *resourcepb.Resource
	Scope    *commonpb.InstrumentationScope
}

// Logs returns every log record in accepted requests, in the order of arrival.
func (r *Receiver) Logs() []Log {
	var all []Log
	for _, q := range r.accepted(Logs) {
		all = append(all, q.Logs()...)
	}
	return all
}

// Logs returns the log records in the request; none if it is of another signal.
func (q Request) Logs() []Log {
	m, ok := q.Message.(*collogspb.ExportLogsServiceRequest)
	if !ok {
		return nil
	}
	var all []Log
	for _, resource := range m.GetResourceLogs() {
		for _, scope := range resource.GetScopeLogs() {
			for _, record := range scope.GetLogRecords() {
				all = append(all, Log{record, resource.GetResource(), scope.GetScope()})
			}
		}
	}
	return all
}
