package sentry_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/exporters/sentry"
)

// When too many traces are under way, the oldest give way. What was seen in
// them is sent, not lost.
func TestEvictedTraceIsSettled(t *testing.T) {
	t.Parallel()
	s := newService(t, with(sentry.WithTotalRate(1_000_000)))
	ctx, _ := s.tracer.Start(t.Context(), "never ended")
	s.log.ErrorContext(ctx, "failed", "error", errors.New("disk full"))
	for range 3 * 4096 {
		ctx, _ := s.tracer.Start(t.Context(), "never ended either")
		s.log.InfoContext(ctx, "going on")
	}
	if st := s.sink.Stats(); st.Evicted != 1 || st.Traces > 4096 {
		t.Fatalf("stats are %+v, want 1 evicted", st)
	}
	s.event()
}

func TestStory(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, span := s.tracer.Start(t.Context(), "job")
	for i := range 60 {
		s.log.InfoContext(ctx, "step_done", "step", i)
	}
	_, call := s.tracer.Start(ctx, "GET", trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("url.full", "http://prices/7")))
	call.End()
	s.log.DebugContext(ctx, "not told")
	s.log.ErrorContext(ctx, "job failed", "error", errors.New("disk full"))
	span.End()

	crumbs := s.event().Breadcrumbs
	if len(crumbs) != 50 {
		t.Fatalf("%d breadcrumbs, want the last 50", len(crumbs))
	}
	if first := crumbs[0]; first.Message != "step_done" || first.Data["step"] != "12" || first.Level != "info" {
		t.Errorf("first is %+v, want step 12", first)
	}
	if c := crumbs[48]; c.Category != "span.client" || c.Message != "GET" || c.Data["url.full"] != "http://prices/7" {
		t.Errorf("the call is %+v", c)
	}
	if last := crumbs[49]; last.Message != "job failed" || last.Level != "error" {
		t.Errorf("last is %+v", last)
	}
}

// A trace that is recycled must not carry the story of another.
func TestStoriesDoNotMix(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for i := range 100 {
		ctx, span := s.tracer.Start(t.Context(), "job")
		s.log.InfoContext(ctx, fmt.Sprintf("job %d", i), "a", "1", "b", "2")
		span.End()
	}
	ctx, span := s.tracer.Start(t.Context(), "job")
	s.log.InfoContext(ctx, "last job")
	s.log.ErrorContext(ctx, "failed", "error", errors.New("disk full"))
	span.End()
	var got []string
	for _, c := range s.event().Breadcrumbs {
		got = append(got, c.Message)
		if len(c.Data) > 1 {
			t.Errorf("data is %v", c.Data)
		}
	}
	if diff := cmp.Diff([]string{"last job", "failed"}, got); diff != "" {
		t.Errorf("breadcrumbs (-want +got):\n%s", diff)
	}
}

// A process that calls itself has two local roots in one trace. The failure of
// the inner one makes the outer call fail as well, and is one issue.
func TestProcessThatCallsItself(t *testing.T) {
	t.Parallel()
	s := newService(t)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /inner", func(w http.ResponseWriter, r *http.Request) {
		s.log.ErrorContext(r.Context(), "failed", "error", errors.New("disk full"))
		w.WriteHeader(http.StatusInternalServerError)
	})
	client := &http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport,
		otelhttp.WithTracerProvider(s.traces), otelhttp.WithPropagators(propagation.TraceContext{}))}
	var inner string
	mux.HandleFunc("GET /outer", func(w http.ResponseWriter, r *http.Request) {
		req, _ := http.NewRequestWithContext(r.Context(), http.MethodGet, inner+"/inner", nil)
		resp, err := client.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		w.WriteHeader(http.StatusBadGateway)
	})
	server := httptest.NewServer(otelhttp.NewHandler(mux, "server",
		otelhttp.WithTracerProvider(s.traces), otelhttp.WithPropagators(propagation.TraceContext{})))
	defer server.Close()
	inner = server.URL
	resp, err := http.Get(server.URL + "/outer")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	server.Close()

	if e := s.event(); e.Transaction != "GET /inner" {
		t.Errorf("transaction is %q, want where it failed", e.Transaction)
	}
}

// An endless loop that logs one error fills no more than one slot, so that
// another error of the trace is still seen.
func TestRepeatedRecordLeavesRoomForOthers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, span := s.tracer.Start(t.Context(), "job")
	for range 100 {
		s.log.ErrorContext(ctx, "retry", "error", errors.New("connection refused"))
	}
	s.log.ErrorContext(ctx, "giving up", "error", errors.New("out of retries"))
	span.End()
	if events := s.events(); len(events) != 2 {
		t.Errorf("%d events, want 2", len(events))
	}
}

// One failure that all branches of a trace report leaves room for another.
func TestBranchesLeaveRoomForOthers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, root := s.tracer.Start(t.Context(), "job")
	refused := errors.New("connection refused")
	var wg sync.WaitGroup
	for i := range 64 {
		wg.Go(func() {
			ctx, span := s.tracer.Start(ctx, "branch")
			s.log.ErrorContext(ctx, "branch failed", "branch", i, "error", refused)
			span.RecordError(refused)
			span.SetStatus(codes.Error, "")
			span.End()
		})
	}
	wg.Wait()
	s.log.ErrorContext(ctx, "giving up", "error", errors.New("out of branches"))
	root.End()
	if events := s.events(); len(events) != 2 {
		t.Errorf("%d events, want 2; %+v", len(events), s.sink.Stats())
	}
	if st := s.sink.Stats(); st.Dropped["trace_full"] != 0 {
		t.Errorf("stats are %+v, want nothing lost", st)
	}
}

// What cannot wait for the end of the request is still filed under its name,
// however many requests came and went since it began.
func TestEventOfLongRequestHasItsName(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, long := s.tracer.Start(t.Context(), "GET /stream", trace.WithSpanKind(trace.SpanKindServer))
	defer long.End()
	for range 20_000 {
		_, short := s.tracer.Start(t.Context(), "GET /health")
		short.End()
	}
	ctx, child := s.tracer.Start(ctx, "next chunk")
	defer child.End()
	long.SetName("GET /stream/{id}")
	s.sink.CaptureError(ctx, errors.New("disk full"))
	if e := s.event(); e.Transaction != "GET /stream/{id}" {
		t.Errorf("transaction is %q, want that of the open root", e.Transaction)
	}
}

// A child that outlives its root, as that of a goroutine does, is seen, once.
func TestChildEndsAfterTheRoot(t *testing.T) {
	t.Parallel()
	s := newService(t)
	err := &declined{"insufficient funds"}
	ctx, root := s.tracer.Start(t.Context(), "job")
	ctx, child := s.tracer.Start(ctx, "clean up")
	root.End()
	child.RecordError(err)
	child.SetStatus(codes.Error, "")
	child.End()
	s.log.ErrorContext(ctx, "failed", "error", fmt.Errorf("clean up: %w", err))
	if e := s.event(); e.Transaction != "job" {
		t.Errorf("transaction is %q", e.Transaction)
	}
}

func TestPanicOfRootHasItsName(t *testing.T) {
	t.Parallel()
	s := newService(t)
	func() {
		defer func() { _ = recover() }()
		_, root := s.tracer.Start(t.Context(), "server", trace.WithSpanKind(trace.SpanKindServer),
			trace.WithAttributes(attribute.String("http.request.method", "GET"), attribute.String("url.path", "/orders/7")))
		defer root.End()
		root.SetName("GET /orders/{id}")
		explode(nil, 3)
	}()
	if e := s.event(); e.Transaction != "GET /orders/{id}" || e.Request == nil || e.Request.Method != http.MethodGet {
		t.Errorf("transaction is %q, request %+v", e.Transaction, e.Request)
	}
}
