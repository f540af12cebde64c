package sentry

import (
	"sync"

	"go.opentelemetry.io/otel/attribute"
	sdklog "go.opentelemetry.io/otel/sdk/log"

	"github.com/otelkit/otelkit-go/internal/logline"
)

// maxReusedAttributes is how many attributes a line that waits to be used again has
// room for.
const maxReusedAttributes = 64

// recordLine is a record as a line, so that there is one way for both: what this
// package asks a line for is filled in. It belongs to the call that took it from
// recordLines.
type recordLine struct {
	logline.Line
	logger logline.Logger
}

var recordLines = sync.Pool{New: func() any {
	l := &recordLine{}
	l.Logger = &l.logger
	return l
}}

// lineOf returns what r says. It is to be given back to recordLines by put.
func lineOf(r *sdklog.Record) *recordLine {
	l := recordLines.Get().(*recordLine) //nolint:forcetypeassert // it holds nothing else
	l.logger.Resource, l.logger.Scope.Name = r.Resource(), r.InstrumentationScope().Name
	l.Time, l.Observed = r.Timestamp(), r.ObservedTimestamp()
	l.Severity, l.Body = r.Severity(), r.Body().String()
	l.TraceID, l.SpanID = r.TraceID(), r.SpanID()
	r.WalkAttributes(func(kv attribute.KeyValue) bool {
		l.Attributes = append(l.Attributes, kv)
		return true
	})
	return l
}

// put keeps l for the next record, and nothing of what it says.
func (l *recordLine) put() {
	kvs := l.Attributes
	clear(kvs)
	if cap(kvs) > maxReusedAttributes {
		kvs = nil
	}
	l.Attributes, l.Body = kvs[:0], ""
	l.logger.Resource, l.logger.Scope.Name = nil, ""
	recordLines.Put(l)
}
