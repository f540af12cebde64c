package sentry_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	sentrygo "github.com/getsentry/sentry-go"
	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	grpccodes "google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"github.com/otelkit/otelkit-go/exporters/sentry"
)

// serve runs handler behind otelhttp on route and makes one request to it.
func (s *service) serve(route, target string, h http.HandlerFunc) *http.Response {
	s.t.Helper()
	mux := http.NewServeMux()
	mux.Handle(route, h)
	server := httptest.NewServer(otelhttp.NewHandler(mux, "server",
		otelhttp.WithTracerProvider(s.traces),
		otelhttp.WithPropagators(propagation.TraceContext{}),
	))
	defer server.Close()
	resp, err := server.Client().Get(server.URL + target)
	if err != nil {
		s.t.Logf("request: %v", err)
		return nil
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	return resp
}

var errDeclined = &declined{reason: "insufficient funds"}

type declined struct{ reason string }

func (d *declined) Error() string { return d.reason }

// fail records err on a span named name, as careful code does.
func (s *service) fail(ctx context.Context, name string, f func(context.Context) error) error {
	ctx, span := s.tracer.Start(ctx, name)
	defer span.End()
	err := f(ctx)
	if err != nil {
		span.RecordError(err)
		span.SetStatus(codes.Error, err.Error())
	}
	return err
}

func TestSameErrorOnThreeSpansAndInLog(t *testing.T) {
	t.Parallel()
	s := newService(t)
	var deepest trace.SpanContext
	s.serve("GET /orders/{id}", "/orders/7", func(w http.ResponseWriter, r *http.Request) {
		err := s.fail(r.Context(), "checkout", func(ctx context.Context) error {
			err := s.fail(ctx, "charge", func(ctx context.Context) error {
				return s.fail(ctx, "gateway", func(ctx context.Context) error {
					deepest = trace.SpanContextFromContext(ctx)
					return &declined{reason: "insufficient funds"}
				})
			})
			return fmt.Errorf("charge card: %w", err)
		})
		slog.New(s.log.Handler()).ErrorContext(r.Context(), "checkout failed", "error", fmt.Errorf("checkout: %w", err), "order", 7)
		w.WriteHeader(http.StatusInternalServerError)
	})

	e := s.event()
	if got, want := e.Contexts["trace"]["span_id"], deepest.SpanID().String(); got != want {
		t.Errorf("linked to span %v, want the deepest, %v", got, want)
	}
	if got, want := e.Contexts["trace"]["trace_id"], deepest.TraceID().String(); got != want {
		t.Errorf("trace_id is %v, want %v", got, want)
	}
	wantHeader := map[string]string{
		"trace_id": deepest.TraceID().String(), "public_key": "publickey", "release": "1.2.3", "environment": "test",
	}
	if diff := cmp.Diff(wantHeader, s.receiver.Envelopes()[0].Trace); diff != "" {
		t.Errorf("trace in the header of the envelope (-want +got):\n%s", diff)
	}
	if e.Transaction != "GET /orders/{id}" {
		t.Errorf("transaction is %q, want the route", e.Transaction)
	}
	if got, want := e.Title(), "*sentry_test.declined: checkout: charge card: insufficient funds"; got != want {
		t.Errorf("title is %q, want %q", got, want)
	}
	if e.Message != "checkout failed" {
		t.Errorf("message is %q", e.Message)
	}
	wantTags := map[string]string{
		"service.name": "shop", "http.route": "/orders/{id}", "http.request.method": "GET",
		"http.response.status_code": "500",
	}
	if diff := cmp.Diff(wantTags, e.Tags); diff != "" {
		t.Errorf("tags (-want +got):\n%s", diff)
	}
	if e.Release != "1.2.3" || e.Environment != "test" || e.ServerName != "shop-0" || e.Logger != "shop.log" {
		t.Errorf("release %q, environment %q, server %q, logger %q", e.Release, e.Environment, e.ServerName, e.Logger)
	}
	if m := e.Outermost().Mechanism; m.Type != "auto.otel.log" || m.Handled == nil || !*m.Handled {
		t.Errorf("mechanism is %+v", m)
	}
	if f := e.LastFrame(); !f.InApp || !strings.Contains(f.Function, "TestSameErrorOnThreeSpansAndInLog") || f.Filename != "exporters/sentry/acceptance_test.go" {
		t.Errorf("last frame is %+v, want the log call", f)
	}
	if r := e.Request; r == nil || r.Method != http.MethodGet || !strings.HasSuffix(r.URL, "/orders/7") {
		t.Errorf("request is %+v", r)
	}
	if st := s.sink.Stats(); st.Delivered != 1 || st.Duplicates != 3 {
		t.Errorf("stats are %+v, want 1 delivered and 3 duplicates", st)
	}
}

func TestRecordDeliveredTwice(t *testing.T) {
	t.Parallel()
	for name, inTrace := range map[string]bool{"in a trace": true, "without a trace": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, func(set *settings) { set.logs = 2 })
			ctx := t.Context()
			if inTrace {
				var span trace.Span
				ctx, span = s.tracer.Start(ctx, "job")
				defer span.End()
			}
			s.log.ErrorContext(ctx, "charge failed", "error", errors.New("card declined"))
			s.event()
		})
	}
}

func TestTwoDifferentErrorsInTrace(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, span := s.tracer.Start(t.Context(), "job")
	s.log.ErrorContext(ctx, "load", "error", fmt.Errorf("load config: %w", io.EOF))
	s.log.ErrorContext(ctx, "save", "error", fmt.Errorf("save result: %w", io.EOF))
	span.End()
	if events := s.events(); len(events) != 2 {
		t.Fatalf("%d events, want 2: they only share a sentinel", len(events))
	}
}

//go:noinline
func explode(items []int, i int) int { return items[i] }

func TestNestedPanic(t *testing.T) {
	t.Parallel()
	s := newService(t)
	func() {
		defer func() { _ = recover() }()
		ctx, root := s.tracer.Start(t.Context(), "root")
		defer root.End()
		func(ctx context.Context) {
			ctx, outer := s.tracer.Start(ctx, "outer")
			defer outer.End()
			_, inner := s.tracer.Start(ctx, "inner")
			defer inner.End()
			explode(nil, 3)
		}(ctx)
	}()

	e := s.event()
	if e.Level != "fatal" {
		t.Errorf("level is %q", e.Level)
	}
	if m := e.Outermost().Mechanism; m.Type != "auto.go.panic" || m.Handled == nil || *m.Handled {
		t.Errorf("mechanism is %+v, want an unhandled panic", m)
	}
	if f := e.LastFrame(); f.Function != "explode" || !f.InApp {
		t.Errorf("last frame is %+v, want the faulting line", f)
	}
	if e.Outermost().Value != "runtime error: index out of range [3] with length 0" {
		t.Errorf("value is %q", e.Outermost().Value)
	}
}

func TestRecover(t *testing.T) {
	t.Parallel()
	s := newService(t)
	var again any
	func() {
		defer func() { again = recover() }()
		ctx, span := s.tracer.Start(t.Context(), "job")
		defer s.sink.Recover(ctx)
		defer span.End()
		explode(nil, 3)
	}()
	if again == nil {
		t.Error("the panic did not go on")
	}
	if events := s.receiver.Events(); len(events) != 1 {
		t.Errorf("%d events arrived before Recover returned, want 1", len(events))
	}
	if f := s.event().LastFrame(); f.Function != "explode" {
		t.Errorf("last frame is %+v, want the faulting line", f)
	}
}

func TestUnsampledTrace(t *testing.T) {
	t.Parallel()
	s := newService(t, func(set *settings) { set.sampler = sdktrace.NeverSample() })
	ctx, span := s.tracer.Start(t.Context(), "job")
	s.log.InfoContext(ctx, "started")
	s.log.ErrorContext(ctx, "failed", "error", errors.New("disk full"))
	span.End()
	e := s.event()
	if got, want := e.Contexts["trace"]["trace_id"], span.SpanContext().TraceID().String(); got != want {
		t.Errorf("trace_id is %v, want %v", got, want)
	}
	if len(e.Breadcrumbs) != 2 || e.Breadcrumbs[0].Message != "started" {
		t.Errorf("breadcrumbs are %+v", e.Breadcrumbs)
	}
}

func TestRecoveredClientTimeout(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.serve("GET /quote", "/quote", func(w http.ResponseWriter, r *http.Request) {
		err := s.fail2(r.Context(), "GET", trace.SpanKindClient, context.DeadlineExceeded)
		s.log.WarnContext(r.Context(), "price service timed out, using the cached price", "error", err)
	})
	if events := s.events(); len(events) != 0 {
		t.Fatalf("%d events, want none: %s", len(events), events[0].Title())
	}

	// The same story followed by a failure shows it as breadcrumbs.
	s.serve("GET /pay", "/pay", func(w http.ResponseWriter, r *http.Request) {
		err := s.fail2(r.Context(), "GET price", trace.SpanKindClient, context.DeadlineExceeded)
		s.log.WarnContext(r.Context(), "price service timed out, using the cached price", "error", err)
		s.sink.CaptureError(r.Context(), errors.New("unrelated"))
	})
	var warnings []string
	for _, b := range s.event().Breadcrumbs {
		if b.Level == "warning" && b.Category == "shop.log" {
			warnings = append(warnings, b.Message)
		}
	}
	if diff := cmp.Diff([]string{"price service timed out, using the cached price"}, warnings); diff != "" {
		t.Errorf("warnings among the breadcrumbs (-want +got):\n%s", diff)
	}
}

// fail2 records err on a span of kind.
func (s *service) fail2(ctx context.Context, name string, kind trace.SpanKind, err error) error {
	_, span := s.tracer.Start(ctx, name, trace.WithSpanKind(kind))
	defer span.End()
	span.RecordError(err)
	span.SetStatus(codes.Error, err.Error())
	return err
}

func TestServerErrorWithoutError(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.serve("GET /orders/{id}", "/orders/7", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
	})
	e := s.event()
	if got, want := e.Title(), "HTTP 500: GET /orders/{id}"; got != want {
		t.Errorf("title is %q, want %q", got, want)
	}
	if m := e.Outermost().Mechanism; m.Type != "auto.otel.span_status" {
		t.Errorf("mechanism is %+v", m)
	}
	if diff := cmp.Diff([]string{"shop", "HTTP 500", "HTTP # GET /orders/{id}"}, e.Fingerprint); diff != "" {
		t.Errorf("fingerprint (-want +got):\n%s", diff)
	}
}

func TestFailedCallExplainsServerError(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.serve("GET /quote", "/quote", func(w http.ResponseWriter, r *http.Request) {
		for i := range 2 {
			_ = s.fail2(r.Context(), "GET price", trace.SpanKindClient, fmt.Errorf("attempt %d: connection refused", i))
		}
		w.WriteHeader(http.StatusBadGateway)
	})
	e := s.event()
	if !strings.HasSuffix(e.Title(), "attempt 1: connection refused") {
		t.Errorf("title is %q, want the last attempt", e.Title())
	}
}

func TestNoIssues(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]func(*service) http.HandlerFunc{
		"context canceled": func(s *service) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				err := s.fail(r.Context(), "query", func(context.Context) error {
					return fmt.Errorf("query orders: %w", context.Canceled)
				})
				s.log.ErrorContext(r.Context(), "request failed", "error", err)
				w.WriteHeader(http.StatusInternalServerError)
			}
		},
		"HTTP 404 with an exception on the way": func(s *service) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				_ = s.fail(r.Context(), "find order", func(context.Context) error { return errors.New("no such order") })
				w.WriteHeader(http.StatusNotFound)
			}
		},
		"HTTP 499": func(*service) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(499) }
		},
		"aborted handler": func(s *service) http.HandlerFunc {
			return func(_ http.ResponseWriter, r *http.Request) {
				_, span := s.tracer.Start(r.Context(), "stream")
				defer span.End()
				panic(http.ErrAbortHandler)
			}
		},
		"info and debug logs": func(s *service) http.HandlerFunc {
			return func(_ http.ResponseWriter, r *http.Request) {
				s.log.InfoContext(r.Context(), "done", "error", errors.New("kept for the record"))
				s.log.DebugContext(r.Context(), "details", "error", errors.New("kept for the record"))
			}
		},
		"exception on a span that went well": func(s *service) http.HandlerFunc {
			return func(_ http.ResponseWriter, r *http.Request) {
				_, span := s.tracer.Start(r.Context(), "retry")
				defer span.End()
				span.RecordError(errors.New("first attempt"))
				span.SetStatus(codes.Ok, "")
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			s.serve("GET /", "/", h(s))
			for _, e := range s.events() {
				t.Errorf("unexpected event %q", e.Title())
			}
		})
	}
}

func TestSecretStaysHere(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.serve("GET /login", "/login?password="+secret, func(w http.ResponseWriter, r *http.Request) {
		trace.SpanFromContext(r.Context()).SetAttributes(
			attribute.String("http.request.header.authorization", "Bearer "+secret),
			attribute.StringSlice("roles", []string{"admin", secret}),
			attribute.Map("form", attribute.String("password", secret)),
		)
		s.log.InfoContext(r.Context(), "trying "+secret, "token", secret)
		err := s.fail(r.Context(), "login "+secret, func(context.Context) error {
			return fmt.Errorf("wrong password %s", secret)
		})
		s.log.ErrorContext(r.Context(), "login with "+secret, "error", err, "token", secret)
		w.WriteHeader(http.StatusInternalServerError)
	})
	e := s.event()
	if bytes.Contains(s.receiver.Raw(), []byte(secret)) {
		t.Errorf("the secret left the process:\n%s", s.receiver.Raw())
	}
	if !strings.Contains(e.Title(), "wrong password [redacted]") {
		t.Errorf("title is %q", e.Title())
	}
	if st := s.sink.Stats(); st.Duplicates == 0 {
		t.Error("the scrubbed span event and the raw error must count as one cause")
	}
}

func TestNaNKeepsTraceContext(t *testing.T) {
	t.Parallel()
	s := newService(t, with(sentry.WithBeforeSend(func(e *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
		e.Contexts["mine"] = map[string]any{"ratio": math.Inf(1), "list": []float64{math.NaN()}, "f": func() {}}
		return e
	})))
	ctx, span := s.tracer.Start(t.Context(), "job", trace.WithAttributes(
		attribute.Float64("ratio", math.NaN()),
		attribute.Float64Slice("ratios", []float64{math.Inf(-1), 1}),
	))
	span.RecordError(errors.New("divided by zero"))
	s.log.ErrorContext(ctx, "failed", "error", errors.New("divided by zero"), "ratio", math.NaN())
	span.End()
	e := s.event()
	if got, want := e.Contexts["trace"]["trace_id"], span.SpanContext().TraceID().String(); got != want {
		t.Errorf("trace_id is %v, want %v", got, want)
	}
	attributes, _ := e.Contexts["otel"]["attributes"].(map[string]any)
	if attributes["ratio"] != "NaN" {
		t.Errorf("attributes are %v", attributes)
	}
	if e.Contexts["mine"]["ratio"] != "+Inf" {
		t.Errorf("context of BeforeSend is %v", e.Contexts["mine"])
	}
}

// health fails as told, or logs and fails.
type health struct {
	healthpb.UnimplementedHealthServer
	check func(context.Context) error
}

func (h health) Check(ctx context.Context, _ *healthpb.HealthCheckRequest) (*healthpb.HealthCheckResponse, error) {
	if err := h.check(ctx); err != nil {
		return nil, err
	}
	return &healthpb.HealthCheckResponse{}, nil
}

func TestGRPCServer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		code  grpccodes.Code
		level string // "" for no issue
	}{
		{grpccodes.Unknown, "error"},
		{grpccodes.Internal, "error"},
		{grpccodes.DataLoss, "error"},
		{grpccodes.Unimplemented, "warning"},
		{grpccodes.DeadlineExceeded, "warning"},
		{grpccodes.Unavailable, "warning"},
		{grpccodes.OK, ""},
		{grpccodes.Canceled, ""},
		{grpccodes.NotFound, ""},
		{grpccodes.InvalidArgument, ""},
		{grpccodes.Unauthenticated, ""},
	} {
		t.Run(tt.code.String(), func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			s.call(func(context.Context) error { return status.Error(tt.code, "as told") })
			if tt.level == "" {
				if events := s.events(); len(events) != 0 {
					t.Errorf("unexpected event %q", events[0].Title())
				}
				return
			}
			e := s.event()
			if e.Level != tt.level {
				t.Errorf("level is %q, want %q", e.Level, tt.level)
			}
			if !strings.HasPrefix(e.Title(), "gRPC ") || !strings.HasSuffix(e.Title(), "grpc.health.v1.Health/Check") {
				t.Errorf("title is %q", e.Title())
			}
			if e.Transaction != "grpc.health.v1.Health/Check" {
				t.Errorf("transaction is %q", e.Transaction)
			}
		})
	}
}

func TestGRPCServerLogsItsError(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.call(func(ctx context.Context) error {
		err := fmt.Errorf("probe database: %w", errDeclined)
		s.log.ErrorContext(ctx, "health check failed", "error", err)
		return status.Error(grpccodes.Internal, err.Error())
	})
	if e := s.event(); e.Outermost().Type != "*sentry_test.declined" {
		t.Errorf("title is %q", e.Title())
	}
}

// call makes one call to a gRPC server behind otelgrpc.
func (s *service) call(check func(context.Context) error) {
	s.t.Helper()
	server := grpc.NewServer(grpc.StatsHandler(otelgrpc.NewServerHandler(otelgrpc.WithTracerProvider(s.traces))))
	healthpb.RegisterHealthServer(server, health{check: check})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		s.t.Fatal(err)
	}
	_, _ = healthpb.NewHealthClient(conn).Check(s.t.Context(), &healthpb.HealthCheckRequest{})
	_ = conn.Close()
	server.GracefulStop()
}
