package scrub

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
	iban                       bool // one may have begun there
}

// marks is what is in a block, the first byte in the lowest bit.
type marks struct {
	lower, upper, digit, sign uint64

	start uint64 // starts of words, humps among them
	hump  uint64 // starts of words in words: camelCase, HTTPServer
	words uint64 // starts of words that may be triggers
}

// markGo finds the marks of a block, those of words among the decided ones. On
// most machines markAVX2 does the same.
func markGo(t *triggers, block string, decided uint64, c *carry, m *marks) {
	m.lower, m.upper, m.digit, m.sign = classify(block)
	letter := m.lower | m.upper
	m.hump = m.upper & (m.lower<<1 | c.lower>>63 | m.upper<<1&(m.lower>>1|1<<63))
	m.start = letter&^(letter<<1|c.letter>>63) | m.hump
	// Up to three letters between digits are a piece of an id: 4bf92f35.
	short := (m.digit | letter&((m.digit|letter&(m.digit>>1))>>1)) >> 1
	m.start &^= (m.digit<<1 | c.digit>>63) & short &^ m.hump
	m.words = t.words(block, m.start&decided, ^letter|m.start)
}

// look is where to look closer in a block.
type look struct {
	words  uint64 // starts of words that may be triggers
	glued  uint64 // last nine letters of words that may run into a key
	third  uint64 // third digits in a row
	number uint64 // those that may belong to a number without a word before it
	sign   uint64 // a few signs

	iban bool // one may have begun in the block
	near bool // or in the one before
}

// view is what is known of a block. It moves over a text, block by block.
type view struct {
	before carry
	marks  marks
	look
}

// leave notes what has to be known of a block in the next one.
func (v *view) leave() {
	const back = 64 - blockStep
	m, c := &v.marks, &v.before
	c.lower, c.letter, c.digit, c.sign, c.iban = m.lower<<back, (m.lower|m.upper)<<back, m.digit<<back, m.sign, v.iban
}

// places tells v where to look closer in the block at base, the one after
// what v left.
func (t *triggers) places(text string, base int, v *view) {
	block, decided := text[base:], ^uint64(0)
	if len(block) > 64 {
		block, decided = block[:64], 1<<blockStep-1
	}
	c, m := &v.before, &v.marks
	if hasAVX2 {
		markAVX2(t, block, decided, c, m)
	} else {
		markGo(t, block, decided, c, m)
	}
	digit, letter := m.digit, m.lower|m.upper
	v.look = look{words: m.words, sign: m.sign & decided}
	v.near = c.iban
	if digit != 0 {
		v.third = digit & (digit<<1 | c.digit>>63) & (digit<<2 | c.digit>>62) &^ (digit<<3 | c.digit>>61) & decided
		v.iban = ibanStarts(m, letter, c) != 0
		v.near = v.near || v.iban
		if v.number = v.third; v.number != 0 && !v.near {
			v.number &= numberStarts(letter, digit) | capitals3(m.upper, c)
		}
	}
	long := letter & (letter >> 1)
	long &= long >> 2
	long &= long >> 4
	long &= letter >> 8
	if last := long &^ (long >> 1) & decided; last != 0 {
		v.glued = t.runsInto(block, last)
	}
	if m.hump != 0 {
		v.words |= t.humped(block, m) & decided
	}
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

// runsInto returns which of the last nine letters of long words, that start at
// the bits of last, may end in a key that runs into the word before it.
func (t *triggers) runsInto(block string, last uint64) (out uint64) {
	for ; last != 0; last &= last - 1 {
		k := bits.TrailingZeros64(last) & 63
		if t.whole.may(endKey(load8(block, k+1))) {
			out |= 1 << k
		}
	}
	return out
}

// humped is words for those that hold humps, taken as a whole: PassWord.
func (t *triggers) humped(block string, m *marks) uint64 {
	var whole uint64
	for hump := m.hump; hump != 0; hump &= hump - 1 {
		if before := m.start & (hump&-hump - 1); before != 0 {
			whole |= 1 << (63 - bits.LeadingZeros64(before))
		}
	}
	return t.words(block, whole, ^(m.lower | m.upper))
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

// ibanStarts returns where two letters and two digits start a word, or may do
// so behind an escape.
func ibanStarts(m *marks, letter uint64, c *carry) uint64 {
	starts := letter & (letter >> 1) & (m.digit >> 2) & (m.digit >> 3)
	if starts == 0 || m.sign|c.sign != 0 {
		return starts
	}
	return starts &^ ((letter|m.digit)<<1 | (c.letter|c.digit)>>63)
}
