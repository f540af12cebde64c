package detect

import "strings"

// looksLikeTime tells that value starts as a date or a time of day.
func looksLikeTime(value string) bool {
	if len(value) < 8 {
		return false
	}
	d := func(i int) bool { return csDigit.has(value[i]) }
	if d(0) && d(1) && value[2] == ':' && d(3) && d(4) && value[5] == ':' {
		return true
	}
	return len(value) >= 10 && d(0) && d(1) && d(2) && d(3) && (value[4] == '-' || value[4] == '/' || value[4] == '.') && d(5) && d(6) && value[7] == value[4] &&
		(len(value) == 10 || value[10] == 'T' || value[10] == ' ')
}

// epoch tells whether id may be a time of these years, in seconds to
// nanoseconds.
func epoch(id string) bool {
	switch len(id) {
	case 10, 13, 16, 19:
		return csDigit.only(id) && id[0] == '1' && id[1] >= '4' && id[1] <= '8'
	}
	return false
}

// months start the names of months, in three letters.
var months = wordSet("jan feb mar apr may jun jul aug sep oct nov dec mai okt dez mär ene abr ago dic gen mag giu lug set ott fev out jui aoû déc fév avr mei mrt maj sty lut kwi cze lip sie wrz paź lis gru")

// afterMonth tells whether a month and a day stand before end.
func afterMonth(text string, end int) bool {
	p := end
	for p > 0 && end-p < 3 && csDigit.has(text[p-1]) {
		p--
	}
	if p == end || p == 0 || text[p-1] != ' ' {
		return false
	}
	last := p - 1
	for p = last; p > 0 && last-p < 10 && csLetter.has(text[p-1]); {
		p--
	}
	return last-p >= 3 && months[strings.ToLower(text[p:p+3])]
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

// day tells whether id starts with a month and a day.
func day(id []byte) bool {
	m, d := num(id[0])*10+num(id[1]), num(id[2])*10+num(id[3])
	return m >= 1 && m <= 12 && d >= 1 && d <= int("\x1f\x1d\x1f\x1e\x1f\x1e\x1f\x1f\x1e\x1f\x1e\x1f"[m-1])
}

// dated tells whether id starts with a day, a month and a year, or the other way
// round.
func dated(id string) bool {
	return len(id) >= 6 && csDigit.only(id[:6]) && (day([]byte{id[2], id[3], id[0], id[1]}) || day([]byte(id[2:])))
}
