package otelkit

import (
	"context"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/otel/attribute"
	otelcodes "go.opentelemetry.io/otel/codes"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// A GRPCOption is a setting of [GRPCServer].
type GRPCOption interface{ applyGRPC(*grpcConfig) }

type grpcConfig struct{ serverConfig }

// GRPCServer returns the options that give each request to a gRPC server a span,
// the metrics of the semantic conventions (both from otelgrpc), and its lines:
//
//	grpc.NewServer(otelkit.GRPCServer()...)
//
// The lines are those of [HTTPMiddleware], with rpc_method and grpc_status. They
// are request_failed if the handler panicked, something was captured or the
// status is Unknown, Internal or DataLoss; request_cancelled if it is Canceled;
// else request_finished, at INFO with OK and at WARN with all others. Those of a
// stream begin with streaming_, and streaming_started comes with its first
// message.
//
// A status is an issue only if nothing else explains the failure, and an error that
// is no status is one together with what was said of it before.
//
// A panic is answered with Internal and captured. The request_id is that of the
// metadata x-request-id, and is in the header of the response. Messages are never
// looked at.
func GRPCServer(opts ...GRPCOption) []grpc.ServerOption {
	c := &grpcConfig{}
	for _, o := range opts {
		if o != nil {
			o.applyGRPC(c)
		}
	}
	return []grpc.ServerOption{
		grpc.StatsHandler(&grpcStats{kit: c.kit, newHandler: c.newHandler, enter: c.enter}),
		grpc.ChainUnaryInterceptor(serveUnary),
		grpc.ChainStreamInterceptor(serveStream),
	}
}

// grpcStats finds the kit of each request and hands it to an otelgrpc handler of
// that kit.
type grpcStats struct {
	kit        *Kit // nil: that of the context
	newHandler func(*Kit) stats.Handler
	enter      func(context.Context, *Kit, *stats.RPCTagInfo) context.Context // nil ctx: leave it out
	inner      atomic.Pointer[grpcStatsInner]
}

type grpcStatsInner struct {
	kit     *Kit
	handler stats.Handler
}

// grpcHandlerKey holds the stats.Handler that a request was tagged by.
type grpcHandlerKey struct{}

func (g *grpcStats) TagRPC(ctx context.Context, info *stats.RPCTagInfo) context.Context {
	k := g.kit
	if k == nil {
		k = FromContext(ctx)
	}
	if k.off() {
		return ctx
	}
	inside := g.enter(ctx, k, info)
	if inside == nil {
		return ctx
	}
	h := g.innerFor(k)
	return h.TagRPC(context.WithValue(inside, grpcHandlerKey{}, h), info)
}

func (g *grpcStats) innerFor(k *Kit) stats.Handler {
	if in := g.inner.Load(); in != nil && in.kit == k {
		return in.handler
	}
	in := &grpcStatsInner{kit: k, handler: g.newHandler(k)}
	g.inner.Store(in)
	return in.handler
}

func (g *grpcStats) HandleRPC(ctx context.Context, s stats.RPCStats) {
	if h, ok := ctx.Value(grpcHandlerKey{}).(stats.Handler); ok {
		h.HandleRPC(ctx, s)
	}
}

func (g *grpcStats) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (g *grpcStats) HandleConn(context.Context, stats.ConnStats)                       {}

func (c *grpcConfig) newHandler(k *Kit) stats.Handler {
	opts := []otelgrpc.Option{
		otelgrpc.WithTracerProvider(k.traces),
		otelgrpc.WithMeterProvider(k.metrics),
		otelgrpc.WithPropagators(k.propagator),
	}
	if c.public {
		opts = append(opts, otelgrpc.WithPropagators(withoutBaggage{k.propagator}), otelgrpc.WithPublicEndpoint())
	}
	return otelgrpc.NewServerHandler(opts...)
}

// enter returns ctx inside of a request, or nil if it is to be left alone.
func (c *grpcConfig) enter(ctx context.Context, k *Kit, info *stats.RPCTagInfo) context.Context {
	if c.health[info.FullMethodName] {
		return nil
	}
	call := &grpcCall{kit: k, config: c, started: time.Now(), method: strings.TrimPrefix(info.FullMethodName, "/")}
	call.scope = k.newScope()
	call.scope.call = call

	md, _ := metadata.FromIncomingContext(ctx)
	if call.id = first(md.Get("x-request-id")); !isSane(call.id) {
		call.id = k.newID()
	}
	correlation := first(md.Get("x-correlation-id"))
	if !isSane(correlation) {
		correlation = call.id
	}
	attrs := []attribute.KeyValue{attribute.String("request_id", call.id), attribute.String("correlation_id", correlation)}
	if call.remote = c.remoteOf(peerAddr(ctx), md.Get("x-forwarded-for")); call.remote.client != "" {
		attrs = append(attrs, attribute.String("client_ip", call.remote.client))
	}
	return child(ctx, &binding{attrs: attrs, kit: k, scope: call.scope, opens: true})
}

func first(values []string) string {
	if len(values) > 0 {
		return values[0]
	}
	return ""
}

func peerAddr(ctx context.Context) string {
	if p, ok := peer.FromContext(ctx); ok && p.Addr != nil {
		return p.Addr.String()
	}
	return ""
}

// callOf returns the request that ctx belongs to, if it came through the stats
// handler.
func callOf(ctx context.Context) *grpcCall {
	if s := scopeOf(ctx); s != nil {
		return s.call
	}
	return nil
}

func serveUnary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (res any, err error) {
	c := callOf(ctx)
	if c == nil {
		return handler(ctx, req)
	}
	_ = grpc.SetHeader(ctx, metadata.Pairs("x-request-id", c.id))
	c.begin(ctx, false)
	defer func() {
		if value := recover(); value != nil {
			res, err = nil, c.panicked(ctx, value)
		}
	}()
	res, err = handler(ctx, req)
	c.end(ctx, err)
	return res, err
}

func serveStream(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) (err error) {
	ctx := ss.Context()
	c := callOf(ctx)
	if c == nil {
		return handler(srv, ss)
	}
	_ = ss.SetHeader(metadata.Pairs("x-request-id", c.id))
	c.begin(ctx, true)
	defer func() {
		if value := recover(); value != nil {
			err = c.panicked(ctx, value)
		}
	}()
	err = handler(srv, &grpcStream{ServerStream: ss, call: c})
	c.end(ctx, err)
	return err
}

// grpcStream tells when the first message goes out.
type grpcStream struct {
	grpc.ServerStream
	call  *grpcCall
	began atomic.Bool
}

func (s *grpcStream) SendMsg(m any) error {
	if s.began.CompareAndSwap(false, true) {
		s.call.say(s.Context(), entry{event: "streaming_started"}, slog.LevelInfo, codes.OK)
	}
	return s.ServerStream.SendMsg(m)
}

// grpcCall is one request of a server.
type grpcCall struct {
	kit     *Kit
	config  *grpcConfig
	scope   *scope
	id      string
	method  string
	remote  remote
	started time.Time
	events  map[string]string
}

func (c *grpcCall) begin(ctx context.Context, stream bool) {
	c.events = requestEvents
	if stream {
		c.events = streamingEvents
	}
	span := trace.SpanFromContext(ctx)
	if c.remote.client != "" {
		span.SetAttributes(semconv.ClientAddress(c.remote.client))
	}
	if c.kit.config.boundSpans {
		c.scope.mu.Lock()
		c.scope.span = span
		c.scope.mu.Unlock()
	}
	c.say(ctx, entry{event: "request_started"}, slog.LevelInfo, codes.OK)
}

// panicked reports a panic and returns what the client is told of it.
func (c *grpcCall) panicked(ctx context.Context, value any) error {
	stack, err := c.kit.capturePanic(ctx, value)
	e := told(c.events["failed"], 0, err)
	e.stack = stack
	c.fail(ctx, e, codes.Internal, err)
	return status.Error(codes.Internal, "internal error")
}

func (c *grpcCall) end(ctx context.Context, err error) {
	defer c.scope.ring.close(false)
	code := codeOf(err)
	captured := c.scope.failed()
	switch {
	case code == codes.Canceled && ctx.Err() != nil:
		c.say(ctx, told(c.events["cancelled"], 0, nil), slog.LevelWarn, code, attribute.String("reason", "client_gone"))
	case captured != nil:
		trace.SpanFromContext(ctx).SetStatus(otelcodes.Error, errorText(captured))
		c.fail(ctx, told(c.events["failed"], 0, captured), code, captured)
	case code == codes.Unknown || code == codes.Internal || code == codes.DataLoss:
		e := told(c.events["failed"], 0, err)
		// A status is for the client and tells the outcome only; an error that is
		// none is the failure itself, and may have been told of by nobody.
		_, e.outcome = find[interface{ GRPCStatus() *status.Status }](err)
		c.fail(ctx, e, code, err)
	case err != nil:
		c.say(ctx, told(c.events["finished"], 0, nil), slog.LevelWarn, code, errorAttr(err))
	default:
		c.say(ctx, told(c.events["finished"], 0, nil), slog.LevelInfo, code)
	}
}

func (c *grpcCall) fail(ctx context.Context, e entry, code codes.Code, err error) {
	c.say(ctx, e, slog.LevelError, code, append(c.scope.ring.close(true), errorAttr(err))...)
}

// say emits a line about the request. What is known only at its end is on no
// other line.
func (c *grpcCall) say(ctx context.Context, e entry, level slog.Level, code codes.Code, attrs ...attribute.KeyValue) {
	e.level = c.config.levelOf(c.kit, e.event, int(code), level)
	if c.kit.holdsBack(ctx, e.level) {
		return
	}
	c.kit.events.grpc.sayWith(ctx, e, func(kvs []attribute.KeyValue) []attribute.KeyValue {
		kvs = append(append(kvs, attrs...), attribute.String("rpc_method", c.method))
		if !strings.HasSuffix(e.event, "_started") {
			kvs = append(kvs, attribute.String("grpc_status", code.String()), milliseconds(time.Since(c.started)))
		}
		return kvs
	})
}

// codeOf is the status that the server sends for err.
func codeOf(err error) codes.Code {
	if s, ok := status.FromError(err); ok {
		return s.Code()
	}
	return status.FromContextError(err).Code()
}
