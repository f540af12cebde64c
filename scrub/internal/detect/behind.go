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
