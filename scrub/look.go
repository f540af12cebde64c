package scrub

import (
	"math/bits"
	"strings"
)

// lanes spreads the class of a byte over four lanes of eight bits, so that
// eight bytes shifted into each other give four masks.
var lanes = func() (t [256]uint32) {
	for c := range 256 {
		switch b := byte(c); {
		case csLow.has(b):
			t[c] = 1
		case csUp.has(b):
			t[c] = 1 << 8
		case csDigit.has(b):
			t[c] = 1 << 16
		case strings.IndexByte("@+$%\\!", b) >= 0:
			t[c] = 1 << 24
		}
	}
	return t
}()

// carry is the classes of the bytes before a block, the last in the highest
// bit.
type carry struct{ lower, letter, digit uint64 }

// places returns, for the block of 64 bytes at base, where to look closer:
// starts of words that may be triggers, third digits in a row, a few signs.
func (t *triggers) places(text string, base int, c *carry) (look, third, sign uint64) {
	var lower, upper, digit uint64
	block := text[base:]
	if len(block) > 64 {
		block = block[:64]
	}
	n := len(block)
	for j := 0; j < n; j += 8 {
		if j+8 > n {
			if n < 8 {
				break
			}
			j = n - 8 // bytes read twice set the same bits
		}
		b := block[j : j+8]
		m := lanes[b[0]] | lanes[b[1]]<<1 | lanes[b[2]]<<2 | lanes[b[3]]<<3 |
			lanes[b[4]]<<4 | lanes[b[5]]<<5 | lanes[b[6]]<<6 | lanes[b[7]]<<7
		lower |= uint64(m&0xff) << (j & 63)
		upper |= uint64(m>>8&0xff) << (j & 63)
		digit |= uint64(m>>16&0xff) << (j & 63)
		sign |= uint64(m>>24) << (j & 63)
	}
	if n < 8 {
		for j := range n {
			m := lanes[block[j]]
			lower |= uint64(m&1) << (j & 63)
			upper |= uint64(m>>8&1) << (j & 63)
			digit |= uint64(m>>16&1) << (j & 63)
			sign |= uint64(m>>24) << (j & 63)
		}
	}
	letter := lower | upper
	start := letter &^ (letter<<1 | c.letter>>63)
	start |= upper & (lower<<1 | c.lower>>63)          // camelCase
	start |= upper & (upper << 1) & (lower>>1 | 1<<63) // HTTPServer
	third = digit & (digit<<1 | c.digit>>63) & (digit<<2 | c.digit>>62) &^ (digit<<3 | c.digit>>61)
	c.lower, c.letter, c.digit = lower, letter, digit

	look = third | sign
	for m := start; m != 0; m &= m - 1 {
		i := base + bits.TrailingZeros64(m)&63
		var v uint32
		if i+4 <= len(text) {
			v = fold4(text, i)
		} else {
			v = foldEnd(text, i)
		}
		h := hash4(v)
		look |= (m & -m) & -(t.bits[h>>6] >> (h & 63) & 1)
	}
	return look, third, sign
}

// first returns the block of the first place that may hold something, or -1.
// It keeps no state and cannot fail, which makes clean text cheap.
func (t *triggers) first(text string) int {
	var c carry
	for base := 0; base < len(text); base += 64 {
		look, third, sign := t.places(text, base, &c)
		for ; look != 0; look &= look - 1 {
			i := base + bits.TrailingZeros64(look)
			var hit bool
			switch bit := look & -look; {
			case third&bit != 0:
				hit = mayBeNumber(text, i-2)
			case sign&bit != 0:
				hit = t.mayBeSign(text, i)
			default:
				hit = t.mayBeWord(text, i)
			}
			if hit {
				return base
			}
		}
	}
	return -1
}

// mayBeWord tells whether a trigger starts at i and has around it what its
// detector needs.
func (t *triggers) mayBeWord(text string, i int) bool {
	bucket := t.at(foldEnd(text, i))
	for k := range bucket {
		tr := &bucket[k]
		if !tr.matches(text, i) {
			continue
		}
		switch tr.kind {
		case atKey:
			if mayBeAssigned(text, i, i+len(tr.text)) {
				return true
			}
		case atForm:
			if tr.form.begins(text, i+len(tr.text)) {
				return true
			}
		case atContext:
			if anyDigit(text, i+len(tr.text), contextReach) {
				return true
			}
		default:
			return true
		}
	}
	return false
}

func anyDigit(text string, i, reach int) bool {
	for end := min(len(text), i+reach); i < end; i++ {
		if text[i]-'0' < 10 {
			return true
		}
	}
	return false
}

// mayBeNumber tells whether the digits at i may belong to a number that needs
// no word before it.
func mayBeNumber(text string, i int) bool {
	if mayBeIBAN(text, i) {
		return true
	}
	p := i
	for limit := min(len(text), i+20); p < limit && text[p]-'0' < 10; p++ {
	}
	if mayBeNational(text, i, p) {
		return true
	}
	var next, after byte
	if p+1 < len(text) {
		next, after = text[p], text[p+1]
	}
	switch n := p - i; {
	case n == 3:
		return after-'0' < 10 && groupSep(next) || next == ')'
	case n == 4:
		return after-'0' < 10 && groupSep(next) && p+4 < len(text) && csDigit.only(text[p+1:p+5])
	case n < 12:
		return next == ':' && after == 'A'
	default:
		return n < 20 && text[i] != '1' && (i == 0 || !(csWord | csDash).has(text[i-1]))
	}
}

// mayBeIBAN tells whether the word or the groups that hold i start like an
// IBAN. Its first three digits in a row stand no more than ten bytes from its
// start.
func mayBeIBAN(text string, i int) bool {
	if i == 0 {
		return false
	}
	if c := classOf[text[i-1]]; c&csAlnum == 0 && (c&(csSpace|csDash) == 0 || i < 5 || !csAlnum.has(text[i-2]) || !csAlnum.has(text[i-5])) {
		return false
	}
	start := i
	for low := max(0, i-11); start > low && (csAlnum | csSpace | csDash).has(text[start-1]); start-- {
		if csUp.has(text[start-1]) && ibanStart(text, start-2) || csLow.has(text[start-1]) && ibanStart(text, start-2) {
			return true
		}
	}
	return false
}

func ibanStart(text string, i int) bool {
	return i >= 0 && i+4 <= len(text) && csLetter.has(text[i]) && csLetter.has(text[i+1]) && text[i+2]-'0' < 10 && text[i+3]-'0' < 10 &&
		(i == 0 || !csWord.has(text[i-1]) || escapeBefore(text, i)) && ibanLengths[country(text[i], text[i+1])] > 0
}

// mayBeSign tells whether the sign at i may stand in something sensitive.
func (t *triggers) mayBeSign(text string, i int) bool {
	if i+1 >= len(text) {
		return false
	}
	next := text[i+1]
	switch text[i] {
	case '+':
		return (next-'0' < 10 || next == '(') && (i == 0 || !csAlnum.has(text[i-1]))
	case '!':
		return i >= 15 && csAlnum.has(text[i-1]) && csAlnum.has(next)
	case '$':
		return next != '{' && strings.IndexByte(text[i+2:min(len(text), i+18)], '$') >= 0
	case '@':
		return i > 0 && !csSpace.has(text[i-1])
	case '%':
		return csHexAny.has(next) && (next == '4' || next == '2' || i+7 <= len(text) && t.mayBeWord(text, i+3))
	case '\\':
		return next == 'u' || i+6 <= len(text) && t.mayBeWord(text, i+2)
	}
	return true
}

// compares tells whether the word at i is compared with what stands before.
func compares(text string, i int) bool {
	for low := max(0, i-32); i > low && keyByte(text[i-1]); i-- {
	}
	return i > 2 && (text[i-1] == '=' && text[i-2] == '=' || text[i-1] == ' ' && text[i-2] == '=' && (text[i-3] == '=' || text[i-3] == '!'))
}

// mayBeAssigned tells whether a value may follow the key that has a word at
// text[i:end].
func mayBeAssigned(text string, i, end int) bool {
	p := end
	for limit := min(len(text), p+maxKeyReach); p < limit && keyByte(text[p]); p++ {
	}
	if compares(text, i) {
		return true
	}
	if p >= len(text) {
		return false
	}
	switch c := text[p]; {
	case strings.IndexByte("=:\"'`\\])>,;%|?!([\n\r", c) >= 0:
		return true
	case c == '\t':
		return true
	case c == ' ':
		for p < len(text) && text[p] == ' ' {
			p++
		}
		if p >= len(text) {
			return false
		}
		if strings.IndexByte("=:\"'`|>-?![(", text[p]) >= 0 {
			return true
		}
		start := i
		for low := max(0, i-maxKeyReach); start > low && keyByte(text[start-1]); start-- {
		}
		if text[start] == '-' {
			return true // --api-key …
		}
		for _, w := range [...]string{"is ", "was ", "for ", "string", "String", "str"} {
			if strings.HasPrefix(text[p:], w) {
				return true
			}
		}
		for n := 0; n < 24 && p < len(text) && (csLetter.has(text[p]) || text[p] == ' '); n++ {
			p++
		}
		if p < len(text) && (text[p] == ':' || text[p] == '=') {
			return true // glucose level: …
		}
		return end-i >= 8 && (text[i]|0x20 == 'p' || text[i]|0x20 == 'r' || text[i]|0x20 == 'm') // netrc, requirepass, masterauth
	}
	return false
}
