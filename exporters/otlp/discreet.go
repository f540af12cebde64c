package otlp

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// leastSecret is how long a header's value must be to be looked for: shorter ones
// are in any text by chance.
const leastSecret = 4

// discreet keeps the values of the endpoint's headers out of what a receiver says:
// some repeat the request they refuse.
type discreet struct {
	client
	secrets []string // longest first
}

func newDiscreet(c client, headers map[string]string) client {
	var secrets []string
	for _, v := range headers {
		// Behind the word for a scheme, such as Bearer, a value goes on.
		for _, secret := range append(strings.Fields(v), v) {
			if len(secret) >= leastSecret {
				secrets = append(secrets, secret)
			}
		}
	}
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	return discreet{c, slices.Compact(secrets)}
}

func (c discreet) send(ctx context.Context, payload []byte) result {
	r := c.client.send(ctx, payload)
	r.warning = c.hide(r.warning)
	if r.err != nil {
		if text := r.err.Error(); c.hide(text) != text {
			r.err = errors.New(c.hide(text))
		}
	}
	return r
}

func (c discreet) hide(text string) string {
	for _, secret := range c.secrets {
		text = strings.ReplaceAll(text, secret, "***")
		// A long answer has been cut, perhaps in the middle of it.
		if cut, ok := strings.CutSuffix(text, ellipsis); ok {
			for n := len(secret) - 1; n >= leastSecret; n-- {
				if rest, ok := strings.CutSuffix(cut, secret[:n]); ok {
					text = rest + "***" + ellipsis
					break
				}
			}
		}
	}
	return text
}
