package otelkit

import (
	"context"
	"sync/atomic"

	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkresource "go.opentelemetry.io/otel/sdk/resource"

	"github.com/otelkit/otelkit-go/internal/logline"
)

// newLoggerProvider returns the provider whose records go to p, if the level of
// their logger lets them.
func newLoggerProvider(cfg config, res *sdkresource.Resource, levels *levels, p sdklog.Processor, report func(error)) *sdklog.LoggerProvider {
	return sdklog.NewLoggerProvider(
		sdklog.WithResource(res),
		sdklog.WithAttributeCountLimit(cfg.logAttributes),
		// Values are cut behind the scrubber.
		sdklog.WithAttributeValueLengthLimit(unlimited),
		// The handler leaves no key twice, and the SDK's own check costs a third
		// of the time of a record.
		sdklog.WithAllowKeyDuplication(),
		// The handler bounds depth where it converts, the scrubber for the rest.
		sdklog.WithAttributeValueDepthLimit(unlimited),
		sdklog.WithProcessor(&intake{next: p, lines: logline.Lines(p), levels: levels, report: report, limit: cfg.logAttributes}),
	)
}

// intake is the first processor. The lines of this package's handler come by
// take; what comes by OnEmit is of other libraries (zap and logrus bridges), and
// held back if it is below the level of its logger.
type intake struct {
	next    sdklog.Processor
	lines   logline.Sink // nil if a processor of the service wants records
	levels  *levels
	report  func(error)
	limit   int // attributes of a line, or unlimited
	stopped atomic.Bool
}

var _ sdklog.Processor = (*intake)(nil)

func (p *intake) Enabled(ctx context.Context, param sdklog.EnabledParameters) bool {
	return p.levels.passes(param.InstrumentationScope.Name, param.Severity) && p.next.Enabled(ctx, param)
}

func (p *intake) OnEmit(ctx context.Context, r *sdklog.Record) error {
	if s, ok := ctx.Value(sourceKey{}).(*source); ok && s.intake == nil {
		s.logger, s.intake = logline.NewLogger(r), p
		return nil
	}
	if !p.levels.passes(r.InstrumentationScope().Name, r.Severity()) {
		return nil
	}
	return p.next.OnEmit(ctx, r)
}

// take hands l on. As a record it has memory of its own, since those who want
// records may keep them. An error of a processor is told, since nobody who logs
// could mend it.
func (p *intake) take(l *line) {
	if p.lines == nil {
		if err := p.next.OnEmit(l.ctx, l.Record()); err != nil {
			p.report(err)
		}
		return
	}
	if p.limit != unlimited && len(l.Attributes) > p.limit {
		l.Dropped = len(l.Attributes) - p.limit
		clear(l.Attributes[p.limit:]) // nothing is to stay in the pool
		l.Attributes = l.Attributes[:p.limit]
	}
	p.lines(l.ctx, &l.Line)
}

func (p *intake) ForceFlush(ctx context.Context) error { return p.next.ForceFlush(ctx) }

func (p *intake) Shutdown(ctx context.Context) error {
	p.stopped.Store(true)
	return p.next.Shutdown(ctx)
}

// logFan hands records to several processors. A panic in one of them costs it
// that record and nobody else anything. Each sees what an earlier one changed.
type logFan struct {
	next   []sdklog.Processor
	report func(error)
}

var _ logline.Processor = logFan{}

func (f logFan) Enabled(ctx context.Context, param sdklog.EnabledParameters) bool {
	for _, p := range f.next {
		if f.enabled(ctx, p, param) {
			return true
		}
	}
	return false
}

func (f logFan) enabled(ctx context.Context, p sdklog.Processor, param sdklog.EnabledParameters) bool {
	defer reportPanic(f.report, "a log processor's Enabled")
	return p.Enabled(ctx, param)
}

func (f logFan) OnEmit(ctx context.Context, r *sdklog.Record) error {
	for _, p := range f.next {
		f.emit(ctx, p, r)
	}
	return nil
}

func (f logFan) emit(ctx context.Context, p sdklog.Processor, r *sdklog.Record) {
	defer reportPanic(f.report, "a log processor's OnEmit")
	if err := p.OnEmit(ctx, r); err != nil {
		f.report(err)
	}
}

// Lines hands lines to all processors, if all take them: each has to see what
// an earlier one changed.
func (f logFan) Lines() logline.Sink {
	sinks := make([]logline.Sink, len(f.next))
	for i, p := range f.next {
		if sinks[i] = logline.Lines(p); sinks[i] == nil {
			return nil
		}
	}
	return func(ctx context.Context, l *logline.Line) {
		for _, sink := range sinks {
			f.line(ctx, sink, l)
		}
	}
}

func (f logFan) line(ctx context.Context, sink logline.Sink, l *logline.Line) {
	defer reportPanic(f.report, "a log processor")
	sink(ctx, l)
}

func (f logFan) ForceFlush(ctx context.Context) error {
	return ofEach(f.next, f.report, "a log processor's ForceFlush", func(p sdklog.Processor) error { return p.ForceFlush(ctx) })
}

func (f logFan) Shutdown(ctx context.Context) error {
	return ofEach(f.next, f.report, "a log processor's Shutdown", func(p sdklog.Processor) error { return p.Shutdown(ctx) })
}
