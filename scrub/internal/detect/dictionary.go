package detect

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// dictionary returns the triggers of all rules that are on.
func (f *Finder) dictionary() *triggers {
	t := builtinTriggers()
	if len(f.Without) > 0 || len(f.Keys) > 0 {
		t = f.newDictionary()
	}
	if len(f.Patterns) > 0 {
		with := *t
		for _, p := range f.Patterns {
			with.patterns = append(with.patterns, p.Trigger)
		}
		t = &with
	}
	return t
}

// builtinTriggers is the dictionary of a Finder of all that is built in.
var builtinTriggers = sync.OnceValue(func() *triggers {
	f := Finder{Config: Config{Rules: builtins}}
	return f.newDictionary()
})

// newDictionary makes a dictionary of the rules of f. Where triggers share a place,
// those that are added first are asked first.
func (f *Finder) newDictionary() *triggers {
	var t list
	t.addForms(f)
	t.addHints()
	t.addKeys(f)
	t.addMessages()
	for _, w := range []string{"bearer", "basic", "negotiate", "ssws", "geniekey"} {
		t.add(trigger{text: w, fold: true, kind: atScheme})
	}
	for _, head := range []string{"BEGIN", puttyHead} {
		t.add(trigger{text: head, kind: atPEM})
	}
	t.add(trigger{text: "identified", fold: true, kind: atIdentified})
	for name := range starters {
		t.add(trigger{text: name, fold: true, kind: atCommand})
	}
	for _, g := range signatures {
		t.add(trigger{text: g.text, kind: atSuffix})
	}
	return build(t)
}

// addForms adds the prefixes of tokens.
func (l *list) addForms(f *Finder) {
	for _, r := range f.Rules {
		if f.Off(r) {
			continue
		}
		for i := range r.forms {
			l.add(trigger{text: r.forms[i].prefix, kind: atForm, form: &r.forms[i]})
		}
	}
	if f.Off(discordForm.rule) {
		return
	}
	for id := range 1000 { // the first three digits of the id
		l.add(trigger{text: base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%03d", id)), kind: atForm, form: &discordForm})
	}
}

// addHints adds the words that say what a number near them is.
func (l *list) addHints() {
	known := map[string]bool{}
	for c := range numContexts {
		for w := range wordSet(contextWords[c]) {
			known[w] = true
			l.add(trigger{text: w, fold: true, kind: atContext, hint: c})
		}
	}
	name := func(w string) {
		if !known[w] && csLetter.has(w[0]) {
			known[w] = true
			l.add(trigger{text: w, fold: true, kind: atContext, hint: ctxNamed})
		}
	}
	for w := range namesByWord {
		name(w)
	}
	for w := range bornWords {
		name(w)
	}
}

// addKeys adds the words that end keys, and the vendors that keys run into.
func (l *list) addKeys(f *Finder) {
	for v := range vendors {
		l.add(trigger{text: v, fold: true, glue: true, kind: atKey})
	}
	for w, c := range keyTriggers(f.Keys) {
		if c.none && c.after == nil {
			c = nil
		}
		l.add(trigger{text: w, fold: true, kind: atKey, company: c})
	}
}

// addMessages adds the starts of segments and lines of messages.
func (l *list) addMessages() {
	for _, name := range segments {
		l.add(trigger{text: name, kind: atSegment})
	}
	for c := 'A'; c <= 'Z'; c++ {
		l.add(trigger{text: swiftHead + string(c), kind: atSegment})
	}
	for state := range strings.FieldsSeq(zoneStates) {
		l.add(trigger{text: "P<" + state, kind: atSegment})
	}
	for name := range x12Elements {
		if name = strings.TrimSuffix(name, "*"); len(name) == 3 {
			l.add(trigger{text: name + "*", kind: atSegment})
			continue
		}
		for _, next := range setBytes(csUpDig) {
			l.add(trigger{text: name + "*" + string(next), kind: atSegment})
		}
	}
}

// commonWords end sensitive keys and stand in many clean lines, too; the word
// before them is looked for instead.
var commonWords = wordSet(`level info status path json name code date data address history notes result results test type url uri line index report state plan record records day year month of value
	number string provider location line1 line2 time user from to service server number1 work home from contact connect provision
	response request limit amount group template health activity username count control child guest handle site origin cycle use temperature team`)

// keyTriggers returns, for every phrase, the last word that is not common,
// and where it has to stand.
func keyTriggers(extra map[string]*Rule) map[string]*company {
	out := map[string]*company{}
	of := func(w string) *company {
		if out[w] == nil {
			out[w] = &company{}
		}
		return out[w]
	}
	add := func(p string) {
		fields := strings.Fields(p)
		best := -1
		for i, w := range fields {
			if csLetter.has(w[0]) && (len(w) > 2 || w == "pw") && (best < 0 || commonWords[fields[best]] || !commonWords[w]) {
				best = i
			}
		}
		if len(fields) > 1 && best < 0 { // ic no
			best = slices.IndexFunc(fields, func(w string) bool { return len(w) == 2 && csLetter.has(w[0]) && !shortNoun(w) })
		}
		if best < 0 {
			return
		}
		c := of(fields[best])
		switch last := best == len(fields)-1; {
		case !last:
			c.after = append(c.after, fields[best+1:])
			c.none = c.none || phrases[fields[best]].rule != nil
		case best > 0 && commonWords[fields[best]]:
			c.before = append(c.before, fields[best-1])
		default:
			c.none = true
		}
	}
	for p, what := range phrases {
		// Of words that run into each other only secrets are worth a stop;
		// those after a vendor have a trigger of their own.
		if runsIntoVendor(p) {
			continue
		}
		if _, spelt := spelled[p]; spelt || what.rule.Category == Auth || what.rule.Category == Password {
			add(p)
		}
	}
	for p := range extra {
		add(p)
	}
	for w := range passwordWords {
		of(w).none = true
	}
	for w := range queryKeys {
		if len(w) > 2 && csLetter.only(w) {
			of(w).query = true
		}
	}
	for _, c := range out {
		slices.SortFunc(c.after, func(a, b []string) int { return cmp.Or(len(b)-len(a), slices.Compare(a, b)) })
		c.after = slices.CompactFunc(c.after, slices.Equal)
		slices.Sort(c.before)
		c.before = slices.Compact(c.before)
	}
	return out
}

// runsIntoVendor tells whether a phrase is the name of a vendor and one of gluedEnds,
// which the trigger of the vendor finds.
func runsIntoVendor(p string) bool {
	for _, end := range gluedEnds {
		if strings.HasSuffix(p, end) && vendors[p[:len(p)-len(end)]] && spelled[p].rule == nil {
			return true
		}
	}
	return false
}
