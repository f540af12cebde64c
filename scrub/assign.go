package scrub

import "strings"

// maxKeyReach is how far a key reaches to either side of the word that
// betrays it.
const maxKeyReach = 64

// maxValue bounds a value that is read as one.
const maxValue = 16 << 10

// assignment is a key, what stands between, and a value.
type assignment struct {
	keyStart, keyEnd int
	start, end       int  // the value, without quotes
	quoted           bool // the value stands in quotes
	pair             bool // the key stands in quotes, too: JSON and its like
	query            bool // the key follows ? or &
	lineStart        bool // nothing but blanks before the key
	compound         bool // the key is several words: no accident in prose
	sep              separator
}

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
)

// key looks at a word that ends sensitive keys.
func (sc *scan) key(i, end int) {
	if i < sc.keyed {
		return
	}
	a := assignment{keyEnd: end}
	for limit := end + maxKeyReach; a.keyEnd < len(sc.text) && a.keyEnd < limit && keyByte(sc.text[a.keyEnd]); {
		a.keyEnd++
	}
	for a.keyEnd > end && !csAlnum.has(sc.text[a.keyEnd-1]) {
		a.keyEnd--
	}
	if rest := sc.text[a.keyEnd:]; len(rest) > 4 && rest[0] == ' ' && !csLetter.has(rest[3]) && (strings.EqualFold(rest[1:3], "id") || strings.EqualFold(rest[1:3], "no") || strings.EqualFold(rest[1:3], "nr")) {
		a.keyEnd += 3
	}
	a.keyEnd = sc.wordsAfter(a.keyEnd)
	a.keyStart = i
	for low := max(sc.done, i-maxKeyReach, 0); a.keyStart > low && keyByte(sc.text[a.keyStart-1]); {
		a.keyStart--
	}
	for a.keyStart < i && !csAlnum.has(sc.text[a.keyStart]) {
		a.keyStart++
	}
	a.keyStart += escape(sc.text, a.keyStart)
	sc.steps += a.keyEnd - a.keyStart
	if !sc.value(&a) && !sc.compared(&a) {
		return
	}
	v, phrase := sc.keyVerdict(&a)
	rule := v.rule
	if rule == nil {
		rule = v.weak
	}
	if rule == nil {
		if a.query && queryKeys[strings.ToLower(sc.text[a.keyStart:a.keyEnd])] {
			rule, v.shape = keyAuth, shapeToken
		} else {
			return
		}
	}
	sc.keyed = a.keyEnd
	a.lineStart = sc.lineStart(a.keyStart)
	a.compound = strings.IndexAny(sc.text[a.keyStart:a.keyEnd], "_-.") > 0
	if a.sep == sepSpace && phrase {
		return
	}
	sc.assigned(rule, v.shape, &a)
}

// wordsAfter returns where a key made of words ends if a separator follows
// them: "glucose level: …". Otherwise it returns end.
func (sc *scan) wordsAfter(end int) int {
	p := end
	if p+3 < len(sc.text) && sc.text[p] == ' ' && sc.text[p+1]-'0' < 10 && sc.text[p+2] == ':' {
		return p + 2 // unseal key 2: …
	}
	for range 2 {
		if p+2 >= len(sc.text) || sc.text[p] != ' ' || !csLetter.has(sc.text[p+1]) {
			return end
		}
		p++
		start := p
		for p < len(sc.text) && p-start < 16 && csLetter.has(sc.text[p]) {
			p++
		}
		sc.steps += p - start
		if q := skipBlank(sc.text, p); q < len(sc.text) && (sc.text[q] == ':' || sc.text[q] == '=') {
			if commonWords[strings.ToLower(sc.text[start:p])] || p-start == 2 {
				return p
			}
			return end
		}
	}
	return end
}

// lineStart tells whether only blanks stand before i on its line.
func (sc *scan) lineStart(i int) bool {
	p := i
	for p > 0 && i-p < 32 && (sc.text[p-1] == ' ' || sc.text[p-1] == '\t') {
		p--
	}
	return p == 0 || sc.text[p-1] == '\n'
}

// escape returns how many bytes at i belong to an escape that starts before:
// the n of \n, the 26 of %26, the u0022 of \u0022.
func escape(text string, i int) int {
	switch {
	case i > 0 && text[i-1] == '%' && i+2 < len(text) && csHexAny.only(text[i:i+2]):
		return 2
	case i == 0 || text[i-1] != '\\':
		return 0
	case text[i] == 'u' && i+5 < len(text) && csHexAny.only(text[i+1:i+5]):
		return 5
	case strings.IndexByte("nrt", text[i]) >= 0:
		return 1
	}
	return 0
}

// quoteEscape is a quote in JSON inside JSON, as Go writes it for HTML.
const quoteEscape = `\u0022`

// compared looks for a literal before the key: "x" == password.
func (sc *scan) compared(a *assignment) bool {
	text := sc.text
	p := a.keyStart
	for p > 0 && text[p-1] == ' ' && a.keyStart-p < 8 {
		p--
	}
	op := p
	for p > 0 && (text[p-1] == '=' || text[p-1] == '!') && op-p < 3 {
		p--
	}
	if op-p < 2 {
		return false
	}
	for p > 0 && text[p-1] == ' ' && op-p < 8 {
		p--
	}
	if p == 0 || text[p-1] != '"' && text[p-1] != '\'' {
		return false
	}
	end := p - 1
	low := max(sc.done, end-maxCode)
	start := end
	for start > low && text[start-1] != text[end] && text[start-1] != '\n' {
		start--
	}
	sc.steps += end - start
	if start == low || text[start-1] != text[end] {
		return false
	}
	a.start, a.end, a.quoted, a.sep = start, end, true, sepEqual
	return true
}

// queryKeys are parameters that carry a secret in a query and mean anything
// elsewhere: RFC 6749 and 6750, and the list of the semantic conventions.
var queryKeys = wordSet("code state sid sig key auth hash hmac s pw sign t_key x-amz-credential x-goog-credential awsaccesskeyid")

func keyByte(c byte) bool { return csURL64.has(c) || c == '.' || c >= 0x80 }

// keyVerdict judges the key; if the identifier says nothing, the words before
// it are read with it: "date of birth: …".
func (sc *scan) keyVerdict(a *assignment) (v keyVerdict, phrase bool) {
	v = sc.s.verdict(sc.text[a.keyStart:a.keyEnd])
	if v.rule != nil && v.shape != shapeToken || a.query {
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
		start = s
	}
	if start == a.keyStart {
		return v, false
	}
	sc.steps += a.keyEnd - start
	wide := sc.s.verdict(sc.text[start:a.keyEnd])
	if v.rule != nil {
		if wide.rule == nil { // "unexpected token"
			return keyVerdict{}, true
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
	if want == shapePhrase && !a.quoted && a.sep != sepTag {
		a.end = phraseEnd(text, a.start)
	}
	value := text[a.start:a.end]
	if trimmed := strings.TrimSpace(value); len(trimmed) != len(value) {
		lead := strings.Index(value, trimmed)
		a.start, a.end = a.start+lead, a.start+lead+len(trimmed)
		value = trimmed
	}
	if sc.scheme4(a) {
		return
	}
	if placeholder(value) || !a.quoted && a.sep != sepTag && code(value) {
		return
	}
	if !fits(r, want, value, a) {
		return
	}
	sc.found(r, a.start, a.end)
}

// value finds where the value of a key stands. It reports false if no value
// follows.
func (sc *scan) value(a *assignment) bool {
	text, p := sc.text, a.keyEnd
	a.query = a.keyStart > 0 && (text[a.keyStart-1] == '?' || text[a.keyStart-1] == '&') || a.keyStart == 0 && strings.IndexByte(text[:min(len(text), 256)], '&') > 0
	before := sc.byteAt(a.keyStart - 1)
	if before == ':' && strings.Contains(text[max(0, a.keyStart-80):a.keyStart], "arn:") {
		return false
	}
	closers := 0
	escaped := strings.HasPrefix(text[p:], quoteEscape)
	if escaped {
		p += len(quoteEscape)
	}
	for p < len(text) && closers < 6 && strings.IndexByte("\\\"'`])", text[p]) >= 0 {
		p++
		closers++
	}
	closed := escaped || closers > 0 && strings.IndexByte("\"'`", text[p-1]) >= 0
	a.pair = closed
	p = skipBlank(text, p)
	if p >= len(text) {
		return false
	}
	switch c := text[p]; {
	case c == '=' || c == ':' || (c == '?' || c == '!' || c == '|') && p+1 < len(text) && (text[p+1] == '=' || c == '|' && text[p+1] == '|'),
		c == '-' && strings.HasPrefix(text[p:], "->"):
		a.sep = sepEqual
		if c == ':' {
			a.sep = sepColon
		}
		for p < len(text) && strings.IndexByte("=:?!|>-~", text[p]) >= 0 && (text[p] != '-' || strings.HasPrefix(text[p:], "->")) {
			if text[p] != ':' {
				a.sep = sepEqual
			}
			p++
		}
		if a.sep == sepColon && strings.HasPrefix(text[p:], "//") {
			return false
		}
		// "key" => "value" in logs that quote the arrow
		if strings.HasPrefix(text[p:], "\"=>\"") {
			p += 3
		}
		p = sc.typeName(a, p)
	case c == '%' && strings.HasPrefix(text[p:], "%3D"), c == '%' && strings.HasPrefix(text[p:], "%3d"), strings.HasPrefix(text[p:], "%3A"):
		a.sep, a.query = sepEqual, true
		p += 3
	case c == '>' && (before == '<' || before == ':' || closed):
		a.sep = sepTag
		p++
		end := p
		for end < len(text) && text[end] != '<' && end-p < maxValue {
			end++
		}
		sc.steps += end - p
		a.start, a.end = p, end
		return end > p
	case c == '"' && strings.HasPrefix(text[p:], "\"=>\""):
		a.sep = sepEqual
		p += 3
	case closed && (c == ',' || c == '/' || c == ';' || c == 'v' || c == '}' || c == ')'):
		return sc.member(a, p, c)
	case strings.IndexByte(",;\n\r", c) >= 0 && named(text, a.keyStart):
		return sc.member(a, p, c)
	case isWord(text, p, "is") || isWord(text, p, "was"):
		a.sep = sepIs
		p = skipBlank(text, p+2)
		if p < len(text) && text[p] == 's' {
			p++
		}
		p = skipBlank(text, p)
		if p < len(text) && (text[p] == ':' || text[p] == '=') {
			p++
		}
	case isWord(text, p, "for"): // the password for the user 'x' is 'y'
		line := text[p:min(len(text), p+80)]
		if n := strings.IndexAny(line, "\n.;"); n >= 0 {
			line = line[:n]
		}
		sc.steps += len(line)
		is := strings.Index(line, " is ")
		if is < 0 || is+5 > len(line) || line[is+4] != '"' && line[is+4] != '\'' {
			return false
		}
		a.sep = sepIs
		p += is + 4
	case c == '(' && sc.logon(a, p):
		return true
	case c == '(' && p+1 < len(text) && (text[p+1] == '"' || text[p+1] == '\''):
		a.sep = sepSpace
	case c == '[' && strings.IndexByte(text[p:min(len(text), p+6)], ']') > 0 && sc.declared(p): // char secret[25] = "…"
		a.sep = sepEqual
		p = strings.IndexByte(text[p:], '=') + p + 1
	case c == '"' || c == '\'':
		a.sep = sepSpace
	case p > a.keyEnd && before == '-' || text[a.keyEnd] == ' ' && sc.flagBefore(a):
		a.sep = sepFlag
		if c == '-' {
			return false
		}
	case p > a.keyEnd && sc.netrc(a):
		a.sep = sepSpace
	case isTypeWord(text, p):
		// Go: var apiToken string = "…"
		q := sc.typeName(a, p)
		if q == p {
			return false
		}
		a.sep, p = sepEqual, q
	case strings.HasPrefix(text[p:], "\\n") || strings.HasPrefix(text[p:], "\\t"):
		return false
	default:
		return false
	}
	sc.valueAt(a, p)
	return a.end > a.start
}

// logon reads the second of two literals: NetworkCredential("user", "x").
func (sc *scan) logon(a *assignment, p int) bool {
	text := sc.text
	word := strings.ToLower(text[a.keyStart:a.keyEnd])
	if !strings.HasSuffix(word, "credential") && !strings.HasSuffix(word, "auth") || p+1 >= len(text) || text[p+1] != '"' && text[p+1] != '\'' {
		return false
	}
	end := sc.quoteEnd(text[p+1], 0, p+2)
	rest := text[end:min(len(text), end+8)]
	comma := strings.IndexByte(rest, ',')
	if comma != 1 {
		return false
	}
	q := skipBlank(text, end+2)
	if q >= len(text) || text[q] != text[p+1] {
		return false
	}
	a.sep = sepEqual
	sc.valueAt(a, q)
	return a.end > a.start
}

// declared tells whether the brackets at p are those of an array that is
// given a value.
func (sc *scan) declared(p int) bool {
	rest := sc.text[p:min(len(sc.text), p+12)]
	eq := strings.IndexByte(rest, '=')
	return eq > 0 && (csDigit | csSpace | csBrace).only(rest[:eq])
}

// valueAt sets the bounds of a value that starts at or after p.
func (sc *scan) valueAt(a *assignment, p int) {
	text := sc.text
	p = skipBlank(text, p)
	if a.pair || a.sep == sepEqual || a.sep == sepColon { // the value may stand on the next line
		q := p
		for q < len(text) && q-p < 64 && csSpace.has(text[q]) {
			q++
		}
		if q < len(text) && (text[q] == '"' || text[q] == '\'') && (a.pair || q > p) {
			p = q
		}
	}
	for n := 0; n < 3 && p < len(text) && (text[p] == '[' || text[p] == '('); n++ {
		if text[p] == '[' && markerAt(text, p) > p {
			break
		}
		p = skipBlank(text, p+1)
	}
	for n := 0; n < 2 && p+1 < len(text) && strings.IndexByte("rbufRBUF@$", text[p]) >= 0 && (text[p+1] == '"' || text[p+1] == '\''); n++ {
		p++
	}
	if strings.HasPrefix(text[p:], quoteEscape) {
		a.quoted, a.start = true, p+len(quoteEscape)
		a.end = len(text)
		if n := strings.Index(text[a.start:min(len(text), a.start+maxValue)], quoteEscape); n >= 0 {
			a.end = a.start + n
		}
		sc.steps += a.end - a.start
		return
	}
	q, slashes := p, 0
	for q < len(text) && text[q] == '\\' && slashes < 8 {
		q++
		slashes++
	}
	if q < len(text) && strings.IndexByte("\"'`", text[q]) >= 0 {
		a.quoted = true
		a.start = q + 1
		a.end = sc.quoteEnd(text[q], slashes, a.start)
		return
	}
	a.start = p
	if m := markerAt(text, p); m > p {
		a.end = m
		return
	}
	a.end = sc.unquotedEnd(p, a.query)
	a.end = trimClosers(text, p, a.end)
}

// unquotedEnd returns where the value without quotes that holds p ends. What
// was read once is not read again for a key inside of it.
func (sc *scan) unquotedEnd(p int, query bool) int {
	if u := &sc.unquoted; u.start <= p && p < u.end && u.query == query {
		return min(u.end, p+maxValue)
	}
	end := p
	for end < len(sc.text) && end-p < maxValue && !valueStop(sc.text, end, query) {
		end++
	}
	sc.steps += end - p
	sc.unquoted.start, sc.unquoted.end, sc.unquoted.query = p, end, query
	return end
}

// quoteEnd returns where the value opened by a quote at start-1 ends. An
// unclosed one ends with its line.
func (sc *scan) quoteEnd(quote byte, slashes, start int) int {
	text := sc.text
	if start+1 < len(text) && slashes == 0 && text[start] == quote && text[start+1] == quote {
		start += 2 // """…"""
	}
	limit := min(len(text), start+maxValue)
	line := -1
	for i := start; i < limit; i++ {
		switch c := text[i]; {
		case c == '\\' && slashes == 0:
			i++
		case c == '\\' && i+slashes < len(text) && text[i+slashes] == quote && strings.Count(text[i:i+slashes], "\\") == slashes:
			sc.steps += i - start
			return i
		case c == quote && slashes == 0, c == quote && slashes > 0 && text[i-1] != '\\':
			sc.steps += i - start
			return i
		case c == '\n' && line < 0:
			line = i
		}
	}
	sc.steps += limit - start
	if line >= 0 {
		limit = line
	}
	end := start
	for end < limit && !csSpace.has(text[end]) {
		end++
	}
	return end
}

func skipBlank(text string, p int) int {
	for n := 0; n < 32 && p < len(text) && (text[p] == ' ' || text[p] == '\t'); n++ {
		p++
	}
	return p
}

func isWord(text string, p int, w string) bool {
	end := p + len(w)
	return end < len(text) && text[p:end] == w && !csAlnum.has(text[end])
}

// typeName skips a type between a key and its value: password: String = "x".
func (sc *scan) typeName(a *assignment, p int) int {
	q := skipBlank(sc.text, p)
	for _, t := range [...]string{"String", "string", "str", "&str", "&'static str", "Optional[str]", "Str", "text", "any", "char*", "[]byte"} {
		if !strings.HasPrefix(sc.text[q:], t) {
			continue
		}
		r := skipBlank(sc.text, q+len(t))
		if r < len(sc.text) && sc.text[r] == '?' {
			r = skipBlank(sc.text, r+1)
		}
		if r < len(sc.text) && sc.text[r] == '=' {
			a.sep = sepEqual
			return r + 1
		}
	}
	return p
}

func isTypeWord(text string, p int) bool {
	return isWord(text, p, "string") || isWord(text, p, "String") || isWord(text, p, "str")
}

// member reads the value that belongs to a name in a list of pairs:
// {"name": "password", "value": "x"}, <add key="password" value="x"/>,
// ["Authorization", "x"].
func (sc *scan) member(a *assignment, p int, c byte) bool {
	text := sc.text
	q := p
	for q < len(text) && q-p < 32 && strings.IndexByte(",;/ \t\r\n\\\"'{}>", text[q]) >= 0 {
		q++
	}
	for _, w := range [...]string{"value", "Value", "val", "content", "VALUE", "data"} {
		if !isWord(text, q, w) || !named(text, a.keyStart) {
			continue
		}
		r := q + len(w)
		for n := 0; n < 4 && r < len(text) && strings.IndexByte("\\\"'", text[r]) >= 0; n++ {
			r++
		}
		r = skipBlank(text, r)
		if r >= len(text) || text[r] != ':' && text[r] != '=' {
			return false
		}
		a.sep, a.pair = sepMember, true
		sc.valueAt(a, r+1)
		return a.end > a.start
	}
	if c != ',' || sc.byteAt(a.keyStart-1) != sc.byteAt(a.keyEnd) {
		return false
	}
	q = skipBlank(text, p+1)
	if q >= len(text) || text[q] != '"' && text[q] != '\'' {
		return false
	}
	a.sep, a.pair = sepNext, false
	sc.valueAt(a, q)
	return a.quoted && a.end > a.start
}

// named tells whether what stands before a key says that it is a name.
func named(text string, keyStart int) bool {
	p := keyStart
	for n := 0; n < 8 && p > 0 && strings.IndexByte("\\\"' \t=:>", text[p-1]) >= 0; n++ {
		p--
	}
	for _, w := range [...]string{"name", "Name", "key", "Key", "header", "field", "param", "parameter", "NAME", "KEY", "id", "label", "property"} {
		if strings.HasSuffix(text[:p], w) {
			return true
		}
	}
	return false
}

// flagBefore tells whether the key is a flag of a command line.
func (sc *scan) flagBefore(a *assignment) bool {
	return a.keyStart >= 2 && sc.text[a.keyStart-1] == '-' && (sc.text[a.keyStart-2] == '-' || csSpace.has(sc.text[a.keyStart-2]))
}

// netrc tells whether a key followed by a blank and a value stands in a file
// of machine, login and password words, or opens a line of such settings.
func (sc *scan) netrc(a *assignment) bool {
	key := strings.ToLower(sc.text[a.keyStart:a.keyEnd])
	if key == "requirepass" || key == "masterauth" {
		return true
	}
	if key != "password" && key != "passwd" {
		return false
	}
	before := sc.text[max(0, a.keyStart-160):a.keyStart]
	sc.steps += len(before)
	return strings.Contains(before, "login ") && (strings.Contains(before, "machine ") || strings.Contains(before, "default "))
}

// valueStop tells whether an unquoted value ends before text[i].
func valueStop(text string, i int, query bool) bool {
	switch c := text[i]; c {
	case ' ', '\t', '\n', '\r', '"', ',', ';', 0:
		return true
	case '&':
		return query || strings.IndexByte(text[i+1:min(len(text), i+32)], '=') > 0 || strings.HasPrefix(text[i:], "&amp;") || strings.HasPrefix(text[i:], "&quot;")
	case '#':
		return query
	case '<':
		return i+1 < len(text) && (text[i+1] == '/' || text[i+1] == 'b')
	case '\'', '`':
		return i+1 >= len(text) || !csAlnum.has(text[i+1])
	case '\\':
		return i+1 < len(text) && strings.IndexByte("nrt\"'", text[i+1]) >= 0
	case '%':
		return query && (strings.HasPrefix(text[i:], "%26") || strings.HasPrefix(text[i:], "%22"))
	}
	return false
}

// trimClosers leaves out punctuation and brackets that close what was opened
// before the value.
func trimClosers(text string, start, end int) int {
	for end > start {
		c := text[end-1]
		var open byte
		switch c {
		case ')':
			open = '('
		case ']':
			open = '['
		case '}':
			open = '{'
		case '>':
			open = '<'
		case '.', ':', '`', '\'':
			end--
			continue
		default:
			return end
		}
		v := text[max(start, end-256):end]
		if strings.Count(v, string(c)) <= strings.Count(v, string(open)) {
			return end
		}
		end--
	}
	return end
}

// phraseEnd returns where a phrase of words ends: at a comma, a full stop
// before a blank, the end of the line, or where the next key starts.
func phraseEnd(text string, start int) int {
	i := start
	for i < len(text) && i-start < 200 {
		switch c := text[i]; c {
		case ',', ';', '\n', '\r', '"', '|', '}', ']', '<', '&':
			return i
		case '\\':
			return i
		case '.':
			if i+1 >= len(text) || csSpace.has(text[i+1]) {
				return i
			}
		case '=', ':':
			for j := i; j > start; j-- {
				if text[j-1] == ' ' {
					return j - 1
				}
			}
		case ' ':
			if i+1 < len(text) && (text[i+1] == ' ' || text[i+1] == '(' || text[i+1] == '-') {
				return i
			}
		}
		i++
	}
	return i
}
