package otelkit

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/internal/logline"
)

// WithSampledLogs lets lines below WARN follow the decision about their trace:
// those of a trace that is not sampled are not exported. Lines at WARN and above
// always are, and so are those outside any trace and those kept by
// [WithDebugOnError]. Sentry sees all lines, as the story that led to an issue.
//
// Default: lines are exported whether their trace is sampled or not.
func WithSampledLogs() Option { return set(func(c *config) { c.sampledLogs = true }) }

// sampledLogs holds back what is of no interest without its trace.
type sampledLogs struct{ sdklog.Processor }

var _ logline.Processor = sampledLogs{}

func (p sampledLogs) Enabled(ctx context.Context, param sdklog.EnabledParameters) bool {
	return wantedUnsampled(ctx, param.Severity) && p.Processor.Enabled(ctx, param)
}

func (p sampledLogs) OnEmit(ctx context.Context, r *sdklog.Record) error {
	if !wantedUnsampled(ctx, r.Severity()) && !wasKept(ctx) {
		return nil
	}
	return p.Processor.OnEmit(ctx, r)
}

// Lines lets pass what OnEmit lets pass, if what is behind takes lines.
func (p sampledLogs) Lines() logline.Sink {
	next := logline.Lines(p.Processor)
	if next == nil {
		return nil
	}
	return func(ctx context.Context, l *logline.Line) {
		if wantedUnsampled(ctx, l.Severity) || wasKept(ctx) {
			next(ctx, l)
		}
	}
}

func wantedUnsampled(ctx context.Context, severity log.Severity) bool {
	if severity >= log.SeverityWarn {
		return true
	}
	sc := trace.SpanContextFromContext(ctx)
	return !sc.IsValid() || sc.IsSampled()
}

// holdsBack reports whether a line would be held back by all that takes lines, so
// that it need not be made.
func (k *Kit) holdsBack(ctx context.Context, level slog.Level) bool {
	return k.config.sampledLogs && !k.config.sentryOn() && !wantedUnsampled(ctx, log.Severity(int(level)+severityOffset))
}
