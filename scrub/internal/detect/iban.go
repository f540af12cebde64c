package detect

import "strings"

var ruleIBAN = builtin("financial.iban", Financial, "ISO 13616-1, SWIFT IBAN registry: length by country, mod-97 (ISO 7064)")

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
	start = min(i, start+escape(text, start))
	sc.steps += i - start + 1
	for range 4 {
		if sc.ibanAt(start) {
			return true
		}
		if strings.HasSuffix(text[low:start], "%20") {
			start -= 2
		}
		if start < low+5 || strings.IndexByte(" -.+%", text[start-1]) < 0 {
			return false
		}
		start--
		reach := 5
		if text[start] == '%' {
			reach = 4 // not the 20 of the blank before
		}
		for n := 0; n < reach && start > low && csAlnum.has(text[start-1]); n++ {
			start--
		}
		start += escape(text, start)
	}
	return false
}

// ibanAt notes the IBAN that starts at start and reports whether there is one.
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
	end := ibanEnd(sc.text, start)
	sc.steps += end - start + 1
	return end
}

// ibanEnd returns where the IBAN ends that starts at start, or start.
func ibanEnd(text string, start int) int {
	if start+15 > len(text) || !csLetter.has(text[start]) || !csLetter.has(text[start+1]) || !csDigit.has(text[start+2]) || !csDigit.has(text[start+3]) {
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
		if (c == ' ' || c == '-' || c == '.' || c == '+') && p > start && text[p-1] != c {
			p++
			continue
		}
		if c == '%' && n > 0 && strings.HasPrefix(text[p:], "%20") {
			p += 3
			continue
		}
		return start
	}
	if n < want || p < len(text) && (csWord.has(text[p]) || text[p] == '-' && p+1 < len(text) && csAlnum.has(text[p+1])) || !mod97(buf[:n]) || inUUID(text, start) {
		return start
	}
	return p
}
