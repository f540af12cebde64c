package bench

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/otelkit/otelkit-go/internal/otlptest"
)

// order is what the receiver is told; it answers with its state.
type order struct {
	Hang  bool
	Reset bool
}

type state struct {
	Endpoint string
	otlptest.Counts
}

// receive is the receiver's process. It ends when in does.
func receive(in io.Reader, out io.Writer) error {
	r, err := otlptest.Start(otlptest.WithCountOnly())
	if err != nil {
		return err
	}
	defer r.Close()
	orders, states := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var o order
		if err := orders.Decode(&o); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if o.Reset {
			r.Reset()
		}
		r.Fail(otlptest.Fault{Hang: o.Hang})
		if err := states.Encode(state{r.HTTPEndpoint(), r.Counts()}); err != nil {
			return err
		}
	}
}

// Receiver is an OTLP receiver in a process of its own.
type Receiver struct{ p *process }

// NewReceiver starts one. The caller must Close it.
func NewReceiver(ctx context.Context) (*Receiver, error) {
	p, err := start(ctx, roleReceiver)
	if err != nil {
		return nil, err
	}
	return &Receiver{p}, nil
}

// Close ends the process.
func (r *Receiver) Close() error { return r.p.end() }

func (r *Receiver) tell(o order) (s state, err error) {
	err = r.p.ask(o, &s)
	return s, err
}
