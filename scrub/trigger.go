package scrub

import "strings"

// A trigger is a word at whose start the scanner stops and looks closer.
type trigger struct {
	text string
	fold bool // any case, and a whole word
	glue bool // one of gluedEnds runs into it
	kind triggerKind
	form *form
	hint hint
}

type triggerKind uint8

const (
	atForm    triggerKind = iota // a token with a prefix of its own
	atKey                        // last word of a sensitive key
	atScheme                     // HTTP authentication scheme
	atPEM                        // BEGIN … PRIVATE KEY
	atCommand                    // a command that takes a password
	atSuffix                     // a sign in the middle or at the end of a token
	atSegment                    // a segment of an HL7 message
	atContext                    // a word that says what a number near it is
)

// triggers answers "does a trigger start here?" in a few cycles: a bit set
// over a hash of four folded bytes, then the few candidates behind it.
type triggers struct {
	bits    [1 << 10]uint64
	slot    [1 << 16]uint16 // hash to bucket
	buckets [][]trigger
}

func fold4(text string, i int) uint32 {
	b := text[i : i+4]
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24 | 0x20202020
}

// foldEnd is fold4 where the text may end before; blanks stand for the rest.
func foldEnd(text string, i int) uint32 {
	if i+4 <= len(text) {
		return fold4(text, i)
	}
	var b [4]byte
	copy(b[:], "    ")
	copy(b[:], text[i:])
	return fold4(string(b[:]), 0)
}

// hash4 mixes four folded bytes into 16 bits.
func hash4(v uint32) uint32 { return v * 2654435761 >> 16 }

// endsKey is what may follow a short word that is a key. Without the list
// every word of two letters would set thousands of bits.
const endsKey = "=:\"']) _-.>,%|\\\n\t"

func (t *triggers) add(tr trigger) {
	if tr.fold {
		tr.text = strings.ToLower(tr.text)
	}
	pads := []string{""}
	for n := len(tr.text); n < 4; n++ {
		next := endsKey
		switch {
		case tr.glue && n == len(tr.text):
			next = "katsp"
		case !tr.fold && tr.form != nil:
			next = setBytes(tr.form.set)
		case n > len(tr.text) || !tr.fold:
			next = setBytes(^charset(0))
		}
		var longer []string
		for _, p := range pads {
			for k := range len(next) {
				longer = append(longer, p+next[k:k+1])
			}
		}
		pads = longer
	}
	seen := map[uint32]bool{}
	for _, p := range pads {
		if v := fold4(tr.text+p, 0); !seen[v] {
			seen[v] = true
			t.put(v, tr)
		}
	}
}

// setBytes returns the ASCII bytes of a set; of a form's letters the small
// ones stand for both.
func setBytes(set charset) (out string) {
	for c := byte(0x20); c < 0x7f; c++ {
		if set.has(c) {
			out += string(rune(c))
		}
	}
	return out
}

func (t *triggers) put(v uint32, tr trigger) {
	h := hash4(v)
	if t.buckets == nil {
		t.buckets = make([][]trigger, 1)
	}
	t.bits[h>>6] |= 1 << (h & 63)
	if t.slot[h] == 0 {
		t.slot[h] = uint16(len(t.buckets))
		t.buckets = append(t.buckets, nil)
	}
	b := t.slot[h]
	t.buckets[b] = append(t.buckets[b], tr)
}

func (t *triggers) at(v uint32) []trigger { return t.buckets[t.slot[hash4(v)]] }

// matches tells whether tr starts at i.
func (tr *trigger) matches(text string, i int) bool {
	end := i + len(tr.text)
	if !tr.fold {
		return strings.HasPrefix(text[i:], tr.text) && (tr.form == nil || end < len(text) && tr.form.set.has(text[end]))
	}
	if end > len(text) {
		return false
	}
	for j := range len(tr.text) {
		if text[i+j]|0x20 != tr.text[j] && text[i+j] != tr.text[j] {
			return false
		}
	}
	if tr.glue {
		return end < len(text) && csLetter.has(text[end]) && gluedEnd(text[end:])
	}
	if end == len(text) || !csLetter.has(text[end]) {
		return true
	}
	return csUp.has(text[end]) && csLow.has(text[end-1]) // camelCase goes on
}

// gluedEnds betray a key that runs into the name of its vendor: githubtoken.
var gluedEnds = [...]string{"key", "apikey", "token", "apitoken", "accesstoken", "secret", "secretkey", "password"}

func gluedEnd(text string) bool {
	for _, w := range gluedEnds {
		if len(text) >= len(w) && strings.EqualFold(text[:len(w)], w) && (len(text) == len(w) || !csLetter.has(text[len(w)])) {
			return true
		}
	}
	return false
}
