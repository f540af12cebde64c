// Package detect finds sensitive data in texts. It knows rules and where they
// hit, and nothing of what becomes of a finding.
package detect

import (
	"iter"
)

// Config is what a [Finder] is told.
type Config struct {
	Rules       []*Rule          // those of Builtins, then others
	Without     map[string]bool  // categories and names of rules that are off
	Keys        map[string]*Rule // other sensitive keys, as Spelling has them
	Patterns    []Pattern        // rules that are regular expressions
	AllowKeys   map[string]bool  // keys whose values pass unread
	AllowValues map[string]bool  // values and findings that pass
}

// Finder finds sensitive data by its rules. It is immutable and safe for
// concurrent use.
type Finder struct {
	Config
	dict  *triggers
	cache keyCache
}

// New returns a Finder by c, which must not be changed any more.
func New(c Config) *Finder {
	f := &Finder{Config: c}
	f.dict = f.dictionary()
	return f
}

// Off tells whether r is switched off.
func (f *Finder) Off(r *Rule) bool {
	return len(f.Without) > 0 && (f.Without[r.Name] || f.Without[string(r.Category)])
}

// MaxText bounds the bytes of a text that Hits reads.
const MaxText = 4 << 20

// Head returns what is read of a text beyond MaxText: less than that by room
// bytes, and no part of a rune.
func Head(text string, room int) string { return text[:runeStart(text, MaxText-room)] }

// First returns a place before which nothing is found in text, or -1 if there
// is nothing in all of it and it is no longer than MaxText. It cannot fail, and
// costs next to nothing.
func (f *Finder) First(text string) int {
	if len(text) > MaxText {
		return 0
	}
	return f.dict.first(text)
}

// Hits reads text from base, which First returned, and yields what is found, in
// the order of the text. Where a pattern and another rule meet, the pattern
// wins. What is left when the findings are replaced may show others, so it has
// to be read again. A rule that fails panics.
func (f *Finder) Hits(text string, base int) iter.Seq[Hit] {
	return func(yield func(Hit) bool) {
		sc := scans.Get().(*scan) //nolint:forcetypeassert // holds nothing else
		sc.f, sc.text = f, text
		sc.run(base)
		hits := sc.hits
		if len(f.Patterns) > 0 {
			hits = apart(f.matches(text), hits)
		}
		for _, h := range hits {
			if !yield(h) {
				break
			}
		}
		sc.free()
	}
}

// Decides returns the rule by which the key of v takes all of text, nil if it
// does not. Of a statement it means the literals.
func (f *Finder) Decides(v *Verdict, text string) *Rule {
	switch {
	case v.Allow:
	case v.Rule != nil && !f.Settled(v.Rule, text) && (v.Ordinary == nil || !v.Ordinary(text)):
		return v.Rule
	case f.Fits(v, text):
		return v.Weak
	case v.SQL && !f.Off(SQL) && (!v.Unsure || Statement(text)):
		if _, n := Sanitize(text); n > 0 {
			return SQL
		}
	}
	return nil
}

// Fits tells whether text, held under the key of v, is what a weak key needs.
func (f *Finder) Fits(v *Verdict, text string) bool {
	return v.Weak != nil && !f.Settled(v.Weak, text) && fits(v.Weak, v.shape, text, &assignment{})
}
