package otlp

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// methods are the full names of the Export methods.
var methods = map[Signal]string{
	Traces:  "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
	Metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
	Logs:    "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
}

type grpcClient struct {
	conn     *grpc.ClientConn
	method   string
	metadata metadata.MD
	timeout  time.Duration
	gzip     bool
	whole    atomic.Bool // the receiver takes no gzip
}

func newGRPCClient(signal Signal, e Endpoint, t target) (*grpcClient, error) {
	c := &grpcClient{method: methods[signal], timeout: e.timeout(), gzip: t.gzip}
	creds := insecure.NewCredentials()
	if t.secure {
		creds = credentials.NewTLS(e.TLS.Clone())
	}
	opts := []grpc.DialOption{
		grpc.WithTransportCredentials(creds),
		grpc.WithUserAgent(userAgent),
		grpc.WithDisableRetry(), // the queue does that
		grpc.WithDisableServiceConfig(),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswer)),
		grpc.WithConnectParams(grpc.ConnectParams{
			Backoff:           backoff.Config{BaseDelay: firstPause, Multiplier: 1.6, Jitter: 0.2, MaxDelay: reconnect},
			MinConnectTimeout: c.timeout,
		}),
	}
	if t.gzip {
		// Deprecated in favour of a process-wide registry. A library does not
		// replace the "gzip" of its host there, and the registry's own one takes
		// five times as long.
		opts = append(opts,
			grpc.WithCompressor(zipper{}),     //nolint:staticcheck // see above
			grpc.WithDecompressor(unzipper{}), //nolint:staticcheck // see above
		)
	}
	var err error
	if c.conn, err = grpc.NewClient(t.dialAddr(), opts...); err != nil {
		return nil, fmt.Errorf("%s endpoint: %w", signal, err)
	}
	if len(e.Headers) > 0 {
		c.metadata = metadata.New(e.Headers)
	}
	return c, nil
}

func (c *grpcClient) send(ctx context.Context, payload []byte) result {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	if c.metadata != nil {
		ctx = metadata.NewOutgoingContext(ctx, c.metadata)
	}
	c.awaitConnection(ctx)
	answer, err := c.export(ctx, payload)
	note := ""
	if c.gzip && refusesGzip(status.Convert(err)) {
		if c.whole.CompareAndSwap(false, true) {
			note = "the receiver takes no gzip, requests go out uncompressed"
		}
		answer, err = c.export(ctx, payload)
	}
	r := judgeGRPC(answer, err)
	r.note = note
	return r
}

// export makes one call.
func (c *grpcClient) export(ctx context.Context, payload []byte) (answer []byte, err error) {
	opts := []grpc.CallOption{grpc.ForceCodecV2(rawCodec{})}
	if c.whole.Load() {
		opts = append(opts, grpc.UseCompressor(encoding.Identity))
	}
	err = c.conn.Invoke(ctx, c.method, payload, &answer, opts...)
	return answer, err
}

// reconnect is the longest pause that the connection makes between its own
// attempts.
const reconnect = 500 * time.Millisecond

// awaitConnection gives a connection that is down the time to make its next
// attempt, which else would fail the request without an attempt.
// (ClientConn.ResetConnectBackoff would be the way, but it races with the
// balancer in grpc 1.85.)
func (c *grpcClient) awaitConnection(ctx context.Context) {
	if c.conn.GetState() == connectivity.TransientFailure {
		ctx, cancel := context.WithTimeout(ctx, reconnect+firstPause)
		defer cancel()
		c.conn.WaitForStateChange(ctx, connectivity.TransientFailure)
	}
}

func (c *grpcClient) close() { _ = c.conn.Close() }

// rawCodec passes messages through that are encoded already.
type rawCodec struct{}

func (rawCodec) Name() string { return "proto" }

func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	payload, ok := v.([]byte)
	if !ok {
		return nil, fmt.Errorf("otlp: cannot encode %T", v)
	}
	return mem.BufferSlice{mem.SliceBuffer(payload)}, nil
}

func (rawCodec) Unmarshal(data mem.BufferSlice, v any) error {
	answer, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("otlp: cannot decode into %T", v)
	}
	*answer = data.Materialize()
	return nil
}

// zipper and unzipper are gzip for one connection.
type (
	zipper   struct{}
	unzipper struct{}
)

func (zipper) Type() string                   { return "gzip" }
func (zipper) Do(w io.Writer, p []byte) error { return gzipTo(w, p) }
func (unzipper) Type() string                 { return "gzip" }
func (unzipper) Do(r io.Reader) ([]byte, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, maxAnswer))
}
