package otlp

import (
	"context"
	"fmt"
	"time"
)

// A client makes one attempt to send an export request. It is safe for
// concurrent use.
type client interface {
	send(ctx context.Context, payload []byte) result
	// close releases connections. No send is running then.
	close()
}

// verdict says what becomes of a request after an attempt.
type verdict byte

const (
	delivered verdict = iota
	retry             // as it is, later
	split             // in smaller pieces
	refuse            // never
)

// result is how an attempt ended.
type result struct {
	verdict  verdict
	contents bool          // it was refused for what is in it, not for where it comes from
	rejected int64         // records of a delivered request that were not taken
	warning  string        // what the receiver says about a delivered request
	note     string        // what is different from now on, told once
	after    time.Duration // the pause the receiver asks for
	err      error         // unless delivered
	unread   bool          // nobody reads the payload any more: its memory may be used again
}

func dial(signal Signal, e Endpoint, t target) (client, error) {
	switch e.Protocol {
	case HTTPProtobuf:
		return newDiscreet(newHTTPClient(e, t), e, t), nil
	case GRPC:
		c, err := newGRPCClient(signal, e, t)
		if err != nil {
			return nil, err
		}
		return newDiscreet(c, e, t), nil
	}
	return nil, fmt.Errorf("%s endpoint: unknown protocol %d", signal, e.Protocol)
}

const userAgent = "OTel-OTLP-Exporter-Go-otelkit/1"
