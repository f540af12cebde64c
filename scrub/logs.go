package scrub

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/log/embedded"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/internal/logline"
)

// NewLogProcessor returns a processor that replaces the sensitive parts of
// each record in place, then hands it to next: body, attributes at any depth
// (exception.message and exception.stacktrace among them), event name and
// severity text. Put it in front of the batcher, and behind no other processor
// that exports:
//
//	sdklog.WithProcessor(scrub.NewLogProcessor(sdklog.NewBatchProcessor(exporter), s))
//
// Two things of a record cannot be changed by any processor. Cover the
// resource with [Resource] and the instrumentation scope with
// [NewLoggerProvider].
//
// A record that cannot be scrubbed keeps its time, severity, ids and attribute
// keys; the rest is masked. A record with nothing to replace costs no
// allocation. One that was changed counts no DroppedAttributes any more.
//
// The processor is as safe for concurrent use as next; Enabled, ForceFlush and
// Shutdown are those of next. A nil s has default options.
func NewLogProcessor(next sdklog.Processor, s *Scrubber) sdklog.Processor {
	return &logProcessor{next: next, scrubber: s.orDefault()}
}

var _ logline.Processor = (*logProcessor)(nil)

type logProcessor struct {
	next     sdklog.Processor
	scrubber *Scrubber
}

func (p *logProcessor) Enabled(ctx context.Context, param sdklog.EnabledParameters) bool {
	return p.next.Enabled(ctx, param)
}

func (p *logProcessor) OnEmit(ctx context.Context, r *sdklog.Record) error {
	p.scrubber.record(r)
	return p.next.OnEmit(ctx, r)
}

// Lines scrubs lines in place, if next takes them.
func (p *logProcessor) Lines() logline.Sink {
	next := logline.Lines(p.next)
	if next == nil {
		return nil
	}
	return func(ctx context.Context, l *logline.Line) {
		p.scrubber.line(l)
		next(ctx, l)
	}
}

func (p *logProcessor) ForceFlush(ctx context.Context) error { return p.next.ForceFlush(ctx) }

func (p *logProcessor) Shutdown(ctx context.Context) error { return p.next.Shutdown(ctx) }

// line is record for a line. Its severity text is made of its severity, and it
// belongs to the caller with its attributes.
func (s *Scrubber) line(l *logline.Line) {
	defer func() {
		if recover() != nil {
			s.failed(sigLogs)
			for i := range l.Attributes {
				l.Attributes[i].Value = attribute.StringValue(failureMarker)
			}
			l.Body, l.SeverityText = failureMarker, ""
		}
	}()
	l.Body, _ = s.text(sigLogs, "", l.Body)
	dropped := false
	for i := range l.Attributes {
		kv := &l.Attributes[i]
		if s.clean(kv) {
			continue
		}
		clean, hit := s.closer(sigLogs, kv)
		if hit {
			*kv = clean
			dropped = dropped || gone(clean)
		}
	}
	if dropped {
		l.Attributes = slices.DeleteFunc(l.Attributes, gone)
	}
}

func (s *Scrubber) record(r *sdklog.Record) {
	defer func() {
		if recover() != nil {
			s.failed(sigLogs)
			withhold(r)
		}
	}()
	if body, hit := s.keyValue(sigLogs, attribute.KeyValue{Value: r.Body()}); hit {
		r.SetBody(body.Value)
	}
	if name, hit := s.text(sigLogs, "", r.EventName()); hit {
		r.SetEventName(name)
	}
	if text, hit := s.text(sigLogs, "", r.SeverityText()); hit {
		r.SetSeverityText(text)
	}
	s.recordAttributes(r)
}

func (s *Scrubber) recordAttributes(r *sdklog.Record) {
	var out []attribute.KeyValue
	seen, changed := 0, false
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		seen++
		if s.clean(&kv) {
			if changed {
				out = append(out, kv)
			}
			return true
		}
		clean, hit := s.closer(sigLogs, &kv)
		if hit && !changed {
			out, changed = firstAttributes(r, seen-1), true
		}
		if changed && !(hit && gone(clean)) {
			out = append(out, clean)
		}
		return true
	})
	if changed {
		r.SetAttributes(out...)
	}
}

// firstAttributes copies the first n attributes of r.
func firstAttributes(r *sdklog.Record, n int) []attribute.KeyValue {
	out := make([]attribute.KeyValue, 0, r.AttributesLen())
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		if len(out) < n {
			out = append(out, kv)
		}
		return len(out) < n
	})
	return out
}

// withhold masks what cannot be vouched for.
func withhold(r *sdklog.Record) {
	r.SetAttributes(maskAll(firstAttributes(r, r.AttributesLen()))...)
	r.SetBody(attribute.StringValue(failureMarker))
	r.SetSeverityText("")
	if r.EventName() != "" {
		r.SetEventName(failureMarker)
	}
}

// NewLoggerProvider returns a provider whose loggers have an instrumentation
// scope without sensitive parts, in name, version, schema URL and attributes.
// A record's scope is set once, when its logger is made, so this is the place.
//
// The provider is as safe for concurrent use as next. A nil s has default
// options.
func NewLoggerProvider(next log.LoggerProvider, s *Scrubber) log.LoggerProvider {
	return loggerProvider{next: next, scrubber: s.orDefault()}
}

type loggerProvider struct {
	embedded.LoggerProvider
	next     log.LoggerProvider
	scrubber *Scrubber
}

func (p loggerProvider) Logger(name string, opts ...log.LoggerOption) log.Logger {
	c := log.NewLoggerConfig(opts...)
	scope, changed := p.scrubber.scope(sigLogs, instrumentation.Scope{
		Name: name, Version: c.InstrumentationVersion(), SchemaURL: c.SchemaURL(), Attributes: c.InstrumentationAttributes(),
	})
	if !changed {
		return p.next.Logger(name, opts...)
	}
	return p.next.Logger(
		scope.Name,
		log.WithInstrumentationVersion(scope.Version),
		log.WithSchemaURL(scope.SchemaURL),
		log.WithInstrumentationAttributeSet(scope.Attributes),
	)
}
