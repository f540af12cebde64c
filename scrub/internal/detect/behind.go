package detect

import "strings"

// idBehind looks at the word behind one of hint that ends at end: a passport,
// a device or a vehicle, which have few digits in a row.
func (sc *scan) idBehind(h hint, end int) {
	if h != ctxDocument && h != ctxDevice {
		return
	}
	text := sc.text
	p := end
	for range 2 {
		p = skipBlank(text, p)
		for _, w := range [...]string{"number", "Number", "no.", "No.", "no", "No", "nr", "#", ":", "is"} {
			if rest, ok := strings.CutPrefix(text[p:], w); ok && rest != "" && (rest[0] == ' ' || rest[0] == ':') {
				p = skipBlank(text, p+len(w))
				break
			}
		}
	}
	stop := p
	for stop < len(text) && stop-p < 24 && (csUpDig | csDash).has(text[stop]) {
		stop++
	}
	sc.steps += stop - end
	if p == end || !endsGroup(text, stop) {
		return
	}
	id := text[p:stop]
	if h == ctxDocument && passport(id) || h == ctxDevice && (imei(id) || vin(id)) {
		sc.ahead(ruleDocument, p, stop)
	}
}

// passport tells whether id may be the number of a passport with letters in
// it, ICAO Doc 9303: C01X00T47.
func passport(id string) bool {
	return (len(id) == 8 || len(id) == 9) && csUpDig.only(id) && mixed(id) && digits(id) >= 4
}

// imei tells whether id is the number of a phone, 3GPP TS 23.003: 15 digits,
// the last of Luhn's.
func imei(id string) bool {
	var buf [16]byte
	d := bare(buf[:0:16], id)
	return len(d) == 15 && (csDigit | csDash).only(id) && luhn(d)
}

// vin tells whether id is the number of a vehicle, ISO 3779: 17 signs without
// I, O and Q, the last four digits.
func vin(id string) bool {
	return len(id) == 17 && csUpDig.only(id) && mixed(id) && !strings.ContainsAny(id, "IOQ") && csDigit.only(id[13:])
}

// icd tells whether id is a code of ICD-10: E11.9.
func icd(id string) bool {
	if len(id) < 3 || len(id) > 8 || !csUp.has(id[0]) || !csDigit.has(id[1]) || !csUpDig.has(id[2]) {
		return false
	}
	return len(id) == 3 && csDigit.has(id[2]) || len(id) > 4 && id[3] == '.' && csUpDig.only(id[4:])
}

// sorted tells whether id is a sort code of a bank: 20-00-00.
func sorted(id string) bool {
	return len(id) == 8 && id[2] == '-' && id[5] == '-' && digits(id) == 6
}

// received masks the code that stands before the word "your" at i: 483920 is
// your one-time password.
func (sc *scan) received(i int) {
	text := sc.text
	start, end, ok := codeBefore(text, i)
	if !ok {
		return
	}
	rest := strings.ToLower(text[i+len("your") : min(len(text), i+64)])
	if n := strings.IndexAny(rest, ".,;\n"); n >= 0 {
		rest = rest[:n]
	}
	sc.steps += len(rest)
	for _, w := range [...]string{" code", " otp", " password", " passcode", " pin"} {
		if strings.Contains(rest+" ", w+" ") {
			sc.found(keyAuth, start, end)
			return
		}
	}
}

// codeBefore returns where the digits stand before " is " and the word at i.
func codeBefore(text string, i int) (start, end int, ok bool) {
	if i < 8 || text[i-4:i] != " is " {
		return 0, 0, false
	}
	end = i - 4
	start = end
	for start > 0 && end-start < 9 && csDigit.has(text[start-1]) {
		start--
	}
	n := end - start
	return start, end, n >= 4 && n <= 8 && (start == 0 || !(csWord | csDot).has(text[start-1]))
}
