package detect

import "strings"

// mayBeNumber tells whether the digits at i may belong to a number that needs
// no word before it.
func mayBeNumber(text string, i int) bool {
	p := i
	for limit := min(len(text), i+20); p < limit && csDigit.has(text[p]); p++ {
	}
	if mayBeNational(text, i, p) {
		return true
	}
	var next, after byte
	if p+1 < len(text) {
		next, after = text[p], text[p+1]
	}
	switch n := p - i; {
	case n == 3 && next == ')':
		return i > 0 && text[i-1] == '(' && (after == ' ' || after == '-' || csDigit.has(after))
	case n == 4 && next == '%':
		return strings.HasPrefix(text[p:], "%20")
	case n == 3 || n == 4:
		return csDigit.has(after) && groupSep(next) && mayBeGrouped(text, i, p) && mayBegin(text, i, n)
	case n <= 12 && next == ':' && (after == 'A' || strings.HasSuffix(text[:i], "bot")):
		return true
	case n < 12:
		return false
	default:
		return n < 20 && (text[i] != '1' && (i == 0 || !(csWord|csDash).has(text[i-1]) || escapeBefore(text, i)) ||
			i > 6 && groupSep(text[i-1]) && csDigit.only(text[i-7:i-1])) // 6-13 digits
	}
}

// mayBeGrouped tells whether the groups behind the three or four digits
// text[i:p] make an id or a phone number, or a card with what follows:
// 192.168.7.1 does not.
func mayBeGrouped(text string, i, p int) bool {
	sep := text[p]
	second := digitRun(text, p+1)
	last := p + 1 + second
	if last+1 >= len(text) {
		return false
	}
	third, same := digitRun(text, last+1), text[last] == sep
	if p-i == 4 {
		switch second {
		case 3: // 4111-111-111-111
			return same && third == 3
		case 4: // 4111-1111-1111-1111
			return same && third == 4
		default: // 3782-822463-10005
			return same && second == 6 && third >= 4
		}
	}
	switch second {
	case 2: // 078-05-1120
		return same && third >= 4
	case 3: // 415-555-0132, 123.456.789-09, 12.345.678/0001-95
		return same && third >= 4 || sep == '.' && (text[last] == '/' || same && third == 3 && last+4 < len(text) && text[last+4] == '-')
	default: // 784-1968-6570305-2, 756.9217.0769.85
		return same && second == 4 && third >= 4
	}
}

// mayBegin tells whether a number in groups may start with the n digits at i: no
// letter stands before them, and if they are four, nothing that makes them a piece
// of an id.
func mayBegin(text string, i, n int) bool {
	if i == 0 || escapeBefore(text, i) {
		return true
	}
	if n == 4 {
		return !(csWord | csDash).has(text[i-1]) || gluedCard(text, i)
	}
	return !csLetter.has(text[i-1])
}

// digitRun counts the digits from i on, up to seven.
func digitRun(text string, i int) (n int) {
	for n < 7 && i+n < len(text) && csDigit.has(text[i+n]) {
		n++
	}
	return n
}

// digitNear tells whether one of the first two bytes from p on is a digit.
func digitNear(text string, p int) bool {
	return csDigit.has(text[p]) || p+1 < len(text) && csDigit.has(text[p+1])
}

// longNumber tells whether eight digits or more stand at p, perhaps in groups.
func longNumber(text string, p int) bool {
	n := 0
	for limit := min(len(text), p+12); p < limit && (csDigit.has(text[p]) || groupSep(text[p])); p++ {
		if csDigit.has(text[p]) {
			n++
		}
	}
	return n >= 8
}
