package otelkit

import (
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/exporters/otlp"
)

// unlimited is the SDK's word for no limit.
const unlimited = -1

// defaultLogAttributes is how many attributes one log record may have.
const defaultLogAttributes = 128

func defaultSpanLimits() sdktrace.SpanLimits {
	return sdktrace.SpanLimits{
		// Values are cut behind the scrubber.
		AttributeValueLengthLimit:   unlimited,
		AttributeCountLimit:         128,
		EventCountLimit:             128,
		LinkCountLimit:              128,
		AttributePerEventCountLimit: 128,
		AttributePerLinkCountLimit:  128,
	}
}

// readLimits reads the limits of spans and log records; the general ones first,
// which those of a signal override.
func (c *config) readLimits(env *environment) {
	span := &c.spanLimits
	for _, dst := range []*int{&span.AttributeCountLimit, &c.logAttributes} {
		env.count("OTEL_ATTRIBUTE_COUNT_LIMIT", dst, 0)
	}
	for _, dst := range []*valueLength{&c.spanValues, &c.logValues} {
		env.count("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", (*int)(dst), 0)
	}
	env.count("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", &span.AttributeCountLimit, 0)
	env.count("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", (*int)(&c.spanValues), 0)
	env.count("OTEL_SPAN_EVENT_COUNT_LIMIT", &span.EventCountLimit, 0)
	env.count("OTEL_SPAN_LINK_COUNT_LIMIT", &span.LinkCountLimit, 0)
	env.count("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", &span.AttributePerEventCountLimit, 0)
	env.count("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", &span.AttributePerLinkCountLimit, 0)
	env.count("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", &c.logAttributes, 0)
	env.count("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", (*int)(&c.logValues), 0)
}

// readBatches reads how records are gathered into requests. What is left at 0 is
// the exporter's default.
func (c *config) readBatches(env *environment) {
	readBatch(env, "OTEL_BSP", &c.spanBatch)
	readBatch(env, "OTEL_BLRP", &c.logBatch)
}

func readBatch(env *environment, prefix string, b *otlp.Batch) {
	env.millis(prefix+"_SCHEDULE_DELAY", &b.ScheduleDelay)
	env.timeout(prefix+"_EXPORT_TIMEOUT", &b.ExportTimeout)
	env.count(prefix+"_MAX_QUEUE_SIZE", &b.MaxQueueSize, 1)
	env.count(prefix+"_MAX_EXPORT_BATCH_SIZE", &b.MaxExportBatchSize, 1)
}
