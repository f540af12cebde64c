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
	if !isWord(text, p, "is") && !isWord(text, p, "was") {
		return another
	}
	p = skipBlank(text, p+2)
	if p < len(text) && text[p] == 's' {
		p++
	}
	p = skipBlank(text, p)
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
	line := text[p:min(len(text), p+80)]
	if n := strings.IndexAny(line, "\n.;"); n >= 0 {
		line = line[:n]
	}
	sc.steps += len(line)
	if is := strings.Index(line, " is "); is >= 0 && is+5 <= len(line) && (line[is+4] == '"' || line[is+4] == '\'' || guarded(sc.blankless(p+is+4))) {
		return f.reading(p+is+4, sepIs)
	}
	if set := strings.Index(line, " = "); set >= 0 && strings.EqualFold(text[f.keyStart:f.keyEnd], "password") { // SET PASSWORD FOR 'u'@'h' = 'x'
		return f.reading(p+set+3, sepIs)
	}
	return nothing
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
	word := sc.blankless(q)
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
