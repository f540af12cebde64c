// Package loglinetest makes lines of records, so that tests can send both and
// compare.
package loglinetest

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/internal/logline"
)

// Of returns a line that says what r says. It has no event name, and its body is
// a text.
func Of(r *sdklog.Record) *logline.Line {
	bare := r.Clone()
	bare.SetAttributes()
	l := &logline.Line{
		Logger: logline.NewLogger(&bare),
		Time:   r.Timestamp(), Observed: r.ObservedTimestamp(),
		Severity: r.Severity(), SeverityText: r.SeverityText(), Body: r.Body().AsString(), Dropped: r.DroppedAttributes(),
		TraceID: r.TraceID(), SpanID: r.SpanID(), TraceFlags: r.TraceFlags(),
	}
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		l.Attributes = append(l.Attributes, kv)
		return true
	})
	return l
}

// AsLines returns a processor that hands each record to p as a line. It panics
// if p takes none.
func AsLines(p sdklog.Processor) sdklog.Processor {
	sink := logline.Lines(p)
	if sink == nil {
		panic("loglinetest: the processor takes no lines")
	}
	return asLines{p, sink}
}

type asLines struct {
	sdklog.Processor

	sink logline.Sink
}

func (p asLines) OnEmit(ctx context.Context, r *sdklog.Record) error {
	p.sink(ctx, Of(r))
	return nil
}

// AsRecords returns a processor that takes lines and hands them to p as records. It
// panics at an attribute without a key, which no line may have.
func AsRecords(p sdklog.Processor) sdklog.Processor { return asRecords{p} }

type asRecords struct{ sdklog.Processor }

func (p asRecords) Lines() logline.Sink {
	return func(ctx context.Context, l *logline.Line) {
		for _, kv := range l.Attributes {
			if !kv.Valid() {
				panic("loglinetest: an attribute has no key")
			}
		}
		_ = p.OnEmit(ctx, l.Record())
	}
}
