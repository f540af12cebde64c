package detect

import "strings"

var ruleBirth = builtin("pii.birth", PII, "HIPAA 45 CFR 164.514(b)(2)(i)(C): birth dates")

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
