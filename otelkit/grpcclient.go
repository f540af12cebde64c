package otelkit

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/otel/attribute"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// A GRPCClientOption is a setting of [GRPCClient].
type GRPCClientOption interface{ applyGRPCClient(*grpcClient) }

func (o KitOption) applyGRPCClient(c *grpcClient) { c.kit = o.kit }

// GRPCClient returns the options that give each request of a gRPC client a span
// and metrics (from otelgrpc) and its metadata the trace context, the baggage,
// both scrubbed, and the correlation id:
//
//	grpc.NewClient(target, append(otelkit.GRPCClient(), …)...)
//
// A request that fails with Unknown, DeadlineExceeded, Unimplemented, Internal,
// Unavailable or DataLoss is logged once as external_request_failed, with peer,
// rpc_method, grpc_status and duration, as those of [HTTPTransport] are.
func GRPCClient(opts ...GRPCClientOption) []grpc.DialOption {
	c := &grpcClient{}
	for _, o := range opts {
		if o != nil {
			o.applyGRPCClient(c)
		}
	}
	return []grpc.DialOption{
		grpc.WithStatsHandler(&grpcStats{
			kit:        c.kit,
			newHandler: newGRPCClientHandler,
			enter:      func(ctx context.Context, _ *Kit, _ *stats.RPCTagInfo) context.Context { return ctx },
		}),
		grpc.WithChainUnaryInterceptor(c.unary),
		grpc.WithChainStreamInterceptor(c.stream),
	}
}

func newGRPCClientHandler(k *Kit) stats.Handler {
	return otelgrpc.NewClientHandler(otelgrpc.WithTracerProvider(k.traces),
		otelgrpc.WithMeterProvider(k.metrics), otelgrpc.WithPropagators(k.propagator))
}

// grpcClient is the part of the instrumentation that logs.
type grpcClient struct{ kit *Kit }

func (c *grpcClient) kitFor(ctx context.Context) *Kit {
	if c.kit != nil {
		return c.kit
	}
	return FromContext(ctx)
}

func (c *grpcClient) unary(ctx context.Context, method string, req, res any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	call := c.begin(ctx, method, cc)
	err := invoke(call.ctx, method, req, res, cc, opts...)
	call.ended(err)
	return err
}

func (c *grpcClient) stream(ctx context.Context, desc *grpc.StreamDesc, cc *grpc.ClientConn, method string, open grpc.Streamer, opts ...grpc.CallOption) (grpc.ClientStream, error) {
	call := c.begin(ctx, method, cc)
	s, err := open(call.ctx, desc, cc, method, opts...)
	if err != nil {
		call.ended(err)
		return nil, err
	}
	return &grpcClientStream{ClientStream: s, call: call}, nil
}

func (c *grpcClient) begin(ctx context.Context, method string, cc *grpc.ClientConn) *clientCall {
	if id := correlationOf(ctx); id != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, "x-correlation-id", id)
	}
	return &clientCall{kit: c.kitFor(ctx), ctx: ctx, method: method, peer: cc.Target(), started: time.Now()}
}

// clientCall is one request of a client.
type clientCall struct {
	kit     *Kit
	ctx     context.Context
	method  string
	peer    string
	started time.Time
	said    atomic.Bool
}

// ended logs err if it means that the request failed, and nothing the second
// time.
func (c *clientCall) ended(err error) {
	code := status.Code(err)
	if c.kit.off() || err == nil || errors.Is(err, io.EOF) || !failedCodes[code] || c.said.Swap(true) {
		return
	}
	c.kit.events.grpc.say(c.ctx, entry{event: "external_request_failed", level: slog.LevelWarn, errs: []error{err}},
		attribute.String("peer", c.peer),
		attribute.String("rpc_method", strings.TrimPrefix(c.method, "/")),
		attribute.String("grpc_status", code.String()),
		milliseconds(time.Since(c.started)),
		errorAttr(err))
}

// failedCodes are those for which the other side is to blame, or the network.
var failedCodes = map[codes.Code]bool{
	codes.Unknown: true, codes.DeadlineExceeded: true, codes.Unimplemented: true,
	codes.Internal: true, codes.Unavailable: true, codes.DataLoss: true,
}

// grpcClientStream sees how a stream ends.
type grpcClientStream struct {
	grpc.ClientStream
	call *clientCall
}

func (s *grpcClientStream) RecvMsg(m any) error {
	err := s.ClientStream.RecvMsg(m)
	s.call.ended(err)
	return err
}
