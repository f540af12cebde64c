package scrub

import (
	"strings"
	"time"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

// text returns text, held under key, without its sensitive parts, and
// whether anything changed. A text that is to be dropped comes back empty.
func (s *Scrubber) text(sig signal, key, text string) (string, bool) {
	s = s.orDefault()
	v := &noVerdict
	if key != "" {
		v = s.find.Verdict(key)
	}
	return s.under(sig, v, text)
}

// under is text for what is held under a key that v judges.
func (s *Scrubber) under(sig signal, v *detect.Verdict, text string) (string, bool) {
	switch {
	case v.Allow:
		return text, false
	case v.Rule != nil && s.find.Settled(v.Rule, text):
		return text, false
	case v.Rule != nil && (v.Ordinary == nil || !v.Ordinary(text)):
		s.stats.add(sig, v.Rule)
		if s.dryRun {
			return text, false
		}
		return s.replacement(sig, v.Rule, text), true
	}
	return s.scan(sig, v, text)
}

// keyShown returns key, which v judges, without what it gives away itself.
func (s *Scrubber) keyShown(sig signal, v *detect.Verdict, key string) string {
	if !v.Leaks {
		return key
	}
	shown, _ := s.scan(sig, &noVerdict, key)
	return shown
}

// noVerdict is that of no key.
var noVerdict detect.Verdict

// scan replaces what it finds in text. A first look tells of most that there is
// nothing.
func (s *Scrubber) scan(sig signal, v *detect.Verdict, text string) (string, bool) {
	s = s.orDefault()
	base := 0
	if !v.Reads() {
		base = s.find.First(text)
	}
	if base < 0 || s.detection.AllowValues[text] {
		return text, false
	}
	return s.closely(sig, v, text, base)
}

// closely reads text, of which all before base is clean. It fails closed.
func (s *Scrubber) closely(sig signal, v *detect.Verdict, text string, base int) (out string, changed bool) {
	var start time.Time
	timed := s.stats.timed(sig)
	if timed {
		start = time.Now()
	}
	defer func() {
		if timed {
			s.stats.spend(sig, start)
		}
		if recover() != nil {
			s.stats.fail(sig)
			out, changed = detect.Bound.Marker, true
		}
	}()
	whole, tail := text, ""
	if len(text) > detect.MaxText {
		tail = detect.Bound.Marker
		text = detect.Head(text, len(tail))
		s.stats.add(sig, detect.Bound)
	}
	if v.SQL && (!v.Unsure || detect.Statement(text)) {
		text = s.sql(sig, text)
	}
	if s.find.Fits(v, text) {
		s.stats.add(sig, v.Weak)
		text = s.inText(sig, v.Weak, text)
	}
	text = s.stable(sig, text, base)
	if s.dryRun {
		return whole, false
	}
	return text + tail, tail != "" || text != whole
}

// maxPasses bounds how often a text is read.
const maxPasses = 5

// stable reads text until there is nothing to replace: what stands where a secret
// was may show one that was a part of it, or took what followed for a part. So
// scrubbing twice changes nothing more. What does not come to rest is masked.
func (s *Scrubber) stable(sig signal, text string, base int) string {
	for range maxPasses {
		next := s.pass(sig, text, base)
		if next == text {
			return text
		}
		text = next
		if base = s.find.First(text); base < 0 {
			return text
		}
	}
	s.stats.add(sig, detect.Bound)
	return detect.Bound.Marker
}

// pass reads text once and replaces what it finds.
func (s *Scrubber) pass(sig signal, text string, base int) string {
	var b strings.Builder
	last := 0
	for h := range s.find.Hits(text, base) {
		secret := text[h.Start:h.End]
		instead := s.inText(sig, h.Rule, secret)
		if instead != secret {
			s.stats.add(sig, h.Rule)
		}
		if s.dryRun {
			continue
		}
		if last == 0 {
			b.Grow(len(text) + 64)
		}
		quote := detect.QuoteOf(text, h.Start, h.End)
		for _, piece := range [...]string{text[last:h.Start], quote, instead, quote} {
			b.WriteString(piece)
		}
		last = h.End
	}
	if last == 0 {
		return text
	}
	b.WriteString(text[last:])
	return b.String()
}

// sql replaces the literals of a statement.
func (s *Scrubber) sql(sig signal, statement string) string {
	if s.find.Off(detect.SQL) {
		return statement
	}
	out, n := detect.Sanitize(statement)
	if n == 0 {
		return statement
	}
	s.stats.add(sig, detect.SQL)
	return out
}
