package detect

import "strings"

// following is what follows a key.
type following struct {
	*assignment
	p      int  // where it stands, behind the key and its quotes
	c      byte // what stands there
	before byte // what stands before the key
	closed bool // the key stands in quotes
}

// outcome is what a way says of a key.
type outcome uint8

const (
	another outcome = iota // it is none of its keys
	reads                  // the value starts at p
	found                  // the value is in the assignment
	nothing                // no value follows
)

// reading says that the value starts at p.
func (f *following) reading(p int, sep separator) outcome {
	f.p, f.sep = p, sep
	return reads
}

// holding says that the value is known.
func (f *following) holding(start, end int, sep separator) outcome {
	f.start, f.end, f.sep = start, end, sep
	return found
}

// outcome asks the ways in which a value may follow its key: the first that knows
// the key decides. They are no table, as what the functions of one are handed
// goes to the heap.
func (sc *scan) outcome(f *following) (o outcome) {
	decides := func(by outcome) bool {
		o = by
		return o != another
	}
	_ = decides(sc.taggedEscaped(f)) || decides(sc.rejected(f)) || decides(sc.signed(f)) || decides(sc.signedOtherwise(f)) || decides(sc.celled(f)) ||
		decides(sc.declaring(f)) || decides(sc.elemented(f)) || decides(sc.marked(f)) || decides(sc.tagged(f)) ||
		decides(sc.taggedOtherwise(f)) || decides(sc.blocked(f)) || decides(sc.listed(f)) || decides(sc.told(f)) ||
		decides(sc.toldFor(f)) || decides(sc.called(f)) || decides(sc.quoted(f)) || decides(sc.flagged(f)) || decides(sc.bared(f))
	return o
}

// value finds where the value of a key stands. It reports false if no value
// follows.
func (sc *scan) value(a *assignment) bool {
	text := sc.text
	a.query = isParam(text, a.keyStart) || a.keyStart == 0 && opensForm(text) || a.keyStart > 0 && inForm(text, a.keyStart, a.keyEnd) && folded(queryKeys, text[a.keyStart:a.keyEnd])
	f := following{assignment: a, before: sc.byteAt(a.keyStart - 1)}
	if f.before == ':' && strings.Contains(text[max(0, a.keyStart-80):a.keyStart], "arn:") {
		return false
	}
	if sc.escapedTag(a, a.keyEnd) {
		return a.end > a.start
	}
	f.behindKey(text)
	sc.behindAccess(&f)
	if f.p >= len(text) {
		return false
	}
	f.c = text[f.p]
	switch sc.outcome(&f) {
	case reads:
		return sc.valueFrom(&f)
	case found:
		return a.end > a.start
	}
	return false
}

// opensForm tells whether text starts as a form does: a=1&b=2.
func opensForm(text string) bool {
	_, rest, _ := strings.Cut(text[:min(len(text), 256)], "&")
	key, _, ok := strings.Cut(rest, "=")
	return ok && key != "" && strings.IndexByte(key, ' ') < 0
}

// behindKey finds what follows the key behind the quotes and brackets that close
// it.
func (f *following) behindKey(text string) {
	p := emphasis(text, f.keyEnd)
	closers := 0
	entity := quoteEntity(text, p)
	p += entity
	for p < len(text) && closers < 10 && strings.IndexByte("\\\"'`])", text[p]) >= 0 && !(text[p] == '\\' && p+1 < len(text) && strings.IndexByte("nrtu", text[p+1]) >= 0) {
		p++
		closers++
	}
	if f.before == '{' && closers == 0 && strings.HasPrefix(text[p:], "} = ") && f.keyStart > 1 && (csWord.has(text[f.keyStart-2]) || text[f.keyStart-2] == '>') {
		p++ // $ENV{API_KEY} of Perl
	}
	if strings.HasPrefix(text[p:], "%22%3A") || strings.HasPrefix(text[p:], "%22%3a") {
		p += 3
	}
	f.closed = entity > 0 || closers > 0 && strings.IndexByte("\"'`", text[p-1]) >= 0
	f.pair = f.closed
	p = skipBlank(text, uncoloured(text, p))
	if strings.HasPrefix(text[p:], ".:") { // Tel.: …
		p++
	}
	f.p = p
}

// behindAccess finds what follows the key behind the access of a property as PHP
// writes it: ["password":protected], [password:Acme\User:private].
func (sc *scan) behindAccess(f *following) {
	text := sc.text
	open := f.keyStart
	for open > 0 && f.keyStart-open < 3 && (text[open-1] == '"' || text[open-1] == '\\') {
		open--
	}
	if sc.byteAt(open-1) != '[' || sc.byteAt(f.p) != ':' {
		return
	}
	end := f.p
	for end < len(text) && end-f.p < maxCode && (csWord.has(text[end]) || strings.IndexByte(`:"\`, text[end]) >= 0) {
		end++
	}
	sc.steps += end - f.p
	access := text[f.p:end]
	if sc.byteAt(end) == ']' && (strings.HasSuffix(access, ":protected") || strings.HasSuffix(access, ":private")) {
		f.p = skipBlank(text, end+1)
	}
}

// valueFrom reads the value that starts at f.p, or on the lines below it.
func (sc *scan) valueFrom(f *following) bool {
	text, a := sc.text, f.assignment
	if q := skipBlank(text, f.p); a.sep == sepColon && q < len(text) && strings.IndexByte("\r\n|>", text[q]) >= 0 {
		if start, end, plain := sc.below(a, q); end > 0 && (!plain || sc.speaks(start, end)) {
			a.start, a.end, a.quoted = start, end, true
			return true
		}
	}
	sc.valueAt(a, wrapped(text, f.p))
	if a.sep == sepEqual && a.quoted && !f.closed {
		if n := sc.together(a); n > 0 {
			sc.nth(a, n)
		}
	}
	if !f.closed && a.quoted && sc.inLiteral(a) {
		return false
	}
	return a.end > a.start
}

// signed knows keys with a sign of assignment behind them: = : := => ->.
func (sc *scan) signed(f *following) outcome {
	text, p := sc.text, f.p
	double := p+1 < len(text) && (text[p+1] == '=' || f.c == '|' && text[p+1] == '|')
	if f.c != '=' && f.c != ':' && !(double && strings.IndexByte("?!|", f.c) >= 0) && !strings.HasPrefix(text[p:], "->") {
		return another
	}
	if !f.closed && sc.operator(p) {
		return nothing
	}
	f.sep = sepEqual
	if f.c == ':' {
		f.sep = sepColon
	}
	for p < len(text) && strings.IndexByte("=:?!|>-~", text[p]) >= 0 && (text[p] != '-' || strings.HasPrefix(text[p:], "->")) {
		if text[p] != ':' {
			f.sep = sepEqual
		}
		p++
	}
	if strings.HasPrefix(text[p:], `\u003e`) { // =>
		p += len(`\u003e`)
	}
	if f.sep == sepColon && (strings.HasPrefix(text[p:], "//") || sc.inUserinfo(f.assignment)) {
		return nothing
	}
	if f.sep == sepEqual && !f.closed && sc.logon(f.assignment, skipBlank(text, p)) {
		return found
	}
	// "key" => "value" in logs that quote the arrow
	if strings.HasPrefix(text[p:], `"=>"`) {
		p += 3
	}
	f.p = sc.typeName(f.assignment, emphasis(text, p))
	return reads
}

// signedOtherwise knows keys with what stands for such a sign in some languages.
func (sc *scan) signedOtherwise(f *following) outcome {
	text, p := sc.text, f.p
	switch {
	case arrow(text, p) > p && sc.loneSecret(skipBlank(text, arrow(text, p))):
		return f.reading(arrow(text, p), sepEqual)
	case strings.HasPrefix(text[p:], "%5D="):
		f.query = true
		return f.reading(p+len("%5D="), sepEqual)
	case !f.closed && p > f.keyEnd && (strings.HasPrefix(text[p:], `\"`) || strings.HasPrefix(text[p:], `\'`)):
		return f.reading(p, sepSpace)
	case f.c == ',' && !f.closed && sc.flagBefore(f.assignment) && sc.byteAt(p+1) == ' ' && sc.byteAt(p+2) != '-':
		return f.reading(p+2, sepFlag)
	case f.closed && serialized(text, p) > p:
		return f.reading(serialized(text, p), sepMember)
	case valued(text, p) > p:
		return f.reading(valued(text, p), sepSpace)
	case f.closed && isWord(text, p, "with") && csQuote.has(sc.byteAt(p+len("with "))):
		return f.reading(p+len("with "), sepSpace)
	case text[f.keyStart:f.keyEnd] == "PASSWORD" && p > f.keyEnd && strings.HasPrefix(text[p+len(wordOf(text[p:])):], " = "): // of elasticsearch-setup-passwords
		return f.reading(p+len(wordOf(text[p:]))+len(" = "), sepEqual)
	case likened(text, p) > p: // of SQL
		return f.reading(likened(text, p), sepEqual)
	case strings.HasPrefix(text[p:], `<- "`), strings.HasPrefix(text[p:], "<- '"): // of R
		return f.reading(p+2, sepEqual)
	}
	return another
}

// serialized returns where the literal stands behind its length that PHP writes
// behind the key that ends at p, or p: s:8:"password";s:10:"x"; of PHP.
func serialized(text string, p int) int {
	if !strings.HasPrefix(text[p:], ";s:") {
		return p
	}
	q := p + len(";s:")
	n := digitRun(text, q)
	if n == 0 || q+n+1 >= len(text) || text[q+n] != ':' || text[q+n+1] != '"' && text[q+n+1] != '\\' {
		return p
	}
	return q + n + 1
}

// likened returns where the literal starts that a statement compares a column
// with by the operator at p, or p.
func likened(text string, p int) int {
	for _, op := range [...]string{"IN", "in"} {
		if q := skipBlank(text, p+len(op)); strings.HasPrefix(text[p:], op) && q+1 < len(text) && text[q] == '(' && text[q+1] == '\'' {
			return q
		}
	}
	for _, op := range [...]string{"<>", "LIKE", "like", "ILIKE", "ilike", "NOT LIKE", "not like"} {
		if q := skipBlank(text, p+len(op)); strings.HasPrefix(text[p:], op) && q < len(text) && text[q] == '\'' {
			return q
		}
	}
	return p
}

// celled knows keys in a cell of a table.
func (sc *scan) celled(f *following) outcome {
	if f.c != '|' {
		return another
	}
	start, end := sc.cell(f.assignment, f.p)
	return f.holding(start, end, sepMember)
}

// marked knows keys with what stands for a colon or a sign of equality.
func (sc *scan) marked(f *following) outcome {
	text, p := sc.text, f.p
	has := func(prefix string) bool { return strings.HasPrefix(text[p:], prefix) }
	switch {
	case has(wideColon):
		return f.reading(p+len(wideColon), sepColon)
	case has(". ") && shortNoun(text[max(0, p-2):p]): // passport no. 123
		if p++; isWord(text, skipBlank(text, p), "is") {
			p = skipBlank(text, p) + len("is")
		}
		return f.reading(p, sepColon)
	case has("%3D"), has("%3d"), has("%3A"), has("%3a"):
		for p += 3; has("%22"); p += 3 {
		}
		f.query, f.encoded = true, true
		return f.reading(p, sepEqual)
	case has("%253D"), has("%253d"):
		f.query, f.encoded = true, true
		return f.reading(p+5, sepEqual)
	}
	return another
}

// blocked knows keys that open or head what holds their value.
func (sc *scan) blocked(f *following) outcome {
	text, p := sc.text, f.p
	if f.closed && f.c == '{' { // variable "api_token" { default = "x" }
		if q := sc.defaultOf(f.assignment, p); q > p {
			return f.reading(q, sepEqual)
		}
	}
	if p > f.keyEnd && strings.HasSuffix(text[:f.keyStart], "following ") && passWord(text[f.keyStart:f.keyEnd]) {
		if q := sc.nextLine(p); q > p {
			return f.reading(q, sepEqual)
		}
	}
	if n := partHead(text[p:]); f.closed && n > 0 && named(text, f.keyStart) && (f.c != '\n' || strings.HasSuffix(text[:f.keyStart], `name="`)) {
		f.query = true
		return f.reading(p+n, sepEqual)
	}
	if strings.HasPrefix(text[p:], `"=>"`) {
		return f.reading(p+3, sepEqual)
	}
	return another
}

// listed knows keys that are elements of a list or members of a pair, of which
// the value is the next one.
func (sc *scan) listed(f *following) outcome {
	if f.c == ',' && sc.located(f.assignment, f.p) {
		return found
	}
	if f.closed && strings.IndexByte(",/;vc})", f.c) >= 0 || (f.closed && f.c == 't' || strings.IndexByte(",;\n\r", f.c) >= 0) && named(sc.text, f.keyStart) {
		if sc.member(f.assignment, f.p, f.c) {
			return found
		}
		return nothing
	}
	return another
}

// bared knows keys behind which a value stands without any sign.
func (sc *scan) bared(f *following) outcome {
	text, p := sc.text, f.p
	if p == f.keyEnd {
		return another
	}
	if q := typed(text, p); q > p {
		f.logon = true
		return f.reading(q, sepFlag)
	}
	password := passWord(text[f.keyStart:f.keyEnd])
	if q := copula(text, p); password && q > p {
		return f.reading(q, sepIs)
	}
	if setting(text, f.keyStart, f.keyEnd, p) > p {
		return f.reading(p, sepFlag)
	}
	if bareAt(text, f.keyStart, f.keyEnd, p) > p {
		return f.reading(p, sepBare)
	}
	if password {
		if q := sc.afterTo(p); q > p {
			return f.reading(q, sepIs)
		}
	}
	return another
}

// speaks tells whether text[start:end], which may as well be a word of a
// document, can be nothing but a secret.
func (sc *scan) speaks(start, end int) bool {
	value := sc.text[start:end]
	return guarded(value) || len(value) >= 16 && len(value) < maxCode && mixed(value) && csTok68.only(value) && !looksLikeTime(value)
}

// emphasis returns where the marks of Markdown and HTML end that stress the key
// before p: **Password:** x, <b>Password:</b> x.
func emphasis(text string, p int) int {
	q := p
	for n := 0; n < 2 && q < len(text) && text[q] == '*'; n++ {
		q++
	}
	if q > p && q < len(text) && (text[q] == ':' || text[q] == ' ' || text[q] == '=') {
		return q
	}
	if !strings.HasPrefix(text[p:], "</") {
		return p
	}
	for _, tag := range [...]string{"</b>", "</strong>", "</em>", "</label>", "</span>"} {
		if strings.HasPrefix(text[p:], tag) {
			return p + len(tag)
		}
	}
	return p
}

// arrow returns where the arrow or the dash ends that stands at p for a sign, or
// p.
func arrow(text string, p int) int {
	if p >= len(text) || text[p] != '-' && text[p] < 0x80 {
		return p
	}
	for _, a := range [...]string{"→", "➜", "➡", "⇒", "–", "—", "- "} {
		if strings.HasPrefix(text[p:], a) {
			return p + len(a)
		}
	}
	return p
}

// loneSecret tells whether the word at p can be nothing but a password and ends its
// line.
func (sc *scan) loneSecret(p int) bool {
	word := blankless(sc.text, p)
	return guarded(word) && sc.ends(p+len(word))
}

// inUserinfo tells whether the key is the user of a URL, and what follows is left
// to at: https://x-access-token:x@host.
func (sc *scan) inUserinfo(a *assignment) bool {
	if !strings.HasSuffix(sc.text[:a.keyStart], "//") {
		return false
	}
	rest := sc.text[a.keyEnd:min(len(sc.text), a.keyEnd+maxCode)]
	n := strings.IndexAny(rest, "@/ \"'\n")
	sc.steps += max(n, 0)
	return n > 0 && rest[n] == '@'
}

// partHead returns how long the end of the head of a part of a form is.
func partHead(text string) int {
	for _, end := range [...]string{"\r\n\r\n", `\r\n\r\n`, `\n\n`, "\n\n"} {
		if strings.HasPrefix(text, end) {
			return len(end)
		}
	}
	return 0
}
