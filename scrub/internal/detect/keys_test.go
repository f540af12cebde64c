package detect

import (
	"fmt"
	"testing"
)

// TestKeysShareASlot holds two keys of one slot to be judged once each.
func TestKeysShareASlot(t *testing.T) {
	t.Parallel()
	f := New(Config{Rules: builtins})
	first := map[uint64]string{}
	for i := 0; ; i++ {
		key := fmt.Sprintf("key%d", i)
		slot := slotOf(key)
		other, ok := first[slot]
		if !ok {
			first[slot] = key
			continue
		}
		a, b := f.Verdict(other), f.Verdict(key)
		if f.Verdict(other) != a || f.Verdict(key) != b || f.Verdict(other) != a {
			t.Errorf("%s and %s push each other out", other, key)
		}
		return
	}
}

// TestKeyTables holds the tables of keys to entries that can match: words as
// keys are split into, phrases that say what they are listed for.
func TestKeyTables(t *testing.T) {
	t.Parallel()
	whole := func(table string, set map[string]bool) {
		for w := range set {
			if got := words(w); len(got) != 1 || got[0] != w {
				t.Errorf("%s: %q is split into %q and never matches", table, w, got)
			}
		}
	}
	whole("benignAfter", benignAfter)
	whole("tailWords", tailWords)
	whole("vendors", vendors)
	for phrase, set := range benignBefore {
		whole("benignBefore "+phrase, set)
		if _, ok := phrases[phrase]; !ok || len(set) == 0 {
			t.Errorf("benignBefore: %q is no phrase, or nothing stands before it", phrase)
		}
	}
	for phrase, says := range spelled {
		if says.rule == keyGeneric { // needs a word before it
			phrase = "my " + phrase
		}
		if got := keyPhrase(phrase, words(phrase)); got.rule != says.rule {
			t.Errorf("%q is listed for %s and says %v", phrase, says.rule.Name, got.rule)
		}
	}
	for key := range vague {
		if got := keyPhrase(key, words(key)); got.rule == nil || ordinaryOf(words(key)) == nil {
			t.Errorf("vague: %q says nothing to be doubted", key)
		}
	}
}

// TestNamesOfNumbers holds each key that promises the number of a name to have
// that name, however the key is written.
func TestNamesOfNumbers(t *testing.T) {
	t.Parallel()
	f := New(Config{Rules: builtins})
	for p := range phrases {
		for _, key := range []string{p, p + "1", p + "22", p + " 2", p + "2 value", p + " value", p + "s", "my " + p, "x" + p} {
			if v := f.judge(key); v.shape == shapeNational && v.name == nil {
				t.Errorf("%q promises a number of nobody", key)
			}
		}
	}
}
