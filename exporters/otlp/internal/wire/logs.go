package wire

import (
	"go.opentelemetry.io/otel/attribute"
	otellog "go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/internal/logline"
)

// Log appends the fields of a logs.v1.LogRecord.
func (e *Encoder) Log(r *sdklog.Record) {
	e.time(1, r.Timestamp())
	if s := r.Severity(); s >= otellog.SeverityTrace1 && s <= otellog.SeverityFatal4 {
		e.uint(2, uint64(s))
	}
	e.string(3, r.SeverityText())
	body := r.Body()
	e.value(5, &body, 0)
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		e.keyValue(6, &kv, 0)
		return true
	})
	e.count(7, r.DroppedAttributes())
	e.fixed32(8, uint32(r.TraceFlags()))
	if id := r.TraceID(); id.IsValid() {
		e.bytes(9, id[:])
	}
	if id := r.SpanID(); id.IsValid() {
		e.bytes(10, id[:])
	}
	e.time(11, r.ObservedTimestamp())
	e.string(12, r.EventName())
}

// Line appends the fields of a logs.v1.LogRecord, as Log does.
func (e *Encoder) Line(l *logline.Line) {
	e.time(1, l.Time)
	if s := l.Severity; s >= otellog.SeverityTrace1 && s <= otellog.SeverityFatal4 {
		e.uint(2, uint64(s))
	}
	e.string(3, l.SeverityText)
	body := attribute.StringValue(l.Body)
	e.value(5, &body, 0)
	e.attributes(6, l.Attributes)
	e.count(7, l.Dropped)
	e.fixed32(8, uint32(l.TraceFlags))
	if l.TraceID.IsValid() {
		e.bytes(9, l.TraceID[:])
	}
	if l.SpanID.IsValid() {
		e.bytes(10, l.SpanID[:])
	}
	e.time(11, l.Observed)
}
