package otlp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	collogs "go.opentelemetry.io/proto/otlp/collector/logs/v1"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

func TestGRPCAnswers(t *testing.T) {
	t.Parallel()
	throttled := func(code codes.Code) *status.Status {
		s, err := status.New(code, "busy").WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(3500 * time.Millisecond)})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for _, tt := range []struct {
		status *status.Status
		want   verdict
		after  time.Duration
	}{
		{status.New(codes.Unavailable, ""), retry, 0},
		{status.New(codes.Canceled, ""), retry, 0},
		{status.New(codes.Unimplemented, "unexpected HTTP status code received from server: 404 (Not Found)"), retry, doubtful},
		{status.New(codes.Unknown, "unexpected HTTP status code received from server: 200 (OK)"), retry, doubtful},
		{status.New(codes.Unavailable, "unexpected HTTP status code received from server: 502 (Bad Gateway)"), retry, 0},
		{status.New(codes.PermissionDenied, "unexpected HTTP status code received from server: 403 (Forbidden)"), refuse, 0},
		{status.New(codes.DeadlineExceeded, ""), retry, 0},
		{status.New(codes.Aborted, ""), retry, 0},
		{status.New(codes.OutOfRange, ""), retry, 0},
		{status.New(codes.DataLoss, ""), retry, 0},
		{throttled(codes.Unavailable), retry, 3500 * time.Millisecond},
		{throttled(codes.ResourceExhausted), retry, 3500 * time.Millisecond},
		{status.New(codes.ResourceExhausted, "quota"), refuse, 0},
		{status.New(codes.ResourceExhausted, "grpc: received message larger than max (5 vs. 4)"), split, 0},
		{status.New(codes.ResourceExhausted, "gRPC message exceeds maximum size 4194304: 4259840"), split, 0},
		{status.New(codes.ResourceExhausted, "Received message exceeds the maximum configured message size."), split, 0},
		{status.New(codes.OutOfRange, "Error, decoded message length too large: found 60000 bytes, the limit is: 4096 bytes"), split, 0},
		{status.New(codes.InvalidArgument, ""), refuse, 0},
		{status.New(codes.Unauthenticated, "token abc"), refuse, 0},
		{status.New(codes.PermissionDenied, "token abc"), refuse, 0},
		{status.New(codes.Unimplemented, ""), refuse, 0},
		{status.New(codes.Unknown, ""), refuse, 0},
		{status.New(codes.Internal, ""), refuse, 0},
		{status.New(codes.NotFound, ""), refuse, 0},
	} {
		r := judgeStatus(tt.status)
		if r.verdict != tt.want || r.after != tt.after || strings.Contains(r.err.Error(), "abc") || r.contents != (tt.status.Code() == codes.InvalidArgument) {
			t.Errorf("%v: %+v, want %d after %s", tt.status, r, tt.want, tt.after)
		}
	}
}

func TestGRPCLimitSplits(t *testing.T) {
	t.Parallel()
	r := newGRPCReceiver(t, listen(t, "tcp", "127.0.0.1:0"), grpc.MaxRecvMsgSize(20_000))
	e, err := New(WithLogs(Endpoint{URL: r.url, Protocol: GRPC}), WithErrorHandler(nil))
	if err != nil {
		t.Fatal(err)
	}
	newEmitter(e.LogProcessor()).emit(3000, info)
	if err := e.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	got := 0
	for _, m := range r.requests(Logs) {
		got += len(m.(*collogs.ExportLogsServiceRequest).ResourceLogs[0].ScopeLogs[0].LogRecords)
	}
	n := int64(len(r.requests(Logs)))
	if got != 3000 {
		t.Errorf("%d records arrived, want 3000", got)
	}
	balanced(t, e, 3000, 3000-n, 0, map[string]int64{DropRejected: n}) // one of each request is rejected
}

// A receiver that takes no gzip gets requests without, and that is told once.
func TestGRPCWithoutGzip(t *testing.T) {
	t.Parallel()
	r := &receiver{}
	srv := grpc.NewServer()
	defer srv.Stop()
	collogs.RegisterLogsServiceServer(srv, grpcLogs{r: r})
	compressed := 0
	web := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Grpc-Encoding") == "gzip" {
			compressed++
			w.Header().Set("Content-Type", "application/grpc")
			w.Header().Set("Grpc-Status", "12")
			w.Header().Set("Grpc-Message", `grpc: Decompressor is not installed for grpc-encoding "gzip"`)
			return
		}
		srv.ServeHTTP(w, req)
	}))
	web.Config.Protocols = new(http.Protocols)
	web.Config.Protocols.SetUnencryptedHTTP2(true)
	web.Start()
	defer web.Close()
	told := &tales{}
	e, err := New(WithLogs(Endpoint{URL: web.URL, Protocol: GRPC, Compression: CompressionGzip}), WithErrorHandler(told.add))
	if err != nil {
		t.Fatal(err)
	}
	em := newEmitter(e.LogProcessor())
	for range 3 {
		em.emit(10, info)
		if err := e.ForceFlush(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if err := errors.Join(e.Verify(t.Context()), e.Shutdown(t.Context())); err != nil {
		t.Error(err)
	}
	balanced(t, e, 30, 27, 0, map[string]int64{DropRejected: 3}) // one of each request is rejected
	if lines := strings.Join(told.all(), "\n"); compressed != 1 || strings.Count(lines, "takes no gzip") != 1 {
		t.Errorf("%d compressed requests, told %s", compressed, lines)
	}
}

// An answer is larger than what is read of it, compressed or not: the records have
// been taken.
func TestGRPCLongAnswer(t *testing.T) {
	t.Parallel()
	for name, compression := range map[string]Compression{"whole": CompressionNone, "gzip": CompressionGzip} {
		for _, size := range []int{70 << 10, maxAnswer, maxAnswer + 64<<10} {
			t.Run(fmt.Sprint(name, size), func(t *testing.T) {
				t.Parallel()
				answer := &collogs.ExportLogsServiceResponse{PartialSuccess: &collogs.ExportLogsPartialSuccess{
					RejectedLogRecords: 3, ErrorMessage: strings.Repeat("n", size),
				}}
				r := newGRPCReceiver(t, listen(t, "tcp", "127.0.0.1:0"), grpc.UnaryInterceptor(
					func(context.Context, any, *grpc.UnaryServerInfo, grpc.UnaryHandler) (any, error) { return answer, nil }))
				got := sendOnce(t, Endpoint{URL: r.url, Protocol: GRPC, Compression: compression})
				if got.verdict != delivered || got.err != nil || got.warning == "" || len(got.warning) > 1000 {
					t.Errorf("got %+v", got)
				}
				if whole := size < maxAnswer; (whole || compression == CompressionGzip) && got.rejected != 3 {
					t.Errorf("%d rejected, want 3", got.rejected)
				}
			})
		}
	}
}
