package detect

import "strings"

// told knows keys in a sentence that says what they are: the password is x.
func (sc *scan) told(f *following) outcome {
	text, p := sc.text, f.p
	if start := sc.message(f.assignment, p); start > p {
		return f.holding(start, start+len(wordOf(text[start:])), sepMember)
	}
	if isWord(text, p, "are") {
		if start := sc.logins(f.assignment, p); start > 0 {
			return f.holding(start, start+len(blankless(text, start)), sepMember)
		}
	}
	switch {
	case isWord(text, p, "is"):
		p = skipBlank(text, p+len("is"))
	case isWord(text, p, "was"):
		p = skipBlank(text, p+len("was"))
	default:
		return another
	}
	if isWord(text, p, "now") {
		p = skipBlank(text, p+len("now"))
	}
	if p < len(text) && (text[p] == ':' || text[p] == '=') {
		p++
	}
	return f.reading(p, sepIs)
}

// toldFor knows keys in a sentence that says whose they are: the password for the
// user 'x' is 'y'.
func (sc *scan) toldFor(f *following) outcome {
	text, p := sc.text, f.p
	if !isWord(text, p, "for") && !isWord(text, p, "FOR") && !isWord(text, p, "of") {
		return another
	}
	line := upTo(text, p, 80, "\n.;")
	sc.steps += len(line)
	if is := strings.Index(line, " is "); is >= 0 && is+5 <= len(line) && (line[is+4] == '"' || line[is+4] == '\'' || guarded(blankless(sc.text, p+is+4))) {
		return f.reading(p+is+4, sepIs)
	}
	if set := strings.Index(line, " = "); set >= 0 && strings.EqualFold(text[f.keyStart:f.keyEnd], "password") { // SET PASSWORD FOR 'u'@'h' = 'x'
		return f.reading(p+set+3, sepIs)
	}
	return nothing
}

// rejected knows keys that Spring names before a value that is not valid: on field
// 'password': rejected value [x]; codes [….
func (sc *scan) rejected(f *following) outcome {
	const said = ": rejected value ["
	if !strings.HasPrefix(sc.text[f.p:], said) {
		return another
	}
	start := f.p + len(said)
	rest := sc.text[start:min(len(sc.text), start+maxCode)]
	sc.steps += len(rest)
	n := strings.Index(rest, "]; codes")
	if n < 0 {
		n = strings.IndexByte(rest, ']')
	}
	f.quoted = true
	return f.holding(start, start+max(n, 0), sepMember)
}

// valued returns where the literal stands that a sentence says the key has, which
// goes on at p, or p: field password with value 'x'.
func valued(text string, p int) int {
	const said = "with value "
	q := p + len(said)
	if strings.HasPrefix(text[p:], said) && q < len(text) && (csQuote.has(text[q]) || strings.HasPrefix(text[q:], `\"`)) {
		return q
	}
	return p
}

// nextLine returns where the line starts that follows the colon at the end of
// that at p, or p: Please use the following password to proceed: ….
func (sc *scan) nextLine(p int) int {
	line, _, ok := strings.Cut(sc.text[p:min(len(sc.text), p+96)], "\n")
	sc.steps += len(line)
	if !ok || !strings.HasSuffix(strings.TrimRight(line, "\r"), ":") {
		return p
	}
	return skipSpace(sc.text, p+len(line))
}

// logins returns where the password stands behind "are" at p in a sentence about
// credentials: default credentials are admin:x. It is 0 if there is none.
func (sc *scan) logins(a *assignment, p int) int {
	if !strings.EqualFold(sc.text[a.keyStart:a.keyEnd], "credentials") {
		return 0
	}
	q := skipBlank(sc.text, p+len("are"))
	word := blankless(sc.text, q)
	at := strings.IndexAny(word, ":/")
	if at < 1 || !guarded(word[at+1:]) {
		return 0
	}
	return q + at + 1
}

// message is announced for a p at which "is generated" or "for" starts.
func (sc *scan) message(a *assignment, p int) int {
	for _, w := range [...]string{"is generated", "was generated", "for"} {
		if strings.HasPrefix(sc.text[p:], w) && sc.byteAt(p+len(w)) == ' ' {
			return sc.announced(a, p)
		}
	}
	return p
}

// announced returns where the password stands that ends the line of a message
// about it: a temporary password is generated for root@localhost: x.
// Otherwise it returns p.
func (sc *scan) announced(a *assignment, p int) int {
	text := sc.text
	line := upTo(text, p, maxCode, "\r\n")
	sc.steps += len(line)
	at := strings.LastIndex(line, ": ")
	if at < 0 || at > 80 || strings.Contains(line[:at], " from ") || !passWord(text[a.keyStart:a.keyEnd]) {
		return p
	}
	for _, w := range [...]string{"ailed ", "ccepted ", "nvalid ", "rong ", "ncorrect ", "xpired ", "o "} {
		if strings.HasSuffix(text[:a.keyStart], w) {
			return p
		}
	}
	word := strings.TrimRight(line[at+2:], " ")
	if len(word) < 7 || len(word) > 64 || word[0] == '*' || classes(word)&csLetter == 0 || classes(word)&^(csLetter|csDash|csUnder|csDot) == 0 || classes(word)&csSpace != 0 || word[0] == '/' || looksLikeTime(word) || csQuote.has(word[0]) || placeholder(word) {
		return p
	}
	return p + at + 2
}

// afterTo returns where the password stands that another one is changed to:
// password reset to x. Otherwise it returns p.
func (sc *scan) afterTo(p int) int {
	q := p
	for _, w := range [...]string{"has", "been", "changed", "reset", "set", "updated"} {
		if isWord(sc.text, q, w) {
			q = skipBlank(sc.text, q+len(w))
		}
	}
	if !isWord(sc.text, q, "to") {
		return p
	}
	q = skipBlank(sc.text, q+2)
	if q < len(sc.text) && csQuote.has(sc.text[q]) || guarded(blankless(sc.text, q)) {
		return q
	}
	return p
}

// copulas stand between a word for a password and the password in other
// languages than English: Ihr Passwort lautet x.
var copulas = [...]string{"lautet", "ist", "est", "es", "é", "è", "jest", "är", "er"}

// copula returns where the password stands behind one of copulas at p.
// Otherwise it returns p.
func copula(text string, p int) int {
	for _, w := range copulas {
		if rest, ok := strings.CutPrefix(text[p:], w); ok && rest != "" && (rest[0] == ' ' || rest[0] == ':') {
			q := skipBlank(text, p+len(w)+1)
			if guarded(blankless(text, q)) {
				return q
			}
		}
	}
	return p
}

// received masks the code that stands before the word "your" at i: 483920 is
// your one-time password.
func (sc *scan) received(i int) {
	text := sc.text
	start, end, ok := codeBefore(text, i)
	if !ok {
		return
	}
	rest := strings.ToLower(upTo(text, i+len("your"), 60, ".,;\n"))
	sc.steps += len(rest)
	for _, w := range [...]string{" code", " otp", " password", " passcode", " pin"} {
		if strings.Contains(rest+" ", w+" ") {
			sc.found(keyAuth, start, end)
			return
		}
	}
}

// codeBefore returns where the digits stand before " is " and the word at i.
func codeBefore(text string, i int) (start, end int, ok bool) {
	if i < 8 || text[i-4:i] != " is " {
		return 0, 0, false
	}
	end = i - 4
	start = end
	for start > 0 && end-start < 9 && csDigit.has(text[start-1]) {
		start--
	}
	n := end - start
	return start, end, n >= 4 && n <= 8 && (start == 0 || !(csWord | csDot).has(text[start-1]))
}
