package sentry_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	grpccodes "google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/otelkit/otelkit-go/exporters/sentry"
)

// silent ends a server span that failed without a word.
func silent(s *service, name string, attributes ...attribute.KeyValue) {
	_, span := s.tracer.Start(s.t.Context(), name, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(attributes...))
	span.SetStatus(codes.Error, "")
	span.End()
}

// fingerprints returns those of what arrived, sorted.
func (s *service) fingerprints() [][]string {
	var list [][]string
	for _, e := range s.events() {
		list = append(list, e.Fingerprint)
	}
	slices.SortFunc(list, slices.Compare)
	return list
}

// A number in a route or a method is part of its name; one in the name of a
// span may be anything.
func TestFingerprintOfSilentFailures(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, route := range []string{"/v1/orders", "/v2/orders"} {
		silent(s, "server", attribute.Int("http.response.status_code", 500),
			attribute.String("http.request.method", "GET"), attribute.String("http.route", route))
	}
	for _, service := range []string{"shop.v1.Orders", "shop.v1beta1.Orders"} {
		silent(s, "server", attribute.Int("rpc.grpc.status_code", 13),
			attribute.String("rpc.service", service), attribute.String("rpc.method", "Get"))
	}
	silent(s, "server", attribute.Int("rpc.grpc.status_code", 12), attribute.String("rpc.method", "scan/method77"))
	silent(s, "GET /orders/77")
	want := [][]string{
		{"shop", "GET /orders/#", "GET /orders/# the span ended with status Error"},
		{"shop", "HTTP 500", "GET /v1/orders"},
		{"shop", "HTTP 500", "GET /v2/orders"},
		{"shop", "gRPC INTERNAL", "shop.v1.Orders/Get"},
		{"shop", "gRPC INTERNAL", "shop.v1beta1.Orders/Get"},
		{"shop", "gRPC UNIMPLEMENTED", "gRPC UNIMPLEMENTED scan/#"},
	}
	if diff := cmp.Diff(want, s.fingerprints()); diff != "" {
		t.Errorf("fingerprints (-want +got):\n%s", diff)
	}
}

// A gRPC status that came without a stack says the same in many methods.
func TestFingerprintOfStatusErrors(t *testing.T) {
	t.Parallel()
	s := newService(t)
	for _, method := range []string{"Get", "List"} {
		for range 2 {
			ctx, span := s.tracer.Start(t.Context(), method, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
				attribute.String("rpc.service", "shop.v1.Orders"), attribute.String("rpc.method", method)))
			_, step := s.tracer.Start(ctx, "load")
			step.RecordError(status.Error(grpccodes.Internal, "internal error"))
			step.SetStatus(codes.Error, "")
			step.End()
			span.SetStatus(codes.Error, "")
			span.End()
		}
	}
	const text = "rpc error: code = Internal desc = internal error"
	get := []string{"shop", "*status.Error", text, "shop.v1.Orders/Get"}
	list := []string{"shop", "*status.Error", text, "shop.v1.Orders/List"}
	if diff := cmp.Diff([][]string{get, get, list, list}, s.fingerprints()); diff != "" {
		t.Errorf("fingerprints (-want +got):\n%s", diff)
	}
}

// All tasks of a worker are reported in one place, so {{ default }} alone says
// nothing about them.
func TestFingerprintByHandWithDefault(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		err  error
		want []string
	}{
		{
			"a text", fmt.Errorf("charge order 7: %w", errors.New("card 17 declined")),
			[]string{"{{ default }}", "task", "*errors.errorString", "card # declined"},
		},
		{
			"several", errors.Join(errors.New("disk full"), errors.New("close failed")),
			[]string{"{{ default }}", "task", "*errors.errorString", "disk full"},
		},
		{"a type", fmt.Errorf("charge: %w", &declined{"no funds"}), []string{"{{ default }}", "task", "*sentry_test.declined"}},
		{
			"a gRPC status", status.Error(grpccodes.Unavailable, "try later"),
			[]string{"{{ default }}", "task", "*status.Error", "gRPC Unavailable"},
		},
		{"an SQLSTATE", &sqlError{"40001"}, []string{"{{ default }}", "task", "*sentry_test.sqlError", "SQLSTATE 40001"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			s.sink.CaptureError(t.Context(), tt.err, sentry.WithFingerprint("{{ default }}", "task"))
			if diff := cmp.Diff([][]string{tt.want}, s.fingerprints()); diff != "" {
				t.Errorf("fingerprint (-want +got):\n%s", diff)
			}
		})
	}
}
