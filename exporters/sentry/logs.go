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
	v := breadcrumb
	if (severity >= log.SeverityWarn || severity == log.SeverityUndefined) && !isOutcome(ctx) {
		c = fromRecord(ctx, record)
		v = ofRecord(severity, c.err != nil || c.message != "" || c.typ != "", s.config.bodyIssues)
	}
	if id := record.TraceID(); id.IsValid() {
		s.tellRecord(id, record)
	}
	if v >= waits {
		s.judge(c, v)
	}
	if v == urgent {
		s.flushBriefly()
	}
	return nil
}

// Lines looks at lines. Those that may be an issue become records first, since
// what is made of them is kept.
func (p logProcessor) Lines() logline.Sink {
	return func(ctx context.Context, l *logline.Line) {
		s := p.sink
		if !s.open() || s.logs.ended.Load() || l.Severity < log.SeverityInfo {
			return
		}
		if l.Severity >= log.SeverityWarn {
			_ = p.OnEmit(ctx, l.Record())
			return
		}
		if l.TraceID.IsValid() {
			defer s.recovered()
			s.tellLine(l)
		}
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
	c := &candidate{
		source:   fromLog,
		level:    levelOf(r.Severity()),
		time:     timeOf(r),
		traceID:  r.TraceID(),
		spanID:   r.SpanID(),
		body:     r.Body().String(),
		resource: r.Resource(),
		scope:    r.InstrumentationScope().Name,
	}
	if n := r.AttributesLen(); n > 0 {
		c.attributes = make([]attribute.KeyValue, 0, n)
	}
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		if !c.takes(kv) {
			c.attributes = append(c.attributes, kv)
		}
		return true
	})
	if o := origin.FromContext(ctx); o != nil {
		c.stack = o.Stack
		if len(o.Errors) > 0 {
			c.err = o.Errors[0]
			c.chain = unwrapTree(c.err)
			for _, other := range o.Errors[1:] {
				c.chain = appendLinks(c.chain, other, -1)
			}
		}
	}
	if span := trace.SpanFromContext(ctx); span.SpanContext().SpanID() == c.spanID {
		if named, ok := span.(interface{ Name() string }); ok {
			c.spanName = named.Name()
		}
	}
	return c
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
	message := short(line.Body)
	sh := s.traces.of(line.TraceID)
	sh.mu.Lock()
	l, evicted := sh.get(line.TraceID)
	c := sh.step(l)
	c.time, c.level = line.Time, levelOf(line.Severity)
	if c.time.IsZero() {
		c.time = line.Observed
	}
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

func text(v attribute.Value) string { return short(v.String()) }

func short(s string) string {
	if len(s) > maxCrumbText {
		// A copy, so that the rest can be collected.
		s = strings.ToValidUTF8(strings.Clone(s[:maxCrumbText]), "") + "…"
	}
	return s
}

func timeOf(r *sdklog.Record) time.Time {
	if t := r.Timestamp(); !t.IsZero() {
		return t
	}
	return r.ObservedTimestamp()
}
