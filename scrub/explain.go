package scrub

import "github.com/otelkit/otelkit-go/scrub/internal/detect"

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
	add := func(r *detect.Rule, key bool, start, end int) {
		out = append(out, Finding{r.Name, Category(r.Category), key, start, end})
	}
	defer func() {
		if recover() != nil {
			out = nil
			add(detect.Bound, false, 0, len(text))
		}
	}()
	if s.detection.AllowValues[text] {
		return nil
	}
	v := &noVerdict
	if key != "" {
		v = s.find.Verdict(key)
	}
	if r := s.find.Decides(v, text); r != nil {
		add(r, true, 0, len(text))
		return out
	}
	if v.Allow || v.Rule != nil && s.find.Settled(v.Rule, text) {
		return nil
	}
	head := text
	if len(text) > detect.MaxText {
		head = detect.Head(text, len(detect.Bound.Marker))
	}
	if base := s.find.First(head); base >= 0 {
		for h := range s.find.Hits(head, base) {
			add(h.Rule, false, h.Start, h.End)
		}
	}
	if len(head) < len(text) {
		add(detect.Bound, false, len(head), len(text))
	}
	return out
}
