package otlptest

import (
	collogspb "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	colmetricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	coltracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// response returns the encoded answer to an accepted request: empty, or a
// partial success if the fault asks for one.
func response(s Signal, f Fault) []byte {
	if f.Rejected == 0 && f.Message == "" {
		return nil
	}
	b, err := proto.Marshal(partialSuccess(s, f))
	if err != nil {
		return nil // the message was not UTF-8; an empty answer is success
	}
	return b
}

func partialSuccess(s Signal, f Fault) proto.Message {
	switch s {
	case Logs:
		return &collogspb.ExportLogsServiceResponse{PartialSuccess: &collogspb.ExportLogsPartialSuccess{
			RejectedLogRecords: f.Rejected, ErrorMessage: f.Message,
		}}
	case Spans:
		return &coltracepb.ExportTraceServiceResponse{PartialSuccess: &coltracepb.ExportTracePartialSuccess{
			RejectedSpans: f.Rejected, ErrorMessage: f.Message,
		}}
	}
	return &colmetricspb.ExportMetricsServiceResponse{PartialSuccess: &colmetricspb.ExportMetricsPartialSuccess{
		RejectedDataPoints: f.Rejected, ErrorMessage: f.Message,
	}}
}
