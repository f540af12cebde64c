package otlp

import (
	"context"
	"fmt"
)

// Verify sends one empty request for each signal, does not try again, and
// returns what is wrong with the ways to the receivers, nil if each of them
// answered as an OTLP receiver. The errors say what was answered; they hold no
// header and no userinfo. It may be called at any time before Shutdown.
func (e *Exporter) Verify(ctx context.Context) error {
	return sideBySide(e.pipes(), func(p *pipe) error {
		r := p.sender.client.send(ctx, nil)
		p.reporter.note(r.note)
		if r.err != nil {
			return fmt.Errorf("otelkit: %s: %s: %w", p.signal, p.reporter.where, r.err)
		}
		return nil
	})
}
