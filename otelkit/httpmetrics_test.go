package otelkit

import (
	"slices"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"

	"github.com/otelkit/otelkit-go/scrub"
)

func TestSeriesKeysAreAll(t *testing.T) {
	t.Parallel()
	set := httpSeries{method: "GET", scheme: "http", version: "1.1", route: "/", failure: "x", status: 500}.attributes()
	for _, kv := range set.ToSlice() {
		if !slices.Contains(seriesKeys, kv.Key) {
			t.Errorf("%s is not among seriesKeys", kv.Key)
		}
	}
	if set.Len() != len(seriesKeys) {
		t.Errorf("%d attributes, %d keys", set.Len(), len(seriesKeys))
	}
}

// What a measurement of requests may have under its keys is looked at when it is
// made, unless all of it would be kept.
func TestWithoutFilter(t *testing.T) {
	t.Parallel()
	request := sdkmetric.Instrument{Name: "http.server.request.duration", Scope: instrumentation.Scope{Name: tracerName}}
	foreign := sdkmetric.Instrument{Name: "http.server.request.duration", Scope: instrumentation.Scope{Name: "other"}}
	shop := sdkmetric.Instrument{Name: "orders", Scope: instrumentation.Scope{Name: tracerName}}
	view := sdkmetric.NewView(request, sdkmetric.Stream{AttributeFilter: attribute.NewDenyKeysFilter("url.scheme")})
	for _, test := range []struct {
		name       string
		opts       []scrub.Option
		views      []sdkmetric.View
		instrument sdkmetric.Instrument
		filtered   bool
	}{
		{"requests", nil, nil, request, false},
		{"the same name elsewhere", nil, nil, foreign, true},
		{"another metric", nil, nil, shop, true},
		{"a view of the user's", nil, []sdkmetric.View{view}, request, true},
		{"a key that is sensitive", []scrub.Option{scrub.WithKeys(scrub.PII, "http.route")}, nil, request, true},
	} {
		s, err := scrub.New(test.opts...)
		if err != nil {
			t.Fatal(err)
		}
		var streams []sdkmetric.Stream
		for _, v := range withoutFilter(scrub.Views(s, test.views...), s) {
			if stream, ok := v(test.instrument); ok {
				streams = append(streams, stream)
			}
		}
		if len(streams) != 1 || (streams[0].AttributeFilter != nil) != test.filtered {
			t.Errorf("%s: %d streams, filtered %v, want one and %v", test.name, len(streams), !test.filtered, test.filtered)
		}
	}
}
