package scrub

import (
	"sync"

	"go.opentelemetry.io/otel/attribute"
)

// Category is a kind of sensitive data.
type Category string

// The five categories.
const (
	Auth      Category = "auth"      // tokens, keys, cookies, credentials in headers
	Password  Category = "password"  // passwords, PINs, password hashes
	Financial Category = "financial" // card and account numbers, income
	Health    Category = "health"    // diagnoses, treatments, health insurance
	PII       Category = "pii"       // what names or reaches one person
)

// Categories returns all categories.
func Categories() []Category { return []Category{Auth, Password, Financial, Health, PII} }

// Scrubber finds and replaces sensitive data. It is immutable and safe for
// concurrent use. A nil *Scrubber behaves as one with default options.
//
// It fails closed: a value that cannot be read within its bounds, and a value
// on which a rule panics, is masked whole.
type Scrubber struct {
	config
	cache keyCache
	stats counters
}

// New returns a Scrubber. Without options all categories are on, and every
// finding is masked. Errors name the option and the rule, never a value.
func New(opts ...Option) (*Scrubber, error) {
	c, err := newConfig(opts)
	if err != nil {
		return nil, err
	}
	return newScrubber(c), nil
}

func newScrubber(c config) *Scrubber {
	s := &Scrubber{config: c}
	s.stats.init(len(c.rules))
	s.dict = s.dictionary()
	return s
}

var fallback = sync.OnceValue(func() *Scrubber {
	c, err := newConfig(nil)
	if err != nil {
		panic(err)
	}
	return newScrubber(c)
})

func (s *Scrubber) orDefault() *Scrubber {
	if s == nil {
		return fallback()
	}
	return s
}

// String returns text with its sensitive parts replaced. Text without any is
// returned as it is, without allocating.
func (s *Scrubber) String(text string) string {
	out, _ := s.scan(sigText, &noVerdict, text)
	return out
}

// KeyValue returns kv with its sensitive parts replaced. The result is not
// Valid if the attribute is to be dropped.
func (s *Scrubber) KeyValue(kv attribute.KeyValue) attribute.KeyValue {
	s = s.orDefault()
	if s.clean(&kv) {
		return kv
	}
	return s.guarded(&kv)
}

// guarded returns kv without its sensitive parts. Where wrappers withhold the
// whole of what they wrap, it fails closed with a mask.
func (s *Scrubber) guarded(kv *attribute.KeyValue) (out attribute.KeyValue) {
	defer func() {
		if recover() != nil {
			s.stats.fail(sigText)
			out = kv.Key.String(ruleBound.marker)
		}
	}()
	out, _ = s.closer(sigText, kv)
	return out
}

// Value returns v, held under key, with its sensitive parts replaced. The
// result is empty if the attribute is to be dropped.
func (s *Scrubber) Value(key string, v attribute.Value) attribute.Value {
	return s.KeyValue(attribute.KeyValue{Key: attribute.Key(key), Value: v}).Value
}

// SensitiveKey tells whether a value held under key is sensitive whatever it
// is, and of which category.
func (s *Scrubber) SensitiveKey(key string) (Category, bool) {
	v := s.orDefault().verdict(key)
	if v.rule == nil || v.single {
		return "", false
	}
	return v.rule.Category, true
}
