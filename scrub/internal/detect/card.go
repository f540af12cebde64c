package detect

import (
	"strconv"
	"strings"
)

var (
	// PAN is the rule of card numbers, which may be integers as well.
	PAN       = builtin("financial.pan", Financial, "ISO/IEC 7812-1: issuer, length, check digit (Luhn)")
	ruleTrack = builtin("financial.track", Financial, "ISO/IEC 7813: magnetic stripe tracks 1 and 2")
)

// issuers says which numbers a card network uses, by their first six digits,

// and how long they are.
var issuers = []struct {
	low, high int
	min, max  int
}{
	{220000, 220499, 16, 19},                                                                               // Mir
	{222100, 272099, 16, 16},                                                                               // Mastercard
	{300000, 305999, 14, 19}, {309500, 309599, 14, 19}, {360000, 369999, 14, 19}, {380000, 399999, 14, 19}, // Diners Club
	{340000, 349999, 15, 15}, {370000, 379999, 15, 15}, // American Express
	{352800, 358999, 16, 19}, // JCB
	{400000, 499999, 13, 19}, // Visa
	{500000, 509999, 12, 19}, // Maestro, Elo, Dankort
	{510000, 559999, 16, 16}, // Mastercard
	{560000, 589999, 12, 19}, // Maestro
	{600000, 699999, 12, 19}, // Discover, UnionPay, Maestro, RuPay, Hipercard
	{810000, 829999, 16, 19}, // UnionPay, RuPay
	{860000, 860099, 16, 16}, // Uzcard
	{941000, 941199, 16, 16}, // BC Card
	{979200, 979289, 16, 16}, // Troy
	{986000, 986099, 16, 16}, // Humo
}

// card looks for a payment card number among the groups.
func (sc *scan) card(num *number) bool {
	text := sc.text
	for g := range num.n {
		gr := num.group[g]
		if g > 0 && num.group[g-1].end-num.group[g-1].start > 2 && gr.start > sc.done+1 && gr.end-gr.start < 12 {
			continue // a piece of a row of numbers
		}
		if gr.end-gr.start >= 12 && gr.end-gr.start <= 19 {
			if (g == 0 || text[gr.start-1] == ' ') && sc.pan(gr.start, gr.end) {
				return true
			}
			continue
		}
		for _, sep := range [...]byte{' ', '-', '+', '.'} {
			n := 0
			switch {
			case num.like(text, g, sep, 4, 4, 4, 4, 3):
				n = 5
			case num.like(text, g, sep, 4, 4, 4, 4):
				n = 4
			case num.like(text, g, sep, 4, 3, 3, 3):
				n = 4
			case num.like(text, g, sep, 6, 13):
				if sc.pan(gr.start, num.group[g+1].end) {
					return true
				}
			case num.like(text, g, sep, 4, 6, 5), num.like(text, g, sep, 4, 6, 4):
				n = 3
			}
			for ; n >= 3; n-- {
				if n == 3 && num.group[g+1].end-num.group[g+1].start != 6 {
					break
				}
				if sc.pan(gr.start, num.group[g+n-1].end) {
					return true
				}
			}
		}
	}
	return false
}

// encodedCard looks at the number at i whose groups stand apart by blanks that are
// percent-encoded: 4111%202222.
func (sc *scan) encodedCard(i int) bool {
	text := sc.text
	var buf [19]byte
	d, groups := buf[:0], 0
	p := i
	for {
		n := csDigit.prefix(text[p:min(len(text), p+7)])
		if n < 3 || n > 6 || len(d)+n > cap(d) {
			return false
		}
		d = append(d, text[p:p+n]...)
		groups++
		p += n
		if !strings.HasPrefix(text[p:], "%20") || p+3 >= len(text) || !csDigit.has(text[p+3]) {
			break
		}
		p += 3
	}
	sc.steps += p - i
	if groups < 3 || len(d) < 14 || !alone(text, i, p) || !luhn(d) || !issued(d) {
		return false
	}
	sc.found(PAN, i, p)
	return true
}

// CardNumber tells whether an integer is a payment card number by itself.
func CardNumber(n int64) bool {
	if n < 1e13 || n >= 1e16 {
		return false
	}
	var buf [20]byte
	d := strconv.AppendInt(buf[:0], n, 10)
	return (len(d) != 15 || d[0] == '3') && luhn(d) && issued(d)
}

// pan checks one candidate.
func (sc *scan) pan(start, end int) bool {
	text := sc.text
	var buf [19]byte
	d := digitsOf(buf[:0:19], text[start:end])
	if len(d) < 12 || len(d) > 19 || !luhn(d) || !issued(d) {
		return false
	}
	if end < len(text) && (text[end] == '=' || text[end] == 'D') && end+7 < len(text) && csDigit.only(text[end+1:end+8]) || start > 1 && text[start-1] == 'B' && text[start-2] == '%' {
		return sc.track(start, end)
	}
	if !alone(text, start, end) && !(gluedCard(text, start) && alone(text[start:], 0, end-start)) {
		return false
	}
	if !(len(d) == 16 || len(d) == 15 && d[0] == '3' || len(d) == 14 && (end-start > 14 || d[0] == '3')) && !sc.near(ctxCard, start) {
		return false
	}
	sc.found(PAN, start, end)
	return true
}

// issued tells whether a network has given out the first six digits of d, in numbers
// as long as d.
func issued(d []byte) bool {
	iin := 0
	for _, c := range d[:6] {
		iin = iin*10 + int(c-'0')
	}
	for _, is := range issuers {
		if iin >= is.low && iin <= is.high && len(d) >= is.min && len(d) <= is.max {
			return true
		}
	}
	return false
}

// cardGlue are words that a card number runs into behind a dash or a line.
var cardGlue = wordSet("card cards creditcard cc pan visa mastercard amex")

// gluedCard tells whether a card number may start at i though a sign stands
// before it: card-4…, card_4…, #4…, card%204….
func gluedCard(text string, i int) bool {
	if i == 0 {
		return false
	}
	if i > 2 && text[i-3:i] == "%20" {
		return true
	}
	switch text[i-1] {
	case '#':
		return i == 1 || !(csWord|csDash|csDot).has(text[i-2]) && text[i-2] != '/'
	case '-', '_':
		start := i - 1
		for start > 0 && i-start < 12 && csLetter.has(text[start-1]) {
			start--
		}
		return folded(cardGlue, text[start:i-1])
	}
	return false
}

// track masks the whole stripe around a card number.
func (sc *scan) track(start, end int) bool {
	text := sc.text
	if start > 1 && text[start-1] == 'B' && text[start-2] == '%' {
		start -= 2
		for end < len(text) && end-start < 90 && text[end] != '?' {
			end++
		}
	} else {
		if start > 0 && text[start-1] == ';' {
			start--
		}
		for end < len(text) && end-start < 45 && (text[end] == '=' || text[end] == 'D' || csDigit.has(text[end])) {
			end++
		}
	}
	if end < len(text) && text[end] == '?' {
		end++
	}
	sc.steps += end - start
	sc.found(ruleTrack, start, end)
	return true
}

// payableEnd returns where the IBAN or the card number ends that starts at start,
// or start. Its key says that it is one.
func (sc *scan) payableEnd(start int) int {
	if end := sc.ibanEnd(start); end > start {
		return end
	}
	num := sc.groups(start)
	var buf [19]byte
	d := digitsOf(buf[:0:19], sc.text[start:num.end])
	if num.n < 2 || num.digits > 19 || len(d) < 12 || !luhn(d) || !issued(d) || !endsGroup(sc.text, num.end) {
		return start
	}
	return num.end
}
