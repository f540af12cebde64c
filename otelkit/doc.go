// Package otelkit is the telemetry of a Go service in one call.
//
//	kit, err := otelkit.Init(ctx, otelkit.WithServiceName("checkout"))
//	if err != nil {
//		log.Fatal(err) // names every setting that is wrong
//	}
//	defer kit.Shutdown(context.Background())
//
// From then on the lines logged through package slog, the spans and the metrics
// of the service are scrubbed of sensitive data and exported: over OTLP where an
// endpoint is set, else as readable lines on standard error. A line logged with
// a context carries its trace id, its span id and the attributes of [Bind].
//
// # Settings
//
// An option wins over an environment variable, which wins over the default. A
// wrong value is an error of [Init] that names it. These variables are read:
//
//	OTEL_SDK_DISABLED                     true: nothing is recorded
//	OTEL_SERVICE_NAME                     name of the service
//	OTEL_RESOURCE_ATTRIBUTES              attributes of the service
//	OTEL_{TRACES,METRICS,LOGS}_EXPORTER   otlp, console, none
//	OTEL_EXPORTER_OTLP_ENDPOINT           and PROTOCOL, HEADERS, COMPRESSION, TIMEOUT, INSECURE,
//	                                      CERTIFICATE, CLIENT_CERTIFICATE, CLIENT_KEY; each of them
//	                                      also as OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_…
//	OTEL_TRACES_SAMPLER, …_ARG            always_on, always_off, traceidratio, parentbased_…
//	OTEL_PROPAGATORS                      tracecontext, baggage, b3, b3multi, jaeger, xray, ottrace, none
//	OTEL_BSP_…, OTEL_BLRP_…               SCHEDULE_DELAY, EXPORT_TIMEOUT, MAX_QUEUE_SIZE, MAX_EXPORT_BATCH_SIZE
//	OTEL_METRIC_EXPORT_INTERVAL, _TIMEOUT milliseconds
//	OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE
//	                                      cumulative, delta, lowmemory
//	OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION
//	                                      explicit_bucket_histogram, base2_exponential_bucket_histogram
//	OTEL_…_COUNT_LIMIT, _LENGTH_LIMIT     of spans, events, links and log records
//	OTELKIT_LOG_LEVEL                     info,shop.payment=debug
//	OTELKIT_CONSOLE                       pretty, json, off
//	OTELKIT_SCRUB_POLICY                  file with scrub rules
//	OTELKIT_SPOOL_DIR                     folder for what could not be sent yet
//	OTELKIT_SPOOL_SYNC                    always, interval, never
//	OTELKIT_SPOOL_MAX_SIZE, _MAX_AGE      256MiB, 72h
//	SENTRY_DSN, SENTRY_ENVIRONMENT,       errors to Sentry
//	SENTRY_RELEASE, SENTRY_SPOTLIGHT
//
// A …TIMEOUT of 0 means none, as the specification has it. One attempt to send is
// bounded by OTEL_EXPORTER_OTLP_TIMEOUT (10 s) and by OTEL_BSP_EXPORT_TIMEOUT or
// OTEL_BLRP_EXPORT_TIMEOUT (30 s, for metrics always), whichever is shorter.
//
// OTEL_CONFIG_FILE is refused.
//
// # What a death of the process costs
//
// Without OTELKIT_SPOOL_DIR, all that waits in memory. With it, a record is in a
// file before the call that recorded it returns, up to 2000 records of a signal at
// once and 5000 a second; in a burst above that, records gather in memory for 5
// ms, and these are lost if the process is killed. With OTELKIT_SPOOL_SYNC=always
// every record is on the disk when the call returns, also if the machine dies.
//
// # What it never does
//
// No recording call blocks on the network, returns an error or panics into the
// service. What goes wrong inside telemetry is said on standard error, each
// thing at most once a minute.
package otelkit
