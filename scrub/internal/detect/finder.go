// Package detect finds sensitive data in texts. It knows rules and where they
// hit, and nothing of what becomes of a finding.
package detect

import (
	"iter"
	"regexp"
	"slices"
	"strings"
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

// Pattern is a rule that is a regular expression. It is run only on texts that
// hold Trigger; what it matches, or its first group, is a finding.
type Pattern struct {
	Rule    *Rule
	Trigger string
	Expr    *regexp.Regexp
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
// is nothing in all of it. It cannot fail, and costs next to nothing.
func (f *Finder) First(text string) int { return f.dict.first(text) }

// Hits reads text from base, which First returned, and yields what is found, in
// the order of the text. What is left when the findings are replaced may show
// others, so it has to be read again. A rule that fails panics.
func (f *Finder) Hits(text string, base int) iter.Seq[Hit] {
	return func(yield func(Hit) bool) {
		sc := scans.Get().(*scan) //nolint:forcetypeassert // holds nothing else
		sc.f, sc.text = f, text
		if len(f.Patterns) > 0 {
			sc.patterns()
		}
		if len(sc.hits) == 0 {
			sc.run(base)
		}
		for _, h := range sc.hits {
			if !yield(h) {
				break
			}
		}
		sc.free()
	}
}

// Fits tells whether text, held under the key of v, is what a weak key needs.
func (f *Finder) Fits(v *Verdict, text string) bool {
	return v.Weak != nil && !f.Settled(v.Weak, text) && fits(v.Weak, v.shape, text, &assignment{})
}

// patterns notes what the patterns match outside of markers.
func (sc *scan) patterns() {
	for _, p := range sc.f.Patterns {
		if sc.f.Off(p.Rule) || !strings.Contains(sc.text, p.Trigger) {
			continue
		}
		for _, m := range p.Expr.FindAllStringSubmatchIndex(sc.text, -1) {
			start, end := m[0], m[1]
			if len(m) > 2 && m[2] >= 0 {
				start, end = m[2], m[3]
			}
			if !sc.touchesMarker(start, end) {
				sc.ahead(p.Rule, start, end)
			}
		}
	}
	sc.merge()
}

// touchesMarker tells whether a marker has a part in text[start:end].
func (sc *scan) touchesMarker(start, end int) bool {
	low := max(0, start-maxMarker)
	open := strings.LastIndex(sc.text[low:end], markerOpen)
	return open >= 0 && markerAt(sc.text, low+open) > start
}

// Spelling returns key as all its spellings are: crew_id, crewId and CREW.ID are
// "crew id". It is empty if key holds no word.
func Spelling(key string) string { return strings.Join(words(key), " ") }

// Conventions returns the keys of the semantic conventions that only sound
// sensitive, in order.
func Conventions() []string {
	out := make([]string, 0, len(conventions))
	for key := range conventions {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}
