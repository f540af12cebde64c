package scrub

import "strings"

// A trigger is a word at whose start the scanner stops and looks closer.
type trigger struct {
	text    string
	fold    bool // any case, and a whole word
	kind    triggerKind
	form    *form
	context contextKind
}

type triggerKind uint8

const (
	atForm    triggerKind = iota // a token with a prefix of its own
	atKey                        // last word of a sensitive key
	atScheme                     // HTTP authentication scheme
	atPEM                        // BEGIN … PRIVATE KEY
	atSuffix                     // a sign in the middle or at the end of a token
	atContext                    // a word that says what a number near it is
)

// triggers answers "does a trigger start here?" in a few cycles: a bit set
// over a hash of four folded bytes, then the few candidates behind it.
type triggers struct {
	bits    [1 << 10]uint64
	buckets map[uint32][]trigger
}

func fold4(text string, i int) uint32 {
	return (uint32(text[i]) | uint32(text[i+1])<<8 | uint32(text[i+2])<<16 | uint32(text[i+3])<<24) | 0x20202020
}

func hash4(v uint32) uint32 { return v * 2654435761 >> 16 }

func (t *triggers) add(tr trigger) {
	if tr.fold {
		tr.text = strings.ToLower(tr.text)
	}
	if len(tr.text) >= 4 {
		t.put(fold4(tr.text, 0), tr)
		return
	}
	// A short trigger is entered with all that may follow it.
	next := ""
	for c := range 128 {
		set := csAlnum | csDash | csUnder | csDot
		if tr.fold {
			set = 0
			if !csLow.has(byte(c)) {
				set = ^charset(0)
			}
		}
		if set == ^charset(0) || set.has(byte(c)) {
			next += string(rune(c))
		}
	}
	seen := map[uint32]bool{}
	pad := []string{""}
	for range 4 - len(tr.text) {
		var longer []string
		for _, p := range pad {
			for i := range len(next) {
				longer = append(longer, p+next[i:i+1])
			}
		}
		pad = longer
	}
	for _, p := range pad {
		v := fold4(tr.text+p, 0)
		if !seen[v] {
			seen[v] = true
			t.put(v, tr)
		}
	}
}

func (t *triggers) put(v uint32, tr trigger) {
	h := hash4(v)
	t.bits[h>>6] |= 1 << (h & 63)
	t.buckets[v] = append(t.buckets[v], tr)
}

// matches tells whether tr starts at i.
func (tr *trigger) matches(text string, i int) bool {
	if !tr.fold {
		return strings.HasPrefix(text[i:], tr.text)
	}
	end := i + len(tr.text)
	if end > len(text) {
		return false
	}
	for j := range len(tr.text) {
		if text[i+j]|0x20 != tr.text[j] && text[i+j] != tr.text[j] {
			return false
		}
	}
	if end == len(text) || !csLetter.has(text[end]) {
		return true
	}
	return csUp.has(text[end]) && csLow.has(text[end-1]) // camelCase goes on
}
