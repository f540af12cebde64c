package sentry_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// attempt starts the span of a request that came with the one trace id of the
// test, as those of a gateway that repeats them do.
func (s *service) attempt(name string) (context.Context, trace.Span) {
	remote := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1, 15: 1}, SpanID: trace.SpanID{7: 1}, TraceFlags: trace.FlagsSampled, Remote: true,
	})
	ctx := trace.ContextWithRemoteSpanContext(s.t.Context(), remote)
	return s.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer))
}

func finishWith(span trace.Span, status int) {
	span.SetAttributes(attribute.Int("http.response.status_code", status))
	if status >= 500 {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// What explains the failure of one request does not explain that of the next
// one of the same trace.
func TestAttemptsOfOneTrace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		do   func(s *service)
		want []string
	}{
		{"an issue, then a silent failure", func(s *service) {
			ctx, first := s.attempt("GET /a")
			s.log.ErrorContext(ctx, "failed", "error", errors.New("disk full"))
			finishWith(first, 500)
			_, second := s.attempt("GET /b")
			finishWith(second, 503)
		}, []string{"disk full", "GET /b"}},
		{"a cancelled one, then a silent failure", func(s *service) {
			_, first := s.attempt("GET /b")
			first.RecordError(context.Canceled)
			finishWith(first, 500)
			_, second := s.attempt("GET /b")
			finishWith(second, 503)
		}, []string{"GET /b"}},
		{"a repetition begins before the first is cancelled", func(s *service) {
			_, first := s.attempt("GET /b")
			_, second := s.attempt("GET /b")
			first.RecordError(context.Canceled)
			finishWith(first, 500)
			finishWith(second, 503)
		}, []string{"GET /b"}},
		{"a silent failure, then a success", func(s *service) {
			_, first := s.attempt("GET /a")
			_, second := s.attempt("GET /b")
			finishWith(first, 500)
			finishWith(second, 200)
		}, []string{"GET /a"}},
		{"two silent failures", func(s *service) {
			_, first := s.attempt("GET /a")
			finishWith(first, 500)
			_, second := s.attempt("GET /b")
			finishWith(second, 500)
		}, []string{"GET /a", "GET /b"}},
		{"the same failure twice", func(s *service) {
			for range 2 {
				ctx, span := s.attempt("GET /a")
				s.log.ErrorContext(ctx, "failed", "error", errors.New("disk full"))
				finishWith(span, 500)
			}
		}, []string{"disk full"}},
		{"a captured failure, then a silent one", func(s *service) {
			ctx, first := s.attempt("GET /a")
			s.sink.CaptureError(ctx, errors.New("disk full"))
			finishWith(first, 500)
			_, second := s.attempt("GET /b")
			finishWith(second, 500)
		}, []string{"disk full", "GET /b"}},
		{"a failed call of one while the other succeeds", func(s *service) {
			ctx, outer := s.attempt("GET /a")
			_, call := s.tracer.Start(ctx, "GET price", trace.WithSpanKind(trace.SpanKindClient))
			call.RecordError(errors.New("connection refused"))
			call.End()
			_, other := s.attempt("GET /b")
			finishWith(other, 200)
			finishWith(outer, 500)
		}, []string{"connection refused"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			tt.do(s)
			var got []string
			for _, e := range s.events() {
				got = append(got, e.Exception[len(e.Exception)-1].Value)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("issues (-want +got):\n%s", diff)
			}
		})
	}
}

// A span that runs as long as the process, such as that of a command that
// serves, does not keep the failures of what comes in from being seen.
func TestRequestsBelowLocalSpan(t *testing.T) {
	t.Parallel()
	failing := func(s *service, ctx context.Context, name string, kind trace.SpanKind) {
		_, span := s.tracer.Start(ctx, name, trace.WithSpanKind(kind))
		span.SetStatus(codes.Error, "")
		span.End()
	}
	for _, tt := range []struct {
		name string
		do   func(s *service, ctx context.Context)
		fail bool // the outer span fails too
		want []string
	}{
		{"silent failures of requests", func(s *service, ctx context.Context) {
			failing(s, ctx, "GET /a", trace.SpanKindServer)
			failing(s, ctx, "GET /b", trace.SpanKindServer)
			failing(s, ctx, "GET /a", trace.SpanKindServer)
		}, false, []string{"GET /a", "GET /b"}},
		{"a message", func(s *service, ctx context.Context) {
			failing(s, ctx, "process order", trace.SpanKindConsumer)
		}, false, []string{"process order"}},
		{"what follows from it", func(s *service, ctx context.Context) {
			failing(s, ctx, "process order", trace.SpanKindConsumer)
		}, true, []string{"process order"}},
		{"part of the work", func(s *service, ctx context.Context) {
			failing(s, ctx, "step", trace.SpanKindInternal)
		}, false, nil},
		{"a consumer that logs below its producer", func(s *service, ctx context.Context) {
			ctx, producer := s.tracer.Start(ctx, "send order", trace.WithSpanKind(trace.SpanKindProducer))
			ctx, consumer := s.tracer.Start(ctx, "process order", trace.WithSpanKind(trace.SpanKindConsumer))
			err := errors.New("disk full")
			s.log.ErrorContext(ctx, "failed", "error", err)
			consumer.SetStatus(codes.Error, "")
			consumer.End()
			producer.RecordError(err)
			producer.SetStatus(codes.Error, "")
			producer.End()
		}, true, []string{"process order"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			ctx, command := s.tracer.Start(t.Context(), "serve")
			tt.do(s, ctx)
			if tt.fail {
				command.SetStatus(codes.Error, "")
				command.End()
			}
			var got []string
			for _, e := range s.events() {
				got = append(got, e.Transaction)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("transactions of issues (-want +got):\n%s", diff)
			}
		})
	}
}

// The calls that failed below a span that never ends leave room for an error.
func TestFailedCallsLeaveRoom(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, _ := s.tracer.Start(t.Context(), "serve")
	for range 100 {
		_, call := s.tracer.Start(ctx, "GET price", trace.WithSpanKind(trace.SpanKindClient))
		call.SetStatus(codes.Error, "connection refused")
		call.End()
	}
	s.log.ErrorContext(ctx, "failed", "error", errors.New("disk full"))
	if got := s.event().Exception[0].Value; got != "disk full" {
		t.Errorf("the issue is %q", got)
	}
}
