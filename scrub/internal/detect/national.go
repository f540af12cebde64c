package detect

import "strings"

var ruleNational = builtin("pii.national", PII, "national ids behind a word that names them")

// A national is one kind of personal number: the signs of its places, and
// what tells a number of that kind from others. In shape, 9 stands for a
// digit, A for a letter, X for either; all else for itself.
type national struct {
	shape  string
	source string
	valid  func(id signs) bool
	bare   bool // distinctive enough to need no word before it
	old    bool // bare only if the year is of the last century: newer ones look like time stamps
	health bool
}

// nationals is the personal numbers whose form or check digit this package
// knows. Those that are not bare are believed only near a word of identity.
var nationals = []national{
	{shape: "AA999999A", source: "GOV.UK NIM39110: national insurance number", valid: nino, bare: true},
	{shape: "AA 99 99 99 A", source: "GOV.UK NIM39110", valid: nino},
	{shape: "99999999A", source: "Real Decreto 1553/2005: DNI", valid: dni, bare: true},
	{shape: "99999999-A", source: "Real Decreto 1553/2005: DNI", valid: dni, bare: true},
	{shape: "A9999999A", source: "Orden INT/2058/2008: NIE; ICA Singapore: NRIC and FIN", valid: func(id signs) bool { return dni(id) || nric(id) }, bare: true},
	{shape: "A9999999-A", source: "Orden INT/2058/2008: NIE", valid: dni, bare: true},
	{shape: "AAAAAA99A99A999A", source: "DM 23 dicembre 1976: codice fiscale", valid: codiceFiscale, bare: true},
	{shape: "AAAA999999AAAAAA99", source: "DOF 1996-10-23: CURP", valid: curp, bare: true},
	{shape: "AAAA999999AAAAAAA9", source: "DOF 1996-10-23: CURP", valid: curp, bare: true},
	{shape: "99999999999999999X", source: "GB 11643-1999: resident identity number", valid: chinese, bare: true},
	{shape: "999999-999X", source: "DVV: henkilötunnus", valid: hetu, bare: true},
	{shape: "999999A999X", source: "DVV: henkilötunnus, signs since 2023", valid: hetu, bare: true},
	{shape: "999999-9999", source: "Skatteverket SKV 704: personnummer", valid: personnummer, bare: true, old: true},
	{shape: "99999999-9999", source: "Skatteverket SKV 704: personnummer", valid: func(id signs) bool {
		return (id[0] == '1' && id[1] == '9' || id[0] == '2' && id[1] == '0') && personnummer(signs(append(id[2:], 0, 0)))
	}, bare: true, old: true},
	{shape: "999999-9999999", source: "Korea MOIS: resident registration number, check digit until 2020", valid: korean, bare: true},
	{shape: "999-9999-9999999-9", source: "UAE ICP: Emirates ID, Luhn", valid: func(id signs) bool { return string(id[:3]) == "784" && luhn(id[:15]) }, bare: true},
	{shape: "99-99999999-9", source: "AFIP: CUIT and CUIL", valid: cuit, bare: true},
	{shape: "999999-9999999", source: "Korea MOIS: resident registration number", valid: func(id signs) bool { return day(id[2:]) && id[6] >= '1' && id[6] <= '8' }},
	{shape: "999.999.999-99", source: "Receita Federal IN 1548: CPF", valid: cpf, bare: true},
	{shape: "99.999.999/9999-99", source: "Receita Federal IN 1863: CNPJ", valid: cnpj, bare: true},
	{shape: "999.9999.9999.99", source: "ZAS: AHV number, check digit of EAN-13", valid: ahv, bare: true},
	{shape: "9999 9999 9999", source: "UIDAI: Aadhaar, Verhoeff", valid: aadhaar, bare: true},
	{shape: "9999-9999-9999", source: "UIDAI: Aadhaar, Verhoeff", valid: aadhaar, bare: true},
	{shape: "AAAAA9999A", source: "Income-tax Rules 114: permanent account number", valid: func(id signs) bool { return one(id[3], "PCHABGJLFT") }},
	{shape: "99AAAAA9999AXZX", source: "CGST Rules 10: GSTIN", valid: func(signs) bool { return true }},
	{shape: "9AXX-AXX-AA99", source: "CMS: MBI format", valid: mbi, bare: true, health: true},
	{shape: "9AXXAXXAA99", source: "CMS: MBI format", valid: mbi, health: true},
}

// A leading run of digits or capitals says which shapes are worth a try.
const (
	maxLead  = 18
	capitals = maxLead + 1 // added for capitals
)

// lead counts the digits or the capitals that stand at i.
func lead(text string, i int) (n int) {
	set, base := csDigit, 0
	if csUp.has(text[i]) {
		set, base = csUp, capitals
	}
	for n < maxLead && i+n < len(text) && set.has(text[i+n]) {
		n++
	}
	return base + n
}

// nationalsBy is nationals by the lead of what has their shape.
var nationalsBy = func() (out [2 * capitals][]*national) {
	for k := range nationals {
		n := &nationals[k]
		first := strings.NewReplacer("X", n.shape[:1]).Replace(n.shape) // X goes on either way
		short, long := lead(n.shape, 0), lead(first, 0)
		for l := short; l <= long; l++ {
			out[l] = append(out[l], n)
		}
	}
	return out
}()

// identified tries where the word that holds the digits at i starts, and
// where a number starts whose first digits stand before a dot.
func (sc *scan) identified(i int) bool {
	start := sc.back(csUpDig, i, 18)
	start = min(i, start+escape(sc.text, start))
	if sc.national(start, false) {
		return true
	}
	return start == i && i >= 3 && (sc.text[i-1] == '.' || sc.text[i-1] == '-') && csDigit.only(sc.text[i-3:i-1]) && sc.national(i-3, false)
}

// national looks for a number of nationals that starts at i; named tells
// that a word of identity stands before it.
func (sc *scan) national(i int, named bool) bool {
	text := sc.text
	if i < sc.done || i >= len(text) || i > 0 && ((csWord|csDash).has(text[i-1]) && !escapeBefore(text, i) || text[i-1] >= 0x80 && !strings.HasSuffix(text[:i], wideColon) || text[i-1] == '#' || (text[i-1] == '.' || text[i-1] == '/') && i > 1 && csAlnum.has(text[i-2])) {
		return false
	}
	for _, n := range nationalsBy[lead(text, i)] {
		if !named && !n.bare {
			continue
		}
		id, end, ok := n.read(text, i)
		if !ok || !named && n.old && recent(id) || grouped(text, i, end, n.shape) || end < len(text) && !alone(text, i, end) || !n.valid(id) {
			continue
		}
		sc.steps += len(n.shape)
		rule := ruleNational
		if n.health {
			rule = ruleRecord
		}
		if named {
			sc.ahead(rule, i, end)
		} else {
			sc.found(rule, i, end)
		}
		return true
	}
	return false
}

// recent tells whether the year of a number may be of this century.
func recent(id signs) bool { return id[10] != 0 && id[0] == '2' || id[10] == 0 && id[0] < '4' }

// grouped tells whether a number in groups is a piece of a longer row of
// groups.
func grouped(text string, i, end int, shape string) bool {
	if shape[4] != ' ' && shape[4] != '-' || shape[0] != '9' {
		return false
	}
	return i >= 2 && groupSep(text[i-1]) && csDigit.has(text[i-2]) || end+1 < len(text) && groupSep(text[end]) && csDigit.has(text[end+1])
}

// mayBeNational tells whether the digits text[i:p] may belong to a number
// that needs no word before it.
func mayBeNational(text string, i, p int) bool {
	var before, next byte
	if i > 0 && !escapeBefore(text, i) {
		before = text[i-1]
	}
	if p < len(text) {
		next = text[p]
	}
	switch n := p - i; {
	case csUp.has(before):
		return csUp.has(next) || next == '-' && n == 7
	case csWord.has(before):
		return false
	case n == 3 && next == '.':
		return strings.HasPrefix(text[i:], "756.") && digitRun(text, p+1) == 4
	case n == 6, n == 8:
		return csUp.has(next) || next == '-' && mayBeDashed(text, i, p)
	default:
		return n == 17 && next|0x20 == 'x' || n == 18
	}
}

// mayBeDashed tells whether the six or eight digits text[i:p] and what stands
// behind the dash that follows may be a number: 40370956-872b is none.
func mayBeDashed(text string, i, p int) bool {
	rest := digitRun(text, p+1)
	if p-i == 6 {
		return rest >= 3
	}
	switch rest {
	case 0: // 12345678-Z
		return p+1 < len(text) && csUp.has(text[p+1])
	case 1: // 20-12345678-6
		return i > 2 && text[i-1] == '-'
	default: // 19811218-9876
		return rest == 4 && (text[i] == '1' || text[i] == '2')
	}
}

// read returns the letters and digits of a number of the shape at i, and
// where it ends.
func (n *national) read(text string, i int) (id signs, end int, ok bool) {
	end = i + len(n.shape)
	if end > len(text) {
		return id, 0, false
	}
	k := 0
	for j := range len(n.shape) {
		c := text[i+j]
		switch n.shape[j] {
		case '9':
			ok = csDigit.has(c)
		case 'A':
			ok = csUp.has(c)
		case 'X':
			if c == 'x' && j == 17 {
				c = 'X' // the last of a Chinese number
			}
			ok = csUpDig.has(c)
		default:
			if c != n.shape[j] {
				return id, 0, false
			}
			continue
		}
		if !ok {
			return id, 0, false
		}
		id[k] = c
		k++
	}
	return id, end, true
}

// signs is the letters and digits of a personal number, then zeros.
type signs [18]byte

// signsOf returns id as signs.
func signsOf(id string) (out signs) {
	copy(out[:], id)
	return out
}

// The functions below are valid of a national: they tell whether the signs of a
// number of its shape are those of one.

// nino tells whether the letters of a national insurance number were ever
// given out.
func nino(id signs) bool {
	a, b := id[0], id[1]
	switch {
	case one(a, "DFIQUV") || one(b, "DFIOQUV"), id[8] > 'D':
		return false
	case a == 'B' && b == 'G', a == 'G' && b == 'B', a == 'K' && b == 'N', a == 'N' && b == 'K', a == 'N' && b == 'T', a == 'T' && b == 'N', a == 'Z' && b == 'Z':
		return false
	}
	return true
}

// dni checks the letter of a Spanish DNI or NIE: the number modulo 23.
func dni(id signs) bool {
	n := 0
	for i, c := range id[:8] {
		switch {
		case i == 0 && c >= 'X' && c <= 'Z':
			c -= 'X' - '0'
		case c > '9':
			return false
		}
		n = n*10 + num(c)
	}
	return id[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[n%23]
}

// nric checks the letter of a Singapore NRIC or FIN.
func nric(id signs) bool {
	sum := weighted(id[1:8], 2, 7, 6, 5, 4, 3, 2)
	switch id[0] {
	case 'S':
		return id[8] == "JZIHGFEDCBA"[sum%11]
	case 'T':
		return id[8] == "JZIHGFEDCBA"[(sum+4)%11]
	case 'F':
		return id[8] == "XWUTRQPNMLK"[sum%11]
	case 'G':
		return id[8] == "XWUTRQPNMLK"[(sum+4)%11]
	case 'M':
		return id[8] == "KLJNPQRTUWX"[10-(sum+3)%11]
	}
	return false
}

// codiceFiscale checks month, day and last letter.
func codiceFiscale(id signs) bool {
	const odd = "\x01\x00\x05\x07\x09\x0d\x0f\x11\x13\x15\x02\x04\x12\x14\x0b\x03\x06\x08\x0c\x0e\x10\x0a\x16\x19\x18\x17"
	if d := num(id[9])*10 + num(id[10]); !one(id[8], "ABCDEHLMPRST") || d < 1 || d > 71 || d > 31 && d < 41 {
		return false
	}
	sum := 0
	for i, c := range id[:15] {
		v := int(c - 'A')
		if c <= '9' {
			v = num(c)
		}
		if i%2 == 0 {
			v = int(odd[v])
		}
		sum += v
	}
	return id[15] == byte('A'+sum%26)
}

// curp checks date, sex and last digit.
func curp(id signs) bool {
	if !day(id[6:]) || !one(id[10], "HMX") {
		return false
	}
	sum := 0
	for i, c := range id[:17] {
		v := num(c)
		if c >= 'A' {
			if v = int(c-'A') + 10; c > 'N' {
				v++ // Ñ stands between
			}
		}
		sum += v * (18 - i)
	}
	return num(id[17]) == (10-sum%10)%10
}

// chinese checks date and last sign, ISO 7064 MOD 11-2.
func chinese(id signs) bool {
	if c := string(id[6:8]); c != "19" && c != "20" || !day(id[10:]) || id[0] == '0' || id[0] > '8' {
		return false
	}
	return id[17] == "10X98765432"[weighted(id[:], 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11]
}

// korean checks birth date, century and check digit.
func korean(id signs) bool {
	return day(id[2:]) && id[6] >= '1' && id[6] <= '8' && (11-weighted(id[:], 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)%11)%10 == num(id[12])
}

// cuit checks the kind of tax payer and the last digit.
func cuit(id signs) bool {
	switch string(id[:2]) {
	case "20", "23", "24", "25", "26", "27", "30", "33", "34":
		return (11-weighted(id[:], 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11)%11 == num(id[10])
	}
	return false
}

// hetu checks the last sign of a Finnish code; id may hold the sign of the
// century.
func hetu(id signs) bool {
	if !day([]byte{id[2], id[3], id[0], id[1]}) {
		return false
	}
	if id[10] != 0 {
		if !one(id[6], "ABCDEFUVWXY") {
			return false
		}
		copy(id[6:], id[7:])
	}
	n := 0
	for _, c := range id[:9] {
		n = n*10 + num(c)
	}
	return id[9] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[n%31]
}

// personnummer checks date and Luhn; co-ordination numbers add 60 to the day.
func personnummer(id signs) bool {
	d := []byte{id[2], id[3], id[4], id[5]}
	if d[2] >= '6' {
		d[2] -= 6
	}
	return day(d) && luhn(id[:10])
}

// cpf checks both digits of a Brazilian CPF.
func cpf(id signs) bool {
	return !uniform(id[:11]) && num(id[9]) == mod11(weighted(id[:], 10, 9, 8, 7, 6, 5, 4, 3, 2)) && num(id[10]) == mod11(weighted(id[:], 11, 10, 9, 8, 7, 6, 5, 4, 3, 2))
}

// cnpj checks both digits of a Brazilian CNPJ.
func cnpj(id signs) bool {
	return !uniform(id[:14]) && num(id[12]) == mod11(weighted(id[:], 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) && num(id[13]) == mod11(weighted(id[:], 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))
}

// ahv checks the digit of EAN-13 and the country, which is always 756.
func ahv(id signs) bool {
	sum := 0
	for i, weight := range [...]int{1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1} {
		sum += weight * num(id[i])
	}
	return string(id[:3]) == "756" && sum%10 == 0
}

// aadhaar checks the Verhoeff digit.
func aadhaar(id signs) bool { return id[0] >= '2' && verhoeff(id[:12]) }

// mbi checks the letters of a Medicare beneficiary identifier.
func mbi(id signs) bool {
	letter := func(i int) bool { return id[i] >= 'A' && !one(id[i], "SLOIBZ") }
	digit := func(i int) bool { return id[i] <= '9' }
	return id[0] > '0' && letter(1) && (digit(2) || letter(2)) && digit(3) && letter(4) && (digit(5) || letter(5)) && digit(6) && letter(7) && letter(8)
}
