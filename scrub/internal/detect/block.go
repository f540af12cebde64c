package detect

import (
	"math/bits"
	"strings"
)

// lanes spreads the class of a byte over four lanes of 16 bits, so that 16
// bytes shifted into each other give four masks.
var lanes = func() (t [256]uint64) {
	for c := range 256 {
		switch b := byte(c); {
		case csLow.has(b):
			t[c] = 1
		case csUp.has(b):
			t[c] = 1 << 16
		case csDigit.has(b):
			t[c] = 1 << 32
		case strings.IndexByte(signBytes, b) >= 0:
			t[c] = 1 << 48
		}
	}
	return t
}()

// signs are bytes that the scanner stops at, the last two because passwords
// have names that start with them.
const signBytes = "@+$%\\!\x1B\xD0\xE5"

// classify reads up to 64 bytes and says of each, the first in the lowest bit,
// what it is.
func classify(block string) (lower, upper, digit, sign uint64) {
	n := len(block)
	if n < 16 {
		var m uint64
		if n >= 8 {
			m = eight(block[:8]) | eight(block[n-8:])<<((n-8)&7)
		} else {
			for j := range n {
				m |= lanes[block[j]] << (j & 7)
			}
		}
		return m & 0xffff, m >> 16 & 0xffff, m >> 32 & 0xffff, m >> 48
	}
	for j := 0; ; j += 16 {
		if j > n-16 {
			j = n - 16 // bytes read twice set the same bits
		}
		m := eight(block[j:j+8]) | eight(block[j+8:j+16])<<8
		lower |= m & 0xffff << (j & 63)
		upper |= m >> 16 & 0xffff << (j & 63)
		digit |= m >> 32 & 0xffff << (j & 63)
		sign |= m >> 48 << (j & 63)
		if j == n-16 {
			return lower, upper, digit, sign
		}
	}
}

// eight returns the lanes of eight bytes.
func eight(b string) uint64 {
	_ = b[7]
	return lanes[b[0]] | lanes[b[1]]<<1 | lanes[b[2]]<<2 | lanes[b[3]]<<3 |
		lanes[b[4]]<<4 | lanes[b[5]]<<5 | lanes[b[6]]<<6 | lanes[b[7]]<<7
}

// blockStep is how far a block of 64 bytes is from the next one: the bytes in
// both show how the words go on that start before them.
const blockStep = 56

// carry is what is known of the bytes before a block, the last in the highest
// bit.
type carry struct {
	lower, letter, digit, sign uint64
	iban                       bool // one may have begun in the block before
}

// marks is what is in a block, the first byte in the lowest bit. What is
// decided in the next block is left out of those below.
type marks struct {
	lower, upper, digit uint64
	start               uint64 // starts of words, humps among them
	hump                uint64 // starts of words in words: camelCase, HTTPServer

	sign   uint64 // a few signs
	third  uint64 // third digits in a row
	number uint64 // those that may belong to a number without a word before it
	glued  uint64 // the last nine letters of words that may run into a key
	words  uint64 // starts of words that may be triggers
}

// view is what is known of a block. It moves over a text, block by block.
type view struct {
	before carry
	marks
}

// block returns the block of text at base.
func block(text string, base int) string { return text[base:min(len(text), base+64)] }

// decided returns which bytes of the block of text at base are not left to the
// next one.
func decided(text string, base int) uint64 {
	if len(text)-base > 64 {
		return 1<<blockStep - 1
	}
	return ^uint64(0)
}

// markGo is mark in Go: it finds the marks of the block at base, the one after
// what v left.
func markGo(t *triggers, text string, base int, v *view) {
	block, decided := block(text, base), decided(text, base)
	c, m := &v.before, &v.marks
	m.lower, m.upper, m.digit, m.sign = classify(block)
	letter := m.lower | m.upper
	m.hump = m.upper & (m.lower<<1 | c.lower>>63 | (m.upper<<1|(c.letter&^c.lower)>>63)&(m.lower>>1|1<<63))
	m.start = letter&^(letter<<1|c.letter>>63) | m.hump
	// Up to three letters between digits are a piece of an id: 4bf92f35.
	short := (m.digit | letter&((m.digit|letter&(m.digit>>1))>>1)) >> 1
	m.start &^= (m.digit<<1 | c.digit>>63) & short &^ m.hump

	m.sign &= decided
	m.third = m.digit & (m.digit<<1 | c.digit>>63) & (m.digit<<2 | c.digit>>62) &^ (m.digit<<3 | c.digit>>61) & decided
	m.number = m.third
	if m.third != 0 && !v.iban() {
		m.number &= numberStarts(letter, m.digit) | capitals3(m.upper, c)
	}
	nine := letter & (letter >> 1)
	nine &= nine >> 2
	nine &= nine >> 4
	nine &= letter >> 8
	m.glued = t.glued(block, nine&^(nine>>1)&decided)
	m.words = t.words(block, m.start&decided, ^letter|m.start)
}

// leave notes what has to be known of a block in the next one.
func (v *view) leave() {
	const back = 64 - blockStep
	c := &v.before
	c.iban = v.ibanStarts()
	c.lower, c.letter, c.digit, c.sign = v.lower<<back, (v.lower|v.upper)<<back, v.digit<<back, v.sign
}

// words returns which of the words of block that start at the bits of start,
// before the next bit of end, may be triggers.
func (t *triggers) words(block string, start, end uint64) (out uint64) {
	for m := start; m != 0; m &= m - 1 {
		k := bits.TrailingZeros64(m) & 63
		v := loadEnd(block, k)
		if t.whole.may(maskWord(v, end>>1>>k)) || t.prefix.may(prefixKey(v)) {
			out |= 1 << k
		}
	}
	return out
}

// glued returns which of the last nine letters of words, that start at the bits
// of last, may end in a key that runs into the word before it.
func (t *triggers) glued(block string, last uint64) (out uint64) {
	for ; last != 0; last &= last - 1 {
		k := bits.TrailingZeros64(last) & 63
		if t.whole.may(endKey(load8(block, k+1))) {
			out |= 1 << k
		}
	}
	return out
}

// humped is words for those that hold humps, taken as a whole: PassWord.
func (t *triggers) humped(block string, decided uint64, m *marks) uint64 {
	var whole uint64
	for hump := m.hump; hump != 0; hump &= hump - 1 {
		if before := m.start & (hump&-hump - 1); before != 0 {
			whole |= 1 << (63 - bits.LeadingZeros64(before))
		}
	}
	return t.words(block, whole&decided, ^(m.lower | m.upper))
}

// places returns where the scanner has to look closer at the block at base.
func (t *triggers) places(text string, base int, v *view) uint64 {
	out := v.words | v.glued | v.third | v.sign
	if v.hump != 0 {
		out |= t.humped(block(text, base), decided(text, base), &v.marks)
	}
	return out
}

// numberStarts returns the third digits of runs of six or more, and of three or
// four that have another three digits shortly behind them, as in an id, a phone
// or a card: 078-05-1120, 111.444.777-35, (415) 555-0132, 3782-822463. It looks
// no further than seven bytes, which is what a block shows of the next one.
func numberStarts(letter, digit uint64) uint64 {
	none := ^(letter | digit)
	three := digit & (digit >> 1) & (digit >> 2)
	return three&(digit>>3) | (none>>1|none>>2)&(three>>2|three>>3|three>>5)
}

// capitals3 returns the third digits of three that stand between capitals, as
// in a codice fiscale.
func capitals3(upper uint64, c *carry) uint64 {
	return (upper<<3 | (c.letter&^c.lower)>>61) & (upper >> 1)
}

// iban tells whether an IBAN may have begun in the block or in the one before.
func (v *view) iban() bool { return v.before.iban || v.ibanStarts() }

// ibanStarts tells whether two letters and two digits start a word in the
// block, or may do so behind an escape.
func (v *view) ibanStarts() bool {
	letter := v.lower | v.upper
	starts := letter & (letter >> 1) & (v.digit >> 2) & (v.digit >> 3)
	if starts == 0 || v.sign|v.before.sign != 0 {
		return starts != 0
	}
	return starts&^((letter|v.digit)<<1|(v.before.letter|v.before.digit)>>63) != 0
}
