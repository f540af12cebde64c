package scrub

import (
	"math/bits"
	"slices"
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

// scan reads text once and replaces what it finds.
func (s *Scrubber) scan(sig signal, v keyVerdict, text string) (string, bool) {
	if s.mustRead(&v, text) {
		return s.closely(sig, v, text, 0)
	}
	base := s.dict.first(text)
	if base < 0 {
		return text, false
	}
	return s.closely(sig, v, text, base)
}

// mustRead tells that the first look at text does not do.
func (s *Scrubber) mustRead(v *keyVerdict, text string) bool {
	return v.sql || v.weak != nil || len(s.patterns) > 0 || len(text) > maxText
}

// closely reads text, of which all before base is clean. It fails closed.
func (s *Scrubber) closely(sig signal, v keyVerdict, text string, base int) (out string, changed bool) {
	defer func() {
		if recover() != nil {
			s.stats.fail(sig)
			out, changed = ruleBound.marker, true
		}
	}()
	tail := ""
	if len(text) > maxText {
		cut := maxText
		for cut > 0 && text[cut]&0xC0 == 0x80 {
			cut--
		}
		text, tail = text[:cut], ruleBound.marker
		s.stats.add(sig, ruleBound)
	}
	whole := text
	if v.sql {
		text = s.sql(sig, text)
	}
	if v.weak != nil && !s.settled(text) && fits(v.weak, v.shape, text, &assignment{}) {
		s.stats.add(sig, v.weak)
		text = s.inText(sig, v.weak, text)
	}
	for _, p := range s.patterns {
		text = s.pattern(sig, p, text)
	}
	sc := scan{s: s, text: text}
	sc.run(base)
	for _, h := range sc.hits {
		s.stats.add(sig, h.rule)
	}
	if s.dryRun {
		return whole + tail, false
	}
	if len(sc.hits) > 0 {
		text = sc.replace(sig)
	}
	return text + tail, tail != "" || text != whole
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

// hit is one finding: text[start:end] is what rule says.
type hit struct {
	start, end int
	rule       *Rule
}

// scan is one pass over one text. It lives on the stack.
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
	}
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

// classify reads up to 64 bytes and says of each, the first in the lowest bit,
// what it is.
func classify(block string) (lower, upper, digit, sign uint64) {
	n := len(block)
	if n < 8 {
		for j := range n {
			m := lanes[block[j]]
			lower |= uint64(m&1) << (j & 63)
			upper |= uint64(m>>8&1) << (j & 63)
			digit |= uint64(m>>16&1) << (j & 63)
			sign |= uint64(m>>24) << (j & 63)
		}
		return
	}
	for j := 0; ; j += 8 {
		if j > n-8 {
			j = n - 8 // bytes read twice set the same bits
		}
		b := block[j : j+8]
		m := lanes[b[0]] | lanes[b[1]]<<1 | lanes[b[2]]<<2 | lanes[b[3]]<<3 |
			lanes[b[4]]<<4 | lanes[b[5]]<<5 | lanes[b[6]]<<6 | lanes[b[7]]<<7
		lower |= uint64(m&0xff) << (j & 63)
		upper |= uint64(m>>8&0xff) << (j & 63)
		digit |= uint64(m>>16&0xff) << (j & 63)
		sign |= uint64(m>>24) << (j & 63)
		if j == n-8 {
			return
		}
	}
}

// blockStep is how far a block of 64 bytes is from the next one: the bytes in
// both show how the words go on that start before them.
const blockStep = 56

// carry is what is known of the bytes before a block, the last in the highest
// bit.
type carry struct {
	lower, letter, digit, sign uint64
	iban                       bool // one may have begun
}

// look is where to look closer in a block.
type look struct {
	words  uint64 // starts of words that may be triggers
	third  uint64 // third digits in a row
	number uint64 // those that may belong to a number without a word before it
	sign   uint64 // a few signs
}

// places returns where to look closer in the block at base.
func (t *triggers) places(text string, base int, c *carry) (l look) {
	block, decided := text[base:], ^uint64(0)
	if len(block) > 64 {
		block, decided = block[:64], 1<<blockStep-1
	}
	lower, upper, digit, sign := classify(block)
	letter := lower | upper
	hump := upper & (lower<<1 | c.lower>>63 | upper<<1&(lower>>1|1<<63)) // camelCase, HTTPServer
	start := letter&^(letter<<1|c.letter>>63) | hump
	l.third = digit & (digit<<1 | c.digit>>63) & (digit<<2 | c.digit>>62) &^ (digit<<3 | c.digit>>61) & decided
	l.sign = sign & decided
	if digit != 0 {
		iban := ibanStarts(letter, digit, c)
		if sign|c.sign != 0 {
			iban = letter & (letter >> 1) & (digit >> 2) & (digit >> 3)
		}
		l.number = l.third
		if iban == 0 && !c.iban {
			l.number &= numberStarts(letter, digit)
		}
		c.iban = iban != 0
	} else {
		c.iban = false
	}
	l.words = t.words(text, base, start&decided, ^letter|start)
	if hump != 0 {
		l.words |= t.humped(text, base, start, hump, ^letter) & decided
	}
	const back = 64 - blockStep
	c.lower, c.letter, c.digit, c.sign = lower<<back, letter<<back, digit<<back, sign
	return l
}

// words returns which of the words that start at the bits of start, before
// the next bit of end, may be triggers.
func (t *triggers) words(text string, base int, start, end uint64) (out uint64) {
	end >>= 1
	var near uint64 // the words that start in the last seven bytes
	if left := len(text) - base - 7; left < 64 {
		near = start &^ (1<<max(left, 0) - 1)
	}
	for m := start &^ near; m != 0; m &= m - 1 {
		k := bits.TrailingZeros64(m) & 63
		hit := t.mayStart(load8(text, base+k), end>>k)
		out |= hit << k
	}
	if near != 0 {
		last := lastBytes(text)
		for m := near; m != 0; m &= m - 1 {
			k := bits.TrailingZeros64(m) & 63
			v := last >> (8 * (base + k + 8 - len(text)) & 63)
			out |= t.mayStart(v, end>>k) << k
		}
	}
	return out
}

// humped is words for those that hold humps, taken as a whole: PassWord.
func (t *triggers) humped(text string, base int, start, hump, end uint64) uint64 {
	var whole uint64
	for ; hump != 0; hump &= hump - 1 {
		if before := start & (hump&-hump - 1); before != 0 {
			whole |= 1 << (63 - bits.LeadingZeros64(before))
		}
	}
	return t.words(text, base, whole, end)
}

// numberStarts returns the third digits of runs of six or more, of three
// before a digit that one or two signs keep apart, and of four before four
// more.
func numberStarts(letter, digit uint64) uint64 {
	none := ^(letter | digit)
	pair := digit & (digit >> 1)
	four := pair & (pair >> 2)
	return four | none>>1&(digit>>2|none>>2&(digit>>3)) | digit>>1&(none>>2)&(four>>3)
}

// ibanStarts returns where two letters and two digits start a word.
func ibanStarts(letter, digit uint64, c *carry) uint64 {
	before := (letter|digit)<<1 | (c.letter|c.digit)>>63
	return letter & (letter >> 1) & (digit >> 2) & (digit >> 3) &^ before
}

// first returns the block of the first place that may hold something, or -1.
// It keeps no state and cannot fail, which makes clean text cheap.
func (t *triggers) first(text string) int {
	var c carry
	for base := 0; ; base += blockStep {
		l := t.places(text, base, &c)
		for m := l.words; m != 0; m &= m - 1 {
			if t.mayBeWord(text, base+bits.TrailingZeros64(m)) {
				return base
			}
		}
		for m := l.number; m != 0; m &= m - 1 {
			if mayBeNumber(text, base+bits.TrailingZeros64(m)-2) {
				return base
			}
		}
		for m := l.sign; m != 0; m &= m - 1 {
			if t.mayBeSign(text, base+bits.TrailingZeros64(m)) {
				return base
			}
		}
		if base+64 >= len(text) {
			return -1
		}
	}
}

// mayBeWord tells whether a trigger starts at i and has around it what its
// detector needs.
func (t *triggers) mayBeWord(text string, i int) bool {
	for _, key := range keysAt(text, i) {
		for _, e := range t.slot(key) {
			if e.key == key && t.all[e.at].mayBe(text, i) {
				return true
			}
		}
	}
	return false
}

func (tr *trigger) mayBe(text string, i int) bool {
	if !tr.matches(text, i) {
		return false
	}
	end := i + len(tr.text)
	switch tr.kind {
	case atKey:
		return mayBeAssigned(text, i, end)
	case atForm:
		return tr.form.begins(text, end)
	case atContext:
		return anyDigit(text, end, contextReach)
	default:
		return true
	}
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
	var next, after byte
	if p+1 < len(text) {
		next, after = text[p], text[p+1]
	}
	switch n := p - i; {
	case n == 3:
		if next == ')' {
			return i > 0 && text[i-1] == '(' && (after == ' ' || after == '-' || after-'0' < 10)
		}
		return after-'0' < 10 && groupSep(next) && mayBeGrouped(text, p)
	case n == 4:
		return after-'0' < 10 && groupSep(next) && p+4 < len(text) && csDigit.only(text[p+1:p+5])
	case n < 12:
		return next == ':' && after == 'A'
	default:
		return n < 20 && text[i] != '1' && (i == 0 || !(csWord | csDash).has(text[i-1]))
	}
}

// mayBeGrouped tells whether the groups behind the three digits before p make
// an id or a phone number, or a card with what follows: 192.168.7.1 does not.
func mayBeGrouped(text string, p int) bool {
	second := digitRun(text, p+1)
	if third := p + 1 + second; (second == 2 || second == 3) && third < len(text) && text[third] == text[p] && digitRun(text, third+1) >= 4 {
		return true
	}
	n := 3
	for limit := min(len(text), p+maxNumberSpan); p < limit; p++ {
		if text[p]-'0' < 10 {
			n++
		} else if !groupSep(text[p]) {
			break
		}
	}
	return n >= 12
}

// digitRun counts the digits from i on, up to five.
func digitRun(text string, i int) (n int) {
	for n < 5 && i+n < len(text) && text[i+n]-'0' < 10 {
		n++
	}
	return n
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
		return (next-'1' < 9 || next == '(') && (i == 0 || !csAlnum.has(text[i-1]))
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

// run looks at every place from the block at base on.
func (sc *scan) run(base int) {
	var c carry
	text := sc.text
	if base > 0 {
		sc.s.dict.places(text, base-blockStep, &c)
	}
	for ; base < len(text); base += blockStep {
		l := sc.s.dict.places(text, base, &c)
		for look := l.words | l.third | l.sign; look != 0; look &= look - 1 {
			i := base + bits.TrailingZeros64(look)
			if i < sc.done {
				continue
			}
			switch bit := look & -look; {
			case l.third&bit != 0:
				sc.number(i - 2)
			case l.sign&bit != 0:
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
		sc.word(i)
	}
}

// word looks at a word that may be a trigger.
func (sc *scan) word(i int) {
	t := sc.s.dict
	for _, key := range keysAt(sc.text, i) {
		for _, e := range t.slot(key) {
			if e.key != key || !t.all[e.at].matches(sc.text, i) {
				continue
			}
			sc.trigger(&t.all[e.at], i)
			if sc.done > i {
				return
			}
		}
	}
}

// trigger hands a place to its detector.
func (sc *scan) trigger(tr *trigger, i int) {
	end := i + len(tr.text)
	switch tr.kind {
	case atForm:
		sc.token(tr.form, i)
	case atKey:
		sc.key(i, end)
	case atScheme:
		sc.scheme(tr.text, i)
	case atPEM:
		sc.pem(i)
		sc.putty(i)
	case atCommand:
		sc.command(tr.text, i)
	case atSuffix:
		sc.signature(tr.text, i)
	case atContext:
		sc.seen[tr.hint] = end + 1
		sc.context = true
	}
}

// ahead notes a finding that lies ahead of what was read: the text in between
// is still to be read.
func (sc *scan) ahead(r *Rule, start, end int) {
	if start < end && !sc.s.offRule(r) && !sc.s.allowValues[sc.text[start:end]] && markerAt(sc.text, start) < end {
		sc.later = append(sc.later, hit{start, end, r})
	}
}

// merge puts the findings ahead to the others.
func (sc *scan) merge() {
	if len(sc.later) == 0 {
		return
	}
	all := append(sc.hits, sc.later...)
	slices.SortStableFunc(all, func(a, b hit) int { return a.start - b.start })
	out := all[:1]
	for _, h := range all[1:] {
		if last := &out[len(out)-1]; h.start < last.end {
			last.end = max(last.end, h.end)
			continue
		}
		out = append(out, h)
	}
	sc.hits, sc.later = out, nil
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
