package detect

import "strings"

// givers are methods that give a literal to what is named before them, or
// compare it.
var givers = wordSet(`sendkeys send_keys type fill setvalue set_value val set assign tobe toequal tostrictequal equals equalsignorecase equal eq eql isequalto presssequentially press_sequentially inserttext`)

// comparers compare two texts; whatever literal stands beside a key is its
// value.
var comparers = wordSet(`strcmp strncmp strcasecmp stricmp memcmp compare compareto comparesync hash_equals assertequals assertequal assertsame equal equals requireequal constanttimecompare`)

// given returns where the literal stands that a call gives to the key, whose
// closers end at p, or p: strcmp(password, "x"), fill('#password', 'x'),
// find("password").sendKeys("x"), expect(password).toBe('x').
func (sc *scan) given(a *assignment, p int) int {
	text := sc.text
	var name int
	q, sure := p+1, true
	switch {
	case text[p] == ',': // the next argument
		open := sc.opener(a.keyStart)
		if text[open] == '{' && open+1 == a.keyStart { // {password, "x"} of Erlang
			q = skipBlank(text, q)
			if strings.HasPrefix(text[q:], "<<") {
				q += 2
			}
			break
		}
		if open == 0 || text[open-1] != '(' {
			return p
		}
		name = sc.back(csWord, open-1, 24)
		sure = folded(comparers, text[name:open-1]) || folded(givers, text[name:open-1])
		q = skipBlank(text, q)
	case text[p] == '.' && text[p-1] == ')':
		for q < len(text) && q-p < 24 && csWord.has(text[q]) {
			q++
		}
		if q >= len(text) || text[q] != '(' || !folded(givers, text[p+1:q]) {
			return p
		}
		q++
	default:
		return p
	}
	sc.steps += q - p
	if q+1 >= len(text) || text[q] != '"' && text[q] != '\'' {
		return p
	}
	end := sc.quoteEnd(text[q], 0, q+1)
	value := text[q+1 : end]
	if strings.IndexByte(value, ' ') >= 0 || len(value) < 4 || !mixed(value) || !sure && !guarded(value) || strings.IndexByte("),}>", sc.byteAt(end+1)) < 0 {
		return p
	}
	return q
}

// selects tells whether the key is named in the selector of an element:
// '#password', "input[type='password']".
func (sc *scan) selects(a *assignment, p int) bool {
	return sc.byteAt(a.keyStart-1) == '#' || strings.IndexByte(sc.text[a.keyEnd:p], ']') >= 0
}

// opener returns where what the key is in starts: an expression before it, or a
// selector in quotes.
func (sc *scan) opener(keyStart int) int {
	text := sc.text
	low := max(sc.done, keyStart-maxKeyReach)
	p := keyStart
	for p > low && !csSpace.has(text[p-1]) && text[p-1] != '(' && text[p-1] != ',' {
		p--
	}
	sc.steps += keyStart - p
	return p
}

// equalities are methods that compare a literal with what is in their brackets.
var equalities = [...]string{".equals(", ".equalsIgnoreCase(", ".Equals(", ".contentEquals("}

// equated returns the bounds of the literal whose method compares it with the
// key: "x".equals(password). There is none if end is 0.
func (sc *scan) equated(a *assignment) (start, end int) {
	text := sc.text
	for _, call := range equalities {
		before, ok := strings.CutSuffix(text[:a.keyStart], call)
		if !ok || before == "" || before[len(before)-1] != '"' {
			continue
		}
		end = len(before) - 1
		start = strings.LastIndexByte(before[max(0, end-maxCode):end], '"')
		sc.steps += maxCode
		if start < 0 {
			return 0, 0
		}
		return max(0, end-maxCode) + start + 1, end
	}
	return 0, 0
}

// wrappers are what a literal is wrapped in and stays one.
var wrappers = [...]string{"Some(", "Optional(", "Optional[", "Just ", "Ok(", "String.valueOf(", "String::from(", "SecretString::from(", "SecretString::new(", "Secret::new(", "[]byte(", "aws.String(", "pulumi.String(", "proto.String(", "ptr.To(", "sensitive(", "Buffer.from(", "SecretValue.unsafePlainText(", "StringValue(", "types.StringValue(", "cty.StringVal("}

// unwrapped returns where the literal stands in one of wrappers at p, or p.
func unwrapped(text string, p int) int {
	if p >= len(text) || !csLetter.has(text[p]) && text[p] != '[' {
		return p
	}
	for _, w := range wrappers {
		if !strings.HasPrefix(text[p:], w) {
			continue
		}
		q := p + len(w)
		switch {
		case q >= len(text):
		case w == "Optional[":
			if guarded(strings.TrimRight(blankless(text, q), "]}")) {
				return q
			}
		case quotedAt(text, q) && !strings.Contains(text[q:min(len(text), q+maxKeyReach)], `\x`): // the magic number of a file
			return q
		}
	}
	return p
}

// called knows keys that a call, an index or a keyword gives a literal to.
func (sc *scan) called(f *following) outcome {
	text, p := sc.text, f.p
	switch {
	case f.c == '(' && sc.logon(f.assignment, p):
		return found
	case strings.HasPrefix(text[p:], `("`), strings.HasPrefix(text[p:], "('"), strings.HasPrefix(text[p:], `(\"`):
		return f.reading(p, sepSpace)
	case f.c == '[' && strings.IndexByte(text[p:min(len(text), p+6)], ']') > 0 && sc.declared(p): // char secret[25] = "…"
		return f.reading(strings.IndexByte(text[p:], '=')+p+1, sepEqual)
	case f.c == '"' && !f.closed && f.before == ':' && f.keyStart > 1 && strings.IndexByte("{ ,(", text[f.keyStart-2]) >= 0: // {:first-name "x"} of Clojure
		return f.reading(p, sepMember)
	}
	return another
}

// quoted knows keys behind which a literal stands.
func (sc *scan) quoted(f *following) outcome {
	switch {
	case f.c != '"' && f.c != '\'':
		return another
	case f.closed && !csQuote.has(f.before) && !sc.pathQuoted(f.assignment): // "GET /token" "curl/8.0"
		return nothing
	default:
		return f.reading(f.p, sepSpace)
	}
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
		if start, end := sc.equated(a); end > 0 {
			a.start, a.end, a.quoted, a.sep = start, end, true, sepEqual
			return true
		}
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
