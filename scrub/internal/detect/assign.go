package detect

import (
	"cmp"
	"strings"
)

// maxKeyReach is how far a key reaches to either side of the word that
// betrays it.
const maxKeyReach = 64

// assignment is a key, what stands between, and a value.
type assignment struct {
	keyStart, keyEnd int
	start, end       int               // the value, without quotes
	quoted           bool              // the value stands in quotes
	pair             bool              // the key stands in quotes, too: JSON and its like
	query            bool              // the key follows ? or &
	param            bool              // the key is a parameter of a URL that holds a token and nothing else
	lineStart        bool              // nothing but blanks before the key
	compound         bool              // the key is several words: no accident in prose
	open             int               // where the value starts, brackets and all
	encoded          bool              // what stands between is percent-encoded
	cut              bool              // the value goes on behind end
	logon            bool              // the value is the second of two literals, behind a user
	secret           bool              // the key ends in "secret" after another word
	name             *nationalName     // whose number the value must be
	ordinary         func(string) bool // that of a Verdict
	sep              separator
}

// separator is what stands between a key and its value.
type separator uint8

const (
	sepNone   separator = iota
	sepEqual            // = := => ?= ==
	sepColon            // :
	sepIs               // is, was
	sepTag              // <key>value</key>
	sepFlag             // --key value
	sepNext             // "key", "value"
	sepMember           // name: key, value: value
	sepSpace            // key "value", netrc
	sepBare             // key value, and the value can be nothing else
)

// key looks at a word of sensitive keys, text[i:word], that ends one or goes
// on to end with others.
func (sc *scan) key(i, word, end int) {
	if i < sc.keyed {
		return
	}
	blank := strings.LastIndexByte(sc.text[word:end], ' ')
	spaced := blank >= 0
	if spaced && inForm(sc.text, word+blank+1, end) {
		return // login code=…&state=…: the last word by itself
	}
	a := assignment{keyStart: sc.keyFrom(i), keyEnd: sc.keyTo(end)}
	sc.steps += a.keyEnd - a.keyStart
	if padded(sc.text, a.keyStart, a.keyEnd) {
		return
	}
	if !sc.value(&a) && !sc.compared(&a) {
		sc.inserted(&a)
		return
	}
	if spaced && a.sep == sepEqual && sc.byteAt(a.keyStart-1) == '=' {
		return // cache=session key=…: the last word by itself
	}
	if a.sep == sepNext && sc.inserted(&a) {
		return // its value seems to be the next column
	}
	if sc.technical(&a) {
		return
	}
	v, phrase := sc.keyVerdict(&a)
	phrase = phrase || spaced
	rule, want := sc.promised(&a, &v)
	if rule == nil {
		return
	}
	a.name, a.ordinary = v.name, v.Ordinary
	sc.keyed = a.keyEnd
	a.lineStart = lineStart(sc.text, a.keyStart)
	a.compound = phrase || compound(sc.text[a.keyStart:a.keyEnd])
	a.secret = a.compound && a.keyEnd-a.keyStart > 6 && endsFold(sc.text[:a.keyEnd], "secret")
	if a.sep == sepSpace && phrase || a.sep == sepIs && spaced && want == shapePhrase {
		return // prose: the family history is important
	}
	if v.Rule != nil && !v.Single && (want != shapeMember || ill(sc.text[a.open:])) && sc.nested(rule, &a) {
		return
	}
	sc.assigned(rule, want, &a)
}

// keyTo returns where the key ends whose last known word ends at end.
func (sc *scan) keyTo(end int) int {
	text, p := sc.text, end
	for limit := min(len(text), end+maxKeyReach); p < limit && keyByte(text[p]); {
		p++
	}
	if n := strings.Index(text[end:p], wideColon); n >= 0 {
		p = end + n
	}
	for p > end && !csAlnum.has(text[p-1]) {
		p--
	}
	if rest := text[p:]; len(rest) > 4 && rest[0] == ' ' && !csLetter.has(rest[3]) && shortNoun(rest[1:3]) {
		p += 3
	}
	return sc.wordsAfter(p)
}

// keyFrom returns where the key starts that has a word at i.
func (sc *scan) keyFrom(i int) int {
	text, p := sc.text, i
	for low := max(sc.done, i-maxKeyReach, 0); p > low && keyByte(text[p-1]); {
		p--
	}
	for p < i && !csAlnum.has(text[p]) {
		p++
	}
	return p + escape(text, p)
}

// promised returns the rule of the value and what it must look like: by the verdict
// on its key, or by where a key stands that says too little.
func (sc *scan) promised(a *assignment, v *Verdict) (rule *Rule, want shape) {
	key := sc.text[a.keyStart:a.keyEnd]
	param := isParam(sc.text, a.keyStart)
	a.param = v.Rule == keyAuth && a.query && (a.keyStart == 0 || param)
	rule = cmp.Or(v.Rule, v.Weak)
	switch {
	case rule != nil && !(a.logon && rule == keyGeneric):
		return rule, v.shape
	case a.logon:
		return keyPassword, shapeAny
	case (a.pair || a.sep == sepEqual) && (a.end-a.start)%4 == 0 && strings.EqualFold(key, "auth") && basic(sc.text[a.start:a.end]):
		return ruleBasic, shapeAny // config.json of Docker, .npmrc
	case a.query && folded(queryKeys, key):
		a.param = param && strings.EqualFold(key, "auth")
		return keyAuth, shapeToken
	}
	return nil, shapeAny
}

// wordsAfter returns where a key made of words ends if a separator follows
// them: "glucose level: …". Otherwise it returns end.
func (sc *scan) wordsAfter(end int) int {
	p := end
	if p+3 < len(sc.text) && sc.text[p] == ' ' && csDigit.has(sc.text[p+1]) && sc.text[p+2] == ':' {
		return p + 2 // unseal key 2: …
	}
	for range 2 {
		if p+2 >= len(sc.text) || sc.text[p] != ' ' || !csLetter.has(sc.text[p+1]) || isWord(sc.text, p+1, "As") {
			return end
		}
		p++
		start := p
		for p < len(sc.text) && p-start < 16 && csLetter.has(sc.text[p]) {
			p++
		}
		sc.steps += p - start
		q := skipBlank(sc.text, p)
		if q+1 < len(sc.text) && (sc.text[q] == '"' || sc.text[q] == '\'') && (sc.text[q+1] == ':' || sc.text[q+1] == '=') {
			q++ // "credit limit": …
		}
		if q < len(sc.text) && (sc.text[q] == ':' || sc.text[q] == '=') {
			if folded(commonWords, sc.text[start:p]) || p-start == 2 && sc.text[start:p] != "is" {
				return p
			}
			return end
		}
	}
	return end
}

// compound tells whether a key is made of several words.
func compound(key string) bool {
	for i := 1; i < len(key); i++ {
		if (csUnder | csDash | csDot).has(key[i]) || csUp.has(key[i]) && csLow.has(key[i-1]) {
			return true
		}
	}
	return false
}

// openEnd returns where a value without quotes ends, which may hold blanks
// if what the key promises is written so.
func (sc *scan) openEnd(r *Rule, want shape, a *assignment) int {
	end := a.end
	switch {
	case a.sep == sepBare && want == shapePhrase: // ICD-10 E11.9
	case want == shapePhrase, want == shapeWords:
		end = trimClosers(sc.text, a.start, phraseEnd(sc.text, a.start))
	case r == keyFinancial && want == shapeDigits && sc.payableEnd(a.start) > a.start:
		end = sc.payableEnd(a.start)
	case want == shapeNational:
		end = max(a.end, a.name.end(sc.text, a.start))
	case want == shapePhone, want == shapeDigits && r.Category != Password && r.Category != Auth, want == shapeNumber:
		end = groupsEnd(sc.text, a.start, a.end)
	case want == shapeStreet, want == shapeQuoted && csDigit.has(sc.byteAt(a.start)) && endsFold(sc.text[:a.keyEnd], "street"):
		end = streetEnd(sc.text, a.start)
	case want == shapeQuoted && r.Category != Auth:
		end = nameEnd(sc.text, a.end)
	case want == shapeDegrees:
		end = degreesEnd(sc.text, a.end)
	}
	if end-a.start >= maxPhraseLen {
		end = max(end, a.end)
	}
	sc.steps += max(0, end-a.end)
	return end
}

// isParam tells whether the key at i is a parameter of a URL.
func isParam(text string, i int) bool { return i > 0 && (text[i-1] == '?' || text[i-1] == '&') }

// queryKeys are parameters that carry a secret in a query and mean anything
// elsewhere: RFC 6749 and 6750, and the list of the semantic conventions.
var queryKeys = wordSet("confirm ticket invite reset magic id_token_hint code state sid sig key auth hash hmac s pw sign t_key x-amz-credential x-goog-credential awsaccesskeyid")

// wideColon is what stands for a colon in Chinese and Japanese.
const wideColon = "："

// keyByte tells whether c may stand in a key without quotes.
func keyByte(c byte) bool { return csURL64.has(c) || c == '.' || c >= 0x80 }

// keyVerdict judges the key; if the identifier says nothing, the words before
// it are read with it: "date of birth: …".
func (sc *scan) keyVerdict(a *assignment) (v Verdict, phrase bool) {
	v = *sc.f.Verdict(sc.text[a.keyStart:a.keyEnd])
	if v.Rule != nil && v.shape != shapeToken || v.Weak != nil && v.shape == shapeHex || a.query {
		return v, false
	}
	start := a.keyStart
	for range maxPhrase - 1 {
		if start < sc.done+2 || sc.text[start-1] != ' ' || !csLetter.has(sc.text[start-2]) {
			break
		}
		s := start - 1
		for s > sc.done && start-s < 24 && (csLetter.has(sc.text[s-1]) || sc.text[s-1] == '\'') {
			s--
		}
		if a.sep == sepEqual && sc.byteAt(s-1) == '=' {
			break // cache=session key=…: the value before
		}
		start = s
	}
	if start == a.keyStart {
		return v, false
	}
	sc.steps += a.keyEnd - start
	wide := *sc.f.Verdict(sc.text[start:a.keyEnd])
	if v.Rule != nil {
		if wide.Rule == nil && !(invalid(sc.text[:a.keyStart]) && opaque(sc.text[a.start:a.end])) { // "unexpected token"
			return Verdict{}, true
		}
		return v, false
	}
	return wide, true
}

// assigned checks the value and notes it.
func (sc *scan) assigned(r *Rule, want shape, a *assignment) {
	text := sc.text
	if want == shapeHeader {
		if a.sep == sepColon || a.sep == sepEqual || a.pair {
			sc.cookies(a)
		}
		return
	}
	if start, end := phoneAt(text, a.open); want == shapePhone && !a.quoted && a.sep != sepTag && end > a.end {
		a.start, a.end = start, end
	} else if !a.quoted && a.sep != sepTag && !a.query {
		a.end = sc.openEnd(r, want, a)
	}
	a.end = sc.beforeKey(a)
	value := text[a.start:a.end]
	sc.steps += min(len(value), maxCode)
	if trimmed := strings.TrimSpace(value); len(trimmed) != len(value) {
		lead := strings.Index(value, trimmed)
		a.start, a.end = a.start+lead, a.start+lead+len(trimmed)
		value = trimmed
	}
	if a.sep == sepFlag && strings.HasPrefix(value, "pass:") && len(value) > len("pass:") { // of openssl
		a.start += len("pass:")
		value = text[a.start:a.end]
	}
	if sc.schemed(a) {
		return
	}
	if r.Category == Health && want != shapeMember && (a.pair || a.compound || a.sep == sepEqual) && flag(value) {
		sc.found(r, a.start, a.end)
		return
	}
	if placeholder(value) || !a.quoted && a.sep != sepTag && (code(value) || sc.remark(a) || sc.echoed(a)) || sc.elsewhere(r, want, a, value) {
		return
	}
	if n := strings.IndexAny(value, "|&"); n > 0 && !a.quoted && !a.cut && r.Category != Auth && r.Category != Password && !fits(r, want, value, a) {
		a.end = a.start + n // income=61200|x
		value = value[:n]
	}
	if !fits(r, want, value, a) || r.Category == Auth && strings.EqualFold(value, text[a.keyStart:a.keyEnd]) {
		return // accountKey = Buffer.from("accountKey")
	}
	sc.found(r, a.start, sc.whole(a))
	if a.quoted && !a.cut {
		sc.elements(r, a)
		sc.planned(r, a)
	}
}

// among tells whether the bracket at i opens what a column is looked for in:
// password IN ('x', 'y').
func among(text string, i int) bool {
	return i > 3 && text[i] == '(' && strings.EqualFold(strings.TrimRight(text[i-3:i], " "), "in")
}

// beforeKey returns where the value of a ends, which has no quotes, if another
// sensitive key is at its end and would leave its own value behind:
// token=x/password="y".
func (sc *scan) beforeKey(a *assignment) int {
	text, end := sc.text, a.end
	if a.quoted || a.cut || end-a.start < 4 || end >= len(text) {
		return end
	}
	key := end
	switch c := text[end]; {
	case (c == '"' || c == '\'' || strings.HasPrefix(text[end:], `\"`)) && (text[end-1] == '=' || text[end-1] == ':'), c == ' ' && text[end-1] == ':':
		key = end - 1
	case c == ':' && end+1 < len(text) && strings.IndexByte(" \"'", text[end+1]) >= 0:
	default:
		return end
	}
	low := max(a.start, key-maxKeyReach)
	sep := low + strings.LastIndexAny(text[low:key], "/&|;,")
	if sep <= a.start || sc.f.Verdict(text[sep+1:key]).Rule == nil {
		return end
	}
	return sep
}

// planned masks what a plan of Terraform changes a value to: "x" -> "y".
func (sc *scan) planned(r *Rule, a *assignment) {
	const sign = `" -> "`
	if !strings.HasPrefix(sc.text[a.end:], sign) {
		return
	}
	start := a.end + len(sign)
	if end := sc.quoteEnd('"', 0, start); end > start && end-start < maxValue {
		sc.found(r, start, end)
	}
}

// whole returns where the value ends, of which a may hold no more than the
// start.
func (sc *scan) whole(a *assignment) int {
	if a.cut {
		return len(sc.text)
	}
	return a.end
}

// elements masks the other elements of a list whose first is a.
func (sc *scan) elements(r *Rule, a *assignment) {
	text := sc.text
	open := a.start - 1
	quote := text[open]
	if strings.IndexByte("\"'", quote) < 0 {
		return
	}
	for open > 0 && text[open-1] == '\\' {
		open--
	}
	mark := text[open:a.start]
	if open = blankBefore(text, open); open == 0 || text[open-1] != '[' && !among(text, open-1) && (text[open-1] != '{' || open < 3 || !csLetter.has(text[open-2])) {
		return
	}
	for end := a.end; strings.HasPrefix(text[end:], mark); {
		p := end + len(mark)
		if p >= len(text) || text[p] != ',' {
			return
		}
		if p = skipSpace(text, p+1); !strings.HasPrefix(text[p:], mark) {
			return
		}
		start := p + len(mark)
		end = sc.quoteEnd(quote, len(mark)-1, start)
		if end-start >= maxValue {
			end = len(text)
		}
		if value := text[start:end]; !placeholder(value) && legible(value) {
			sc.found(r, start, end)
		}
	}
}
