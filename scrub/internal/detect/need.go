package detect

import "math/bits"

// A need is one byte without which a word is not worth a closer look: one of a
// set, at a place that its key does not show. It tells apart most words that only
// begin like a trigger or stand alone: application is no applicationkey, and a
// connection needs a string behind it.
type need struct {
	any uint64 // of these, by needBit
	at  int8   // bytes behind the start of the word, or one of those below
}

const (
	// beforeWord is where the word before one ends, with one separator between
	// them.
	beforeWord = -2
	// behindWord is where the next word starts, with one separator between them.
	behindWord = -128
)

// needBit is the bit of c, in any case, in need.any. Some share one.
func needBit(c byte) uint64 { return 1 << (c&31 | c>>1&32) }

// set adds the bytes of text.
func (n *need) set(text string) {
	for i := range len(text) {
		n.any |= needBit(text[i])
	}
}

// met tells whether block has what n says around the word at k, which ends before
// the next bit of ends and one more. It may where that is not in the block.
func (n *need) met(block string, k int, ends int64) bool {
	at := k + int(n.at)
	if n.at == behindWord {
		at = k + bits.TrailingZeros64(uint64(ends>>k)) + 2
	}
	if at < 0 || at >= len(block) {
		return at >= 64
	}
	return n.any&needBit(block[at]) != 0
}

// need returns what tr needs: of a token, the eighth byte behind its prefix, the
// last if it may be shorter, or the fifth of all if its key shows more than the
// prefix.
func (tr *trigger) need() (n need) {
	letters := letterRun(tr.text)
	switch c := tr.company; {
	case tr.kind == atKey && letters == len(tr.text) && c != nil && !c.none && !c.query:
		n = c.need()
	case tr.fold && letters > 8:
		n.at = int8(letters - 1)
		n.set(tr.text[letters-1 : letters])
	case tr.form != nil:
		n.at = int8(len(tr.text) + min(tr.form.min, 8) - 1)
		if len(tr.text) < 4 {
			n.at = min(n.at, 4)
		}
		n.set(setBytes(tr.form.set))
	}
	if n.any == 0 {
		return need{any: ^uint64(0)}
	}
	return n
}

// need returns what stands one byte before or behind a word if one of c does that
// it makes a key with: the end or the start of that one, or what is next to it if
// there is no separator or a second one.
func (c *company) need() (n need) {
	n.set(" .-_")
	switch {
	case len(c.before) == 0:
		n.at = behindWord
		for _, words := range c.after {
			if len(words[0]) < 2 {
				return need{}
			}
			n.set(words[0][:2])
		}
	case len(c.after) == 0:
		n.at = beforeWord
		for _, w := range c.before {
			if len(w) < 2 {
				return need{}
			}
			n.set(w[len(w)-2:])
		}
	default:
		return need{}
	}
	return n
}
