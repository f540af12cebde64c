package otelkit

import (
	"context"
	"sync/atomic"

	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkresource "go.opentelemetry.io/otel/sdk/resource"
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
		sdklog.WithProcessor(&intake{next: p, levels: levels, report: report, kept: len(cfg.logProcessors) > 0}),
	)
}

// intake is the first processor. The lines of this package's handler come to next
// by their [source]; what comes by OnEmit is of other libraries (zap and logrus
// bridges), and held back if it is below the level of its logger.
type intake struct {
	next    sdklog.Processor
	levels  *levels
	report  func(error)
	kept    bool // a processor of the service may keep records
	stopped atomic.Bool
}

var _ sdklog.Processor = (*intake)(nil)

func (p *intake) Enabled(ctx context.Context, param sdklog.EnabledParameters) bool {
	return p.levels.passes(param.InstrumentationScope.Name, param.Severity) && p.next.Enabled(ctx, param)
}

func (p *intake) OnEmit(ctx context.Context, r *sdklog.Record) error {
	if s, ok := ctx.Value(sourceKey{}).(*source); ok && s.intake == nil {
		s.common, s.intake = r.Clone(), p
		return nil
	}
	if !p.levels.passes(r.InstrumentationScope().Name, r.Severity()) {
		return nil
	}
	return p.next.OnEmit(ctx, r)
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

var _ sdklog.Processor = logFan{}

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

func (f logFan) ForceFlush(ctx context.Context) error {
	return ofEach(f.next, f.report, "a log processor's ForceFlush", func(p sdklog.Processor) error { return p.ForceFlush(ctx) })
}

func (f logFan) Shutdown(ctx context.Context) error {
	return ofEach(f.next, f.report, "a log processor's Shutdown", func(p sdklog.Processor) error { return p.Shutdown(ctx) })
}
