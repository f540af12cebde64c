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

// newDictionary makes a dictionary of the rules of f.
func (f *Finder) newDictionary() *triggers {
	var t list
	for _, r := range f.Rules {
		if f.Off(r) {
			continue
		}
		for i := range r.forms {
			t.add(trigger{text: r.forms[i].prefix, kind: atForm, form: &r.forms[i]})
		}
	}
	hinted := map[string]bool{}
	for c := range numContexts {
		for w := range wordSet(contextWords[c]) {
			hinted[w] = true
			t.add(trigger{text: w, fold: true, kind: atContext, hint: c})
		}
	}
	name := func(w string) {
		if !hinted[w] && csLetter.has(w[0]) {
			hinted[w] = true
			t.add(trigger{text: w, fold: true, kind: atContext, hint: ctxNamed})
		}
	}
	for w := range namesByWord {
		name(w)
	}
	for w := range bornWords {
		name(w)
	}
	for v := range vendors {
		t.add(trigger{text: v, fold: true, glue: true, kind: atKey})
	}
	for w, c := range keyTriggers(f.Keys) {
		if c.none && c.after == nil {
			c = nil
		}
		t.add(trigger{text: w, fold: true, kind: atKey, company: c})
	}
	for _, w := range []string{"bearer", "basic", "negotiate", "ssws", "geniekey"} {
		t.add(trigger{text: w, fold: true, kind: atScheme})
	}
	t.add(trigger{text: "BEGIN", kind: atPEM})
	t.add(trigger{text: puttyHead, kind: atPEM})
	for _, name := range segments {
		t.add(trigger{text: name, kind: atSegment})
	}
	for c := 'A'; c <= 'Z'; c++ {
		t.add(trigger{text: swiftHead + string(c), kind: atSegment})
	}
	for state := range strings.FieldsSeq(zoneStates) {
		t.add(trigger{text: "P<" + state, kind: atSegment})
	}
	for name := range x12Elements {
		if name = strings.TrimSuffix(name, "*"); len(name) == 3 {
			t.add(trigger{text: name + "*", kind: atSegment})
			continue
		}
		for _, next := range setBytes(csUpDig) {
			t.add(trigger{text: name + "*" + string(next), kind: atSegment})
		}
	}
	if !f.Off(discordForm.rule) {
		for id := range 1000 { // the first three digits of the id
			t.add(trigger{text: base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%03d", id)), kind: atForm, form: &discordForm})
		}
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
