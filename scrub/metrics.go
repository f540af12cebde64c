package scrub

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/otelkit/otelkit-go/scrub/internal/merge"
)

// Views returns views that drop attributes held under a sensitive key when a
// measurement is made, so that they make no series of their own:
//
//	sdkmetric.WithView(scrub.Views(s, yours...)...)
//
// The SDK makes one stream for every view that matches an instrument. So user
// views are wrapped, and one more view is added that matches what none of them
// does and leaves everything else at its default. Pass all views through one
// call; one that is added beside the result brings back what is dropped here.
//
// The dropped attributes may show up in exemplars, and values under harmless
// keys are not looked at: use [NewMetricExporter], too. As a view with an
// attribute filter overrides them, the attribute keys that an instrument
// advises (metric.WithDefaultAttributes) have no effect behind these views.
//
// A nil s has default options.
func Views(s *Scrubber, user ...sdkmetric.View) []sdkmetric.View {
	s = s.orDefault()
	views := make([]sdkmetric.View, 0, len(user)+1)
	for _, view := range user {
		views = append(views, func(i sdkmetric.Instrument) (sdkmetric.Stream, bool) {
			stream, ok := view(i)
			stream.AttributeFilter = s.measured(stream.AttributeFilter)
			return stream, ok
		})
	}
	return append(views, func(i sdkmetric.Instrument) (sdkmetric.Stream, bool) {
		for _, view := range user {
			if _, ok := view(i); ok {
				return sdkmetric.Stream{}, false
			}
		}
		return sdkmetric.Stream{
			Name: i.Name, Description: i.Description, Unit: i.Unit, AttributeFilter: s.measured(nil),
		}, true
	})
}

// measured returns a filter that keeps what next keeps and is not held under a
// sensitive key. A nil next keeps all.
func (s *Scrubber) measured(next attribute.Filter) attribute.Filter {
	return func(kv attribute.KeyValue) (keep bool) {
		if next != nil && !next(kv) {
			return false
		}
		defer func() {
			if recover() != nil {
				s.failed(sigMetrics)
				keep = false
			}
		}()
		if s.orDefault().find.Verdict(string(kv.Key)).Rule == nil {
			return true
		}
		_, hit := s.keyValue(sigMetrics, kv)
		return !hit
	}
}

// NewMetricExporter returns an exporter that hands next metrics with their
// sensitive parts masked: attributes of data points and of exemplars,
// resource, instrumentation scope, name, description and unit. The mask is
// fixed, whatever the options of s say, as a pseudonym per user would make a
// series per user.
//
// Data points of one metric whose attributes become equal are merged, and so
// are metrics and scopes that become equal. Sums, counts and buckets are added,
// whichever their temporality; exponential histograms are brought to one scale,
// those with other boundaries to the boundaries they share. Of gauges the last
// one counts, of several at the same time the largest. A summary loses its
// quantiles, as these cannot be merged. A metric that cannot be scrubbed is left
// out.
//
// What it is handed is never changed, as the SDK uses it again. Temporality,
// Aggregation, ForceFlush and Shutdown are those of next. The exporter is as
// safe for concurrent use as next. A nil s has default options.
func NewMetricExporter(next sdkmetric.Exporter, s *Scrubber) sdkmetric.Exporter {
	return &metricExporter{Exporter: next, scrubber: s.orDefault()}
}

// metricExporter takes all methods but Export from the exporter it wraps.
type metricExporter struct {
	sdkmetric.Exporter
	scrubber  *Scrubber
	resources resourceCache
}

func (e *metricExporter) Export(ctx context.Context, rm *metricdata.ResourceMetrics) error {
	clean, err := e.scrubber.metrics(rm, &e.resources)
	if err != nil {
		return err
	}
	return e.Exporter.Export(ctx, clean)
}

// errMetrics means that nothing of a collection could be vouched for.
var errMetrics = errors.New("otelkit: scrubbing metrics failed, they are not exported")

func (s *Scrubber) metrics(rm *metricdata.ResourceMetrics, resources *resourceCache) (_ *metricdata.ResourceMetrics, err error) {
	defer func() {
		if recover() != nil {
			s.failed(sigMetrics)
			err = errMetrics
		}
	}()
	res, h1 := resources.get(s, rm.Resource)
	scopes, h2 := rewrite(rm.ScopeMetrics, s.scopeMetrics)
	if !h1 && !h2 {
		return rm, nil
	}
	if h2 {
		scopes = merge.Scopes(scopes)
	}
	return &metricdata.ResourceMetrics{Resource: res, ScopeMetrics: scopes}, nil
}

func (s *Scrubber) scopeMetrics(sm metricdata.ScopeMetrics) (_ metricdata.ScopeMetrics, keep, changed bool) {
	scope, h1 := s.scope(sigMetrics, sm.Scope)
	metrics, h2 := rewrite(sm.Metrics, s.metric)
	if h2 {
		metrics = merge.Metrics(metrics)
	}
	return metricdata.ScopeMetrics{Scope: scope, Metrics: metrics}, true, h1 || h2
}

func (s *Scrubber) metric(m metricdata.Metrics) (_ metricdata.Metrics, keep, changed bool) {
	defer func() {
		if recover() != nil {
			s.failed(sigMetrics)
			keep, changed = false, true
		}
	}()
	name, h1 := s.text(sigMetrics, "", m.Name)
	description, h2 := s.text(sigMetrics, "", m.Description)
	unit, h3 := s.text(sigMetrics, "", m.Unit)
	data, h4 := s.aggregation(m.Data)
	return metricdata.Metrics{Name: name, Description: description, Unit: unit, Data: data}, data != nil, h1 || h2 || h3 || h4
}

// aggregation returns nil for a kind of data it does not know.
func (s *Scrubber) aggregation(data metricdata.Aggregation) (metricdata.Aggregation, bool) {
	switch d := data.(type) {
	case metricdata.Sum[int64]:
		return sum(s, d)
	case metricdata.Sum[float64]:
		return sum(s, d)
	case metricdata.Gauge[int64]:
		return gauge(s, d)
	case metricdata.Gauge[float64]:
		return gauge(s, d)
	case metricdata.Histogram[int64]:
		return histogram(s, d)
	case metricdata.Histogram[float64]:
		return histogram(s, d)
	case metricdata.ExponentialHistogram[int64]:
		return exponentialHistogram(s, d)
	case metricdata.ExponentialHistogram[float64]:
		return exponentialHistogram(s, d)
	case metricdata.Summary:
		return summary(s, d)
	default:
		s.failed(sigMetrics)
		return nil, true
	}
}

func sum[N int64 | float64](s *Scrubber, d metricdata.Sum[N]) (metricdata.Aggregation, bool) {
	points, changed := points(s, d.DataPoints, merge.NumberPart[N], merge.Numbers[N])
	d.DataPoints = points
	return d, changed
}

func gauge[N int64 | float64](s *Scrubber, d metricdata.Gauge[N]) (metricdata.Aggregation, bool) {
	points, changed := points(s, d.DataPoints, merge.NumberPart[N], merge.LastNumber[N])
	d.DataPoints = points
	return d, changed
}

func histogram[N int64 | float64](s *Scrubber, d metricdata.Histogram[N]) (metricdata.Aggregation, bool) {
	points, changed := points(s, d.DataPoints, merge.HistogramPart[N], merge.Histograms[N])
	d.DataPoints = points
	return d, changed
}

func exponentialHistogram[N int64 | float64](s *Scrubber, d metricdata.ExponentialHistogram[N]) (metricdata.Aggregation, bool) {
	points, changed := points(s, d.DataPoints, merge.ExponentialPart[N], merge.ExponentialHistograms[N])
	d.DataPoints = points
	return d, changed
}

func summary(s *Scrubber, d metricdata.Summary) (metricdata.Aggregation, bool) {
	points, changed := points(s, d.DataPoints, merge.SummaryPart, merge.Summaries)
	d.DataPoints = points
	return d, changed
}

// points scrubs the attributes and exemplars of in, to which part leads, and
// adds up those points that have become the same series.
func points[P any, N int64 | float64](
	s *Scrubber, in []P, part merge.Part[P, N], add func(a, b P) P,
) ([]P, bool) {
	relabelled := false
	out, changed := rewrite(in, func(p P) (P, bool, bool) {
		set, exemplars := part(&p)
		cleanSet, h1 := s.set(sigMetrics, *set)
		cleanExemplars, h2 := rewrite(*exemplars, func(e metricdata.Exemplar[N]) (metricdata.Exemplar[N], bool, bool) {
			attrs, hit := s.attributes(sigMetrics, e.FilteredAttributes)
			e.FilteredAttributes = attrs
			return e, true, hit
		})
		*set, *exemplars = cleanSet, cleanExemplars
		relabelled = relabelled || h1
		return p, true, h1 || h2
	})
	if !relabelled {
		return out, changed
	}
	return merge.Points(out, part, add), true
}
