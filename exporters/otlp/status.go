package otlp

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/otelkit/otelkit-go/exporters/otlp/internal/wire"
)

// judgeGRPC turns the end of a call into a result.
func judgeGRPC(answer []byte, err error) result {
	if err != nil {
		return judgeStatus(status.Convert(err))
	}
	r, ok := wire.ParseResponse(answer)
	switch {
	case ok:
		return taken(r)
	case len(answer) == maxAnswer:
		return cutAnswer(answer)
	}
	return result{verdict: retry, after: doubtful, err: errors.New("the answer is not OTLP: is this the right address?")}
}

// judgeStatus turns a status into a result (OTLP specification, "OTLP/gRPC
// Response").
func judgeStatus(s *status.Status) result {
	text := s.Code().String()
	if c := s.Code(); c != codes.Unauthenticated && c != codes.PermissionDenied {
		text += ": " + readable(s.Message())
	}
	means := ""
	if s.Code() != codes.Unavailable || !strings.Contains(s.Message(), notGRPC) { // a proxy in trouble says 502 or 503
		means = find(grpcHints, s.Message())
	}
	err := explained(means, errors.New(text))
	after, asked := retryInfo(s)
	switch s.Code() {
	case codes.Canceled, codes.DeadlineExceeded, codes.Aborted, codes.Unavailable, codes.DataLoss:
		return result{verdict: retry, after: after, err: err}
	case codes.ResourceExhausted, codes.OutOfRange:
		switch {
		case ownLimit(s):
			return cutAnswer(nil)
		case asked:
			return result{verdict: retry, after: after, err: err}
		case tooLarge(s.Message()):
			return result{verdict: split, err: err}
		case s.Code() == codes.OutOfRange:
			return result{verdict: retry, err: err}
		}
	case codes.Unauthenticated, codes.PermissionDenied: // of a proxy, too
	default:
		if means == speaksHTTP { // no receiver has read the records
			return result{verdict: retry, after: doubtful, err: err}
		}
	}
	return result{verdict: refuse, contents: s.Code() == codes.InvalidArgument, err: err}
}

// refusesGzip reports whether s is about the compression of a request ("gRPC
// over HTTP2", Message-Encoding). In Go, Java, Rust, C++ and .NET the text says so;
// of a receiver that lacks the service it does not.
func refusesGzip(s *status.Status) bool {
	text := strings.ToLower(s.Message())
	return s.Code() == codes.Unimplemented && (strings.Contains(text, "compress") || strings.Contains(text, "gzip"))
}

// ownLimit reports whether s is not the receiver's but this side's, about the
// answer to a request that was taken. The words are those of a receiver that finds
// a request too large, but none has a limit like ours and gets a request above it.
func ownLimit(s *status.Status) bool {
	return strings.Contains(s.Message(), "larger than max") &&
		strings.HasSuffix(strings.TrimSuffix(s.Message(), ")"), " "+strconv.Itoa(maxAnswer))
}

// retryInfo reads google.rpc.RetryInfo without linking its generated type.
func retryInfo(s *status.Status) (after time.Duration, asked bool) {
	for _, d := range s.Proto().GetDetails() {
		if strings.HasSuffix(d.GetTypeUrl(), "google.rpc.RetryInfo") {
			seconds, nanos := wire.ParseRetryInfo(d.GetValue())
			limit := int64(longestThrottle / time.Second)
			return time.Duration(min(max(seconds, 0), limit))*time.Second + time.Duration(max(nanos, 0)), true
		}
	}
	return 0, false
}
