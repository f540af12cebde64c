package scrub

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// Option configures a [Scrubber].
type Option interface{ apply(*config) error }

type optionFunc func(*config) error

func (f optionFunc) apply(c *config) error { return f(c) }

type config struct {
	off         map[Category]bool
	offRules    map[string]bool
	onRules     map[string]bool
	extra       []extraRule
	allowKeys   map[string]bool
	allowValues map[string]bool
	actions     map[string]Action
	dryRun      bool
}

type extraRule struct {
	rule    *Rule
	keys    []string
	trigger string
	pattern *regexp.Regexp
}

func newConfig(opts []Option) (config, error) {
	c := config{
		off: map[Category]bool{}, offRules: map[string]bool{}, onRules: map[string]bool{},
		allowKeys: map[string]bool{}, allowValues: map[string]bool{}, actions: map[string]Action{},
	}
	var errs []error
	for _, o := range opts {
		errs = append(errs, o.apply(&c))
	}
	return c, errors.Join(errs...)
}

// WithoutCategory switches categories off. Default: all are on.
func WithoutCategory(categories ...Category) Option {
	return optionFunc(func(c *config) error {
		for _, cat := range categories {
			if !slices.Contains(Categories(), cat) {
				return fmt.Errorf("scrub: WithoutCategory: no category %q", cat)
			}
			c.off[cat] = true
		}
		return nil
	})
}

// WithAllowedKeys lets values pass that are held under exactly these keys.
func WithAllowedKeys(keys ...string) Option {
	return optionFunc(func(c *config) error {
		for _, k := range keys {
			c.allowKeys[k] = true
		}
		return nil
	})
}

// WithAllowedValues lets exactly these secrets or whole values pass.
func WithAllowedValues(values ...string) Option {
	return optionFunc(func(c *config) error {
		for _, v := range values {
			c.allowValues[v] = true
		}
		return nil
	})
}

// WithKeys adds keys whose values are of category c, whatever they are.
func WithKeys(category Category, keys ...string) Option {
	return optionFunc(func(c *config) error {
		r := &Rule{Name: string(category) + ".custom", Category: category, Source: "WithKeys", marker: "[REDACTED:" + string(category) + ".custom]", index: -1}
		c.extra = append(c.extra, extraRule{rule: r, keys: keys})
		return nil
	})
}

// WithAction picks what is done with the findings of a rule ("financial.pan")
// or of a category ("pii"). Default: [Mask].
func WithAction(ruleOrCategory string, a Action) Option {
	return optionFunc(func(c *config) error {
		c.actions[ruleOrCategory] = a
		return nil
	})
}

// WithDryRun counts findings and changes nothing.
func WithDryRun() Option {
	return optionFunc(func(c *config) error { c.dryRun = true; return nil })
}

// Action is what is done with a finding: [Mask], [KeepLast4], [Pseudonym],
// [Drop] or [Truncate].
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
// number of at least 12 digits. Anything else is masked.
func KeepLast4() Action { return Action{kind: actKeepLast4} }

// Drop removes the attribute; inside a text it masks.
func Drop() Action { return Action{kind: actDrop} }

// Truncate cuts an IP address to its network, /24 or /48. Anything else is
// masked.
func Truncate() Action { return Action{kind: actTruncate} }

// Pseudonym replaces a finding by its HMAC-SHA-256 under key, so that one
// person can be followed without being known.
func Pseudonym(keyID string, key []byte) Action {
	return Action{kind: actPseudonym, keyID: keyID, key: slices.Clone(key)}
}

// replacement returns what stands in for a finding; empty means drop.
func (s *Scrubber) replacement(sig signal, r *Rule, secret string) string {
	a, ok := s.actions[r.Name]
	if !ok {
		a = s.actions[string(r.Category)]
	}
	if sig == sigMetrics && a.kind != actDrop {
		return r.marker
	}
	switch a.kind {
	case actDrop:
		return ""
	case actPseudonym:
		h := hmac.New(sha256.New, a.key)
		h.Write([]byte(string(r.Category) + "\x00" + secret))
		return r.marker[:len(r.marker)-1] + ":" + a.keyID + ":" + hex.EncodeToString(h.Sum(nil)[:8]) + "]"
	default:
		return r.marker
	}
}
