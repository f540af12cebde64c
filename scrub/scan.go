package scrub

import (
	"math/bits"
	"strings"
	"sync"
	"time"
)

// text returns text, held under key, without its sensitive parts, and
// whether anything changed. A text that is to be dropped comes back empty.
func (s *Scrubber) text(sig signal, key, text string) (string, bool) {
	s = s.orDefault()
	v := &noVerdict
	if key != "" {
		v = s.kept(key)
	}
	return s.under(sig, v, text)
}

// under is text for what is held under a key that v judges.
func (s *Scrubber) under(sig signal, v *keyVerdict, text string) (string, bool) {
	switch {
	case v.allow:
		return text, false
	case v.rule != nil && s.settled(v.rule, text):
		return text, false
	case v.rule != nil && (v.ordinary == nil || !v.ordinary(text)):
		s.stats.add(sig, v.rule)
		if s.dryRun {
			return text, false
		}
		return s.replacement(sig, v.rule, text), true
	}
	return s.scan(sig, v, text)
}

// noVerdict is that of no key.
var noVerdict keyVerdict

// maxText bounds what is read of one value; the rest is masked.
const maxText = 4 << 20

// scan reads text once and replaces what it finds.
func (s *Scrubber) scan(sig signal, v *keyVerdict, text string) (string, bool) {
	base := 0
	if !s.mustRead(v, text) {
		if base = s.dict.first(text); base < 0 {
			return text, false
		}
	}
	return s.closely(sig, v, text, base)
}

// mustRead tells that the first look at text does not do.
func (s *Scrubber) mustRead(v *keyVerdict, text string) bool {
	return v.sql || v.weak != nil || len(s.patterns) > 0 || len(text) > maxText
}

// closely reads text, of which all before base is clean. It fails closed.
func (s *Scrubber) closely(sig signal, v *keyVerdict, text string, base int) (out string, changed bool) {
	var start time.Time
	timed := s.stats.timed(sig)
	if timed {
		start = time.Now()
	}
	defer func() {
		if timed {
			s.stats.spend(sig, start)
		}
		if recover() != nil {
			s.stats.fail(sig)
			out, changed = ruleBound.marker, true
		}
	}()
	tail := ""
	if len(text) > maxText {
		cut := runeStart(text, maxText-len(ruleBound.marker))
		text, tail = text[:cut], ruleBound.marker
		s.stats.add(sig, ruleBound)
	}
	whole := text
	if v.sql && (!v.unsure || statement(text)) {
		text = s.sql(sig, text)
	}
	if v.weak != nil && !s.settled(v.weak, text) && fits(v.weak, v.shape, text, &assignment{}) {
		s.stats.add(sig, v.weak)
		text = s.inText(sig, v.weak, text)
	}
	for _, p := range s.patterns {
		text = s.pattern(sig, p, text)
	}
	text = s.stable(sig, text, base)
	if s.dryRun {
		return whole + tail, false
	}
	return text + tail, tail != "" || text != whole
}

// maxPasses bounds how often a text is read.
const maxPasses = 5

// stable reads text until there is nothing to replace: what stands where a secret
// was may show one that was a part of it, or took what followed for a part. So
// scrubbing twice changes nothing more. What does not come to rest is masked.
func (s *Scrubber) stable(sig signal, text string, base int) string {
	for range maxPasses {
		next := s.pass(sig, text, base)
		if next == text {
			return text
		}
		text = next
		if base = s.dict.first(text); base < 0 {
			return text
		}
	}
	s.stats.add(sig, ruleBound)
	return ruleBound.marker
}

// pass reads text once and replaces what it finds.
func (s *Scrubber) pass(sig signal, text string, base int) string {
	sc := scans.Get().(*scan) //nolint:forcetypeassert // holds nothing else
	sc.s, sc.text = s, text
	sc.run(base)
	out := text
	if len(sc.hits) > 0 && !s.dryRun {
		out = sc.replace(sig)
	}
	if s.dryRun || out != text {
		for _, h := range sc.hits {
			s.stats.add(sig, h.rule)
		}
	}
	sc.free()
	return out
}

// pattern replaces what an added rule matches.
func (s *Scrubber) pattern(sig signal, p pattern, text string) string {
	if s.offRule(p.rule) || !strings.Contains(text, p.trigger) {
		return text
	}
	var b strings.Builder
	last := 0
	for _, m := range p.re.FindAllStringSubmatchIndex(text, -1) {
		start, end := m[0], m[1]
		if len(m) > 2 && m[2] >= 0 {
			start, end = m[2], m[3]
		}
		if start >= end || s.allowValues[text[start:end]] || markerAt(text, start) == end {
			continue
		}
		s.stats.add(sig, p.rule)
		b.WriteString(text[last:start])
		b.WriteString(s.inText(sig, p.rule, text[start:end]))
		last = end
	}
	return b.String() + text[last:]
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

// scan is one pass over one text.
type scan struct {
	s         *Scrubber
	text      string
	hits      []hit
	later     []hit // findings ahead, not in order
	done      int   // all before is decided
	commanded int   // all commands before are decided
	keyed     int   // all keys before are decided
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
	var v view
	text, dict := sc.text, sc.s.dict
	limit := maxSteps(len(text))
	if base > 0 {
		dict.places(text, base-blockStep, &v)
	}
	for ; base < len(text); base += blockStep {
		dict.places(text, base, &v)
		if sc.steps > limit {
			sc.found(ruleBound, runeStart(text, max(sc.done, base)), len(text))
			break
		}
		for look := v.words | v.glued | v.third | v.sign; look != 0; look &= look - 1 {
			i := base + bits.TrailingZeros64(look)
			if i < sc.done {
				continue
			}
			switch bit := look & -look; {
			case v.third&bit != 0:
				sc.number(i - 2)
			case v.sign&bit != 0:
				sc.sign(i)
			default:
				sc.word(i)
			}
		}
		if base+64 >= len(text) {
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
		switch {
		case strings.HasPrefix(sc.text[i:], "%40"):
			sc.email(i, 3)
		case strings.HasPrefix(sc.text[i:], "%2B"), strings.HasPrefix(sc.text[i:], "%2b"):
			sc.plus(i, 3)
		}
		sc.escaped(i + 3)
		if strings.HasPrefix(sc.text[i:], "%25") {
			sc.escaped(i + 5)
		}
	case '\\': // \npassword=…, \u0022token\u0022
		if strings.HasPrefix(sc.text[i:], `\u0040`) {
			sc.email(i, len(`\u0040`))
		}
		if i+1 < len(sc.text) && sc.text[i+1] == 'u' {
			sc.escaped(i + 6)
		}
		sc.escaped(i + 2)
	case '\x1b':
		if end := colourEnd(sc.text, i); end > i {
			sc.escaped(end)
		}
	default:
		if end := foreignAt(sc.text, i); end > i {
			sc.key(i, end, end)
		}
	}
}

func (sc *scan) escaped(i int) {
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
	t := sc.s.dict
	for _, e := range t.slot(key) {
		if e.key != key || !t.all[e.at].matches(sc.text, i) {
			continue
		}
		sc.trigger(&t.all[e.at], i)
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
		sc.pem(i)
		sc.putty(i)
	case atCommand:
		sc.command(tr.text, i)
	case atSuffix:
		sc.signature(tr.text, i)
	case atSegment:
		sc.segment(i)
	case atIdentified:
		sc.identifiedBy(i, end)
	case atContext:
		if i > 0 && csWord.has(sc.text[i-1]) || goesOn(sc.text, end) {
			return
		}
		sc.seen[tr.hint] = end + 1
		sc.context = true
		if tr.hint == ctxNational || tr.hint == ctxHealth {
			sc.idAfter(end)
		}
		sc.idBehind(tr.hint, end)
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
	*slot = run{set, int32(i), int32(end)} // of maxText at most
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

func (sc *scan) byteAt(i int) byte {
	if i < 0 || i >= len(sc.text) {
		return 0
	}
	return sc.text[i]
}
