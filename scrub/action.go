package scrub

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"slices"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

// Action is what is done with a finding: [Mask], [KeepLast4], [Pseudonym],
// [Drop] or [Truncate]. The zero value is Mask.
type Action struct {
	kind  actionKind
	keyID string
	key   []byte
}

type actionKind uint8

const (
	actMask actionKind = iota
	actKeepLast4
	actPseudonym
	actDrop
	actTruncate
)

// Mask replaces a finding by a marker that names its rule.
func Mask() Action { return Action{} }

// KeepLast4 leaves the last four characters of a card, account or phone
// number that has 12 digits or more (PCI DSS v4.0.1, 3.4.1). Anything else is
// masked.
func KeepLast4() Action { return Action{kind: actKeepLast4} }

// Drop removes the attribute. Inside a text it masks.
func Drop() Action { return Action{kind: actDrop} }

// Truncate cuts an IP address to its network, /24 or /48. Anything else is
// masked.
func Truncate() Action { return Action{kind: actTruncate} }

// minPseudonymKey is the length in bytes below which a key may be guessed.
const minPseudonymKey = 16

// Pseudonym replaces a finding by eight bytes of its HMAC-SHA-256 (RFC 2104)
// under key, so that one person can be followed without being known. The
// category is mixed in: the same text in two categories has two pseudonyms.
// keyID is printed, so that keys can be changed: at most 16 letters, digits,
// dashes and underscores. key holds 16 bytes or more. In metric labels a
// pseudonym is a mask, because one for every user explodes the series.
func Pseudonym(keyID string, key []byte) Action {
	return Action{kind: actPseudonym, keyID: keyID, key: slices.Clone(key)}
}

// lastFour are the rules whose last four characters may stay.
var lastFour = map[string]bool{"financial.pan": true, "financial.iban": true, "pii.phone": true, "financial": true}

// safe tells whether a may be used for a rule or category.
func (c *config) safe(name string, a Action) error {
	switch {
	case !c.known(name):
		return fmt.Errorf("scrub: action for %q: no such rule or category", name)
	case a.kind == actKeepLast4 && !lastFour[name]:
		return fmt.Errorf("scrub: action for %q: only card, account and phone numbers may keep their last four", name)
	case a.kind == actTruncate && name != string(PII) && slices.ContainsFunc(detect.Builtins(), func(r *detect.Rule) bool { return r.Name == name || string(r.Category) == name }):
		return fmt.Errorf("scrub: action for %q: only IP addresses can be truncated, which rules of your own or the category pii may find", name)
	}
	if err := a.usable(); err != nil {
		return fmt.Errorf("scrub: action for %q: %w", name, err)
	}
	return nil
}

// usable tells whether a pseudonym has a key and a key id that serve.
func (a Action) usable() error {
	switch {
	case a.kind != actPseudonym:
		return nil
	case len(a.key) < minPseudonymKey:
		return fmt.Errorf("a pseudonym needs a key of %d bytes or more", minPseudonymKey)
	case !detect.KeyID(a.keyID):
		return errors.New("a key id is 1 to 16 letters, digits, dashes or underscores")
	}
	return nil
}

func (s *Scrubber) action(r *detect.Rule) Action {
	if len(s.actions) == 0 {
		return Action{}
	}
	if a, ok := s.actions[r.Name]; ok {
		return a
	}
	return s.actions[string(r.Category)]
}

// replacement returns what stands in for a whole value; empty means that the
// attribute is dropped.
func (s *Scrubber) replacement(sig signal, r *detect.Rule, secret string) string {
	if s.action(r).kind == actDrop {
		return ""
	}
	return s.inText(sig, r, secret)
}

// inText returns what stands in for a finding inside a text.
func (s *Scrubber) inText(sig signal, r *detect.Rule, secret string) string {
	a := s.action(r)
	if sig == sigMetrics {
		return r.Marker
	}
	open := r.Marker[:len(r.Marker)-1]
	switch a.kind {
	case actKeepLast4:
		if last, ok := last4(secret); ok {
			return open + ":" + last + "]"
		}
	case actPseudonym:
		h := hmac.New(sha256.New, a.key)
		h.Write([]byte(r.Category))
		h.Write([]byte{0})
		h.Write([]byte(secret))
		return open + ":" + a.keyID + ":" + hex.EncodeToString(h.Sum(nil)[:8]) + "]"
	case actTruncate:
		if ip, err := netip.ParseAddr(secret); err == nil {
			bits := 24
			if ip.Is6() {
				bits = 48
			}
			if p, err := ip.Prefix(bits); err == nil {
				return p.String()
			}
		}
	}
	return r.Marker
}

// last4 returns the last four letters or digits of a number of 12 digits or
// more.
func last4(secret string) (string, bool) {
	digits := 0
	var signs []byte
	for i := range len(secret) {
		switch c := secret[i]; {
		case c >= '0' && c <= '9':
			digits++
			signs = append(signs, c)
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			signs = append(signs, c)
		}
	}
	if digits < 12 || len(secret) > 40 {
		return "", false
	}
	return string(signs[len(signs)-4:]), true
}
