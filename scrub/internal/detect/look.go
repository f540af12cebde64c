package detect

import (
	"math/bits"
	"strings"
)

// minText is the length of the shortest text that shows something: pw=x.
const minText = 4

// first returns the block of the first place that may hold something, or -1.
// It keeps no state and cannot fail, which makes clean text cheap.
func (t *triggers) first(text string) int {
	for _, p := range t.patterns {
		if strings.Contains(text, p) {
			return 0
		}
	}
	if len(text) < minText {
		return -1
	}
	var m marks
	for base := 0; ; base += blockStep {
		block, decided := blockAt(text, base)
		mark(t, block, decided, &m)
		if m.number != 0 {
			m.number = m.numbers()
		}
		if m.words|m.glued|m.number|m.iban|m.hump|m.sign&m.decided != 0 && t.mayBe(text, base, &m) {
			return base
		}
		if base+len(block) == len(text) {
			return -1
		}
	}
}

// mayBe tells whether one of the places in the block at base may hold something.
func (t *triggers) mayBe(text string, base int, m *marks) bool {
	for n := m.number; n != 0; n &= n - 1 {
		if mayBeNumber(text, base+bits.TrailingZeros64(n)-2) {
			return true
		}
	}
	for s := m.iban; s != 0; s &= s - 1 {
		if i := base + bits.TrailingZeros64(s); ibanEnd(text, i) > i {
			return true
		}
	}
	words := m.words
	if m.hump != 0 {
		block, _ := blockAt(text, base)
		words |= t.humped(block, m)
	}
	for ; words != 0; words &= words - 1 {
		if t.mayBeTrigger(text, base, bits.TrailingZeros64(words), m) {
			return true
		}
	}
	for g := m.glued; g != 0; g &= g - 1 {
		if mayBeGlued(text, base+bits.TrailingZeros64(g)) {
			return true
		}
	}
	for s := m.sign & m.decided; s != 0; s &= s - 1 {
		if t.mayBeSign(text, base+bits.TrailingZeros64(s)) {
			return true
		}
	}
	return false
}

// mayBeTrigger tells whether a trigger starts at bit k of the block at base and
// has around it what its detector needs.
func (t *triggers) mayBeTrigger(text string, base, k int, m *marks) bool {
	i := base + k
	first := loadEnd(text, i)
	between := ^(m.lower | m.upper)
	key := maskWord(first, wordEnds(between|m.start)>>k)
	if t.mayBeUnder(key, text, i) || t.mayBeUnder(prefixKey(first), text, i) {
		return true
	}
	if m.hump == 0 {
		return false
	}
	whole := maskWord(first, wordEnds(between)>>k)
	return whole != key && t.mayBeUnder(whole, text, i)
}

// mayBeWord is mayBeTrigger for an i that is no start of a word, but may be one
// behind an escape.
func (t *triggers) mayBeWord(text string, i int) bool {
	if i+4 > len(text) {
		return false
	}
	prefix, hump, word := keysAt(text, i)
	return t.mayBeUnder(prefix, text, i) || t.mayBeUnder(word, text, i) || hump != 0 && t.mayBeUnder(hump, text, i) || mayBeGlued(text, i) || ibanEnd(text, i) > i
}

// mayBeUnder is mayBeTrigger for the triggers that are filed under key.
func (t *triggers) mayBeUnder(key uint64, text string, i int) bool {
	slot := t.slot(key)
	for k := range slot {
		if e := &slot[k]; e.key == key && t.all[e.at].mayBe(text, i) {
			return true
		}
	}
	return false
}

// mayBeGlued tells whether a key that runs into what is before it ends with the
// last nine letters of a word, which start at i.
func mayBeGlued(text string, i int) bool {
	start, end := gluedAt(text, i)
	return start < end && mayBeAssigned(text, start, end)
}

// mayBe tells whether tr starts at i and its detector may find something there.
func (tr *trigger) mayBe(text string, i int) bool {
	if !tr.matches(text, i) {
		return false
	}
	end := i + len(tr.text)
	switch tr.kind {
	case atKey:
		return mayBeAssigned(text, i, tr.company.end(text, end))
	case atCommand:
		return mayBeCommand(tr.text, text, i, end)
	case atForm:
		return tr.form.begins(text, end)
	case atContext:
		return anyDigit(text, end, contextReach)
	default:
		return true
	}
}

// anyDigit tells whether a digit stands in the reach bytes from i on.
func anyDigit(text string, i, reach int) bool {
	for end := min(len(text), i+reach); i < end; i++ {
		if csDigit.has(text[i]) {
			return true
		}
	}
	return false
}

// mayBeSign tells whether the sign at i may stand in something sensitive.
func (t *triggers) mayBeSign(text string, i int) bool {
	if i+1 >= len(text) {
		return text[i] == '@' && i > 0 // the rest of an address has been cut off
	}
	next := text[i+1]
	switch text[i] {
	case '+':
		return (next-'1' < 9 || next == '(') && (i == 0 || !csAlnum.has(text[i-1]) || escapeBefore(text, i))
	case '\x1b':
		return next == '['
	case '!':
		return i >= 15 && csAlnum.has(text[i-1]) && (csWord | csDot).has(next)
	case '$':
		return next != '{' && strings.IndexByte(text[i+2:min(len(text), i+18)], '$') >= 0
	case '@':
		return i > 0 && !csSpace.has(text[i-1])
	case '%':
		if next == 'B' && i+14 <= len(text) && csDigit.only(text[i+2:i+14]) {
			return true // a magnetic stripe
		}
		return csHexAny.has(next) && (next == '4' || next == '2' || t.mayBeWord(text, i+3))
	case '\\':
		return next == 'u' || t.mayBeWord(text, i+2)
	default:
		return foreignAt(text, i) > i
	}
}

// foreignWords are keys and names of numbers that start with no ASCII letter.
var foreignWords = [...]string{"пароль", "Пароль", "ПАРОЛЬ", "密码", "密碼", "ИНН", "СНИЛС", "ИИН", "ЖСН", "ЕГН", "РНОКПП", "ІПН", "ЈМБГ", "паспорт", "Паспорт", "個人番号", "Телефон", "Дата рождения", "дата рождения", "Фамилия", "Отчество", "ФИО", "姓名", "出生日期"}

// foreignAt returns where the one of foreignWords ends that starts at i, or i.
func foreignAt(text string, i int) int {
	if text[i] == 0xD0 && i > 0 && text[i-1] >= 0x80 {
		return i // inside of a Cyrillic word
	}
	for _, w := range foreignWords {
		if strings.HasPrefix(text[i:], w) {
			return i + len(w)
		}
	}
	return i
}

// compares tells whether the word at i is compared with what stands before.
func compares(text string, i int) bool {
	for low := max(0, i-32); i > low && keyByte(text[i-1]); i-- {
	}
	if i < 3 {
		return false
	}
	switch text[i-1] {
	case '=':
		return text[i-2] == '='
	case ' ':
		return text[i-2] == '=' && (text[i-3] == '=' || text[i-3] == '!')
	case '(':
		for _, call := range equalities {
			if strings.HasSuffix(text[:i], call) {
				return true
			}
		}
	}
	return false
}

// numbered tells whether the blank at p stands before what ends a key: "id" or
// "no", or a digit and a colon.
func numbered(text string, p int) bool {
	if p+3 >= len(text) {
		return false
	}
	return csDigit.has(text[p+1]) && text[p+2] == ':' || !csLetter.has(text[p+3]) && shortNoun(text[p+1:p+3])
}

// shortNoun tells whether word ends keys and is too short to be a trigger.
func shortNoun(word string) bool {
	return strings.EqualFold(word, "id") || strings.EqualFold(word, "no") || strings.EqualFold(word, "nr")
}

// mayBeAssigned tells whether a value may follow the key that has a word at
// text[i:end].
func mayBeAssigned(text string, i, end int) bool {
	p := end
	for limit := min(len(text), p+maxKeyReach); p < limit && keyByte(text[p]); p++ {
	}
	keyEnd := p
	for keyEnd > end && !csAlnum.has(text[keyEnd-1]) {
		keyEnd--
	}
	if compares(text, i) {
		return true
	}
	if p > end && strings.Contains(text[end:p], wideColon) {
		return true
	}
	if p >= len(text) {
		return false
	}
	switch c := text[p]; {
	case strings.IndexByte("=:\"'`\\])>,;%|?!([{}<*\n\r\t", c) >= 0:
		return true
	case c == '&':
		return quoteEntity(text, p) > 0 || strings.HasPrefix(text[p:], "&gt;")
	case c == ' ':
		if numbered(text, p) {
			return true
		}
		if p = skipBlank(text, p); p >= len(text) {
			return false
		}
		if text[keyEnd] == '-' || digitNear(text, p) && numbering(text[i:keyEnd]) {
			return true
		}
		if strings.IndexByte("=:\"'`|>-?![({<\\\xe2),%", text[p]) >= 0 {
			return true
		}
		start := i
		for low := max(0, i-maxKeyReach); start > low && keyByte(text[start-1]); start-- {
		}
		if strings.HasSuffix(text[:start], "ENV ") {
			return true
		}
		for start < i && !csAlnum.has(text[start]) {
			start++
		}
		if start > 0 && text[start-1] == '-' {
			return true // --api-key …
		}
		start = min(i, start+escape(text, start))
		if bareAt(text, start, keyEnd, p) > p || sets(text, start, keyEnd) {
			return true
		}
		kind := text[p : p+csAlnum.prefix(text[p:min(len(text), p+16)])]
		if likened(text, p) > p || valued(text, p) > p || longNumber(text, p) || folded(columnTypes, strings.TrimRight(kind, "0123456789")) {
			return true
		}
		for _, w := range [...]string{"is", "was", "are", "for", "string", "String", "str", "as ", "As ", "AS "} {
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
		return end-i >= 6 && (text[i]|0x20 == 'p' || text[i]|0x20 == 'r' || text[i]|0x20 == 'm') // netrc, rootpw, requirepass, masterauth
	}
	return false
}
