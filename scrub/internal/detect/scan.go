package detect

import (
	"math/bits"
	"strings"
	"sync"
)

// scan is one pass over one text.
type scan struct {
	f         *Finder
	text      string
	hits      []Hit
	later     []Hit // findings ahead, not in order
	done      int   // all before is decided
	commanded int   // all commands, documents and messages before are decided
	keyed     int   // all keys before are decided
	unescaped int   // all escaped keys before are decided
	afterAt   int   // where the last @ that was looked at ends
	steps     int   // work beyond the pass itself, for the test of linearity
	// seen holds, per context, one more than where its last word ended.
	seen     [numContexts]int
	context  bool     // any was seen
	unquoted struct { // the last value read
		start, end int
		query      bool
		encoded    bool
		cut        bool // it goes on
	}
	tag    stretch
	cookie [2]stretch // by whether it is one that is set
	runs   [runSlots]run
}

// scans are those at rest. One whose detector panicked does not come back.
var scans = sync.Pool{New: func() any { return new(scan) }}

// free puts sc to rest, without the text and with what its findings were noted
// in, unless that grew large.
func (sc *scan) free() {
	hits := sc.hits
	if cap(hits) > 64 {
		hits = nil
	}
	*sc = scan{hits: hits[:0]}
	scans.Put(sc)
}

// A run is the bytes of a set that stand together.
type run struct {
	set        charset
	start, end int32
}

// runSlots are more than there are sets: what two of them shared would be
// read again and again where their tokens take turns.
const runSlots = 48

// A stretch is what was read up to its end, so that it is not read again for
// all that starts inside of it.
type stretch struct {
	start, end int
	cut        bool // it goes on
}

// until returns where the stretch that holds p ends: before the first place of
// which stop says so, or maxValue behind p or later. What m holds is not read
// again.
func (sc *scan) until(m *stretch, p int, stop func(i int) bool) int {
	end := p
	if m.start <= p && p < m.end {
		if !m.cut {
			return m.end
		}
		end = m.end
	}
	from := end
	for end < len(sc.text) && end-p < maxValue && !stop(end) {
		end++
	}
	sc.steps += end - from
	m.start, m.end, m.cut = p, end, end-p >= maxValue
	return end
}

// maxSteps bounds the work for a text: what lies behind it goes unread.
func maxSteps(size int) int { return 1<<18 + 128*size }

// run looks at every place from the block at base on.
func (sc *scan) run(base int) {
	var m marks
	text, dict := sc.text, sc.f.dict
	limit := maxSteps(len(text))
	for ; base < len(text); base += blockStep {
		block, decided := blockAt(text, base)
		mark(dict, block, decided, &m)
		if sc.steps > limit {
			sc.found(Bound, runeStart(text, max(sc.done, base)), len(text))
			break
		}
		for look := dict.places(block, &m); look != 0; look &= look - 1 {
			i := base + bits.TrailingZeros64(look)
			if i < sc.done {
				continue
			}
			switch bit := look & -look; {
			case m.third&bit != 0:
				sc.number(i - 2)
			case m.sign&bit != 0:
				sc.sign(i)
			default:
				sc.word(i)
			}
		}
		if base+len(block) == len(text) {
			break
		}
	}
	sc.merge()
}

// sign looks at a byte that is neither letter nor digit.
func (sc *scan) sign(i int) {
	switch sc.text[i] {
	case '@':
		sc.at(i)
	case '+':
		sc.plus(i, 1)
	case '$':
		sc.dollar(i)
	case '!':
		sc.bang(i)
	case '%': // %26token%3D: the two hexadecimal digits hide the start of the word
		if !csHexAny.has(sc.byteAt(i + 1)) {
			return
		}
		switch {
		case strings.HasPrefix(sc.text[i:], "%40"):
			if !sc.encodedUserinfo(i) {
				sc.email(i, 3)
			}
		case strings.HasPrefix(sc.text[i:], "%2B"), strings.HasPrefix(sc.text[i:], "%2b"):
			sc.plus(i, 3)
		}
		sc.wordBehind(i + 3)
		if strings.HasPrefix(sc.text[i:], "%25") {
			sc.wordBehind(i + 5)
		}
	case '\\': // \npassword=…, \u0022token\u0022
		if strings.HasPrefix(sc.text[i:], `\u0040`) {
			sc.email(i, len(`\u0040`))
		}
		if i+1 < len(sc.text) && sc.text[i+1] == 'u' {
			sc.escapedKey(i)
			sc.wordBehind(max(i+6, colourEnd(sc.text, i)))
		}
		sc.wordBehind(i + 2)
	case '\x1b':
		if end := colourEnd(sc.text, i); end > i {
			sc.wordBehind(end)
		}
	default:
		if end := foreignAt(sc.text, i); end > i {
			sc.key(i, end, end)
			sc.nationalNamed(namesByWord[strings.ToLower(sc.text[i:end])], end)
		}
	}
}

// wordBehind looks at a word that may start at i, behind an escape.
func (sc *scan) wordBehind(i int) {
	if i+4 <= len(sc.text) && csLetter.has(sc.text[i]) {
		sc.word(i)
	}
}

// word looks at a word that may be a trigger.
func (sc *scan) word(i int) {
	if inMarker(sc.text, i) {
		return
	}
	if start, end := gluedAt(sc.text, i); start < end {
		sc.key(start, end, end)
		if sc.done > i {
			return
		}
	}
	prefix, hump, word := keysAt(sc.text, i)
	if sc.under(prefix, i) || hump != 0 && sc.under(hump, i) {
		return
	}
	sc.under(word, i)
}

// under hands i to the triggers that are filed under key, up to the one that
// decides it.
func (sc *scan) under(key uint64, i int) bool {
	t := sc.f.dict
	slot := t.slot(key)
	for k := range slot {
		tr := &t.all[slot[k].at]
		if slot[k].key != key || !tr.matches(sc.text, i) {
			continue
		}
		sc.trigger(tr, i)
		if sc.done > i {
			return true
		}
	}
	return false
}

// trigger hands a place to its detector.
func (sc *scan) trigger(tr *trigger, i int) {
	end := i + len(tr.text)
	switch tr.kind {
	case atForm:
		sc.token(tr.form, i)
	case atKey:
		sc.key(i, end, tr.company.end(sc.text, end))
	case atScheme:
		sc.scheme(tr.text, i)
	case atPEM:
		sc.vcard(i)
		sc.pem(i)
		sc.putty(i)
	case atCommand:
		sc.command(tr.text, i)
	case atSuffix:
		sc.signature(tr.text, i)
	case atSegment:
		sc.messageAt(tr.text, i)
	case atIdentified:
		sc.identifiedBy(i, end)
	case atContext:
		sc.hinted(tr, i, end)
	}
}

// messageAt hands the start of a segment of a message to the detector of its kind.
func (sc *scan) messageAt(head string, i int) {
	switch {
	case strings.IndexByte(head, '*') > 0:
		sc.x12(i)
	case strings.HasPrefix(head, swiftHead):
		sc.swift(i)
	case strings.IndexByte(head, '<') > 0:
		sc.zone(i)
	default:
		sc.segment(i)
	}
}

// runEnd returns where the run of set that holds i ends. Each byte is read
// once per set, however often it is asked for.
func (sc *scan) runEnd(set charset, i int) int {
	n := uint32(set) * 2654435761 >> 16 % runSlots
	for sc.runs[n].set != set && sc.runs[n].set != 0 {
		n = (n + 1) % runSlots
	}
	slot := &sc.runs[n]
	if slot.set == set && int(slot.start) <= i && i < int(slot.end) {
		return int(slot.end)
	}
	end := i
	for end < len(sc.text) && classOf[sc.text[end]]&set != 0 {
		end++
	}
	sc.steps += end - i + 1
	*slot = run{set, int32(i), int32(end)} // of MaxText at most
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

// runeStart returns where the rune starts that i stands in.
func runeStart(text string, i int) int {
	for i > 0 && i < len(text) && text[i]&0xC0 == 0x80 {
		i--
	}
	return i
}

// byteAt returns the byte at i, or zero outside of the text.
func (sc *scan) byteAt(i int) byte {
	if i < 0 || i >= len(sc.text) {
		return 0
	}
	return sc.text[i]
}
