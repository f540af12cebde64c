package scrub

import (
	"sync"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/scrub/internal/collector"
	"github.com/otelkit/otelkit-go/scrub/internal/detect"
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
	find  *detect.Finder
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
	s.find = detect.New(c.detection)
	s.stats.init(len(c.detection.Rules))
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
	s = s.orDefault()
	if s.find.First(text) < 0 {
		return text
	}
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
			out = kv.Key.String(detect.Bound.Marker)
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
	v := s.orDefault().find.Verdict(key)
	if v.Rule == nil || v.Single {
		return "", false
	}
	return Category(v.Rule.Category), true
}

// Rule is one kind of secret: what it is called and where its form is
// written down.
type Rule struct {
	// Name is unique and starts with the category: "auth.jwt", for passwords
	// with pw: "pw.key". It is all
	// that a marker, a counter and a [Finding] say of a match.
	Name     string
	Category Category
	// Source names the standard or vendor page that the form comes from.
	Source string
}

// Rules returns the rules of s that are on, built in and added.
func (s *Scrubber) Rules() []Rule {
	s = s.orDefault()
	out := make([]Rule, 0, len(s.detection.Rules))
	for _, r := range s.detection.Rules {
		if !s.find.Off(r) {
			out = append(out, Rule{r.Name, Category(r.Category), r.Source})
		}
	}
	return out
}

// CollectorConfig returns a configuration of the OpenTelemetry Collector that
// redacts by the rules of s what other services send, or what a mistake let
// through: the second wall. It is meant to be given after the configuration
// that it adds to, and written for version 0.158 of the redaction processor.
//
// The processor has regular expressions only, so rules are narrowed to what
// those can tell, and what they replace is always masked: actions and a dry run
// do not carry over. The head of the text says what stays behind.
func (s *Scrubber) CollectorConfig() string { return collector.Config(s.orDefault().find) }
