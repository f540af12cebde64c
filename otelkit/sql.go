package otelkit

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/XSAM/otelsql"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/embedded"
)

// An SQLOption is a setting of [OpenDB] and [OpenSQL].
type SQLOption interface{ applySQL(*sqlConfig) }

type sqlConfig struct {
	kit      *Kit
	system   string
	expected []error
}

type sqlOption func(*sqlConfig)

func (f sqlOption) applySQL(c *sqlConfig) { f(c) }

func (o KitOption) applySQL(c *sqlConfig) { c.kit = o.kit }

// WithDBSystem names the database, such as "postgresql", for the attribute
// db.system.name (semantic conventions, "Database"). Default: none.
func WithDBSystem(name string) SQLOption {
	return sqlOption(func(c *sqlConfig) { c.system = name })
}

// OpenDB is [sql.OpenDB] with a span and metrics for each query (from
// otelsql). Statements are sanitised: their literals are replaced by question
// marks.
//
// A query that fails, or whose rows break off, is logged once as query_failed at
// WARN, with its sanitised statement and duration. As with [HTTPTransport], it is an
// issue only if what it was made for fails and nothing else explains that: whether a
// broken constraint is a failure is the request's to say. A query outside of any
// request, task, command and span has nobody to say so, and is logged at ERROR, which
// is an issue. What says no more than that there is nothing there, that somebody
// cancelled or that the connection is to be replaced, is no failure, whatever the
// driver calls it, and neither are expected errors ([WithExpectedErrors]).
//
// The kit is the one that [FromContext] finds in the context of a query; metrics are those of
// OpenTelemetry's global provider unless [WithKit] is given.
func OpenDB(c driver.Connector, opts ...SQLOption) *sql.DB {
	cfg := &sqlConfig{}
	for _, o := range opts {
		if o != nil {
			o.applySQL(cfg)
		}
	}
	return otelsql.OpenDB(sqlConnector{c, cfg}, cfg.options()...)
}

// OpenSQL is [sql.Open] with what [OpenDB] adds.
func OpenSQL(driverName, dsn string, opts ...SQLOption) (*sql.DB, error) {
	// This is the only way to a driver by its name. It does not connect.
	db, err := sql.Open(driverName, dsn)
	if err != nil {
		return nil, err
	}
	d := db.Driver()
	if err := db.Close(); err != nil {
		return nil, err
	}
	if dc, ok := d.(driver.DriverContext); ok {
		c, err := dc.OpenConnector(dsn)
		if err != nil {
			return nil, err
		}
		return OpenDB(c, opts...), nil
	}
	return OpenDB(dsnConnector{d, dsn}, opts...), nil
}

// dsnConnector is a driver that knows no connectors.
type dsnConnector struct {
	driver driver.Driver
	dsn    string
}

func (c dsnConnector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c dsnConnector) Driver() driver.Driver                        { return c.driver }

func (c *sqlConfig) options() []otelsql.Option {
	meters := otel.GetMeterProvider()
	if c.kit != nil {
		meters = c.kit.MeterProvider()
	}
	opts := []otelsql.Option{
		otelsql.WithTracerProvider(contextTracers{kit: c.kit}),
		otelsql.WithMeterProvider(meters),
		otelsql.WithDisableSkipErrMeasurement(true),
		otelsql.WithSpanNameFormatter(querySpanName),
		otelsql.WithSpanOptions(otelsql.SpanOptions{
			DisableErrSkip: true, OmitConnResetSession: true, OmitRows: true, OmitConnectorConnect: true,
			RecordError: c.isFailure,
		}),
	}
	if c.system != "" {
		opts = append(opts, otelsql.WithAttributes(attribute.String("db.system.name", c.system)))
	}
	return opts
}

// querySpanName is the operation of a statement, such as SELECT. Names of
// tables are not told from it, as that takes a parser of each dialect.
func querySpanName(_ context.Context, method otelsql.Method, query string) string {
	if op := operation(query); op != "" {
		return op
	}
	return string(method)
}

func operation(query string) string {
	query = strings.TrimSpace(query)
	if i := strings.IndexFunc(query, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }); i >= 0 {
		query = query[:i]
	}
	if len(query) > 16 {
		return ""
	}
	return strings.ToUpper(query)
}

// isFailure reports whether err tells of a query that failed.
func (c *sqlConfig) isFailure(err error) bool {
	return err != nil && !isAny(err, []error{driver.ErrSkip, driver.ErrBadConn, sql.ErrNoRows, sql.ErrTxDone, context.Canceled}) &&
		!isAny(err, c.expected)
}

// say logs err if it tells of a query that failed. What a driver says when it was
// cancelled is in its own words.
func (c *sqlConfig) say(ctx context.Context, query string, started time.Time, err error) {
	if !c.isFailure(err) || isCancelled(ctx) {
		return
	}
	k := c.kit
	if k == nil {
		k = FromContext(ctx)
	}
	if k.off() {
		return
	}
	e := entry{event: "query_failed", level: slog.LevelWarn, errs: []error{err}, stack: caller()}
	if isAlone(ctx) {
		e.level = slog.LevelError
	}
	attrs := []attribute.KeyValue{errorAttr(err), milliseconds(time.Since(started))}
	if query != "" {
		text := k.config.scrubber.Value("db.query.text", attribute.StringValue(query))
		attrs = append(attrs, attribute.KeyValue{Key: "statement", Value: text})
	}
	if c.system != "" {
		attrs = append(attrs, attribute.String("db_system", c.system))
	}
	k.events.sql.say(ctx, e, attrs...)
}

// aloneKey marks the context of a query that nothing was around.
type aloneKey struct{}

// isAlone reports whether there is nothing around a query whose outcome could tell
// whether it mattered. ctx has the span of the query already, if it has one.
func isAlone(ctx context.Context) bool {
	return ctx.Value(aloneKey{}) != nil || nothingAround(ctx)
}

func nothingAround(ctx context.Context) bool {
	sc := trace.SpanContextFromContext(ctx)
	return scopeOf(ctx) == nil && (!sc.IsValid() || sc.IsRemote())
}

// contextTracers is the tracer provider of whatever kit a context belongs to.
type contextTracers struct {
	embedded.TracerProvider
	kit *Kit // instead of that of the context
}

func (p contextTracers) Tracer(name string, opts ...trace.TracerOption) trace.Tracer {
	return contextTracer{kit: p.kit, name: name, opts: opts}
}

type contextTracer struct {
	embedded.Tracer
	kit  *Kit
	name string
	opts []trace.TracerOption
}

func (t contextTracer) Start(ctx context.Context, name string, opts ...trace.SpanStartOption) (context.Context, trace.Span) {
	k := t.kit
	if k == nil {
		k = FromContext(ctx)
	}
	if nothingAround(ctx) {
		ctx = context.WithValue(ctx, aloneKey{}, true)
	}
	ctx, span := k.TracerProvider().Tracer(t.name, t.opts...).Start(ctx, name, opts...)
	return ctx, querySpan{span, ctx}
}

// querySpan is the span of a query as otelsql has it: what the driver says of one that
// was cancelled is no failure.
type querySpan struct {
	trace.Span
	ctx context.Context
}

func (s querySpan) RecordError(err error, opts ...trace.EventOption) {
	if !isCancelled(s.ctx) {
		s.Span.RecordError(err, opts...)
	}
}

func (s querySpan) SetStatus(code codes.Code, text string) {
	if !isCancelled(s.ctx) {
		s.Span.SetStatus(code, text)
	}
}

func isCancelled(ctx context.Context) bool {
	return ctx.Err() == context.Canceled
}

// What database/sql says of drivers that lack something.
var (
	errIsolation = errors.New("otelkit: the driver supports neither isolation levels nor read-only transactions")
	errNamed     = errors.New("otelkit: the driver does not support named parameters")
)
