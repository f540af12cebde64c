package scrub_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/baggage"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/scrub"
)

var w3c = propagation.NewCompositeTextMapPropagator(propagation.TraceContext{}, propagation.Baggage{})

func TestPropagator(t *testing.T) {
	t.Parallel()
	email := url.QueryEscape(secretAt("ada"))
	tests := map[string]struct{ in, want string }{
		"harmless":           {"tenant=acme,region=eu;ttl=5;sticky", "region=eu;ttl=5;sticky,tenant=acme"},
		"sensitive key":      {"tenant=acme,session.token=abc123", "tenant=acme"},
		"value that tells":   {"owner=" + email, "owner=%5BREDACTED:pii.email%5D"},
		"part of a value":    {"note=by%20" + email + "%20today", "note=by%20%5BREDACTED:pii.email%5D%20today"},
		"property":           {"tenant=acme;owner=" + email + ";ttl=5", "tenant=acme;owner=%5BREDACTED:pii.email%5D;ttl=5"},
		"sensitive property": {"tenant=acme;password=hunter2;ttl=5", "tenant=acme;ttl=5"},
		"only sensitive":     {"api_key=abc", ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bag, err := baggage.Parse(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			carrier := propagation.MapCarrier{}
			scrub.NewPropagator(w3c, nil).Inject(baggage.ContextWithBaggage(t.Context(), bag), carrier)
			got := carrier.Get("baggage")
			// The order of members is not kept: compare what a receiver reads.
			want, have := members(t, tt.want), members(t, got)
			if diff := cmp.Diff(want, have); diff != "" {
				t.Errorf("header %q (-want +got):\n%s", got, diff)
			}
		})
	}
}

func members(t *testing.T, header string) map[string]string {
	t.Helper()
	bag, err := baggage.Parse(header)
	if err != nil {
		t.Fatalf("%q is no baggage: %v", header, err)
	}
	out := map[string]string{}
	for _, m := range bag.Members() {
		line, err := url.PathUnescape(m.String())
		if err != nil {
			t.Fatalf("%q is not percent-encoded: %v", m, err)
		}
		out[m.Key()] = line
	}
	return out
}

func TestPropagatorTraceState(t *testing.T) {
	t.Parallel()
	ts, err := trace.ParseTraceState("dd=s:2;o:rum,vendor=" + secretAt("ada") + ",ot=th:8")
	if err != nil {
		t.Fatal(err)
	}
	carrier := propagation.MapCarrier{}
	sc := spanContext(5, ts)
	scrub.NewPropagator(w3c, nil).Inject(trace.ContextWithSpanContext(t.Context(), sc), carrier)
	want := propagation.MapCarrier{
		"traceparent": "00-05000000000000000000000000000000-0500000000000000-01",
		"tracestate":  "vendor=[REDACTED:pii.email],dd=s:2;o:rum,ot=th:8",
	}
	if diff := cmp.Diff(want, carrier); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPropagatorLeavesTheProcessAlone(t *testing.T) {
	t.Parallel()
	header := "session.token=abc,tenant=acme"
	p := scrub.NewPropagator(w3c, nil)
	ctx := p.Extract(t.Context(), propagation.MapCarrier{"baggage": header})
	if got := baggage.FromContext(ctx).Member("session.token").Value(); got != "abc" {
		t.Errorf("incoming member reads %q, want it untouched", got)
	}
	p.Inject(ctx, propagation.MapCarrier{})
	if got := baggage.FromContext(ctx).Member("session.token").Value(); got != "abc" {
		t.Errorf("member reads %q after Inject, want it untouched", got)
	}
	if got := slices.Sorted(slices.Values(p.Fields())); !slices.Equal(got, []string{"baggage", "traceparent", "tracestate"}) {
		t.Errorf("Fields = %v", got)
	}
}

// next sees the context of the caller if there is nothing to take out of it.
func TestPropagatorHandsOnCleanContexts(t *testing.T) {
	t.Parallel()
	type key struct{}
	var got context.Context
	ctx := context.WithValue(t.Context(), key{}, 1)
	scrub.NewPropagator(injectFunc(func(ctx context.Context) { got = ctx }), nil).Inject(ctx, nil) //nolint:fatcontext // it is what the test is about
	if got != ctx {
		t.Error("the context was replaced")
	}
}

type injectFunc func(context.Context)

func (f injectFunc) Inject(ctx context.Context, _ propagation.TextMapCarrier) { f(ctx) }
func (injectFunc) Extract(ctx context.Context, _ propagation.TextMapCarrier) context.Context {
	return ctx
}
func (injectFunc) Fields() []string { return nil }

func TestPropagatorIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	bag, err := baggage.Parse("session.token=abc,tenant=acme")
	if err != nil {
		t.Fatal(err)
	}
	ctx, p := baggage.ContextWithBaggage(t.Context(), bag), scrub.NewPropagator(w3c, nil)
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			carrier := propagation.MapCarrier{}
			p.Inject(ctx, carrier)
			if got := carrier.Get("baggage"); got != "tenant=acme" {
				t.Errorf("baggage: %s", got)
			}
		})
	}
	wg.Wait()
}

func ExampleNewPropagator() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	propagator := scrub.NewPropagator(propagation.Baggage{}, s)

	token, _ := baggage.NewMember("session_token", "abc123")
	tenant, _ := baggage.NewMember("tenant", "acme")
	bag, _ := baggage.New(token, tenant)

	header := propagation.MapCarrier{}
	propagator.Inject(baggage.ContextWithBaggage(context.Background(), bag), header)
	fmt.Println(header)
	// Output: map[baggage:tenant=acme]
}
