package otlp

import (
	"time"

	sdkmetric "go.opentelemetry.io/otel/sdk/metric"

	"github.com/otelkit/otelkit-go/exporters/spool"
)

// Option configures an Exporter.
type Option interface{ apply(*config) }

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

type config struct {
	endpoints map[Signal]Endpoint
	batches   map[Signal]Batch
	handler   func(error)

	spoolDir     string
	spoolOptions []spool.Option
	spoolDelay   time.Duration
	queueBytes   int64
	spoolBytes   int64

	temporality sdkmetric.TemporalitySelector
	aggregation sdkmetric.AggregationSelector

	dial func(Signal, Endpoint, target) (client, error) // replaced by tests
}

// Batch says how records of one signal are gathered into requests. The zero
// value of each field stands for its default.
type Batch struct {
	// MaxQueueSize bounds the records that wait to be sent; above it new ones
	// are dropped and counted, those of ERROR and above excepted. 0 leaves only
	// the bound of WithQueueBytes. (OTEL_BSP_MAX_QUEUE_SIZE,
	// OTEL_BLRP_MAX_QUEUE_SIZE.)
	MaxQueueSize int
	// ScheduleDelay is how long a record may wait for others to travel with.
	// Default 5 s for spans and 1 s for log records. (OTEL_BSP_SCHEDULE_DELAY,
	// OTEL_BLRP_SCHEDULE_DELAY.)
	ScheduleDelay time.Duration
	// ExportTimeout bounds one attempt to send, together with
	// Endpoint.Timeout; the shorter one counts. Default 30 s.
	// (OTEL_BSP_EXPORT_TIMEOUT, OTEL_BLRP_EXPORT_TIMEOUT.)
	ExportTimeout time.Duration
	// MaxExportBatchSize is the most records in one request. Default 512, and
	// half of MaxQueueSize at most: the other half is room while one is sent.
	// (OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_BLRP_MAX_EXPORT_BATCH_SIZE.)
	MaxExportBatchSize int
}

func (b Batch) withDefaults(signal Signal) Batch {
	if b.ScheduleDelay <= 0 {
		b.ScheduleDelay = time.Second
		if signal == Traces {
			b.ScheduleDelay = 5 * time.Second
		}
	}
	if b.ExportTimeout <= 0 {
		b.ExportTimeout = 30 * time.Second
	}
	if b.MaxExportBatchSize <= 0 {
		b.MaxExportBatchSize = 512
	}
	if b.MaxQueueSize > 0 {
		// A batch that is as large as the queue would never fill, or leave no room
		// while it is under way.
		b.MaxExportBatchSize = min(b.MaxExportBatchSize, max(1, b.MaxQueueSize/2))
	}
	return b
}

// WithEndpoint sends all three signals to e. With HTTP, e.URL is a base that
// "/v1/traces", "/v1/metrics" and "/v1/logs" are put behind
// (OTEL_EXPORTER_OTLP_ENDPOINT). WithTraces, WithMetrics and WithLogs given
// after it override it for their signal.
func WithEndpoint(e Endpoint) Option {
	return optionFunc(func(c *config) {
		for _, s := range []Signal{Traces, Metrics, Logs} {
			c.endpoints[s] = e.forSignal(s)
		}
	})
}

// WithTraces sends spans to e. Without an endpoint the signal is off.
func WithTraces(e Endpoint) Option {
	return optionFunc(func(c *config) { c.endpoints[Traces] = e })
}

// WithMetrics sends metrics to e. Without an endpoint the signal is off.
func WithMetrics(e Endpoint) Option {
	return optionFunc(func(c *config) { c.endpoints[Metrics] = e })
}

// WithLogs sends log records to e. Without an endpoint the signal is off.
func WithLogs(e Endpoint) Option {
	return optionFunc(func(c *config) { c.endpoints[Logs] = e })
}

// WithBatch sets how records of signal are gathered. Metrics are gathered by
// their reader; for them only ExportTimeout counts.
func WithBatch(signal Signal, b Batch) Option {
	return optionFunc(func(c *config) { c.batches[signal] = b })
}

// WithSpool keeps requests that wait to be sent in files under dir, so that
// they outlive the process; see package spool for what that promises. Each
// signal has a directory of its own in there. opts may set age and sync policy;
// its callbacks belong to the Exporter. An empty dir keeps requests in memory.
func WithSpool(dir string, opts ...spool.Option) Option {
	return optionFunc(func(c *config) { c.spoolDir, c.spoolOptions = dir, opts })
}

// DefaultSpoolDelay is how long records of a burst gather in memory before they
// are written to the spool.
const DefaultSpoolDelay = 5 * time.Millisecond

// WithSpoolBytes bounds the files of the spool, all signals together, and leaves
// the bound of what is held in memory alone. It wins over [WithQueueBytes]. 0
// means the default.
func WithSpoolBytes(n int64) Option {
	return optionFunc(func(c *config) { c.spoolBytes = max(n, 0) })
}

// WithSpoolDelay sets how long records of a burst gather before they are written
// to the spool: what is lost when the process is killed meanwhile. Up to 5000
// records a second of one signal, and 2000 at once, are written before the call
// that recorded them returns, whatever the delay; 0 extends that to all, at the
// price of a file write each. Default DefaultSpoolDelay. Requests are
// still sent every Batch.ScheduleDelay, in the sizes of Batch.
func WithSpoolDelay(d time.Duration) Option {
	return optionFunc(func(c *config) { c.spoolDelay = max(d, 0) })
}

// The default bounds of what waits to be sent, all signals together: in memory,
// and in the spool if there is one.
const (
	DefaultQueueBytes = 64 << 20
	DefaultSpoolBytes = 256 << 20
)

// WithQueueBytes bounds what waits to be sent, all signals together, wherever it
// waits. Above it the oldest requests are dropped and counted, those that hold
// records of ERROR and above or failed spans last. 0 means the default.
func WithQueueBytes(n int64) Option {
	return optionFunc(func(c *config) { c.queueBytes = max(n, 0) })
}

// WithErrorHandler has handle called with what goes wrong on the way to the
// receiver, at most about once a minute for each signal and kind of trouble.
// The texts never hold headers, bodies or userinfo. handle is called from the
// exporter's goroutines, must not block, and must not log through a pipeline
// that ends in this exporter. Default: one line on standard error. nil
// silences it.
func WithErrorHandler(handle func(error)) Option {
	return optionFunc(func(c *config) { c.handler = handle })
}

// WithTemporality chooses the temporality of the metric exporter by
// instrument kind (OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE). Default
// cumulative for all.
func WithTemporality(s sdkmetric.TemporalitySelector) Option {
	return optionFunc(func(c *config) { c.temporality = s })
}

// WithAggregation chooses the default aggregation of the metric exporter by
// instrument kind
// (OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION). Default
// sdkmetric.DefaultAggregationSelector.
func WithAggregation(s sdkmetric.AggregationSelector) Option {
	return optionFunc(func(c *config) { c.aggregation = s })
}
