package otlp

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"html"
	"net/url"
	"slices"
	"strings"
)

// leastSecret is how long a secret must be to be looked for: shorter ones are in
// any text by chance.
const leastSecret = 4

// discreet keeps the credentials of an endpoint out of what a receiver says: some
// repeat the request they refuse.
type discreet struct {
	client
	secrets []string // longest first
}

func newDiscreet(c client, e Endpoint, t target) client {
	var secrets []string
	for _, s := range append(headerSecrets(e.Headers), urlSecrets(t.url)...) {
		for _, form := range []string{s, url.QueryEscape(s), url.PathEscape(s), html.EscapeString(s)} {
			if len(form) >= leastSecret {
				secrets = append(secrets, form)
			}
		}
	}
	slices.SortFunc(secrets, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	return discreet{c, slices.Compact(secrets)}
}

// headerSecrets are the values of headers and, since behind the word for a scheme,
// such as Bearer, a value goes on, their parts; of basic authentication also what is
// in it.
func headerSecrets(headers map[string]string) []string {
	var secrets []string
	for _, v := range headers {
		secrets = append(secrets, v)
		secrets = append(secrets, strings.Fields(v)...)
		if scheme, rest, ok := strings.Cut(v, " "); ok && strings.EqualFold(scheme, "Basic") {
			if pair, err := base64.StdEncoding.DecodeString(strings.TrimSpace(rest)); err == nil {
				user, password, _ := strings.Cut(string(pair), ":")
				secrets = append(secrets, string(pair), user, password)
			}
		}
	}
	return secrets
}

// urlSecrets are the userinfo, also as the header that net/http makes of it, and
// what the query holds: both are places for keys.
func urlSecrets(u *url.URL) []string {
	var secrets []string
	if u.User != nil {
		password, _ := u.User.Password()
		pair := u.User.Username() + ":" + password
		secrets = append(secrets, u.User.Username(), password, pair, u.User.String(),
			base64.StdEncoding.EncodeToString([]byte(pair)))
		if _, raw, ok := strings.Cut(u.User.String(), ":"); ok {
			secrets = append(secrets, raw)
		}
	}
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			value = name
		}
		secrets = append(secrets, value)
		if decoded, err := url.QueryUnescape(value); err == nil {
			secrets = append(secrets, decoded)
		}
	}
	return secrets
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
