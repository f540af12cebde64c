package scrub

import "slices"

// Finding is one place at which a rule found something. It never holds what
// was found.
type Finding struct {
	Rule     string
	Category Category
	// Key tells that the key decided: the whole value is meant, of a statement
	// under an SQL key its literals.
	Key bool
	// Start and End are the bytes of the text that are replaced.
	Start, End int
}

// Explain tells what String, or KeyValue for a string under key, would find,
// in the order of the text. It counts nothing and does not panic. What only
// shows once another finding has been replaced is not in it.
func (s *Scrubber) Explain(key, text string) (out []Finding) {
	s = s.orDefault()
	whole := func(r *Rule, key bool) []Finding {
		return []Finding{{r.Name, r.Category, key, 0, len(text)}}
	}
	defer func() {
		if recover() != nil {
			out = whole(ruleBound, false)
		}
	}()
	v := &noVerdict
	if key != "" {
		v = s.kept(key)
	}
	if r := v.decides(s, text); r != nil {
		return whole(r, true)
	}
	if v.allow || v.rule != nil && s.settled(v.rule, text) {
		return nil
	}
	for _, h := range s.findings(v, text) {
		out = append(out, Finding{h.rule.Name, h.rule.Category, false, h.start, h.end})
	}
	return out
}

// decides returns the rule by which a key takes all of text, nil if it does not.
func (v *keyVerdict) decides(s *Scrubber, text string) *Rule {
	switch {
	case v.allow:
	case v.rule != nil && !s.settled(v.rule, text) && (v.ordinary == nil || !v.ordinary(text)):
		return v.rule
	case v.weak != nil && !s.settled(v.weak, text) && fits(v.weak, v.shape, text, &assignment{}):
		return v.weak
	case v.sql && !s.offRule(ruleSQL) && (!v.unsure || statement(text)):
		if _, n := sanitize(unquoted(text)); n > 0 {
			return ruleSQL
		}
	}
	return nil
}

// findings returns what is found in text, the key apart: what added rules match,
// what the pass finds beside that, and what lies beyond the bound.
func (s *Scrubber) findings(v *keyVerdict, text string) []hit {
	var tail []hit
	base := 0
	if len(text) > maxText {
		cut := runeStart(text, maxText-len(ruleBound.marker))
		tail = []hit{{cut, len(text), ruleBound}}
		text = text[:cut]
	} else if !s.mustRead(v, text) {
		if base = s.dict.first(text); base < 0 {
			return nil
		}
	}
	var out []hit
	for _, p := range s.patterns {
		out = apart(out, s.matches(p, text))
	}
	sc := scan{s: s, text: text}
	sc.run(base)
	return append(apart(out, sc.hits), tail...)
}

// apart adds to found what of more lies apart from it. Both come in the order of
// the text, in which found is returned.
func apart(found, more []hit) []hit {
	out, next := found, 0
	for _, h := range more {
		for next < len(found) && found[next].end <= h.start {
			next++
		}
		if next == len(found) || h.end <= found[next].start {
			out = append(out, h)
		}
	}
	slices.SortStableFunc(out, func(a, b hit) int { return a.start - b.start })
	return out
}

// tells reports whether something is found in a key itself.
func (s *Scrubber) tells(key string) bool { return len(s.Explain("", key)) > 0 }
