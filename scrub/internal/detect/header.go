package detect

import (
	"encoding/base64"
	"strings"
)

var (
	ruleBearer = builtin("auth.bearer", Auth, "RFC 6750 section 2.1")
	ruleBasic  = builtin("auth.basic", Auth, "RFC 7617 section 2")
	ruleScheme = builtin("auth.scheme", Auth, "RFC 9110 section 11.6.2, IANA HTTP authentication schemes")
)

// scheme is how a token may be announced in an Authorization header.
type scheme struct {
	rule   *Rule
	params bool // parameters follow, and no token
	common bool // the name is a word of sentences, too: what follows must be mixed
	typed  bool // the name is the value of a pair, too: token_type=Bearer expires_in=3600
}

// schemes is scheme by its name in small letters.
var schemes = func() map[string]scheme {
	out := map[string]scheme{
		"bearer": {rule: ruleBearer, typed: true}, "basic": {rule: ruleBasic, typed: true}, "negotiate": {rule: ruleScheme, typed: true},
		"digest": {rule: ruleScheme, params: true}, "hawk": {rule: ruleScheme, params: true}, "mac": {rule: ruleScheme, params: true, common: true},
		"token": {rule: ruleScheme, common: true}, "key": {rule: ruleScheme, common: true}, "bot": {rule: ruleScheme, common: true},
	}
	for name := range wordSet(`ntlm apikey api-key oauth splunk ssws geniekey sso-key dpop hoba jwt scram-sha-256 privatetoken googlelogin discogs credentials`) {
		out[name] = scheme{rule: ruleScheme}
	}
	return out
}()

// scheme looks at "Bearer", "Basic" and their like outside of a header.
func (sc *scan) scheme(name string, i int) {
	p := i + len(name)
	text := sc.text
	switch {
	case p+1 >= len(text):
		return
	case text[p] == ' ' || text[p] == ':' && text[p+1] == ' ':
		p = skipBlank(text, p+1)
	case strings.HasPrefix(text[p:], "%20"):
		p += 3
	case text[p] == ':' || text[p] == '+' || text[p] == '=':
		p++
	default:
		return
	}
	for p < len(text) && strings.IndexByte("\"'\\", text[p]) >= 0 {
		p++
	}
	end := sc.runEnd(csTok68|csUnder, p)
	token := strings.TrimRight(text[p:end], ".")
	end = p + len(token)
	switch {
	case name == "basic":
		if basic(token) {
			sc.found(ruleBasic, p, end)
		}
	case len(token) < 8 || pairLike(token) || strings.EqualFold(token, "authentication") || strings.HasPrefix(token, "realm="):
	case mixed(token) && len(token) >= 12 || len(token) >= 24 && classes(token)&(csUnder|csDash|csDot) == 0 || len(token) >= 8 && mixed(token) && !csHexAny.only(token):
		sc.found(schemes[name].rule, p, end)
	}
}

// basic tells whether token is a user and a password in base64.
func basic(token string) bool {
	if len(token) < 6 || len(token) > 4096 {
		return false
	}
	plain, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(token, "="))
	if err != nil {
		plain, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(token, "="))
	}
	if err != nil {
		return false
	}
	colon := false
	for _, c := range plain {
		if c < 0x20 || c == 0x7f {
			return false
		}
		colon = colon || c == ':'
	}
	return colon
}

// pairLike tells whether what follows a scheme is the next pair of a line:
// token_type=Bearer expires_in=3600. In a token = comes last.
func pairLike(token string) bool {
	name, _, ok := strings.Cut(strings.TrimRight(token, "="), "=")
	return ok && csWord.only(name)
}

// schemed masks what stands behind the authentication scheme that a value starts
// with, and reports whether it starts with one.
func (sc *scan) schemed(a *assignment) bool {
	text := sc.text
	end := a.start
	for end < len(text) && end-a.start < 24 && csTok.has(text[end]) {
		end++
	}
	name := text[a.start:end]
	s := folded(schemes, name)
	if s.rule == nil && end < len(text) && sc.ownScheme(a, end) {
		s.rule = ruleScheme
	}
	p := schemeEnd(text, end)
	if s.rule == nil || p == end || strings.EqualFold(name, "key") && text[end] != ' ' {
		return false
	}
	var stop int
	if s.params || strings.EqualFold(name, "oauth") && strings.Contains(text[p:min(len(text), p+40)], `="`) {
		if stop = sc.paramsEnd(p); stop < 0 {
			return false
		}
	} else {
		stop = trimClosers(text, p, sc.unquotedEnd(p, a.query, a.encoded))
	}
	for _, param := range [...]string{"token=", "key="} { // Token token=x
		if rest, ok := strings.CutPrefix(text[p:stop], param); ok && len(rest) > 4 {
			p += len(param)
		}
	}
	value := text[p:stop]
	switch {
	case len(value) < 4 || placeholder(value) || folded(benignValues, value):
		sc.done = max(sc.done, end)
		return true
	case s.typed && pairLike(value):
		return true
	case s.common && !mixed(value):
		return false
	}
	if a.cut || stop-p >= maxValue {
		stop = len(text)
	}
	sc.found(s.rule, p, stop)
	return true
}

// schemeEnd returns where the token starts behind a scheme that ends at end, or
// end if it is none.
func schemeEnd(text string, end int) int {
	switch {
	case end >= len(text):
		return end
	case text[end] == ' ' || text[end] == '+' || text[end] == ':':
		return skipBlank(text, end+1)
	case strings.HasPrefix(text[end:], "%20"):
		return skipBlank(text, end+len("%20"))
	}
	return end
}

// paramsEnd returns where the parameters of a scheme end that start at p: with the
// line, or the string of JSON that they stand in. It is negative if there are none.
func (sc *scan) paramsEnd(p int) int {
	text := sc.text
	head := text[p:min(len(text), p+64)]
	if strings.IndexByte(head, '=') < 0 {
		return -1
	}
	inside := slashesBefore(text, p+strings.IndexByte(head, '"'))
	stop := p
	for stop < len(text) && stop-p < maxValue && strings.IndexByte("\r\n'", text[stop]) < 0 && !(inside > 0 && (text[stop] == '"' && slashesBefore(text, stop) < inside || strings.IndexByte("nrt", escapedByte(text, stop)) >= 0)) {
		stop++
	}
	sc.steps += stop - p
	if stop < len(text) {
		stop -= slashesBefore(text, stop)
	}
	return stop
}

// ownScheme tells whether the word that ends at end is a scheme of a vendor's own
// in an Authorization header: KakaoAK x, DeepL-Auth-Key x.
func (sc *scan) ownScheme(a *assignment, end int) bool {
	text := sc.text
	key := text[a.keyStart:a.keyEnd]
	if !endsFold(key, "authorization") || a.sep != sepColon && !a.pair && a.sep != sepEqual {
		return false
	}
	if end-a.start < 3 || text[end] != ' ' || !csUp.has(text[a.start]) || digits(text[a.start:end]) > 2 {
		return false
	}
	token := wordOf(text[skipBlank(text, end):])
	return len(token) >= 16 && mixed(token)
}

// cookies masks the values of a Cookie header, or the first pair of a
// Set-Cookie header.
func (sc *scan) cookies(a *assignment) {
	text := sc.text
	set, memo := strings.EqualFold(text[a.keyStart:min(a.keyEnd, a.keyStart+3)], "set"), &sc.cookie[0]
	if a.quoted || a.sep == sepTag {
		sc.cookiePairs(a, set)
		return
	}
	if set {
		memo = &sc.cookie[1]
	}
	end := sc.until(memo, a.start, func(i int) bool {
		switch text[i] {
		case '\r', '\n', '"', '\'':
			return true
		case '\\':
			return strings.IndexByte("nrt\"", escapedByte(text, i)) >= 0
		case ';':
			return set || !cookieNext(text, i)
		case ' ':
			return text[i-1] != ';'
		}
		return false
	})
	a.cut = end-a.start >= maxValue
	a.end = trimClosers(text, a.start, end)
	sc.cookiePairs(a, set)
}

// cookiePairs masks the values of the pairs that a holds, of the first one if set
// tells that attributes follow.
func (sc *scan) cookiePairs(a *assignment, set bool) {
	text := sc.text
	v := text[a.start:a.end]
	sc.steps += len(v)
	pairs := strings.IndexByte(v, '=') > 0
	if placeholder(v) || !pairs && (len(v) < 8 || !mixed(v)) {
		return
	}
	if a.cut || !pairs {
		sc.found(keyCookie, a.start, sc.whole(a))
		return
	}
	for p := a.start; p < a.end; {
		stop := a.end
		if n := strings.IndexByte(text[p:a.end], ';'); n >= 0 {
			stop = p + n
		}
		start := p + strings.IndexByte(text[p:stop], '=') + 1
		if value := text[start:stop]; value != "" && !placeholder(value) && !(set && value == "deleted") {
			sc.found(keyCookie, start, stop)
		}
		if set {
			break
		}
		p = skipBlank(text, stop+1)
	}
	sc.done = max(sc.done, a.end)
}

// cookieNext tells whether another name=value follows the semicolon at i.
func cookieNext(text string, i int) bool {
	if text[i] != ';' {
		return true
	}
	rest := text[i+1 : min(len(text), i+80)]
	eq := strings.IndexByte(rest, '=')
	return eq > 0 && strings.IndexByte(strings.TrimLeft(rest[:eq], " "), ' ') < 0
}
