package otelkit

import (
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/semconv/v1.43.0/httpconv"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/scrub"
)

// httpServer is what serves the requests of a kit.
type httpServer struct {
	kit        *Kit
	config     *httpConfig
	tracer     trace.Tracer
	propagator propagation.TextMapPropagator
	duration   metric.Float64Histogram
	received   metric.Int64Histogram // nil without WithBodySizes
	sent       metric.Int64Histogram // as well
	series     seriesCache
}

// durationBounds are those of the semantic conventions, in seconds
// ("http.server.request.duration").
var durationBounds = []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}

func newHTTPServer(k *Kit, c *httpConfig) *httpServer {
	s := &httpServer{kit: k, config: c, tracer: k.tracer(), propagator: k.propagator}
	if c.public {
		s.propagator = withoutBaggage{k.propagator}
	}
	m := k.metrics.Meter(tracerName)
	d, err := httpconv.NewServerRequestDuration(m, metric.WithExplicitBucketBoundaries(durationBounds...))
	s.report(err)
	s.duration = d.Inst()
	if c.bodySizes {
		received, err := httpconv.NewServerRequestBodySize(m)
		s.report(err)
		sent, err := httpconv.NewServerResponseBodySize(m)
		s.report(err)
		s.received, s.sent = received.Inst(), sent.Inst()
	}
	return s
}

// report tells of a metric that cannot be: a view of the user's is wrong. What
// came with the error can be used.
func (s *httpServer) report(err error) {
	if err != nil {
		s.kit.report.Handle(err)
	}
}

// measure records the metrics of the request.
func (x *exchange) measure() {
	r := x.request
	opts := x.series.options(httpSeries{
		method: methodOf(r), scheme: schemeOf(r), version: protocolVersion(r),
		route: pathTemplate(r.Pattern), status: x.status(), failure: x.errorType(),
	})
	ctx := r.Context()
	if x.ended.IsZero() {
		x.ended = time.Now()
	}
	x.duration.Record(ctx, x.ended.Sub(x.started).Seconds(), opts...)
	if x.sent == nil {
		return
	}
	x.sent.Record(ctx, x.response.bytes, opts...)
	if r.ContentLength >= 0 {
		x.received.Record(ctx, r.ContentLength, opts...)
	}
}

// withoutFilter takes the attribute filter from the metrics of requests where
// it would keep all anyway: asking it is a third of what a measurement costs. The
// last of views is the one that is for what no view of the user's matches.
func withoutFilter(views []sdkmetric.View, s *scrub.Scrubber) []sdkmetric.View {
	for _, key := range seriesKeys {
		if _, sensitive := s.SensitiveKey(string(key)); sensitive {
			return views
		}
	}
	last := views[len(views)-1]
	views[len(views)-1] = func(i sdkmetric.Instrument) (sdkmetric.Stream, bool) {
		stream, ok := last(i)
		if i.Scope.Name == tracerName && strings.HasPrefix(i.Name, "http.server.") {
			stream.AttributeFilter = nil
		}
		return stream, ok
	}
	return views
}

// seriesKeys are the keys of the attributes of an httpSeries.
var seriesKeys = []attribute.Key{
	semconv.HTTPRequestMethodKey, semconv.URLSchemeKey, semconv.NetworkProtocolVersionKey,
	semconv.HTTPRouteKey, semconv.HTTPResponseStatusCodeKey, semconv.ErrorTypeKey,
}

// httpSeries is what tells the time series of requests apart. The host is not
// part of it: a client can put into it what it likes, until no series are left.
type httpSeries struct {
	method, scheme, version, route, failure string
	status                                  int
}

func (s httpSeries) attributes() attribute.Set {
	kvs := []attribute.KeyValue{
		semconv.HTTPRequestMethodKey.String(s.method), semconv.URLScheme(s.scheme), semconv.NetworkProtocolVersion(s.version),
	}
	if s.route != "" {
		kvs = append(kvs, semconv.HTTPRoute(s.route))
	}
	if s.status != 0 {
		kvs = append(kvs, semconv.HTTPResponseStatusCode(s.status))
	}
	if s.failure != "" {
		kvs = append(kvs, semconv.ErrorTypeKey.String(s.failure))
	}
	return attribute.NewSet(kvs...)
}

// seriesCache holds the options of measurements, whose making costs more than
// the measuring. Reading takes no lock.
type seriesCache struct {
	mu   sync.Mutex
	made atomic.Pointer[map[httpSeries][]metric.RecordOption]
}

// maxSeries bounds the cache, as a WithRoute may return what it likes.
const maxSeries = 512

func (c *seriesCache) options(s httpSeries) []metric.RecordOption {
	made := c.made.Load()
	if made != nil {
		if opts, ok := (*made)[s]; ok {
			return opts
		}
	}
	opts := []metric.RecordOption{metric.WithAttributeSet(s.attributes())}
	c.mu.Lock()
	defer c.mu.Unlock()
	more := map[httpSeries][]metric.RecordOption{}
	if made = c.made.Load(); made != nil {
		if len(*made) >= maxSeries {
			return opts
		}
		maps.Copy(more, *made)
	}
	more[s] = opts
	c.made.Store(&more)
	return opts
}
