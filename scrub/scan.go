package scrub

import (
	"math/bits"
	"strings"
)

// text returns text, held under key, without its sensitive parts, and
// whether anything changed. A text that is to be dropped comes back empty.
func (s *Scrubber) text(sig signal, key, text string) (string, bool) {
	s = s.orDefault()
	var v keyVerdict
	if key != "" {
		v = s.verdict(key)
	}
	switch {
	case v.allow:
		return text, false
	case v.rule != nil && s.settled(text):
		return text, false
	case v.rule != nil:
		s.stats.add(sig, v.rule)
		if s.dryRun {
			return text, false
		}
		return s.replacement(sig, v.rule, text), true
	}
	return s.scan(sig, v, text)
}

// maxText bounds what is read of one value; the rest is masked.
const maxText = 4 << 20

// scan reads text once and replaces what it finds. It fails closed.
func (s *Scrubber) scan(sig signal, v keyVerdict, text string) (out string, changed bool) {
	if len(text) < 4 {
		return text, false
	}
	defer func() {
		if recover() != nil {
			s.stats.fail(sig)
			out, changed = ruleBound.marker, true
		}
	}()
	if len(text) > maxText {
		s.stats.add(sig, ruleBound)
		cut := maxText
		for cut > 0 && text[cut]&0xC0 == 0x80 {
			cut--
		}
		head, _ := s.scan(sig, v, text[:cut])
		return head + ruleBound.marker, true
	}
	if v.sql {
		if plain, hit := s.sql(sig, text); hit {
			text, changed = plain, true
		}
	}
	sc := scan{s: s, text: text}
	sc.run()
	if len(sc.hits) == 0 {
		return text, changed
	}
	for _, h := range sc.hits {
		s.stats.add(sig, h.rule)
	}
	if s.dryRun {
		return text, false
	}
	return sc.replace(sig), true
}

// hit is one finding: text[start:end] is what rule says.
type hit struct {
	start, end int
	rule       *Rule
}

// scan is one pass over one text. It lives on the stack.
type scan struct {
	s     *Scrubber
	text  string
	hits  []hit
	done  int // all before is decided
	keyed int // all keys before are decided
	steps int // work beyond the pass itself, for the test of linearity
	// seen holds, per context, one more than where its last word ended.
	seen [numContexts]int
	runs [4]struct {
		set        charset
		start, end int
	}
}

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

// run finds the places worth a closer look, 64 bytes at a time, and looks:
// starts of words that may be triggers, third digits in a row, and a few
// signs.
func (sc *scan) run() {
	text := sc.text
	dict := sc.s.dict
	var lastLower, lastLetter, lastDigit uint64
	for base := 0; base < len(text); base += 64 {
		var lower, upper, digit, sign uint64
		block := text[base:]
		if len(block) > 64 {
			block = block[:64]
		}
		j := 0
		for ; j+8 <= len(block); j += 8 {
			b := block[j : j+8]
			m := lanes[b[0]] | lanes[b[1]]<<1 | lanes[b[2]]<<2 | lanes[b[3]]<<3 |
				lanes[b[4]]<<4 | lanes[b[5]]<<5 | lanes[b[6]]<<6 | lanes[b[7]]<<7
			lower |= uint64(m&0xff) << j
			upper |= uint64(m>>8&0xff) << j
			digit |= uint64(m>>16&0xff) << j
			sign |= uint64(m>>24) << j
		}
		for ; j < len(block); j++ {
			m := lanes[block[j]]
			lower |= uint64(m&1) << j
			upper |= uint64(m>>8&1) << j
			digit |= uint64(m>>16&1) << j
			sign |= uint64(m>>24) << j
		}
		letter := lower | upper
		start := letter &^ (letter<<1 | lastLetter>>63)
		start |= upper & (lower<<1 | lastLower>>63)        // camelCase
		start |= upper & (upper << 1) & (lower>>1 | 1<<63) // HTTPServer
		d1, d2, d3 := digit<<1|lastDigit>>63, digit<<2|lastDigit>>62, digit<<3|lastDigit>>61
		third := digit & d1 & d2 &^ d3
		lastLower, lastLetter, lastDigit = lower, letter, digit

		look := third | sign
		for m := start; m != 0; m &= m - 1 {
			i := base + bits.TrailingZeros64(m)
			if i+4 > len(text) {
				break
			}
			h := hash4(fold4(text, i))
			look |= (m & -m) & -(dict.bits[h>>6] >> (h & 63) & 1)
		}
		for ; look != 0; look &= look - 1 {
			i := base + bits.TrailingZeros64(look)
			if i < sc.done {
				continue
			}
			switch bit := look & -look; {
			case third&bit != 0:
				sc.number(i - 2)
			case sign&bit != 0:
				sc.sign(i)
			default:
				sc.word(i)
			}
		}
	}
}

// sign looks at a byte that is neither letter nor digit.
func (sc *scan) sign(i int) {
	switch sc.text[i] {
	case '@':
		sc.at(i)
	case '+':
		sc.plus(i)
	case '$':
		sc.dollar(i)
	case '!':
		sc.bang(i)
	case '%': // %26token%3D: the two hexadecimal digits hide the start of the word
		sc.escaped(i + 3)
	case '\\': // \npassword=…, \u0022token\u0022
		if i+1 < len(sc.text) && sc.text[i+1] == 'u' {
			sc.escaped(i + 6)
		}
		sc.escaped(i + 2)
	}
}

func (sc *scan) escaped(i int) {
	if i+4 <= len(sc.text) && csLetter.has(sc.text[i]) {
		h := hash4(fold4(sc.text, i))
		if sc.s.dict.bits[h>>6]>>(h&63)&1 != 0 {
			sc.word(i)
		}
	}
}

// word looks at a word that may be a trigger.
func (sc *scan) word(i int) {
	bucket := sc.s.dict.buckets[fold4(sc.text, i)]
	for k := range bucket {
		tr := &bucket[k]
		if !tr.matches(sc.text, i) {
			continue
		}
		switch tr.kind {
		case atForm:
			sc.token(tr.form, i)
		case atKey:
			sc.key(i, i+len(tr.text))
		case atScheme:
			sc.scheme(tr.text, i)
		case atPEM:
			sc.pem(i)
		case atSuffix:
			sc.signature(tr.text, i)
		case atContext:
			sc.seen[tr.context] = i + len(tr.text) + 1
		}
		if sc.done > i {
			return
		}
	}
}

// found notes a finding. One that reaches back over earlier ones takes their
// place.
func (sc *scan) found(r *Rule, start, end int) {
	if start >= end || sc.s.offRule(r) {
		return
	}
	if sc.s.allowValues[sc.text[start:end]] || markerAt(sc.text, start) >= end {
		sc.done = max(sc.done, end)
		return
	}
	for n := len(sc.hits); n > 0 && sc.hits[n-1].end > start; n = len(sc.hits) {
		start = min(start, sc.hits[n-1].start)
		sc.hits = sc.hits[:n-1]
	}
	sc.hits = append(sc.hits, hit{start, end, r})
	sc.done = end
}

func (sc *scan) replace(sig signal) string {
	var b strings.Builder
	b.Grow(len(sc.text) + 24*len(sc.hits))
	last := 0
	for _, h := range sc.hits {
		b.WriteString(sc.text[last:h.start])
		b.WriteString(sc.s.inText(sig, h.rule, sc.text[h.start:h.end]))
		last = h.end
	}
	b.WriteString(sc.text[last:])
	return b.String()
}

// runEnd returns where the run of set that holds i ends. Each byte is read
// once per set, however often it is asked for.
func (sc *scan) runEnd(set charset, i int) int {
	slot := &sc.runs[(uint32(set)*2654435761)>>30]
	if slot.set == set && slot.start <= i && i < slot.end {
		return slot.end
	}
	end := i
	for end < len(sc.text) && classOf[sc.text[end]]&set != 0 {
		end++
	}
	sc.steps += end - i + 1
	slot.set, slot.start, slot.end = set, i, end
	return end
}

// back returns the start of the run of set that ends before i, at most limit
// bytes back and never before what is decided.
func (sc *scan) back(set charset, i, limit int) int {
	low := max(sc.done, i-limit)
	start := i
	for start > low && classOf[sc.text[start-1]]&set != 0 {
		start--
	}
	sc.steps += i - start + 1
	return start
}

func (sc *scan) byteAt(i int) byte {
	if i < 0 || i >= len(sc.text) {
		return 0
	}
	return sc.text[i]
}
