package detect

import (
	"math/bits"
	"strings"
)

// lanes spreads the class of a byte over four lanes of 16 bits, so that 16
// bytes shifted into each other give four masks. A joint is in two of them.
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
		case strings.IndexByte(jointBytes, b) >= 0:
			t[c] = 1<<32 | 1<<48
		}
	}
	return t
}()

const (
	// signBytes are bytes that the scanner stops at, the last two because
	// passwords have names that start with them.
	signBytes = "@+$%\\!\x1B\xD0\xE5"
	// jointBytes tell behind digits what these are, all but the first, third and
	// fourth by chance.
	jointBytes = ")*-:="
)

// classify reads up to 64 bytes and says of each, the first in the lowest bit,
// what it is.
func classify(block string) (lower, upper, digit, sign, joint uint64) {
	n := len(block)
	add := func(m uint64, j int) {
		lower |= m & 0xffff << (j & 63)
		upper |= m >> 16 & 0xffff << (j & 63)
		digit |= m >> 32 & 0xffff << (j & 63)
		sign |= m >> 48 << (j & 63)
	}
	switch {
	case n >= 16:
		for j := 0; j < n; j += 16 {
			j = min(j, n-16) // bytes read twice set the same bits
			add(eight(block[j:j+8])|eight(block[j+8:j+16])<<8, j)
		}
	case n >= 8:
		add(eight(block[:8])|eight(block[n-8:])<<((n-8)&7), 0)
	default:
		for j := range n {
			add(lanes[block[j]], j)
		}
	}
	joint = digit & sign
	return lower, upper, digit &^ joint, sign &^ joint, joint
}

// eight returns the lanes of eight bytes.
func eight(b string) uint64 {
	_ = b[7]
	return lanes[b[0]] | lanes[b[1]]<<1 | lanes[b[2]]<<2 | lanes[b[3]]<<3 |
		lanes[b[4]]<<4 | lanes[b[5]]<<5 | lanes[b[6]]<<6 | lanes[b[7]]<<7
}

// A block of 64 bytes shows blockBefore bytes that the one before it decides,
// and blockNext that the next one does: so it can be read by itself.
const (
	blockBefore = 8
	blockNext   = 8
	blockStep   = 64 - blockBefore - blockNext
)

// marks is what is in a block, the first byte in the lowest bit. All but the
// classes of the bytes is right only for those that the block decides.
type marks struct {
	lower, upper, digit uint64
	sign, joint         uint64 // of signBytes and jointBytes
	start               uint64 // starts of words, humps among them
	hump                uint64 // starts of words in words: camelCase, HTTPServer
	decided             uint64 // bytes that no other block decides

	// Of these, only what is decided.
	third  uint64 // third digits in a row
	number uint64 // those that may be in a number without a word before it
	iban   uint64 // two letters and two digits, at the start of a word
	glued  uint64 // the last nine letters of words that may run into a key
	words  uint64 // starts of words that may be triggers
}

// blockAt returns the block of text at base, and which of its bytes it decides.
func blockAt(text string, base int) (block string, decided uint64) {
	block, decided = text[base:], ^uint64(0)
	if base > 0 {
		decided <<= blockBefore
	}
	if len(block) > 64 {
		block, decided = block[:64], decided&(1<<(64-blockNext)-1)
	}
	return block, decided
}

// markGo is mark in Go: it finds the marks of a block.
func markGo(t *triggers, block string, decided uint64, m *marks) {
	m.lower, m.upper, m.digit, m.sign, m.joint = classify(block)
	letter := m.lower | m.upper
	m.hump = m.upper & (m.lower<<1 | m.upper<<1&(m.lower>>1|1<<63))
	// Up to three letters between digits are a piece of an id: 4bf92f35.
	short := (m.digit | letter&((m.digit|letter&(m.digit>>1))>>1)) >> 1
	m.start = letter&^(letter<<1)&^(m.digit<<1&short) | m.hump
	m.decided = decided

	m.third = m.digit & (m.digit << 1) & (m.digit << 2) &^ (m.digit << 3) & decided
	three := m.digit & (m.digit >> 1) & (m.digit >> 2)
	m.number = m.third & (three>>1 | three>>2 | three>>3 | three>>5 | m.upper<<3&(m.upper>>1))
	m.iban = m.start & (letter >> 1) & (m.digit >> 2) & (m.digit >> 3) & decided
	nine := letter & (letter >> 1)
	nine &= nine >> 2
	nine &= nine >> 4
	nine &= letter >> 8
	m.glued = t.glued(block, nine&^(nine>>1)&decided)
	m.words = t.words(block, m.start&decided, ^letter|m.start)
}

// words returns which of the words of block that start at the bits of start,
// before the next bit of end, may be triggers.
func (t *triggers) words(block string, start, end uint64) (out uint64) {
	ends := wordEnds(end)
	for m := start; m != 0; m &= m - 1 {
		k := bits.TrailingZeros64(m) & 63
		v := loadEnd(block, k)
		word, prefix := maskWord(v, ends>>k), prefixKey(v)
		if t.whole.may(word) && t.near(word, block, k, ends) || k+4 <= len(block) && t.prefix.may(prefix) && t.near(prefix, block, k, ends) {
			out |= 1 << k
		}
	}
	return out
}

// wordEnds returns what maskWord needs, once it is moved by the place of a word:
// where words end of which the first letter is the bit before, at the bits of end
// or with the block.
func wordEnds(end uint64) int64 { return int64(end>>1 | 1<<63) }

// near tells whether the word of block at k, which has key, has near it what one of
// the triggers under key needs. Words end before the bits of ends and one more.
func (t *triggers) near(key uint64, block string, k int, ends int64) bool {
	slot := t.slot(key)
	for n := range slot {
		if e := &slot[n]; e.key == key && e.need.met(block, k, ends) {
			return true
		}
	}
	return false
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
func (t *triggers) humped(block string, m *marks) uint64 {
	var whole uint64
	for hump := m.hump; hump != 0; hump &= hump - 1 {
		if before := m.start & (hump&-hump - 1); before != 0 {
			whole |= 1 << (63 - bits.LeadingZeros64(before))
		}
	}
	return t.words(block, whole&m.decided, ^(m.lower | m.upper))
}

// places returns where the scanner has to look closer at block.
func (t *triggers) places(block string, m *marks) uint64 {
	out := m.words | m.glued | m.third | m.sign&m.decided
	if m.hump != 0 {
		out |= t.humped(block, m)
	}
	return out
}

// numbers returns third digits of runs that may belong to a number without a
// word before it, by what stands around them. Of what a block does not show it
// assumes the worst.
func (m *marks) numbers() uint64 {
	const unseen = 1 << 63
	letter := m.lower | m.upper
	none := ^(letter | m.digit)
	three := m.digit & (m.digit>>1 | unseen) & (m.digit>>2 | 3*unseen>>1)
	four := three & (m.digit>>3 | 7*unseen>>2)
	after := none >> 1

	// 078-05-1120
	out := after & (m.digit >> 2) & (m.digit >> 3) & (none >> 4) & (four >> 5) &^ (m.joint >> 4 &^ (m.joint >> 1))
	// 415-555-0132, and .345.678/0001-95 of 12.345.678/0001-95, but not the end
	// of 10.129.136.103:3121
	out |= after & (three >> 2) & (none >> 5) & (four >> 6) &^ (m.joint >> 5 &^ (m.joint >> 1))
	// (415) 555-0132
	out |= after & (none >> 2) & (three >> 3) & (none >> 6) & (m.digit >> 7)
	// 123.456.789-09
	out |= after & (three >> 2) & (none >> 5) & (three >> 6) & (m.joint>>9 | 511*unseen>>8) &^ (m.digit >> 12)
	// 756.9217.0769.85
	out |= after & (four >> 2) & (none >> 6) & (m.digit >> 7) & (m.digit >> 8)
	// 4111-1111-1111-1111, 4111 111 111 111
	out |= m.digit >> 1 & (none >> 2) & (three >> 3) & (m.digit>>6 | m.digit>>7) & (m.digit>>7 | m.digit>>8)
	// A85M, as in a codice fiscale
	out |= m.upper << 3 & (m.upper >> 1)

	// Six to eleven digits, and a sign or a capital behind them: 811228-9874.
	ends := (m.joint | m.upper) & (m.digit << 1)
	ends |= ends >> 1
	ends |= ends>>2 | ends>>4
	out |= three >> 1 & (ends >> 4)

	// Twelve or more
	no := ^m.digit >> 1
	nine := no | no>>1
	nine |= nine >> 2
	nine |= nine >> 4
	out |= ^(nine | no>>8)
	return out & m.number
}
