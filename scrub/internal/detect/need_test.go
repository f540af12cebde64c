package detect

import (
	"strings"
	"testing"
)

// TestEveryTriggerIsSeen puts each trigger, in each case and with each word that it
// needs, at each place of a block and its edges: where a detector would take it, the
// scanner has to stop.
func TestEveryTriggerIsSeen(t *testing.T) {
	t.Parallel()
	dict := builtinTriggers()
	for k := range dict.all {
		tr := &dict.all[k]
		if !csLetter.has(tr.text[0]) {
			continue // found by a word in it
		}
		for _, said := range triggerTexts(tr) {
			before := strings.Index(said, "|")
			said = strings.Replace(said, "|", "", 1)
			for at := 0; at < 130; at += 1 + at%3 {
				text := strings.Repeat("so it is. ", 14)[140-at:] + said
				i := at + before
				if i > 0 && csLetter.has(text[i-1]) && !(csLow.has(text[i-1]) && csUp.has(text[i])) {
					continue // not the start of a word
				}
				if !tr.matches(text, i) || tr.kind == atForm && !tr.form.begins(text, i+len(tr.text)) {
					continue
				}
				if !stopsAt(dict, text, i) {
					t.Errorf("the trigger %q is not seen at %d in %q", tr.text, i, text)
				}
			}
		}
	}
}

// triggerTexts are texts with tr and what may stand with it; a bar stands where it starts.
func triggerTexts(tr *trigger) (out []string) {
	words := []string{tr.text}
	if tr.fold {
		words = append(words, strings.ToUpper(tr.text), title(tr.text))
	}
	for _, w := range words {
		out = append(out, "|"+w+" login")
		if tr.kind != atCommand {
			out = append(out, "|"+w+"=", "|"+w+": ", "?|"+w+"=1")
		}
		if letterRun(w) > 1 {
			out = append(out, "|"+w+"Is")
		}
		if tr.form != nil {
			set := setBytes(tr.form.set)
			out = append(out, "|"+w+strings.Repeat(set[:1], tr.form.min), "|"+w+strings.Repeat(set[len(set)-1:], tr.form.min))
		}
		if tr.glue {
			for _, end := range gluedEnds {
				out = append(out, "|"+w+end+"=")
			}
		}
		if tr.company == nil {
			continue
		}
		for _, sep := range []string{"", " ", "_", "-", ".", " - "} {
			for _, after := range tr.company.after {
				out = append(out, "|"+w+sep+strings.Join(after, sep)+"=", "|"+w+sep+title(after[0])+sep+strings.Join(after[1:], sep)+"=")
			}
			for _, b := range tr.company.before {
				out = append(out, b+sep+"|"+w+"=", title(b)+sep+"|"+w+"=")
			}
		}
	}
	return out
}

// title returns w with a capital.
func title(w string) string { return strings.ToUpper(w[:1]) + w[1:] }

// stopsAt tells whether the scanner stops at i.
func stopsAt(dict *triggers, text string, i int) bool {
	for base := 0; ; base += blockStep {
		var m marks
		block, decided := blockAt(text, base)
		mark(dict, block, decided, &m)
		if k := i - base; k >= 0 && k < 64 && dict.places(block, &m)>>k&1 != 0 {
			return true
		}
		if base+len(block) == len(text) {
			return false
		}
	}
}
