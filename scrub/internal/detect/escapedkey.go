package detect

import "strings"

// escapedKey looks at the escape of a letter in JSON at i, which may be part of
// a key: "\u0070assword":"x".
func (sc *scan) escapedKey(i int) {
	text := sc.text
	if i < sc.unescaped || letterOf(text, i) == 0 {
		return
	}
	start := sc.back(csURL64|csDot, i, maxKeyReach)
	for start >= 6 && letterOf(text, start-6) != 0 && i-start < maxKeyReach {
		start = sc.back(csURL64|csDot, start-6, maxKeyReach)
	}
	var plain strings.Builder
	end := start
	for end < len(text) && plain.Len() < maxKeyReach {
		if c := letterOf(text, end); c != 0 {
			plain.WriteByte(c)
			end += 6
		} else if keyByte(text[end]) {
			plain.WriteByte(text[end])
			end++
		} else {
			break
		}
	}
	sc.steps += end - start
	sc.unescaped = end
	v := sc.f.judge(plain.String())
	a := assignment{keyStart: start, keyEnd: end}
	if v.Rule == nil || !sc.value(&a) {
		return
	}
	a.compound = compound(plain.String())
	sc.keyed = end
	sc.assigned(v.Rule, v.shape, &a)
}

// letterOf returns the letter, digit or underscore that is escaped at i as
// \u0061, or zero.
func letterOf(text string, i int) byte {
	if i+6 > len(text) || !strings.HasPrefix(text[i:], `\u00`) || !csHexAny.only(text[i+4:i+6]) {
		return 0
	}
	c := hexOf(text[i+4])<<4 | hexOf(text[i+5])
	if !csURL64.has(c) {
		return 0
	}
	return c
}

// hexOf is the number that a hexadecimal digit writes.
func hexOf(c byte) byte {
	if c > '9' {
		return c&7 + 9
	}
	return c - '0'
}
