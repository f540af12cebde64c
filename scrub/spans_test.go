package scrub_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/scrub"
)

// keep is a processor that keeps what it is handed.
type keep struct {
	mu    sync.Mutex
	spans []sdktrace.ReadOnlySpan
	calls []string
}

func (k *keep) OnStart(context.Context, sdktrace.ReadWriteSpan) { k.calls = append(k.calls, "start") }

func (k *keep) OnEnd(s sdktrace.ReadOnlySpan) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.spans = append(k.spans, s)
}
func (k *keep) ForceFlush(context.Context) error { k.calls = append(k.calls, "flush"); return nil }
func (k *keep) Shutdown(context.Context) error   { k.calls = append(k.calls, "shutdown"); return nil }

// showSpan is the text of all that a processor can read of a span.
func showSpan(s sdktrace.ReadOnlySpan) string {
	var b strings.Builder
	fmt.Fprintln(&b, s.Name(), s.Status().Description, s.SpanContext().TraceState(), s.Parent().TraceState())
	fmt.Fprintln(&b, show(s.Attributes()), show(s.Resource().Attributes()), s.Resource().SchemaURL())
	for _, e := range s.Events() {
		fmt.Fprintln(&b, e.Name, show(e.Attributes))
	}
	for _, l := range s.Links() {
		fmt.Fprintln(&b, l.SpanContext.TraceState(), show(l.Attributes))
	}
	for _, scope := range []instrumentation.Scope{s.InstrumentationScope(), s.InstrumentationLibrary()} { //nolint:staticcheck // what is deprecated leaks too
		fmt.Fprintln(&b, scope.Name, scope.Version, scope.SchemaURL, show(scope.Attributes.ToSlice()))
	}
	return b.String()
}

func traceState(t *testing.T, key, value string) trace.TraceState {
	t.Helper()
	ts, err := trace.TraceState{}.Insert(key, value)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func spanContext(id byte, ts trace.TraceState) trace.SpanContext {
	return trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{id}, SpanID: trace.SpanID{id}, TraceFlags: trace.FlagsSampled, TraceState: ts,
	})
}

// endSpan runs a span with a secret in every place through an SDK that has
// processor.
func endSpan(t *testing.T, p *planter, processor sdktrace.SpanProcessor) {
	t.Helper()
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithSpanProcessor(processor),
		sdktrace.WithResource(resource.NewSchemaless(p.nested("resource")...)),
	)
	tracer := provider.Tracer(p.text("scope-name"),
		trace.WithInstrumentationVersion(p.secret("scope-version")),
		trace.WithSchemaURL("https://schema.example/?owner="+p.secret("scope-schema")),
		trace.WithInstrumentationAttributes(attribute.String("note", p.secret("scope-attribute"))))
	parent := spanContext(7, traceState(t, "vendor", p.secret("parent-state")))
	_, span := tracer.Start(trace.ContextWithSpanContext(t.Context(), parent), p.text("name"),
		trace.WithLinks(trace.Link{
			SpanContext: spanContext(9, traceState(t, "vendor", p.secret("link-state"))), Attributes: p.nested("link"),
		}),
		trace.WithAttributes(p.nested("start")...))
	span.SetAttributes(attribute.String("late", p.secret("attribute")))
	span.AddEvent(p.text("event-name"), trace.WithAttributes(p.nested("event")...))
	span.RecordError(fmt.Errorf("lost %s", p.secret("error")))
	span.SetStatus(codes.Error, p.text("status"))
	span.End()
	if err := provider.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestSpanProcessorCoversEveryPlace(t *testing.T) {
	t.Parallel()
	var p planter
	raw, got := &keep{}, &keep{}
	endSpan(t, &p, raw)
	endSpan(t, &p, scrub.NewSpanProcessor(got, nil))
	p.check(t, showSpan(raw.spans[0]), showSpan(got.spans[0]))

	in, out := raw.spans[0], got.spans[0]
	if len(out.Attributes()) != len(in.Attributes()) || len(out.Events()) != len(in.Events()) || len(out.Links()) != len(in.Links()) {
		t.Error("attributes, events or links got lost")
	}
	if !out.SpanContext().IsValid() || out.Parent().TraceID() != in.Parent().TraceID() || out.Status().Code != codes.Error ||
		out.Links()[0].SpanContext.TraceID() != in.Links()[0].SpanContext.TraceID() {
		t.Error("ids or status code changed")
	}
	if got := out.Name(); !strings.HasPrefix(got, "mail to [") || !strings.HasSuffix(got, "] failed") {
		t.Errorf("Name = %q, want only the secret replaced", got)
	}
}

func TestSpanExporterCoversEveryPlace(t *testing.T) {
	t.Parallel()
	var p planter
	raw, got := &keep{}, &exported{}
	endSpan(t, &p, raw)
	endSpan(t, &p, sdktrace.NewSimpleSpanProcessor(scrub.NewSpanExporter(got, nil)))
	p.check(t, showSpan(raw.spans[0]), showSpan(got.spans[0]))
}

type exported struct{ spans []sdktrace.ReadOnlySpan }

func (e *exported) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	e.spans = append(e.spans, spans...)
	return nil
}
func (*exported) Shutdown(context.Context) error { return nil }

func TestSpanProcessorHandsOnCleanSpans(t *testing.T) {
	t.Parallel()
	raw, got := &keep{}, &keep{}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithSpanProcessor(raw), sdktrace.WithSpanProcessor(scrub.NewSpanProcessor(got, nil)),
		sdktrace.WithResource(resource.Empty()),
	)
	_, span := provider.Tracer("clean").Start(t.Context(), "clean", trace.WithAttributes(cleanAttributes()...))
	span.End()
	if raw.spans[0] != got.spans[0] {
		t.Error("a clean span did not come through as it is")
	}
}

func TestSpanProcessorPassesCallsOn(t *testing.T) {
	t.Parallel()
	got := &keep{}
	processor := scrub.NewSpanProcessor(got, nil)
	processor.OnStart(t.Context(), nil)
	_ = processor.ForceFlush(t.Context())
	_ = processor.Shutdown(t.Context())
	if s := strings.Join(got.calls, " "); s != "start flush shutdown" {
		t.Errorf("next was called: %s", s)
	}
}

// The attributes of a span are shared with whoever else reads it.
func TestSpanProcessorLeavesTheSpanAlone(t *testing.T) {
	t.Parallel()
	var p planter
	stub := tracetest.SpanStub{
		Name: "n", Attributes: p.nested("a"), Events: []sdktrace.Event{{Name: "e", Attributes: p.nested("e")}},
		Links: []sdktrace.Link{{Attributes: p.nested("l")}}, Resource: resource.Empty(),
	}
	span := stub.Snapshot()
	before := showSpan(span)
	scrub.NewSpanProcessor(&keep{}, nil).OnEnd(span)
	if after := showSpan(span); after != before {
		t.Errorf("the span was changed from\n%sto\n%s", before, after)
	}
}

func TestSpanViewsAreSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	var p planter
	got := &keep{}
	processor := scrub.NewSpanProcessor(got, nil)
	span := tracetest.SpanStub{Name: "n", Attributes: p.nested("a"), Resource: resource.NewSchemaless(p.nested("r")...)}.Snapshot()
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() { processor.OnEnd(span) })
	}
	wg.Wait()
	want := showSpan(got.spans[0])
	for _, view := range got.spans {
		wg.Go(func() {
			if s := showSpan(view); s != want || len(p.survivors(s)) > 0 {
				t.Errorf("view reads %s, want %s", s, want)
			}
		})
	}
	wg.Wait()
}

func cleanSpan() sdktrace.ReadOnlySpan {
	return tracetest.SpanStub{
		Name: "GET /orders/{id}", Attributes: cleanAttributes(),
		SpanContext: spanContext(1, trace.TraceState{}), Parent: spanContext(2, trace.TraceState{}),
		Events:               []sdktrace.Event{{Name: "cache.miss", Attributes: cleanAttributes()[:2]}},
		Resource:             resource.NewSchemaless(attribute.String("service.name", "orders")),
		InstrumentationScope: instrumentation.Scope{Name: "example.com/orders", Version: "1.2.3"},
	}.Snapshot()
}

type discardSpans struct{ sdktrace.SpanProcessor }

func (discardSpans) OnEnd(sdktrace.ReadOnlySpan) {}

func TestSpanAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	processor, span := scrub.NewSpanProcessor(discardSpans{}, nil), cleanSpan()
	if got := testing.AllocsPerRun(100, func() { processor.OnEnd(span) }); got != 0 {
		t.Errorf("a clean span costs %v allocations, want 0", got)
	}
}

func BenchmarkSpanProcessor(b *testing.B) {
	processor, span := scrub.NewSpanProcessor(discardSpans{}, nil), cleanSpan()
	b.ReportAllocs()
	for b.Loop() {
		processor.OnEnd(span)
	}
}

func ExampleNewSpanProcessor() {
	s, err := scrub.New()
	if err != nil {
		panic(err)
	}
	exporter := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithSpanProcessor(scrub.NewSpanProcessor(sdktrace.NewSimpleSpanProcessor(exporter), s)),
	)
	_, span := provider.Tracer("example").Start(context.Background(), "sign-up")
	span.SetAttributes(attribute.String("db.password", "correct horse"), attribute.String("plan", "free"))
	span.AddEvent("welcome mail to ada@example.com")
	span.End()

	got := exporter.GetSpans()[0]
	fmt.Println(got.Attributes[0].Value.AsString())
	fmt.Println(got.Attributes[1].Value.AsString())
	fmt.Println(got.Events[0].Name)
	// Output:
	// [REDACTED:pw.key]
	// free
	// welcome mail to [REDACTED:pii.email]
}

// panickySpan cannot be read.
type panickySpan struct{ sdktrace.ReadOnlySpan }

func (panickySpan) Events() []sdktrace.Event { panic("no events") }

func TestSpanProcessorWithholdsWhatItCannotScrub(t *testing.T) {
	t.Parallel()
	var p planter
	raw, got := &keep{}, &keep{}
	endSpan(t, &p, raw)
	scrub.NewSpanProcessor(got, nil).OnEnd(panickySpan{raw.spans[0]})
	view := got.spans[0]
	p.check(t, showSpan(raw.spans[0]), showSpan(view))
	if view.Name() != "[REDACTED:auth.bound]" || view.SpanContext().TraceID() != raw.spans[0].SpanContext().TraceID() ||
		view.Status().Code != codes.Error || view.Resource().Len() == 0 || view.EndTime().IsZero() {
		t.Errorf("name, ids, status, resource or times are wrong: %s", showSpan(view))
	}
}
