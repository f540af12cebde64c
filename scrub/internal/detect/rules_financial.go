package detect

import (
	"slices"
	"strconv"
	"strings"
)

var (
	// PAN is the rule of card numbers, which may be integers as well.
	PAN         = builtin("financial.pan", Financial, "ISO/IEC 7812-1: issuer, length, check digit (Luhn)")
	ruleIBAN    = builtin("financial.iban", Financial, "ISO 13616-1, SWIFT IBAN registry: length by country, mod-97 (ISO 7064)")
	ruleAccount = builtin("financial.account", Financial, "ABA routing number policy; account numbers behind a word that names them")
	ruleTrack   = builtin("financial.track", Financial, "ISO/IEC 7813: magnetic stripe tracks 1 and 2")
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
	d := bare(buf[:0:19], text[start:end])
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
		for end < len(text) && end-start < 45 && (text[end] == '=' || text[end] == 'D' || text[end]-'0' < 10) {
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

// luhn is the check of ISO/IEC 7812-1 annex B.
func luhn(d []byte) bool {
	sum, double := 0, false
	for _, v := range slices.Backward(d) {
		n := int(v - '0')
		if double {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
		double = !double
	}
	return sum%10 == 0
}

// ibanLengths is the SWIFT IBAN registry: country and length.
var ibanLengths = func() (out [26 * 26]int) {
	for f := range strings.FieldsSeq(`AD24 AE23 AL28 AO25 AT20 AZ28 BA20 BE16 BF28 BG22 BH22 BI27 BJ28 BR29 BY28 CF27 CG27 CH21 CI28 CM27 CR22 CV25 CY28 CZ24 DE22 DJ27 DK18 DO28 DZ26 EE20 EG29 ES24 FI18 FK18 FO18 FR27
		GA27 GB22 GE22 GI23 GL18 GQ27 GR27 GT28 GW25 HN28 HR21 HU28 IE22 IL23 IQ23 IR26 IS26 IT27 JO30 KM27 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MA28 MC27 MD24 ME22 MG27 MK19 ML28 MN20 MR27 MT31 MU30 MZ25
		NE28 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SN28 SO23 ST25 SV28 TD27 TG28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30`) {
		out[country(f[0], f[1])] = int(f[2]-'0')*10 + int(f[3]-'0')
	}
	return out
}()

// country numbers the pairs of letters, in any case.
func country(a, b byte) int { return int(a|0x20-'a')*26 + int(b|0x20-'a') }

// iban looks for an IBAN around the digits at i: its country stands in the
// same word, or up to three groups before.
func (sc *scan) iban(i int) bool {
	text := sc.text
	start := i
	low := max(sc.done, i-34)
	for start > low && csAlnum.has(text[start-1]) {
		start--
	}
	sc.steps += i - start + 1
	for range 4 {
		if sc.ibanAt(start) {
			return true
		}
		if start < low+5 || strings.IndexByte(" -.", text[start-1]) < 0 {
			return false
		}
		start--
		for n := 0; n < 5 && start > low && csAlnum.has(text[start-1]); n++ {
			start--
		}
	}
	return false
}

func (sc *scan) ibanAt(start int) bool {
	end := sc.ibanEnd(start)
	if end == start {
		return false
	}
	sc.found(ruleIBAN, start, end)
	return true
}

// ibanEnd returns where the IBAN ends that starts at start, or start.
func (sc *scan) ibanEnd(start int) int {
	text := sc.text
	if start+15 > len(text) || !csLetter.has(text[start]) || !csLetter.has(text[start+1]) || text[start+2]-'0' > 9 || text[start+3]-'0' > 9 {
		return start
	}
	if start > 0 && (csWord.has(text[start-1]) && !escapeBefore(text, start)) {
		return start
	}
	upper := csUp.has(text[start])
	want := ibanLengths[country(text[start], text[start+1])]
	if want == 0 || csUp.has(text[start+1]) != upper {
		return start
	}
	var buf [34]byte
	n, p := 0, start
	for n < want && p < len(text) {
		c := text[p]
		if c >= 'a' && c <= 'z' {
			c -= 32
		}
		if csUpDig.has(c) {
			buf[n] = c
			n++
			p++
			continue
		}
		if (c == ' ' || c == '-' || c == '.') && p > start && text[p-1] != c {
			p++
			continue
		}
		return start
	}
	sc.steps += p - start
	if n < want || p < len(text) && (csWord.has(text[p]) || text[p] == '-' && p+1 < len(text) && csAlnum.has(text[p+1])) || !mod97(buf[:n]) {
		return start
	}
	return p
}

// payableEnd returns where the IBAN or the card number ends that starts at start,
// or start. Its key says that it is one.
func (sc *scan) payableEnd(start int) int {
	if end := sc.ibanEnd(start); end > start {
		return end
	}
	num := sc.groups(start)
	var buf [19]byte
	d := bare(buf[:0:19], sc.text[start:num.end])
	if num.n < 2 || num.digits > 19 || len(d) < 12 || !luhn(d) || !issued(d) || !endsGroup(sc.text, num.end) {
		return start
	}
	return num.end
}

// mod97 is the check of ISO 7064 MOD 97-10, the first four characters moved
// to the end.
func mod97(b []byte) bool {
	rem := 0
	for i := range b {
		c := b[(i+4)%len(b)]
		if c >= 'A' {
			rem = (rem*100 + int(c-'A') + 10) % 97
		} else {
			rem = (rem*10 + int(c-'0')) % 97
		}
	}
	return rem == 1
}
