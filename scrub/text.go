package scrub

import (
	"time"
)

// text returns text, held under key, without its sensitive parts, and
// whether anything changed. A text that is to be dropped comes back empty.
func (s *Scrubber) text(sig signal, key, text string) (string, bool) {
	s = s.orDefault()
	v := &noVerdict
	if key != "" {
		v = s.kept(key)
	}
	return s.under(sig, v, text)
}

// under is text for what is held under a key that v judges.
func (s *Scrubber) under(sig signal, v *keyVerdict, text string) (string, bool) {
	switch {
	case v.allow:
		return text, false
	case v.rule != nil && s.settled(v.rule, text):
		return text, false
	case v.rule != nil && (v.ordinary == nil || !v.ordinary(text)):
		s.stats.add(sig, v.rule)
		if s.dryRun {
			return text, false
		}
		return s.replacement(sig, v.rule, text), true
	}
	return s.scan(sig, v, text)
}

// noVerdict is that of no key.
var noVerdict keyVerdict

// maxText bounds what is read of one value; the rest is masked.
const maxText = 4 << 20

// scan replaces what it finds in text. A first look tells of most that there is
// nothing.
func (s *Scrubber) scan(sig signal, v *keyVerdict, text string) (string, bool) {
	s = s.orDefault()
	base := 0
	if !s.mustRead(v, text) {
		if base = s.dict.first(text); base < 0 {
			return text, false
		}
	}
	return s.closely(sig, v, text, base)
}

// mustRead tells that the first look at text does not do.
func (s *Scrubber) mustRead(v *keyVerdict, text string) bool {
	return v.sql || v.weak != nil || len(s.patterns) > 0 || len(text) > maxText
}

// closely reads text, of which all before base is clean. It fails closed.
func (s *Scrubber) closely(sig signal, v *keyVerdict, text string, base int) (out string, changed bool) {
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
			out, changed = ruleBound.marker, true
		}
	}()
	whole, tail := text, ""
	if len(text) > maxText {
		cut := runeStart(text, maxText-len(ruleBound.marker))
		text, tail = text[:cut], ruleBound.marker
		s.stats.add(sig, ruleBound)
	}
	if v.sql && (!v.unsure || statement(text)) {
		text = s.sql(sig, text)
	}
	if v.weak != nil && !s.settled(v.weak, text) && fits(v.weak, v.shape, text, &assignment{}) {
		s.stats.add(sig, v.weak)
		text = s.inText(sig, v.weak, text)
	}
	for _, p := range s.patterns {
		text = s.pattern(sig, p, text)
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
		if base = s.dict.first(text); base < 0 {
			return text
		}
	}
	s.stats.add(sig, ruleBound)
	return ruleBound.marker
}

// pass reads text once and replaces what it finds.
func (s *Scrubber) pass(sig signal, text string, base int) string {
	sc := scans.Get().(*scan) //nolint:forcetypeassert // holds nothing else
	sc.s, sc.text = s, text
	sc.run(base)
	out := text
	if len(sc.hits) > 0 && !s.dryRun {
		out = sc.replace(sig)
	}
	if s.dryRun || out != text {
		for _, h := range sc.hits {
			s.stats.add(sig, h.rule)
		}
	}
	sc.free()
	return out
}
