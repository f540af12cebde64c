package console

import (
	"context"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/internal/logline"
)

// LogProcessor returns the processor that writes a line for each log record.
// Its OnEmit neither changes nor keeps the record and never returns an error.
// Its ForceFlush is that of the Exporter. Its Shutdown ends the processor, and the
// Exporter too if no other of its processors is left.
func (e *Exporter) LogProcessor() sdklog.Processor { return logProcessor{newUser(e)} }

type logProcessor struct{ *user }

var _ logline.Processor = logProcessor{}

func (p logProcessor) Enabled(context.Context, sdklog.EnabledParameters) bool {
	return !p.off()
}

func (p logProcessor) OnEmit(_ context.Context, r *sdklog.Record) error {
	if p.off() || r == nil {
		return nil
	}
	en := newEntry()
	defer en.free()
	en.fromRecord(r)
	p.write(en)
	return nil
}

// Lines writes lines.
func (p logProcessor) Lines() logline.Sink {
	return func(_ context.Context, l *logline.Line) {
		if p.off() {
			return
		}
		en := newEntry()
		defer en.free()
		en.fromLine(l)
		p.write(en)
	}
}

func (e *entry) fromLine(l *logline.Line) {
	e.time = l.Time
	if e.time.IsZero() {
		e.time = l.Observed
	}
	e.level = levelOf(l.Severity, l.SeverityText)
	e.event = l.Body
	e.logger = l.Logger.Scope.Name
	e.traceID, e.spanID = l.TraceID, l.SpanID
	e.attrs = append(e.attrs, l.Attributes...)
}

func (e *entry) fromRecord(r *sdklog.Record) {
	e.time = r.Timestamp()
	if e.time.IsZero() {
		e.time = r.ObservedTimestamp()
	}
	e.level = levelOf(r.Severity(), r.SeverityText())
	e.event = r.EventName()
	e.logger = r.InstrumentationScope().Name
	e.traceID, e.spanID = r.TraceID(), r.SpanID()
	switch body := r.Body(); {
	case e.event != "":
		e.message = body
	case body.Type() == attribute.EMPTY:
	case body.Type() == attribute.STRING:
		e.event = body.AsString()
	default:
		e.event = string(appendJSON(nil, body))
	}
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		e.attrs = append(e.attrs, kv)
		return true
	})
}

// levels are the names of severities 1 to 24, of which each level has four.
var levels = func() (names [log.SeverityFatal4 + 1]string) {
	for s := log.SeverityTrace1; s <= log.SeverityFatal4; s++ {
		names[s] = strings.ToLower(s.String())
	}
	return names
}()

func levelOf(s log.Severity, text string) string {
	if s > 0 && int(s) < len(levels) {
		return levels[s]
	}
	return strings.ToLower(text)
}
