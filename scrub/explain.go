package scrub

import "github.com/otelkit/otelkit-go/scrub/internal/detect"

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
// are not lexed.
func (s *Scrubber) Explain(key, text string) []Finding {
	s = s.orDefault()
	if key != "" {
		switch v := s.find.Verdict(key); {
		case v.Allow:
			return nil
		case v.Rule != nil && s.find.Settled(v.Rule, text):
			return nil
		case v.Rule != nil && (v.Ordinary == nil || !v.Ordinary(text)):
			return []Finding{{v.Rule.Name, Category(v.Rule.Category), true, 0, len(text)}}
		}
	}
	if len(text) > detect.MaxText {
		return nil
	}
	var out []Finding
	for h := range s.find.Hits(text, 0) {
		out = append(out, Finding{h.Rule.Name, Category(h.Rule.Category), false, h.Start, h.End})
	}
	return out
}
