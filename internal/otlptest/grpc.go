package otlptest

import (
	"context"
	"net"
	"net/http"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	_ "google.golang.org/grpc/encoding/gzip" // so that the server understands compressed calls
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

var grpcMethods = map[string]Signal{
	"/opentelemetry.proto.collector.logs.v1.LogsService/Export":       Logs,
	"/opentelemetry.proto.collector.trace.v1.TraceService/Export":     Spans,
	"/opentelemetry.proto.collector.metrics.v1.MetricsService/Export": Metrics,
}

func (r *Receiver) serveGRPC(ln net.Listener) {
	opts := []grpc.ServerOption{
		// One handler that sees bytes instead of three services that see
		// messages: what the receiver keeps is what was sent.
		grpc.ForceServerCodecV2(bytesCodec{}),
		grpc.UnknownServiceHandler(func(_ any, s grpc.ServerStream) error { return r.answerGRPC(s) }),
		grpc.StatsHandler(wireWatcher{}),
		grpc.MaxRecvMsgSize(r.grpcLimit),
	}
	if r.tls != nil {
		opts = append(opts, grpc.Creds(credentials.NewTLS(r.tls.Clone())))
	}
	server := grpc.NewServer(opts...)
	r.grpc = server
	// Serve returns when Close stops the server; there is no one to tell.
	go func() { _ = server.Serve(ln) }()
}

func (r *Receiver) answerGRPC(stream grpc.ServerStream) error {
	if !r.begin() {
		return status.Error(codes.Unavailable, "otlptest: closed")
	}
	defer r.handlers.Done()

	q, err := r.readGRPC(stream)
	if err != nil {
		return err
	}
	fault, err := r.meet(stream.Context())
	q.Accepted = err == nil && !fault.refuses()
	r.arrive(q)
	switch {
	case err != nil:
		return status.FromContextError(err).Err()
	case !q.Accepted:
		return refusalGRPC(fault)
	}
	return stream.SendMsg(response(q.Signal, fault))
}

func (r *Receiver) readGRPC(stream grpc.ServerStream) (Request, error) {
	ctx := stream.Context()
	q := Request{Transport: GRPC, Header: http.Header{}}
	q.Path, _ = grpc.MethodFromServerStream(stream)
	var known bool
	if q.Signal, known = grpcMethods[q.Path]; !known {
		return q, status.Errorf(codes.Unimplemented, "otlptest: unknown method %s", q.Path)
	}
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		for k, v := range md {
			q.Header[http.CanonicalHeaderKey(k)] = v
		}
	}
	if err := stream.RecvMsg(&q.Body); err != nil {
		return q, err
	}
	if w, ok := ctx.Value(wireKey{}).(*wire); ok {
		q.Encoding, q.WireSize = w.encoding, w.size
	}
	if err := r.decode(&q); err != nil {
		return q, status.Error(codes.InvalidArgument, err.Error())
	}
	return q, nil
}

func refusalGRPC(f Fault) error {
	st := status.New(f.grpcCode(), f.message())
	if f.RetryAfter > 0 {
		if with, err := st.WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(f.RetryAfter)}); err == nil {
			st = with
		}
	}
	return st.Err()
}

// bytesCodec passes messages as bytes: a *[]byte in, a []byte out.
type bytesCodec struct{}

func (bytesCodec) Name() string { return "proto" }

func (bytesCodec) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(v.([]byte))}, nil
}

func (bytesCodec) Unmarshal(data mem.BufferSlice, v any) error {
	*v.(*[]byte) = data.Materialize()
	return nil
}

// wireWatcher notes how a call was compressed, which gRPC does not show its
// handlers.
type wireWatcher struct{}

type wire struct {
	encoding string
	size     int
}

type wireKey struct{}

func (wireWatcher) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context {
	return context.WithValue(ctx, wireKey{}, new(wire))
}

func (wireWatcher) HandleRPC(ctx context.Context, s stats.RPCStats) {
	w, ok := ctx.Value(wireKey{}).(*wire)
	if !ok {
		return
	}
	switch s := s.(type) {
	case *stats.InHeader:
		w.encoding = s.Compression
	case *stats.InPayload:
		w.size = s.CompressedLength
	}
}

func (wireWatcher) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }
func (wireWatcher) HandleConn(context.Context, stats.ConnStats)                       {}
