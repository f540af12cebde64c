package otelkit_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	otelcodes "go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/otelkit/otelkit-go/otelkit"
)

// orders is a gRPC service without generated code.
type orders struct {
	get  func(ctx context.Context, id string) (string, error)
	list func(ss grpc.ServerStream) error
}

var ordersDesc = grpc.ServiceDesc{
	ServiceName: "shop.Orders",
	HandlerType: (*any)(nil),
	Methods: []grpc.MethodDesc{{MethodName: "Get", Handler: func(srv any, ctx context.Context, decode func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
		in := &wrapperspb.StringValue{}
		if err := decode(in); err != nil {
			return nil, err
		}
		handle := func(ctx context.Context, req any) (any, error) {
			text, err := srv.(*orders).get(ctx, req.(*wrapperspb.StringValue).GetValue())
			return wrapperspb.String(text), err
		}
		if intercept == nil {
			return handle(ctx, in)
		}
		return intercept(ctx, in, &grpc.UnaryServerInfo{Server: srv, FullMethod: "/shop.Orders/Get"}, handle)
	}}},
	Streams: []grpc.StreamDesc{{StreamName: "List", ServerStreams: true, Handler: func(srv any, ss grpc.ServerStream) error {
		if err := ss.RecvMsg(&wrapperspb.StringValue{}); err != nil {
			return err
		}
		return srv.(*orders).list(ss)
	}}},
}

// serveGRPC returns a connection to srv, and a function that stops the server.
func serveGRPC(t *testing.T, srv *orders, server []grpc.ServerOption, client []grpc.DialOption) (*grpc.ClientConn, func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := grpc.NewServer(server...)
	s.RegisterService(&ordersDesc, srv)
	var wg sync.WaitGroup
	wg.Go(func() { _ = s.Serve(l) })
	conn, err := grpc.NewClient(l.Addr().String(), append(client, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
	if err != nil {
		t.Fatal(err)
	}
	stop := sync.OnceFunc(func() { conn.Close(); s.GracefulStop(); wg.Wait() })
	t.Cleanup(stop)
	return conn, stop
}

// list calls the streaming method and returns how it ended.
func list(ctx context.Context, conn *grpc.ClientConn) error {
	s, err := conn.NewStream(ctx, &ordersDesc.Streams[0], "/shop.Orders/List")
	if err != nil {
		return err
	}
	if err := errors.Join(s.SendMsg(wrapperspb.String("all")), s.CloseSend()); err != nil {
		return err
	}
	for {
		if err := s.RecvMsg(&wrapperspb.StringValue{}); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// Each way in which a gRPC request can end, for both kinds of methods.
func TestGRPCOutcomes(t *testing.T) {
	t.Parallel()
	const started = "INFO request_started"
	for _, test := range []struct {
		name    string
		handler func(context.Context) error
		code    codes.Code
		story   []string // X stands for request and streaming
		status  otelcodes.Code
		issues  []string
	}{
		{"OK", func(context.Context) error { return nil }, codes.OK, []string{started, "INFO X_finished"}, otelcodes.Unset, nil},
		{
			"NotFound", func(context.Context) error { return status.Error(codes.NotFound, "no order") }, codes.NotFound,
			[]string{started, "WARN X_finished"},
			otelcodes.Unset, nil,
		},
		{
			"Unavailable", func(context.Context) error { return status.Error(codes.Unavailable, "later") }, codes.Unavailable,
			[]string{started, "WARN X_finished"},
			otelcodes.Error,
			[]string{"warning gRPC UNAVAILABLE"},
		},
		{
			"Unknown", func(context.Context) error { return fmt.Errorf("load: %w", errGone) }, codes.Unknown,
			[]string{started, "ERROR X_failed"},
			otelcodes.Error,
			[]string{"error load: disk gone"},
		},
		{
			"Internal", func(context.Context) error { return status.Error(codes.Internal, "broken") }, codes.Internal,
			[]string{started, "ERROR X_failed"},
			otelcodes.Error,
			[]string{"error gRPC INTERNAL"},
		},
		{"captured", store, codes.Unknown, []string{started, "ERROR exception_captured", "ERROR X_failed"}, otelcodes.Error, []string{"error disk gone"}},
		{"panic", func(context.Context) error { breakDown(); return nil }, codes.Internal, []string{started, "ERROR X_failed"}, otelcodes.Error, []string{"fatal boom"}},
		{"panic with a nil error", func(context.Context) error { panic(nilError()) }, codes.Internal, []string{started, "ERROR X_failed"}, otelcodes.Error, []string{"fatal nil"}},
	} {
		for _, method := range []string{"Get", "List"} {
			t.Run(test.name+"/"+method, func(t *testing.T) {
				t.Parallel()
				o := observe(t)
				srv := &orders{
					get:  func(ctx context.Context, _ string) (string, error) { return "order", test.handler(ctx) },
					list: func(ss grpc.ServerStream) error { return test.handler(ss.Context()) },
				}
				conn, stop := serveGRPC(t, srv, otelkit.GRPCServer(otelkit.WithKit(o.kit)), nil)
				ctx := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "r-1", "x-correlation-id", "c-1",
					"authorization", "Bearer "+canary("header"))
				var header metadata.MD
				var err error
				if method == "Get" {
					err = conn.Invoke(ctx, "/shop.Orders/Get", wrapperspb.String(canary("body")), &wrapperspb.StringValue{}, grpc.Header(&header))
				} else {
					err = list(ctx, conn)
				}
				stop()
				if status.Code(err) != test.code || strings.Contains(fmt.Sprint(err), "boom") {
					t.Errorf("the client got %v, want %v", err, test.code)
				}
				if method == "Get" && len(header) > 0 && header.Get("x-request-id")[0] != "r-1" {
					t.Errorf("header %v", header)
				}
				checkIssues(t, o, test.issues)
				want := strings.Join(test.story, "\n")
				want = strings.ReplaceAll(want, "X_", map[string]string{"Get": "request_", "List": "streaming_"}[method])
				if diff := cmp.Diff(strings.Split(want, "\n"), o.story()); diff != "" {
					t.Error(diff)
				}
				for _, l := range o.lines {
					if l["request_id"] != "r-1" || l["correlation_id"] != "c-1" || l["client_ip"] != "127.0.0.1" {
						t.Errorf("%s: %v", l["msg"], l)
					}
				}
				last := o.lines[len(o.lines)-1]
				if last["rpc_method"] != "shop.Orders/"+method || last["grpc_status"] != test.code.String() || last["duration_ms"] == "" {
					t.Errorf("last line %v", last)
				}
				if o.lines[0]["grpc_status"] != "" || (last["level"] == "ERROR") != (last["exception.type"] != "") {
					t.Errorf("first line %v, last line %v", o.lines[0], last)
				}
				span := o.spans.Ended()[0]
				if span.Name() != "shop.Orders/"+method || span.SpanKind() != trace.SpanKindServer || span.Status().Code != test.status {
					t.Errorf("span %q, %v, %v", span.Name(), span.SpanKind(), span.Status())
				}
				o.checkCanaries(t)
			})
		}
	}
}

func TestGRPCStreamingStarts(t *testing.T) {
	t.Parallel()
	o := observe(t)
	srv := &orders{list: func(ss grpc.ServerStream) error {
		otelkit.BindScope(ss.Context(), "user_id", "u1")
		return errors.Join(ss.SendMsg(wrapperspb.String("a")), ss.SendMsg(wrapperspb.String("b")))
	}}
	conn, stop := serveGRPC(t, srv, otelkit.GRPCServer(otelkit.WithKit(o.kit)), nil)
	if err := list(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	stop()
	if diff := cmp.Diff([]string{"INFO request_started", "INFO streaming_started", "INFO streaming_finished"}, o.story()); diff != "" {
		t.Error(diff)
	}
	if l := o.line(t, "streaming_finished"); l["user_id"] != "u1" {
		t.Errorf("user_id %q", l["user_id"])
	}
}

// The status is for the client; what was said on the way is the issue.
func TestGRPCFailureIsToldOnce(t *testing.T) {
	t.Parallel()
	for name, say := range map[string]func(ctx context.Context, o *observed) error{
		"logged, and a status of its own": func(ctx context.Context, o *observed) error {
			o.kit.Logger("shop").ErrorContext(ctx, "order_failed", "error", errGone)
			return status.Error(codes.Internal, "internal error")
		},
		"logged, and a status with its text": func(ctx context.Context, o *observed) error {
			o.kit.Logger("shop").ErrorContext(ctx, "order_failed", "error", errGone)
			return status.Errorf(codes.Unknown, "get order: %v (id 17)", errGone)
		},
		"logged and returned": func(ctx context.Context, o *observed) error {
			o.kit.Logger("shop").ErrorContext(ctx, "order_failed", "error", errGone)
			return fmt.Errorf("get order: %w", errGone)
		},
		"recorded on a span": func(ctx context.Context, o *observed) error {
			_, span := o.kit.TracerProvider().Tracer("shop").Start(ctx, "charge")
			defer span.End()
			span.RecordError(errGone)
			span.SetStatus(otelcodes.Error, "")
			return status.Error(codes.Internal, "internal error")
		},
		"returned": func(context.Context, *observed) error { return errGone },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := observe(t)
			srv := &orders{get: func(ctx context.Context, _ string) (string, error) { return "", say(ctx, o) }}
			conn, stop := serveGRPC(t, srv, otelkit.GRPCServer(otelkit.WithKit(o.kit)), nil)
			_ = conn.Invoke(t.Context(), "/shop.Orders/Get", wrapperspb.String("1"), &wrapperspb.StringValue{})
			stop()
			checkIssues(t, o, []string{"error disk gone"})
			if l := o.line(t, "request_failed"); l["level"] != "ERROR" || l["exception.message"] == "" {
				t.Errorf("line %v", l)
			}
		})
	}
}

func TestGRPCClientGone(t *testing.T) {
	t.Parallel()
	o := observe(t)
	ctx, leave := context.WithCancel(t.Context())
	srv := &orders{get: func(ctx context.Context, _ string) (string, error) {
		leave()
		<-ctx.Done()
		return "", ctx.Err()
	}}
	conn, stop := serveGRPC(t, srv, otelkit.GRPCServer(otelkit.WithKit(o.kit)), nil)
	if err := conn.Invoke(ctx, "/shop.Orders/Get", wrapperspb.String("1"), &wrapperspb.StringValue{}); status.Code(err) != codes.Canceled {
		t.Errorf("error %v", err)
	}
	stop()
	checkIssues(t, o, nil)
	if l := o.line(t, "request_cancelled"); l["level"] != "WARN" || l["grpc_status"] != "Canceled" || l["reason"] != "client_gone" {
		t.Errorf("line %v", l)
	}
}

func TestGRPCHealthAndPublic(t *testing.T) {
	t.Parallel()
	o := observe(t)
	srv := &orders{
		get:  func(context.Context, string) (string, error) { return "", nil },
		list: func(grpc.ServerStream) error { return nil },
	}
	conn, stop := serveGRPC(t, srv, otelkit.GRPCServer(otelkit.WithKit(o.kit), otelkit.WithPublicListener(),
		otelkit.WithHealthEndpoints("/shop.Orders/Get")), nil)
	ctx := metadata.AppendToOutgoingContext(t.Context(), "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	if err := errors.Join(conn.Invoke(ctx, "/shop.Orders/Get", wrapperspb.String("1"), &wrapperspb.StringValue{}), list(ctx, conn)); err != nil {
		t.Fatal(err)
	}
	stop()
	spans := o.spans.Ended()
	if len(spans) != 1 || spans[0].Name() != "shop.Orders/List" || len(o.lines) != 2 {
		t.Fatalf("%d spans, lines %q", len(spans), o.story())
	}
	if spans[0].Parent().IsValid() || len(spans[0].Links()) != 1 {
		t.Errorf("parent %v, links %v", spans[0].Parent(), spans[0].Links())
	}
}

func TestGRPCClient(t *testing.T) {
	t.Parallel()
	for code, lines := range map[codes.Code]int{codes.OK: 0, codes.NotFound: 0, codes.Unavailable: 1, codes.Internal: 1} {
		t.Run(code.String(), func(t *testing.T) {
			t.Parallel()
			o := observe(t)
			var got metadata.MD
			srv := &orders{
				get: func(ctx context.Context, _ string) (string, error) {
					got, _ = metadata.FromIncomingContext(ctx)
					return "", status.Error(code, "text")
				},
				list: func(grpc.ServerStream) error { return status.Error(code, "text") },
			}
			conn, stop := serveGRPC(t, srv, nil, otelkit.GRPCClient())
			ctx, end := o.start("work")
			ctx = otelkit.Bind(ctx, "correlation_id", "c-1")
			for _, err := range []error{conn.Invoke(ctx, "/shop.Orders/Get", wrapperspb.String("1"), &wrapperspb.StringValue{}), list(ctx, conn)} {
				if status.Code(err) != code {
					t.Errorf("error %v", err)
				}
			}
			target := conn.Target()
			stop()
			end()
			checkIssues(t, o, nil)
			if len(o.lines) != 2*lines {
				t.Fatalf("lines %q, want %d", o.story(), 2*lines)
			}
			for _, l := range o.lines {
				if l["msg"] != "external_request_failed" || l["level"] != "WARN" || l["peer"] != target || l["grpc_status"] != code.String() ||
					!strings.HasPrefix(l["rpc_method"], "shop.Orders/") || l["duration_ms"] == "" || l["error"] == "" {
					t.Errorf("line %v", l)
				}
			}
			if got.Get("x-correlation-id")[0] != "c-1" || len(got.Get("traceparent")) != 1 {
				t.Errorf("metadata %v", got)
			}
			for _, s := range o.spans.Ended()[:2] {
				if s.SpanKind() != trace.SpanKindClient {
					t.Errorf("span %q is of kind %v", s.Name(), s.SpanKind())
				}
			}
		})
	}
}

func TestGRPCConcurrentRequests(t *testing.T) {
	t.Parallel()
	o := observe(t)
	const n = 200
	srv := &orders{get: func(ctx context.Context, id string) (string, error) {
		otelkit.BindScope(ctx, "user_id", "u"+id)
		o.kit.Logger("shop").InfoContext(otelkit.Bind(ctx, "order", id), "order_loaded")
		return "", nil
	}}
	conn, stop := serveGRPC(t, srv, otelkit.GRPCServer(otelkit.WithKit(o.kit)), nil)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			ctx := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", fmt.Sprintf("r%d", i))
			if err := conn.Invoke(ctx, "/shop.Orders/Get", wrapperspb.String(fmt.Sprint(i)), &wrapperspb.StringValue{}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	stop()
	if len(o.lines) != 3*n {
		t.Errorf("%d lines, want %d", len(o.lines), 3*n)
	}
	for _, l := range o.lines {
		id := strings.TrimPrefix(l["request_id"], "r")
		if l["msg"] != "request_started" && l["user_id"] != "u"+id || l["msg"] == "order_loaded" && l["order"] != id {
			t.Errorf("a line of request %s: %v", id, l)
		}
	}
}

// The address of the client, as for HTTP: behind trusted proxies only, and only if wanted.
func TestGRPCClientIP(t *testing.T) {
	t.Parallel()
	loopback := otelkit.WithTrustedProxies(netip.MustParsePrefix("127.0.0.0/8"))
	for name, test := range map[string]struct {
		opts []otelkit.GRPCOption
		want string
	}{
		"forged":       {nil, "127.0.0.1"},
		"one proxy":    {[]otelkit.GRPCOption{loopback}, "198.51.100.1"},
		"switched off": {[]otelkit.GRPCOption{loopback, otelkit.WithoutClientIP()}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := observe(t)
			srv := &orders{get: func(context.Context, string) (string, error) { return "", nil }}
			conn, stop := serveGRPC(t, srv, otelkit.GRPCServer(append(test.opts, otelkit.WithKit(o.kit))...), nil)
			ctx := metadata.AppendToOutgoingContext(t.Context(), "x-forwarded-for", "1.1.1.1, 198.51.100.1")
			if err := conn.Invoke(ctx, "/shop.Orders/Get", wrapperspb.String("1"), &wrapperspb.StringValue{}); err != nil {
				t.Fatal(err)
			}
			stop()
			if got := o.line(t, "request_finished")["client_ip"]; got != test.want {
				t.Errorf("client_ip %q, want %q", got, test.want)
			}
			for _, kv := range o.spans.Ended()[0].Attributes() {
				if v := kv.Value.String(); (kv.Key == "client.address" || kv.Key == "network.peer.address") && v != test.want {
					t.Errorf("the span has %s=%s", kv.Key, v)
				}
			}
		})
	}
}
