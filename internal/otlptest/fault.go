package otlptest

import (
	"context"
	"net/http"
	"time"

	"google.golang.org/grpc/codes"
)

// Fault is a way to misbehave. The zero value is no fault. Fields may be
// combined where that makes sense: Delay goes with everything.
type Fault struct {
	// Status refuses with this HTTP status; over gRPC with Code, or, if Code
	// is not set, with the code that the OTLP specification maps it to.
	Status int
	// Code refuses with this gRPC code; over HTTP with Status, or, if Status
	// is not set, with the status that goes with the code.
	Code codes.Code
	// RetryAfter is sent along with a refusal, as a Retry-After header in
	// whole seconds, rounded up, or as a RetryInfo detail.
	RetryAfter time.Duration
	// Message is the text of a refusal or of a partial success.
	Message string

	// Rejected answers with success, of which this many records were
	// rejected. The request counts as accepted.
	Rejected int64

	// Delay waits before anything else is done.
	Delay time.Duration
	// Hang does not answer until the client gives up, the receiver is closed
	// or the fault is changed, when the request is treated as the new fault
	// says.
	Hang bool
	// HTML answers 200 with a page of HTML, as a proxy or a web server on the
	// wrong port does. Over gRPC, where this is no answer, it is code Unknown.
	HTML bool
	// Drop cuts the connection instead of answering. Over gRPC, where other
	// calls share the connection, it is code Unavailable.
	Drop bool
}

// Fail makes all requests from now on meet f. Requests that hang meet it too.
func (r *Receiver) Fail(f Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault, r.next = f, nil
	close(r.refaulted)
	r.refaulted = make(chan struct{})
}

// FailNext makes the next requests meet the faults, one each, before the fault
// given to [Receiver.Fail], if any, applies again.
func (r *Receiver) FailNext(faults ...Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.next = append(r.next, faults...)
}

// Heal ends all faults.
func (r *Receiver) Heal() { r.Fail(Fault{}) }

// meet returns the fault for a request that has just arrived, after the delay
// or the hanging that it asks for. It fails if the client gave up meanwhile.
func (r *Receiver) meet(ctx context.Context) (Fault, error) {
	f, refaulted := r.nextFault()
	if f.Hang {
		r.hanging(1)
		defer r.hanging(-1)
	}
	for f.Hang {
		select {
		case <-refaulted:
			f, refaulted = r.nextFault()
		case <-ctx.Done():
			return f, ctx.Err()
		}
	}
	if f.Delay > 0 {
		select {
		case <-time.After(f.Delay):
		case <-ctx.Done():
			return f, ctx.Err()
		}
	}
	return f, nil
}

func (r *Receiver) hanging(change int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts.Hanging += change
	r.wake()
}

// nextFault also returns the channel that is closed when the fault changes.
func (r *Receiver) nextFault() (Fault, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f := r.fault
	if len(r.next) > 0 {
		f, r.next = r.next[0], r.next[1:]
	}
	return f, r.refaulted
}

func (f Fault) refuses() bool {
	return f.Status != 0 || f.Code != codes.OK || f.HTML || f.Drop
}

func (f Fault) message() string {
	if f.Message != "" {
		return f.Message
	}
	return "otlptest: told to refuse"
}

func (f Fault) httpStatus() int {
	if f.Status != 0 {
		return f.Status
	}
	switch f.Code {
	case codes.InvalidArgument, codes.FailedPrecondition, codes.OutOfRange:
		return http.StatusBadRequest
	case codes.Unauthenticated:
		return http.StatusUnauthorized
	case codes.PermissionDenied:
		return http.StatusForbidden
	case codes.NotFound, codes.Unimplemented:
		return http.StatusNotFound
	case codes.ResourceExhausted:
		return http.StatusTooManyRequests
	case codes.Unavailable, codes.Canceled, codes.Aborted, codes.DataLoss:
		return http.StatusServiceUnavailable
	case codes.DeadlineExceeded:
		return http.StatusGatewayTimeout
	}
	return http.StatusInternalServerError
}

func (f Fault) grpcCode() codes.Code {
	switch {
	case f.Code != codes.OK:
		return f.Code
	case f.HTML:
		return codes.Unknown
	case f.Drop:
		return codes.Unavailable
	}
	switch f.Status {
	case http.StatusBadRequest:
		return codes.InvalidArgument
	case http.StatusUnauthorized:
		return codes.Unauthenticated
	case http.StatusForbidden:
		return codes.PermissionDenied
	case http.StatusNotFound:
		return codes.Unimplemented
	case http.StatusRequestEntityTooLarge:
		return codes.ResourceExhausted
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return codes.Unavailable
	}
	return codes.Unknown
}
