package scrub

// Finding is one place at which a rule found something. It never holds what
// was found.
type Finding struct {
	Rule     string
	Category Category
	// Key tells that the key decided: the whole value is meant.
	Key bool
	// Start and End are the bytes of the text that are replaced.
	Start, End int
}

// Explain tells what String, or KeyValue for a string under key, would find,
// in the order of the text. It counts nothing. Statements under an SQL key
// are not lexed, and rules added by [WithRule] are not run.
func (s *Scrubber) Explain(key, text string) []Finding {
	s = s.orDefault()
	if key != "" {
		switch v := s.verdict(key); {
		case v.allow:
			return nil
		case v.rule != nil && s.settled(v.rule, text):
			return nil
		case v.rule != nil && (v.ordinary == nil || !v.ordinary(text)):
			return []Finding{{v.rule.Name, v.rule.Category, true, 0, len(text)}}
		}
	}
	if len(text) < 4 || len(text) > maxText {
		return nil
	}
	sc := scan{s: s, text: text}
	sc.run(0)
	var out []Finding
	for _, h := range sc.hits {
		out = append(out, Finding{h.rule.Name, h.rule.Category, false, h.start, h.end})
	}
	return out
}
