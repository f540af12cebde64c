package detect

import "strings"

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

// signs is the letters and digits of a personal number, then zeros.
type signs [18]byte

// identified tries where the word that holds the digits at i starts, and
// where a number starts whose first digits stand before a dot.
func (sc *scan) identified(i int) bool {
	start := sc.back(csUpDig, i, 18)
	if sc.national(start, false) {
		return true
	}
	return start == i && i >= 3 && (sc.text[i-1] == '.' || sc.text[i-1] == '-') && csDigit.only(sc.text[i-3:i-1]) && sc.national(i-3, false)
}

// idAfter looks for the numbers that need a word before them, behind a word
// that ends before i. Those of a few digits in a row have no other trigger.
func (sc *scan) idAfter(i int) {
	for end := min(len(sc.text), i+contextReach); i < end; i++ {
		if csUpDig.has(sc.text[i]) && !csWord.has(sc.text[i-1]) && sc.national(i, true) {
			return
		}
		if strings.IndexByte("={}[]/\\|@\n,;\"", sc.text[i]) >= 0 {
			return
		}
		sc.steps++
	}
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
	if i > 0 {
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
	case n == 6:
		return next == '-' || csUp.has(next)
	case n == 8:
		return next == '-' || csUp.has(next)
	default:
		return n == 17 && next|0x20 == 'x' || n == 18
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
			ok = c-'0' < 10
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
