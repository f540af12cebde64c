package detect

import "strings"

// value finds where the value of a key stands. It reports false if no value
// follows.
func (sc *scan) value(a *assignment) bool {
	text, p := sc.text, a.keyEnd
	a.query = isParam(text, a.keyStart) || a.keyStart == 0 && strings.IndexByte(text[:min(len(text), 256)], '&') > 0 || a.keyStart > 0 && inForm(text, a.keyStart, a.keyEnd) && queryKeys[strings.ToLower(text[a.keyStart:a.keyEnd])]
	before := sc.byteAt(a.keyStart - 1)
	if before == ':' && strings.Contains(text[max(0, a.keyStart-80):a.keyStart], "arn:") {
		return false
	}
	if sc.escapedTag(a, p) {
		return a.end > a.start
	}
	p = emphasis(text, p)
	closers := 0
	entity := quoteEntity(text, p)
	escaped := entity > 0
	p += entity
	for p < len(text) && closers < 10 && strings.IndexByte("\\\"'`])", text[p]) >= 0 && !(text[p] == '\\' && p+1 < len(text) && strings.IndexByte("nrtu", text[p+1]) >= 0) {
		p++
		closers++
	}
	if closers > 0 && strings.HasPrefix(text[p:], `\u003e`) { // <entry key=\"password\"\u003ex\u003c/entry
		a.sep, a.pair, a.start = sepTag, true, p+len(`\u003e`)
		n := strings.Index(text[a.start:min(len(text), a.start+maxValue)], `\u003c`)
		sc.steps += max(n, 0)
		a.end = a.start + max(n, 0)
		return n > 0
	}
	if before == '{' && closers == 0 && strings.HasPrefix(text[p:], "} = ") && a.keyStart > 1 && (csWord.has(text[a.keyStart-2]) || text[a.keyStart-2] == '>') {
		p++ // $ENV{API_KEY} of Perl
	}
	if strings.HasPrefix(text[p:], "%22%3A") || strings.HasPrefix(text[p:], "%22%3a") {
		p += 3
	}
	closed := escaped || closers > 0 && strings.IndexByte("\"'`", text[p-1]) >= 0
	a.pair = closed
	p = skipBlank(text, uncoloured(text, p))
	if p >= len(text) {
		return false
	}
	if text[p] == '.' && p+1 < len(text) && text[p+1] == ':' { // Tel.: …
		p++
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
		p += len(text[p:]) - len(strings.TrimPrefix(text[p:], `\u003e`)) // =>
		if a.sep == sepColon && (strings.HasPrefix(text[p:], "//") || sc.inUserinfo(a)) {
			return false
		}
		if a.sep == sepEqual && !closed && sc.logon(a, skipBlank(text, p)) {
			return true
		}
		// "key" => "value" in logs that quote the arrow
		if strings.HasPrefix(text[p:], "\"=>\"") {
			p += 3
		}
		p = sc.typeName(a, emphasis(text, p))
	case arrow(text, p) > p && sc.alone(skipBlank(text, arrow(text, p))):
		a.sep = sepEqual
		p = arrow(text, p)
	case strings.HasPrefix(text[p:], "%5D="):
		a.sep, a.query = sepEqual, true
		p += len("%5D=")
	case c == '\\' && !closed && p > a.keyEnd && (strings.HasPrefix(text[p:], `\"`) || strings.HasPrefix(text[p:], `\'`)):
		a.sep = sepSpace
	case c == ',' && !closed && sc.flagBefore(a) && sc.byteAt(p+1) == ' ' && sc.byteAt(p+2) != '-':
		a.sep = sepFlag
		p += 2
	case closed && isWord(text, p, "with") && csQuote.has(sc.byteAt(p+len("with "))):
		a.sep = sepSpace
		p += len("with ")
	case text[a.keyStart:a.keyEnd] == "PASSWORD" && p > a.keyEnd && strings.HasPrefix(text[p+len(wordOf(text[p:])):], " = "): // of elasticsearch-setup-passwords
		a.sep = sepEqual
		p += len(wordOf(text[p:])) + len(" = ")
	case c == '<' && strings.HasPrefix(text[p:], "<- \""), c == '<' && strings.HasPrefix(text[p:], "<- '"): // of R
		a.sep = sepEqual
		p += 2
	case c == '|':
		a.sep = sepMember
		a.start, a.end = sc.cell(a, p)
		return a.end > a.start
	case c == '-' && !closed && sc.valueFlag(a, p) > p:
		a.sep = sepFlag
		p = sc.valueFlag(a, p)
	case c == ',' && !closed && namesAfter(text, p) > p:
		a.sep = sepEqual
		p = namesAfter(text, p)
	case (c == ',' && (!closed || sc.selects(a, p)) || c == '.') && p > a.keyEnd-1 && sc.given(a, p) > p:
		a.sep = sepSpace
		p = sc.given(a, p)
		closed = true
	case !closed && sc.declaredAt(a.keyEnd, p) > a.keyEnd:
		a.sep = sepEqual
		p = sc.declaredAt(a.keyEnd, p)
	case closed && c != '>' && named(text, a.keyStart) && sc.element(p) > p:
		a.sep = sepTag
		p = sc.element(p)
		a.start, a.end = p, sc.until(&sc.tag, p, func(i int) bool { return text[i] == '<' })
		return a.end > a.start
	case strings.HasPrefix(text[p:], wideColon):
		a.sep = sepColon
		p += len(wideColon)
	case c == '.' && shortNoun(text[max(0, p-2):p]) && p+1 < len(text) && text[p+1] == ' ': // passport no. 123
		a.sep = sepColon
		if p++; isWord(text, skipBlank(text, p), "is") {
			p = skipBlank(text, p) + len("is")
		}
	case c == '%' && strings.HasPrefix(text[p:], "%3D"), c == '%' && strings.HasPrefix(text[p:], "%3d"), strings.HasPrefix(text[p:], "%3A"), strings.HasPrefix(text[p:], "%3a"):
		a.sep, a.query, a.encoded = sepEqual, true, true
		for p += 3; strings.HasPrefix(text[p:], "%22"); p += 3 {
		}
	case strings.HasPrefix(text[p:], "%253D"), strings.HasPrefix(text[p:], "%253d"):
		a.sep, a.query, a.encoded = sepEqual, true, true
		p += 5
	case c == '>' && (before == '<' || before == ':' || closed):
		a.sep = sepTag
		p++
		p = sc.attributeValue(p)
		if inside, ok := strings.CutPrefix(text[p:min(len(text), p+maxValue)], "<![CDATA["); ok {
			if n := strings.Index(inside, "]]>"); n > 0 {
				a.start = p + len("<![CDATA[")
				a.end = a.start + n
				sc.steps += n
				return true
			}
		}
		if inner := valueTag(text, p); inner > p {
			p = inner
		}
		end := sc.until(&sc.tag, p, func(i int) bool { return text[i] == '<' })
		a.start, a.end, a.cut = p, end, end-p >= maxValue
		// What is not closed has been cut off, or is none: AUTH <password> called without.
		return end > p && (strings.HasPrefix(text[end:], "</") || a.cut || csSymbols(text[p:end]) && !strings.ContainsAny(text[p:end], " \t") && !stands(text, a.keyStart-1))
	case closed && p > a.keyEnd+1 && sc.attributeValue(sc.tagEnd(p)) > sc.tagEnd(p): // <Attribute Name="…" NameFormat="…"><AttributeValue>
		a.sep = sepTag
		p = sc.attributeValue(sc.tagEnd(p))
		end := sc.until(&sc.tag, p, func(i int) bool { return text[i] == '<' })
		a.start, a.end, a.cut = p, end, end-p >= maxValue
		return end > p
	case before == '<' && (c == 'x' || c == 'T' || c == 't') && sc.tagEnd(p) > p: // <Password Type="…">
		a.sep = sepTag
		p = sc.tagEnd(p)
		end := sc.until(&sc.tag, p, func(i int) bool { return text[i] == '<' })
		a.start, a.end, a.cut = p, end, end-p >= maxValue
		return end > p && strings.HasPrefix(text[end:], "</")
	case c == '<' && before == '>' && sc.data(p) > p: // <td>Password</td><td>
		a.sep, a.start = sepTag, sc.data(p)
		a.end = sc.until(&sc.tag, a.start, func(i int) bool { return text[i] == '<' })
		return a.end > a.start && sc.speaks(a.start, a.end)
	case c == '<' && before == '>' && sc.property(p) > p: // <key>password</key><string>
		a.sep = sepTag
		p = sc.property(p)
		end := sc.until(&sc.tag, p, func(i int) bool { return text[i] == '<' })
		a.start, a.end, a.cut = p, end, end-p >= maxValue
		return end > p
	case closed && c == '{' && sc.defaultOf(a, p) > p: // variable "api_token" { default = "x" }
		a.sep = sepEqual
		p = sc.defaultOf(a, p)
	case p > a.keyEnd && strings.HasSuffix(text[:a.keyStart], "following ") && passWord(text[a.keyStart:a.keyEnd]) && sc.nextLine(p) > p:
		a.sep = sepEqual
		p = sc.nextLine(p)
	case closed && partHead(text[p:]) > 0 && named(text, a.keyStart) && (c != '\n' || strings.HasSuffix(text[:a.keyStart], `name="`)):
		p += partHead(text[p:])
		a.sep, a.query = sepEqual, true
	case c == '"' && strings.HasPrefix(text[p:], "\"=>\""):
		a.sep = sepEqual
		p += 3
	case closed && (c == ',' || c == '/' || c == ';' || c == 'v' || c == 'c' || c == '}' || c == ')'):
		return sc.member(a, p, c)
	case strings.IndexByte(",;\n\r", c) >= 0 && named(text, a.keyStart), closed && c == 't' && named(text, a.keyStart):
		return sc.member(a, p, c)
	case sc.message(a, p) > p:
		a.sep, a.start = sepMember, sc.message(a, p)
		a.end = a.start + len(wordOf(text[a.start:]))
		return true
	case isWord(text, p, "are") && sc.logins(a, p) > 0:
		a.sep, a.start = sepMember, sc.logins(a, p)
		a.end = a.start + len(blankless(text, a.start))
		return true
	case isWord(text, p, "is") || isWord(text, p, "was"):
		a.sep = sepIs
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
	case isWord(text, p, "for"), isWord(text, p, "FOR"), isWord(text, p, "of"): // the password for the user 'x' is 'y'
		line := text[p:min(len(text), p+80)]
		if n := strings.IndexAny(line, "\n.;"); n >= 0 {
			line = line[:n]
		}
		sc.steps += len(line)
		is := strings.Index(line, " is ")
		if is < 0 || is+5 > len(line) || line[is+4] != '"' && line[is+4] != '\'' && !guarded(sc.blankless(p+is+4)) {
			if set := strings.Index(line, " = "); set < 0 || !strings.EqualFold(text[a.keyStart:a.keyEnd], "password") {
				return false
			} else { // SET PASSWORD FOR 'u'@'h' = 'x'
				is = set - 1
			}
		}
		a.sep = sepIs
		p += is + 4
	case c == '(' && sc.logon(a, p):
		return true
	case c == '(' && p+1 < len(text) && (text[p+1] == '"' || text[p+1] == '\'' || strings.HasPrefix(text[p+1:], `\"`)):
		a.sep = sepSpace
	case c == '[' && strings.IndexByte(text[p:min(len(text), p+6)], ']') > 0 && sc.declared(p): // char secret[25] = "…"
		a.sep = sepEqual
		p = strings.IndexByte(text[p:], '=') + p + 1
	case c == '"' && !closed && before == ':' && a.keyStart > 1 && strings.IndexByte("{ ,(", text[a.keyStart-2]) >= 0: // {:first-name "x"} of Clojure
		a.sep = sepMember
	case c == '"' || c == '\'':
		if closed && !csQuote.has(before) && !sc.pathQuoted(a) { // "GET /token" "curl/8.0"
			return false
		}
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
	case p > a.keyEnd && typed(text, p) > p:
		p = typed(text, p)
		a.sep, a.logon = sepFlag, true
	case p > a.keyEnd && passWord(text[a.keyStart:a.keyEnd]) && copula(text, p) > p:
		p = copula(text, p)
		a.sep = sepIs
	case p > a.keyEnd && setting(text, a.keyStart, a.keyEnd, p) > p:
		a.sep = sepFlag
	case p > a.keyEnd && bareAt(text, a.keyStart, a.keyEnd, p) > p:
		a.sep = sepBare
	case p > a.keyEnd && passWord(text[a.keyStart:a.keyEnd]) && sc.afterTo(p) > p:
		p = sc.afterTo(p)
		a.sep = sepIs
	case strings.HasPrefix(text[p:], "\\n") || strings.HasPrefix(text[p:], "\\t"):
		return false
	default:
		return false
	}
	if q := skipBlank(text, p); a.sep == sepColon && q < len(text) && strings.IndexByte("\r\n|>", text[q]) >= 0 {
		if start, end, plain := sc.below(a, q); end > 0 && (!plain || sc.speaks(start, end)) {
			a.start, a.end, a.quoted = start, end, true
			return true
		}
	}
	sc.valueAt(a, wrapped(text, p))
	if a.sep == sepEqual && a.quoted && !closed {
		if n := sc.together(a); n > 0 {
			sc.nth(a, n)
		}
	}
	if !closed && a.quoted && sc.inLiteral(a) {
		return false
	}
	return a.end > a.start
}

// wrapped returns where the value stands in what says that there is one: Some("x")
// of Rust and Scala, Optional[x] of Java.
func wrapped(text string, p int) int {
	q := skipBlank(text, p)
	if strings.HasPrefix(text[q:], "Some(") {
		return q + len("Some(")
	}
	if rest, ok := strings.CutPrefix(text[q:min(len(text), q+maxCode)], "Optional["); ok {
		if inner, _, _ := strings.Cut(rest, "]"); !(csLetter | csDot).only(inner) { // a type of Python
			return q + len("Optional[")
		}
	}
	return p
}

// attributeValue returns where the value of an attribute of SAML stands behind
// the tag at p that holds it, or p.
func (sc *scan) attributeValue(p int) int {
	q := skipSpace(sc.text, p)
	tag, _, ok := strings.Cut(sc.text[q:min(len(sc.text), q+maxCode)], ">")
	sc.steps += len(tag)
	name, _, _ := strings.Cut(tag, " ")
	if ok && strings.HasPrefix(name, "<") && strings.HasSuffix(name, "AttributeValue") {
		return q + len(tag) + 1
	}
	return p
}

// speaks tells whether text[start:end], which may as well be a word of a
// document, can be nothing but a secret.
func (sc *scan) speaks(start, end int) bool {
	value := sc.text[start:end]
	return guarded(value) || len(value) >= 16 && len(value) < maxCode && mixed(value) && csTok68.only(value) && !looksLikeTime(value)
}

// pathQuoted tells whether the key ends the path of a setting in quotes:
// "Db:Password".
func (sc *scan) pathQuoted(a *assignment) bool {
	p := a.keyStart
	for low := max(0, p-maxKeyReach); p > low && (keyByte(sc.text[p-1]) || sc.text[p-1] == ':'); {
		p--
	}
	sc.steps += a.keyStart - p
	return p < a.keyStart && p > 0 && sc.text[p-1] == sc.text[a.keyEnd] && csQuote.has(sc.text[p-1])
}

// valueFlags are the flags of a command that stores the value of what is named
// before them.
var valueFlags = wordSet("value body b secret-string string-value plaintext")

// valueFlag returns where the value stands that a flag at p or behind it says
// the key has: put-parameter --name db_password --type SecureString --value x.
// Otherwise it returns p.
func (sc *scan) valueFlag(a *assignment, p int) int {
	text := sc.text
	if !compound(text[a.keyStart:a.keyEnd]) && !csUp.only(text[a.keyStart:a.keyEnd]) {
		return p
	}
	q := p
	for limit := min(len(text), p+160); q < limit && text[q] == '-'; {
		for q < limit && text[q] == '-' {
			q++
		}
		name := q
		for q < limit && (csAlnum | csDash).has(text[q]) {
			q++
		}
		sc.steps += q - name
		if strings.HasPrefix(text[name:q], "b") && q-name > 1 && text[name-2] == ' ' && guarded(text[name+1:q]) {
			return name + 1 // glued to it
		}
		flag := text[name:q]
		if q >= limit || text[q] != ' ' && text[q] != '=' && !(flag == "b" && csQuote.has(text[q])) {
			return p
		}
		if valueFlags[flag] {
			if !csQuote.has(text[q]) {
				q = skipBlank(text, q+1)
			}
			if (flag == "b" || flag == "body") && strings.IndexByte(wordOf(text[q:]), ' ') < 0 && q < len(text) && csQuote.has(text[q]) && strings.IndexByte(text[q:sc.quoteEnd(text[q], 0, q+1)], ' ') >= 0 {
				return p // of an issue
			}
			return q
		}
		q = skipBlank(text, q+1)
		if q < limit && text[q] != '-' {
			q = skipBlank(text, q+len(wordOf(text[q:])))
		}
	}
	return p
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
	for _, a := range [...]string{"→", "➜", "➡", "⇒", "–", "—", "- "} {
		if strings.HasPrefix(text[p:], a) {
			return p + len(a)
		}
	}
	return p
}

// alone tells whether the word at p can be nothing but a password and ends its
// line.
func (sc *scan) alone(p int) bool {
	word := sc.blankless(p)
	return guarded(word) && sc.ends(p+len(word))
}

// data returns where the cell stands that follows the one which ends at p, in a
// table or a list of HTML, or p.
func (sc *scan) data(p int) int {
	for _, pair := range [...][2]string{{"</td>", "<td>"}, {"</th>", "<td>"}, {"</dt>", "<dd>"}} {
		if !strings.HasPrefix(sc.text[p:], pair[0]) {
			continue
		}
		if q := skipSpace(sc.text, p+len(pair[0])); strings.HasPrefix(sc.text[q:], pair[1]) {
			return q + len(pair[1])
		}
	}
	return p
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

// escapedTag reads the value in a tag as Go escapes it in JSON, or as it stands
// in other HTML: \u003cpassword\u003ex\u003c/password\u003e.
func (sc *scan) escapedTag(a *assignment, p int) bool {
	less, greater := `\u003c`, `\u003e`
	text := sc.text
	if strings.HasPrefix(text[p:], "&gt;") {
		less, greater = "&lt;", "&gt;"
	}
	if strings.HasPrefix(text[p:], `\u003d`) { // password\u003dx
		a.sep = sepEqual
		sc.valueAt(a, p+len(`\u003d`))
		return true
	}
	open, end := greater, less
	if strings.HasPrefix(text[p:], "&gt;") { // in HTML: &lt;password&gt;x&lt;/password&gt;
		open, end = "&gt;", "&lt;"
	}
	if !strings.HasPrefix(text[p:], open) || !strings.HasSuffix(text[:a.keyStart], end) {
		return false
	}
	a.sep, a.start = sepTag, p+len(open)
	n := strings.Index(text[a.start:min(len(text), a.start+maxValue)], end)
	sc.steps += max(n, 0)
	a.end = a.start + max(n, 0)
	return true
}

// defaultOf returns where the value of a variable of Terraform stands, whose
// block opens at p, or p.
func (sc *scan) defaultOf(a *assignment, p int) int {
	if !strings.HasSuffix(sc.text[:max(0, a.keyStart-1)], "variable ") {
		return p
	}
	block, _, _ := strings.Cut(sc.text[p:min(len(sc.text), p+maxCode)], "}")
	sc.steps += len(block)
	at := strings.Index(block, "default")
	if at < 0 {
		return p
	}
	q := skipBlank(sc.text, p+at+len("default"))
	if q >= len(sc.text) || sc.text[q] != '=' {
		return p
	}
	return q + 1
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

// tagEnd returns where a tag ends whose attributes stand at p, or p.
func (sc *scan) tagEnd(p int) int {
	rest := sc.text[p:min(len(sc.text), p+200)]
	n := strings.IndexByte(rest, '>')
	sc.steps += max(n, 0)
	if n < 2 || rest[n-1] == '/' || rest[n-1] != '"' && rest[n-1] != '\'' || strings.IndexByte(rest[:n], '=') < 0 || strings.IndexByte(rest[:n], '<') >= 0 {
		return p
	}
	return p + n + 1
}

// valueTag returns where the value stands in an element at p, behind blanks,
// that is named so: <value>x</value>. Otherwise it returns p.
func valueTag(text string, p int) int {
	q := skipSpace(text, p)
	for _, tag := range [...]string{"<value>", "<string>", "<param-value>", "<Value>", "<env-entry-value>"} {
		if strings.HasPrefix(text[q:], tag) {
			return q + len(tag)
		}
	}
	return p
}

// element returns where the value stands in an element whose tag has more
// attributes at p: <setting name="Password" serializeAs="String"><value>x. It
// returns p if there is none.
func (sc *scan) element(p int) int {
	rest := sc.text[p:min(len(sc.text), p+96)]
	n := strings.IndexByte(rest, '>')
	sc.steps += max(n, 0)
	if n < 0 || strings.IndexByte(rest[:n], '<') >= 0 || strings.HasSuffix(rest[:n], "/") {
		return p
	}
	if q := valueTag(sc.text, p+n+1); q > p+n+1 {
		return q
	}
	return p
}

// property returns where the value stands that follows a name, the end of whose
// element stands at p: </key><string>, </name><value>. Otherwise it returns p.
func (sc *scan) property(p int) int {
	for _, tag := range [...]string{"</key>", "</name>", "</param-name>", "</Name>", "</Key>", "</env-entry-name>"} {
		if !strings.HasPrefix(sc.text[p:], tag) {
			continue
		}
		if q := valueTag(sc.text, p+len(tag)); q > p+len(tag) {
			return q
		}
	}
	return p
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

// inLiteral tells whether the quote that seems to open a value closes the
// literal that the key stands in: "Password: " + x.
func (sc *scan) inLiteral(a *assignment) bool {
	text, quote := sc.text, sc.text[a.start-1]
	low := max(0, a.keyStart-maxKeyReach)
	p := a.keyStart
	for p > low && text[p-1] != '\n' && !csQuote.has(text[p-1]) {
		p--
	}
	sc.steps += a.keyStart - p
	if p == low || text[p-1] != quote {
		return false
	}
	q := skipBlank(text, a.start)
	return q == len(text) || strings.IndexByte("+.,);&{", text[q]) >= 0
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

// logon reads the second of two literals in the bracket at p:
// NetworkCredential("user", "x"), basic_auth=("user", "x").
func (sc *scan) logon(a *assignment, p int) bool {
	text := sc.text
	if p >= len(text) || text[p] != '(' {
		return false
	}
	word := strings.ToLower(text[a.keyStart:a.keyEnd])
	if at := calls[word[strings.LastIndexByte(word, '.')+1:]]; at > 0 && at != 2 {
		return false
	}
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
	a.sep, a.logon = sepEqual, true
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

// stands tells whether the bracket at i opens what stands for a value that is
// not there, as in token=<token>.
func stands(text string, i int) bool {
	for i > 0 && text[i-1] == ' ' {
		i--
	}
	return i > 0 && (text[i-1] == '=' || text[i-1] == ':')
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
		if t == "string" && r < len(sc.text) && sc.text[r] == '(' { // of PHP: string(8) "x"
			if close := strings.Index(sc.text[r:min(len(sc.text), r+12)], ") \""); close > 0 && csDigit.only(sc.text[r+1:r+close]) { //nolint:predeclared // the plain word, in a scope without the other
				return r + close + 2
			}
		}
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

// flagBefore tells whether the key is a flag of a command line.
func (sc *scan) flagBefore(a *assignment) bool {
	return a.keyStart >= 2 && sc.text[a.keyStart-1] == '-' && (sc.text[a.keyStart-2] == '-' || csSpace.has(sc.text[a.keyStart-2]))
}

// netrc tells whether a key followed by a blank and a value stands in a file
// of machine, login and password words, or opens a line of such settings.
func (sc *scan) netrc(a *assignment) bool {
	key := strings.ToLower(sc.text[a.keyStart:a.keyEnd])
	if isSetting(key) || strings.HasSuffix(sc.text[:a.keyStart], "ENV ") || key == "password" && sc.lineHas(a.keyStart, "mysqladmin ") {
		return true
	}
	if key != "password" && key != "passwd" {
		return false
	}
	before := sc.text[max(0, a.keyStart-160):a.keyStart]
	sc.steps += len(before)
	return strings.Contains(before, "login ") && (strings.Contains(before, "machine ") || strings.Contains(before, "default "))
}
