package sentry

import (
	"context"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/internal/logline"
	"github.com/otelkit/otelkit-go/internal/origin"
)

// fatalWait is how long the goroutine of a FATAL record or a panic waits for
// delivery.
const fatalWait = 2 * time.Second

// maxCrumbAttributes is how many attributes of a log record a breadcrumb keeps.
const maxCrumbAttributes = 6

// maxCrumbText bounds the text of a breadcrumb, in bytes.
const maxCrumbText = 1024

// logProcessor is the ear of a Sink on log records.
type logProcessor struct{ sink *Sink }

var _ logline.Processor = logProcessor{}

// LogProcessor returns the processor that makes issues of log records of
// severity ERROR and above and breadcrumbs of those of INFO and WARN. It takes
// the error values and the stack of a record from the context if otelkit's
// slog handler put them there, else the exception.* attributes. It never
// changes a record and always returns nil. Its ForceFlush is that of the Sink.
// Its Shutdown ends this signal, flushes, and shuts down the Sink if the other
// signal has ended or was never asked for.
func (s *Sink) LogProcessor() sdklog.Processor {
	if s != nil {
		s.logs.taken.Store(true)
	}
	return logProcessor{s}
}

func (p logProcessor) ForceFlush(ctx context.Context) error { return p.sink.ForceFlush(ctx) }

func (p logProcessor) Shutdown(ctx context.Context) error {
	if p.sink == nil {
		return nil
	}
	return p.sink.end(ctx, &p.sink.logs, &p.sink.spans)
}

// Enabled reports whether records of the severity are of any use here: those
// of INFO and above, and those without one.
func (p logProcessor) Enabled(_ context.Context, param sdklog.EnabledParameters) bool {
	return p.sink.open() && (param.Severity >= log.SeverityInfo || param.Severity == log.SeverityUndefined)
}

// OnEmit looks at record. It waits for delivery, at most 2 seconds, if record
// is of severity FATAL, and never otherwise.
func (p logProcessor) OnEmit(ctx context.Context, record *sdklog.Record) error {
	s := p.sink
	if !s.open() || s.logs.ended.Load() {
		return nil
	}
	defer s.recovered()
	severity := record.Severity()
	if severity < log.SeverityInfo && severity != log.SeverityUndefined {
		return nil
	}
	var c *candidate
	if mayFail(ctx, severity) {
		c = fromRecord(ctx, record)
	}
	if id := record.TraceID(); id.IsValid() {
		s.tellRecord(id, record)
	}
	s.heard(c, severity)
	return nil
}

// Lines looks at lines as OnEmit does at records.
func (p logProcessor) Lines() logline.Sink {
	return func(ctx context.Context, l *logline.Line) {
		s := p.sink
		if !s.open() || s.logs.ended.Load() || l.Severity < log.SeverityInfo {
			return
		}
		defer s.recovered()
		var c *candidate
		if mayFail(ctx, l.Severity) {
			c = fromLine(ctx, l)
		}
		if l.TraceID.IsValid() {
			s.tellLine(l)
		}
		s.heard(c, l.Severity)
	}
}

// mayFail reports whether a record of severity emitted with ctx may be a failure.
func mayFail(ctx context.Context, severity log.Severity) bool {
	return (severity >= log.SeverityWarn || severity == log.SeverityUndefined) && !isOutcome(ctx)
}

// heard does with a record of severity what the signal table says. A nil c is
// none that may fail.
func (s *Sink) heard(c *candidate, severity log.Severity) {
	if c == nil {
		return
	}
	v := ofRecord(severity, c.err != nil || c.message != "" || c.typ != "", s.config.bodyIssues)
	if v >= waits {
		s.judge(c, v)
	}
	if v == urgent {
		s.flushBriefly()
	}
}

// isOutcome reports whether the record emitted with ctx tells how an operation
// ended. Its span tells the same, and what failed in it was told before.
func isOutcome(ctx context.Context) bool {
	o := origin.FromContext(ctx)
	return o != nil && o.Outcome
}

// fromRecord makes a candidate of a log record.
func fromRecord(ctx context.Context, r *sdklog.Record) *candidate {
	c := &roomier{}
	c.candidate = candidate{
		source:   fromLog,
		level:    levelOf(r.Severity()),
		time:     timeOf(r),
		traceID:  r.TraceID(),
		spanID:   r.SpanID(),
		body:     r.Body().String(),
		resource: r.Resource(),
		scope:    r.InstrumentationScope().Name,
	}
	c.reserve(r.AttributesLen())
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		c.add(kv)
		return true
	})
	c.complete(ctx)
	return &c.candidate
}

// fromLine makes a candidate of a log line.
func fromLine(ctx context.Context, l *logline.Line) *candidate {
	c := &roomier{}
	c.candidate = candidate{
		source:   fromLog,
		level:    levelOf(l.Severity),
		time:     timeOfLine(l),
		traceID:  l.TraceID,
		spanID:   l.SpanID,
		body:     l.Body,
		resource: l.Logger.Resource,
		scope:    l.Logger.Scope.Name,
	}
	c.reserve(len(l.Attributes))
	for _, kv := range l.Attributes {
		c.add(kv)
	}
	c.complete(ctx)
	return &c.candidate
}

// reserve makes room for n attributes of a record, which are copied, as it is
// used again.
func (c *roomier) reserve(n int) {
	c.attributes = c.kvs[:0]
	if n > len(c.kvs) {
		c.attributes = make([]attribute.KeyValue, 0, n)
	}
}

func (c *roomier) add(kv attribute.KeyValue) {
	if !c.takes(kv) {
		c.attributes = append(c.attributes, kv)
	}
}

// complete adds what ctx knows about a record: its errors, its stack, its span.
func (c *roomier) complete(ctx context.Context) {
	if o := origin.FromContext(ctx); o != nil {
		c.stack = o.Stack
		if len(o.Errors) > 0 {
			c.caught(o.Errors[0])
			for _, other := range o.Errors[1:] {
				c.chain = appendLinks(c.chain, other, -1)
			}
		}
	}
	if span := trace.SpanFromContext(ctx); span.SpanContext().SpanID() == c.spanID {
		if known, ok := span.(interface {
			Name() string
			Parent() trace.SpanContext
		}); ok {
			c.spanName, c.parentID = known.Name(), known.Parent().SpanID()
		}
	}
}

// tellRecord adds the step "the service said something" to the story of a
// trace.
func (s *Sink) tellRecord(id trace.TraceID, r *sdklog.Record) {
	message := text(r.Body())
	sh := s.traces.of(id)
	sh.mu.Lock()
	l, evicted := sh.get(id)
	c := sh.step(l)
	c.time, c.level = timeOf(r), levelOf(r.Severity())
	c.category, c.message = r.InstrumentationScope().Name, message
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		if !strings.HasPrefix(string(kv.Key), "exception.") {
			c.record[c.used] = kv
			c.used++
		}
		return c.used < len(c.record)
	})
	sh.mu.Unlock()
	s.evict(evicted)
}

// tellLine is tellRecord for a line.
func (s *Sink) tellLine(line *logline.Line) {
	message := cut(line.Body, maxCrumbText)
	sh := s.traces.of(line.TraceID)
	sh.mu.Lock()
	l, evicted := sh.get(line.TraceID)
	c := sh.step(l)
	c.time, c.level = timeOfLine(line), levelOf(line.Severity)
	c.category, c.message = line.Logger.Scope.Name, message
	for i := range line.Attributes {
		if c.used == len(c.record) {
			break
		}
		if !strings.HasPrefix(string(line.Attributes[i].Key), "exception.") {
			c.record[c.used] = line.Attributes[i]
			c.used++
		}
	}
	sh.mu.Unlock()
	s.evict(evicted)
}

func text(v attribute.Value) string { return cut(v.String(), maxCrumbText) }

func timeOf(r *sdklog.Record) time.Time {
	if t := r.Timestamp(); !t.IsZero() {
		return t
	}
	return r.ObservedTimestamp()
}

func timeOfLine(l *logline.Line) time.Time {
	if !l.Time.IsZero() {
		return l.Time
	}
	return l.Observed
}
