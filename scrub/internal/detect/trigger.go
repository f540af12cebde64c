package detect

import (
	"math/bits"
	"slices"
	"strings"
)

// A trigger is a word at whose start the scanner stops and looks closer.
type trigger struct {
	text     string
	fold     bool // any case, and a whole word
	glue     bool // one of gluedEnds runs into it
	kind     triggerKind
	form     *form
	hint     hint
	sure     int // bytes of text that the key it is filed under vouches for
	*company     // nil: needs none
}

// triggerKind says which detector looks at a trigger.
type triggerKind uint8

const (
	atForm       triggerKind = iota // a token with a prefix of its own
	atKey                           // last word of a sensitive key
	atScheme                        // HTTP authentication scheme
	atPEM                           // BEGIN … PRIVATE KEY
	atCommand                       // a command that takes a password
	atSuffix                        // a sign in the middle or at the end of a token
	atSegment                       // a segment of an HL7 message
	atIdentified                    // SQL that sets a password
	atContext                       // a word that says what a number near it is
)

// list is triggers in the order in which they are looked at.
type list []trigger

// add puts tr behind the others.
func (l *list) add(tr trigger) {
	if tr.fold {
		tr.text = strings.ToLower(tr.text)
	}
	*l = append(*l, tr)
}

// triggers answers "does a trigger start here?" in a few cycles. Two bit sets
// over hashes say no, one of whole words, one of the first four bytes of what
// runs on (AKIA…); what passes is compared with the few that are filed in
// its slot.
type triggers struct {
	whole, prefix hashSet
	from          [1<<slotBits + 1]uint16
	filed         []filed // by slot
	all           []trigger
	patterns      []string // what the patterns of a Finder need to be run
}

// hashSet is a Bloom filter of three bits in one of 1024 words.
type hashSet [1 << 10]uint64

// add puts key into the set.
func (s *hashSet) add(key uint64) {
	at, three := spread(key)
	s[at] |= three
}

// may tells whether key may have been added.
func (s *hashSet) may(key uint64) bool {
	at, three := spread(key)
	return s[at]&three == three
}

// spread returns which word of a hashSet a key is in, and its bits there: of
// the hash, the upper bits depend on most of the key.
func spread(key uint64) (at uint, three uint64) {
	x := hashKey(key)
	return uint(x >> 54), threeBits[x>>45%512]
}

// threeBits are patterns of three bits of a word, no two of them alike.
var threeBits = func() (t [512]uint64) {
	for i := range t {
		one, step := i%64, 1+i/64
		t[i] = 1<<one | 1<<((one+step)%64) | 1<<((one+step*3+9)%64)
	}
	return t
}()

// filed is a trigger under one of its keys.
type filed struct {
	key  uint64 // of wordKey or prefixKey
	need need
	at   uint16 // in all
}

const (
	slotBits  = 14
	foldBytes = 0x2020202020202020
	wordBit   = 1 << 63 // in a wordKey
)

// wordKey is a word of n letters that starts at the lowest byte of v, folded. Of
// words longer than eight letters it is the first eight.
func wordKey(v uint64, n int) uint64 { return maskWord(v, 1<<n>>1) }

// maskWord is wordKey for the word that ends at the lowest bit of ends, of which
// the first letter has none.
func maskWord(v uint64, ends int64) uint64 { return (v | foldBytes | wordBit) & wordMasks[ends&0xff] }

// prefixKey is the first four bytes of v. Every wordKey is larger.
func prefixKey(v uint64) uint64 { return v & (1<<32 - 1) }

// endKey is the six last letters of what ends with v, folded, as no wordKey and
// no prefixKey is. Those of runInto are in the set of whole words.
func endKey(v uint64) uint64 { return (v | foldBytes | wordBit) &^ (1<<16 - 1) }

// hashKey mixes a key into the upper bits.
func hashKey(key uint64) uint64 { return key * 0xD6E8FEB86659FD93 }

// load8 is the eight bytes of text from i on, the first one lowest.
func load8(text string, i int) uint64 {
	b := text[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// lastBytes is the last eight bytes of text, behind zeros if there are fewer.
func lastBytes(text string) (v uint64) {
	if len(text) >= 8 {
		return load8(text, len(text)-8)
	}
	for i := range len(text) {
		v = v>>8 | uint64(text[i])<<56
	}
	return v
}

// loadEnd is load8 where the text may end before; zeros stand for the rest.
func loadEnd(text string, i int) uint64 {
	if i+8 <= len(text) {
		return load8(text, i)
	}
	return lastBytes(text) >> (8 * (i + 8 - len(text)))
}

// build returns a dictionary of list.
func build(list []trigger) *triggers {
	t := &triggers{all: list}
	var all []filed
	for i := range list {
		tr := &list[i]
		if tr.fold && letterRun(tr.text) > 1 {
			tr.sure = min(8, letterRun(tr.text))
		}
		need := tr.need()
		for _, key := range tr.keys() {
			all = append(all, filed{key, need, uint16(i)})
		}
	}
	for _, e := range all {
		set := &t.whole
		if e.key == prefixKey(e.key) {
			set = &t.prefix
		}
		set.add(e.key)
	}
	for _, g := range runInto {
		t.whole.add(endKey(lastBytes(g.end)))
	}
	t.file(all)
	return t
}

// file sorts all by slot, and leaves those of a slot in their order.
func (t *triggers) file(all []filed) {
	for _, e := range all {
		t.from[slotAt(e.key)+1]++
	}
	for i := range len(t.from) - 1 {
		t.from[i+1] += t.from[i]
	}
	next := t.from
	t.filed = make([]filed, len(all))
	for _, e := range all {
		place := &next[slotAt(e.key)]
		t.filed[*place] = e
		*place++
	}
}

// wordMasks holds, by the bits that tell where the word ends of which the first
// byte is not told, what wordKey keeps of it: of one that goes on, eight letters,
// but not the wordBit.
var wordMasks = func() (t [256]uint64) {
	t[0] = wordBit - 1
	for ends := 1; ends < len(t); ends++ {
		more := bits.TrailingZeros8(uint8(ends))
		t[ends] = 1<<(8*more+8) - 1 | wordBit
	}
	return t
}()

// slotAt returns the number of the slot of key.
func slotAt(key uint64) uint64 { return hashKey(key) >> (64 - slotBits) }

// slot returns the filed among which those of key are.
func (t *triggers) slot(key uint64) []filed {
	h := slotAt(key)
	return t.filed[t.from[h]:t.from[h+1]]
}

// keys returns what the text holds where tr starts.
func (tr *trigger) keys() (out []uint64) {
	letters := letterRun(tr.text)
	word := func(w string) {
		if key := wordKey(loadEnd(w, 0), len(w)); !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	switch {
	case tr.glue && letters == len(tr.text):
		for _, end := range gluedEnds {
			word(tr.text + end)
		}
	case tr.fold && letters == 1: // a1c
		ends := strings.Split(endsKey, "")
		switch {
		case tr.kind == atCommand:
			ends = []string{" "}
		case tr.glue:
			ends = gluedEnds[:]
		}
		for _, w := range []string{tr.text, strings.ToUpper(tr.text[:1]) + tr.text[1:], strings.ToUpper(tr.text)} {
			for _, end := range ends {
				for _, p := range pads(w+end, csLow) {
					out = append(out, prefixKey(loadEnd(p, 0)))
				}
			}
		}
	case tr.fold || letters < len(tr.text) && (letters >= 4 || len(tr.text) < 4 && (tr.form == nil || len(tr.text) < 3)):
		word(tr.text[:letters])
	default:
		var set charset
		if tr.form != nil {
			set = tr.form.set
		}
		for _, p := range pads(tr.text, set) {
			out = append(out, prefixKey(loadEnd(p, 0)))
		}
	}
	return out
}

// endsKey is what may follow a key with a first word of one letter.
const endsKey = "=:\"']) _-.>,%|\\\n\t"

// pads returns text with all that a set may add up to four bytes.
func pads(text string, set charset) []string {
	out := []string{text}
	if len(text) >= 4 {
		return out
	}
	next := setBytes(set)
	for len(out[0]) < 4 {
		var longer []string
		for _, p := range out {
			for k := range len(next) {
				longer = append(longer, p+next[k:k+1])
			}
		}
		out = longer
	}
	return out
}

// setBytes returns the printable ASCII bytes of a set.
func setBytes(set charset) string {
	var out []byte
	for c := byte(0x20); c < 0x7f; c++ {
		if set.has(c) {
			out = append(out, c)
		}
	}
	return string(out)
}

// letterRun counts the letters that text starts with.
func letterRun(text string) (n int) {
	for n < len(text) && csLetter.has(text[n]) {
		n++
	}
	return n
}

// keysAt returns the keys under which a trigger that starts at i is kept: what
// runs on, the word, and the word with all its humps (PassWord). The second is
// zero if the third is no other.
func keysAt(text string, i int) (prefix, hump, word uint64) {
	const high = 0x8080808080808080 // each byte is answered for in its highest bit
	v := loadEnd(text, i)
	folded := v&^high | foldBytes
	letter := (folded + 0x1f1f1f1f1f1f1f1f) &^ (folded + 0x0505050505050505) &^ v & high
	lower := letter & (v << 2)
	beside := lower<<8 | lower>>8
	if i+8 < len(text) && csLow.has(text[i+8]) {
		beside |= 1 << 63
	}
	end := bits.TrailingZeros64(^(letter|0x80)&high) / 8
	if at := bits.TrailingZeros64(letter&^lower&beside&^0xff) / 8; at < end {
		hump = wordKey(v, at)
	}
	if end == 8 && i+8 < len(text) && csLetter.has(text[i+8]) {
		if hump == 0 && csUp.has(text[i+8]) && (csLow.has(text[i+7]) || i+9 < len(text) && csLow.has(text[i+9])) {
			hump = wordKey(v, end)
		}
		end++ // or more
	}
	return prefixKey(v), hump, wordKey(v, end)
}

// matches tells whether tr, which is filed under a key of keysAt, starts at i.
func (tr *trigger) matches(text string, i int) bool {
	end := i + len(tr.text)
	if !tr.fold {
		return strings.HasPrefix(text[i:], tr.text) && (tr.form == nil || end < len(text) && tr.form.set.has(text[end]))
	}
	if end > len(text) {
		return false
	}
	for j := tr.sure; j < len(tr.text); j++ {
		if text[i+j]|0x20 != tr.text[j] && text[i+j] != tr.text[j] {
			return false
		}
	}
	if tr.kind == atContext && i > 0 && csDigit.has(text[i-1]) && !escapeBefore(text, i) {
		return false // 4dea is a piece of an id
	}
	if tr.glue {
		return end < len(text) && csLetter.has(text[end]) && gluedEnd(text[end:])
	}
	if end < len(text) {
		switch c := text[end]; {
		case csUp.has(c) && (csLow | csDigit).has(text[end-1]): // camelCase goes on
		case csLetter.has(c) && csDigit.has(text[end-1]): // icd10code
			return tr.company.end(text, end) > end
		case csLetter.has(c), len(tr.text) < 4 && csDigit.has(c): // dea0 is a piece of a UUID
			return false
		}
	}
	c := tr.company
	return c == nil || c.none || c.end(text, end) > end || c.follows(text, i) || c.query && inQuery(text, i, end)
}

// gluedEnds betray a key that runs into the name of its vendor: githubtoken.
var gluedEnds = [...]string{"key", "apikey", "token", "apitoken", "accesstoken", "secret", "secretkey", "password"}

// gluedEnd tells whether one of gluedEnds stands at the start of text, as a whole word.
func gluedEnd(text string) bool {
	for _, w := range gluedEnds {
		if len(text) >= len(w) && strings.EqualFold(text[:len(w)], w) && (len(text) == len(w) || !csLetter.has(text[len(w)])) {
			return true
		}
	}
	return false
}
