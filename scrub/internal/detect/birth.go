package detect

import "strings"

// bornWords stand before a birth date in a sentence.
var bornWords = wordSet(`born dob birth birthdate birthday geboren geburtsdatum geburtstag naissance nacido nacida nacimiento nascimento nascido nascita geboortedatum urodzony urodzona urodzenia`)

// bornReach is how far behind its word a birth date starts.
const bornReach = 20

// born looks for the date behind one of bornWords that ends at end: geboren am
// 30. Juli 1985.
func (sc *scan) born(end int) {
	text := sc.text
	for p := end; p < len(text) && p < end+bornReach; p++ {
		c := text[p]
		switch {
		case strings.IndexByte("={}[]\\|@\n,;\"/", c) >= 0:
			return
		case !csAlnum.has(c) || csAlnum.has(text[p-1]):
			continue
		}
		stop := dateEnd(text, p)
		sc.steps += max(stop-p, 1)
		if stop > p {
			sc.ahead(ruleBirth, p, stop)
			return
		}
		if csDigit.has(c) {
			return
		}
	}
}

// dateEnd returns where the date ends that starts at p, or p: 1985-07-30,
// 30.07.1985, 30 July 1985, July 30, 1985, 30 de julio de 1985, 19850730.
func dateEnd(text string, p int) int {
	var part [3]string
	i, named := p, 0
	for n := range part {
		start := i
		for i < len(text) && i-start < 12 && (csDigit.has(text[i]) && csDigit.has(text[start]) || csLetter.has(text[i]) && csLetter.has(text[start]) || text[i] >= 0x80 && csLetter.has(text[start])) {
			i++
		}
		part[n] = text[start:i]
		if part[n] == "" {
			return p
		}
		if !csDigit.has(part[n][0]) {
			if named++; named > 1 || n == 2 || len(part[n]) < 3 || !months[strings.ToLower(part[n][:3])] {
				return p
			}
		}
		if n == 0 && len(part[0]) == 8 {
			return dayEnd(text, p, i)
		}
		if n < 2 {
			i = betweenParts(text, i)
		}
	}
	if yearly := len(part[0]) == 4 && csDigit.has(part[0][0]); yearly && len(part[2]) > 2 || !yearly && len(part[2]) != 4 && len(part[2]) != 2 || len(part[1]) > 2 && csDigit.has(part[1][0]) || !yearly && len(part[0]) > 2 && csDigit.has(part[0][0]) {
		return p
	}
	if i < len(text) && (csWord | csPlus).has(text[i]) {
		return p
	}
	return i
}

// dayEnd returns end if the eight digits text[p:end] are a date, otherwise p.
func dayEnd(text string, p, end int) int {
	d := text[p:end]
	if len(d) != 8 || !csDigit.only(d) || end < len(text) && (csWord|csDash).has(text[end]) {
		return p
	}
	if year := d[:2]; (year == "19" || year == "20") && day([]byte(d[4:])) {
		return end
	}
	if year := d[4:6]; (year == "19" || year == "20") && (day([]byte(d)) || day([]byte{d[2], d[3], d[0], d[1]})) {
		return end
	}
	return p
}

// betweenParts returns where the next part of a date starts behind what ends at
// i.
func betweenParts(text string, i int) int {
	for _, between := range [...]string{". ", ", ", "st, ", "nd, ", "rd, ", "th, ", " de ", "-", "/", ".", " "} {
		if strings.HasPrefix(text[i:], between) {
			return i + len(between)
		}
	}
	return i
}
