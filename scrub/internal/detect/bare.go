package detect

import "strings"

// bareAt returns where the value ends that follows the key text[start:end]
// without any sign and speaks for itself: something random, or the digits
// behind the name of a card's code. Otherwise it returns p.
func bareAt(text string, start, end, p int) int {
	key := text[start:end]
	if strings.EqualFold(key, "bearer") {
		return p // a scheme
	}
	stop := p
	for limit := min(len(text), p+maxCode); stop < limit && csTok68.has(text[stop]); stop++ {
	}
	word, set := text[p:stop], setting(text, start, end, p)
	switch n := len(word); {
	case set > p:
		return set
	case typed(text, p) > p, passWord(key) && copula(text, p) > p:
		return p + 1
	case passWord(key) && guarded(blankless(text, p)):
		return p + len(blankless(text, p))
	case n >= 4 && n <= 8 && csDigit.only(word) && folded(oneTime, key) && endsGroup(text, stop):
		return stop
	case n >= 24 && csHexAny.only(word) && mixed(word) && strings.EqualFold(key, "token"):
		return stop
	case (len(key) > 5 && numbering(key) || endsFold(text[:end], "bank account")) && numberAt(text, p) > p:
		return numberAt(text, p)
	case endsFold(key, "itude") && degrees(text[p:degreesStop(text, p)]):
		return degreesStop(text, p)
	case measured(text, p) > p && folded(measures, key):
		return measured(text, p)
	case n == 8 && sorted(word) && strings.EqualFold(key, "sort code") && endsGroup(text, stop),
		n >= 3 && n <= 8 && (text[end-1] == '0' && strings.EqualFold(key[:min(len(key), 3)], "icd") || endsFold(key, " code")) && icd(strings.TrimRight(word, ".")),
		n == 5 && csDigit.only(word) && strings.EqualFold(key, "cpt") && endsGroup(text, stop),
		(n == 8 || n == 11) && folded(bicWords, key) && digits(word)+n > 10 && bic(word):
		return stop
	case n >= minBare && random(strings.TrimRight(word, ".")):
		return stop
	case (n == 3 || n == 4) && csDigit.only(word) && folded(cardCodes, key) && endsGroup(text, stop):
		return stop
	}
	return p
}

// numbering tells whether a key ends in a word that counts or names.
func numbering(key string) bool {
	return endsFold(key, " number") || endsFold(key, " no") || endsFold(key, " id")
}

// numberAt returns where the number ends that stands at p, in digits, capitals and
// dashes: POL1234567, 12345-003.
func numberAt(text string, p int) int {
	end := p
	for end < len(text) && end-p < 20 && (csUpDig | csDash).has(text[end]) {
		end++
	}
	n := digits(text[p:end])
	if n < 6 || n < 8 && csDigit.only(text[p:end]) || !csAlnum.has(text[end-1]) || !endsGroup(text, end) || looksLikeTime(text[p:end]) || epoch(text[p:end]) {
		return p
	}
	return end
}

// degreesStop returns where the number ends that stands at p and may be below
// zero.
func degreesStop(text string, p int) int {
	end := p
	for end < len(text) && end-p < 20 && (csDigit.has(text[end]) || end == p && text[end] == '-' || text[end] == '.' && end+1 < len(text) && csDigit.has(text[end+1])) {
		end++
	}
	return end
}

// measures are what is measured of a person and stands before the result.
var measures = wordSet("pressure glucose hba1c a1c cholesterol triglycerides creatinine hemoglobin haemoglobin spo2")

// measured returns where the result ends that stands at p, with its unit or of
// blood pressure: 8.2%, 240 mg/dL, 145/95.
func measured(text string, p int) int {
	end := p
	for end < len(text) && end-p < 8 && (csDigit.has(text[end]) || (text[end] == '.' || text[end] == '/') && end+1 < len(text) && csDigit.has(text[end+1])) {
		end++
	}
	if end == p || !csDigit.has(text[p]) {
		return p
	}
	if slash := strings.IndexByte(text[p:end], '/'); slash == 2 || slash == 3 {
		return end
	}
	for _, unit := range [...]string{"%", "mg", "mmol", "g/d", "bpm"} {
		if strings.HasPrefix(text[end:], unit) || strings.HasPrefix(text[end:], " "+unit) {
			return end
		}
	}
	return p
}

// bicWords name a business identifier code that stands behind them.
var bicWords = wordSet("swift bic")

// oneTime names codes that stand behind their name without a sign.
var oneTime = wordSet("otp passcode")

// settingWords are keys of settings that hold a password and nothing else, a
// blank before it: slapd.conf(5), ldap.conf(5), geoipupdate.
var settingWords = [...]string{"rootpw", "bindpw", "requirepass", "masterauth", "licensekey"}

// setting returns where the value ends that is all that stands behind a key on
// its line: DB_PASSWORD hunter2, as in a Dockerfile, a table, or a call of
// setx. Otherwise it returns p.
func setting(text string, start, end, p int) int {
	column := text[end] == '\t' || p-end > 1
	key := text[start:end]
	switch {
	case start > 0 && csQuote.has(text[start-1]):
		return p
	case !compound(key) && !(column && lineStart(text, start)) && !isSetting(key):
		return p
	}
	stop := p
	for limit := min(len(text), p+maxCode); stop < limit && !csSpace.has(text[stop]) && !csQuote.has(text[stop]) && text[stop] != '\\' && text[stop] != '|'; {
		stop++
	}
	word := text[p:stop]
	hard := tokenLike(word) && strings.IndexByte(word, '/') < 2 && (len(word) >= 40 || strings.IndexByte(word, '.') < 0)
	if strings.HasPrefix(word, "0x") && len(word) < 24 || strings.Count(word, "_") > 2 && csWord.only(word) && (classes(word)&csUp == 0 || classes(word)&csLow == 0) {
		return p // a constant, another name
	}
	if !hard && !(len(word) > 7 && guarded(word)) && !(isSetting(key) && len(word) > 4) {
		return p
	}
	if q := skipBlank(text, stop); q < len(text) && strings.IndexByte("\r\n\"'`\\", text[q]) < 0 {
		return p
	}
	return stop
}

// isSetting tells whether a key is one of settingWords.
func isSetting(key string) bool {
	for _, w := range settingWords {
		if strings.EqualFold(key, w) {
			return true
		}
	}
	return false
}

// sets tells whether text[start:end] is one of settingWords and what stands behind
// it is its value: at the start of a line, behind CONFIG SET, or if that can be
// nothing but a password.
func sets(text string, start, end int) bool {
	if !isSetting(text[start:end]) {
		return false
	}
	return lineStart(text, start) || endsFold(text[:start], "set ") || guarded(blankless(text, skipBlank(text, end)))
}

// typed returns where the password stands behind the number that says how a
// router keeps it: password 7 0822455D0A16. Cisco IOS security command
// reference: 0 is plain, 7 its cipher. Otherwise it returns p.
func typed(text string, p int) int {
	if p+2 >= len(text) || text[p+1] != ' ' || text[p] != '7' && text[p] != '0' {
		return p
	}
	word := blankless(text, p+2)
	if text[p] == '7' && len(word) >= 8 && len(word)%2 == 0 && csHexAny.only(word) || text[p] == '0' && guarded(word) {
		return p + 2
	}
	return p
}

// passNames are words for a password that are a key by themselves.
var passNames = [...]string{"password", "passcode", "passwort", "kennwort", "passwd", "passe", "contraseña", "contrasena", "senha", "wachtwoord", "hasło", "lösenord", "passord"}

// passWord tells whether a key is no more than a word for a password.
func passWord(key string) bool {
	for _, name := range passNames {
		if len(key) == len(name) && strings.EqualFold(key, name) {
			return true
		}
	}
	return false
}

// minBare is how long something random is at least that is believed without a
// sign before it.
const minBare = 20

// cardCodes are names of the code on the back of a card.
var cardCodes = map[string]bool{"cvv": true, "cvv2": true, "cvc": true, "cvc2": true, "csc": true, "security code": true, "cvv code": true, "cvc code": true}
