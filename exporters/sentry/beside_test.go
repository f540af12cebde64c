package sentry_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// incoming starts a local root of the one trace of the test below the span of
// another process.
func (s *service) incoming(parent byte, name string, kind trace.SpanKind) (context.Context, trace.Span) {
	remote := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{1, 15: 1}, SpanID: trace.SpanID{7: parent}, TraceFlags: trace.FlagsSampled, Remote: true,
	})
	return s.tracer.Start(trace.ContextWithRemoteSpanContext(s.t.Context(), remote), name, trace.WithSpanKind(kind))
}

// silently ends span as a failure of which nothing else is known.
func silently(span trace.Span) {
	span.SetStatus(codes.Error, "")
	span.End()
}

// Local roots of one trace that run side by side in one process, such as two
// consumers of a message, or what a gateway asks of one service at once.
func TestRootsSideBySide(t *testing.T) {
	t.Parallel()
	const server, consumer = trace.SpanKindServer, trace.SpanKindConsumer
	for _, tt := range []struct {
		name string
		do   func(s *service)
		want []string // title at transaction
	}{
		{"two errors", func(s *service) {
			a, spanA := s.incoming(1, "a", consumer)
			b, spanB := s.incoming(1, "b", consumer)
			s.log.ErrorContext(a, "failed", "error", errors.New("disk full"))
			s.log.ErrorContext(b, "failed", "error", errors.New("no such file"))
			silently(spanB)
			silently(spanA)
		}, []string{"disk full at a", "no such file at b"}},
		{"one error in both", func(s *service) {
			err := &declined{"insufficient funds"}
			a, spanA := s.incoming(1, "a", consumer)
			b, spanB := s.incoming(1, "b", consumer)
			s.log.ErrorContext(a, "failed", "error", err)
			s.log.ErrorContext(b, "failed", "error", fmt.Errorf("b: %w", err))
			silently(spanB)
			silently(spanA)
		}, []string{"b: insufficient funds at b"}},
		{"an error in the later one, silence in the earlier", func(s *service) {
			_, spanA := s.incoming(1, "a", consumer)
			b, spanB := s.incoming(1, "b", consumer)
			s.log.ErrorContext(b, "failed", "error", errors.New("disk full"))
			silently(spanB)
			silently(spanA)
		}, []string{"disk full at b", "the span ended with status Error at a"}},
		{"the same, of two callers", func(s *service) {
			_, spanA := s.incoming(1, "a", server)
			b, spanB := s.incoming(2, "b", server)
			s.log.ErrorContext(b, "failed", "error", errors.New("disk full"))
			silently(spanB)
			silently(spanA)
		}, []string{"disk full at b", "the span ended with status Error at a"}},
		{"an error in the earlier one, silence in the later", func(s *service) {
			a, spanA := s.incoming(1, "a", server)
			_, spanB := s.incoming(2, "b", server)
			s.log.ErrorContext(a, "failed", "error", errors.New("disk full"))
			silently(spanB)
			silently(spanA)
		}, []string{"disk full at a", "the span ended with status Error at b"}},
		{"a failed call in one, silence in the other", func(s *service) {
			a, spanA := s.incoming(1, "a", server)
			_, spanB := s.incoming(2, "b", server)
			_ = s.fail2(a, "GET price", trace.SpanKindClient, errors.New("connection refused"))
			silently(spanB)
			silently(spanA)
		}, []string{"connection refused at a", "the span ended with status Error at b"}},
		{"two silent failures", func(s *service) {
			_, spanA := s.incoming(1, "a", consumer)
			_, spanB := s.incoming(1, "b", consumer)
			silently(spanB)
			silently(spanA)
		}, []string{"the span ended with status Error at a", "the span ended with status Error at b"}},
		{"a capture in the one that began first", func(s *service) {
			a, spanA := s.incoming(1, "a", server)
			_, spanB := s.incoming(2, "b", server)
			s.sink.CaptureError(a, errors.New("disk full"))
			spanB.End()
			spanA.End()
		}, []string{"disk full at a"}},
		{"an error in one that is renamed, after the other has ended", func(s *service) {
			a, spanA := s.incoming(1, "server", server)
			_, spanB := s.incoming(2, "b", server)
			s.log.ErrorContext(a, "failed", "error", errors.New("disk full"))
			spanB.End()
			spanA.SetName("a")
			spanA.End()
		}, []string{"disk full at a"}},
		{"exceptions on the way to a 404, while the other ends", func(s *service) {
			a, spanA := s.incoming(1, "a", server)
			_, spanB := s.incoming(2, "b", server)
			_ = s.fail(a, "find", func(context.Context) error { return errors.New("no such order") })
			finishWith(spanB, 200)
			finishWith(spanA, 404)
		}, nil},
		{"a silent failure of one inside the other, which has failed for it", func(s *service) {
			a, spanA := s.incoming(1, "a", server)
			_, call := s.tracer.Start(a, "GET b", trace.WithSpanKind(trace.SpanKindClient))
			_, spanB := s.tracer.Start(trace.ContextWithRemoteSpanContext(s.t.Context(), call.SpanContext()), "b", trace.WithSpanKind(server))
			finishWith(spanB, 500)
			finishWith(call, 500)
			finishWith(spanA, 502)
		}, []string{"b at b"}},
		{"the same, deeper", func(s *service) {
			a, spanA := s.incoming(1, "a", server)
			a, step := s.tracer.Start(a, "step")
			a, inner := s.tracer.Start(a, "inner step")
			_, call := s.tracer.Start(a, "GET b", trace.WithSpanKind(trace.SpanKindClient))
			b, spanB := s.tracer.Start(trace.ContextWithRemoteSpanContext(s.t.Context(), call.SpanContext()), "b", trace.WithSpanKind(server))
			s.log.ErrorContext(b, "failed", "error", errors.New("disk full"))
			finishWith(spanB, 500)
			finishWith(call, 500)
			silently(inner)
			silently(step)
			finishWith(spanA, 502)
		}, []string{"disk full at b"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			tt.do(s)
			var got []string
			for _, e := range s.events() {
				got = append(got, e.Exception[len(e.Exception)-1].Value+" at "+e.Transaction)
			}
			slices.Sort(got)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("issues (-want +got):\n%s", diff)
			}
		})
	}
}
