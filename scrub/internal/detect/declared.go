package detect

import "strings"

// declaredAt returns where the literal stands that a declaration gives to the
// key that ends at end, with its type in between, or end: a property of C#, an
// initialiser of C++, a variable of SQL or Visual Basic.
func (sc *scan) declaredAt(end, p int) int {
	text := sc.text
	rest := text[p:min(len(text), p+80)]
	sc.steps += len(rest)
	var q int
	switch {
	case strings.HasPrefix(rest, "{"):
		n := strings.IndexByte(rest, '}')
		switch {
		case n > 3 && rest[1] == '"' && rest[n-1] == '"' && p == end && sc.byteAt(p-1) != '>' && strings.IndexByte(";,)", sc.byteAt(p+n+1)) >= 0 && !strings.HasSuffix(sc.text[:sc.opener(end)+1], "$"):
			return p + 1 // password{"x"}
		case n > 0 && strings.Contains(rest[:n], "get"):
			q = skipBlank(text, p+n+1) // Password { get; set; } = "x"
		default:
			return end
		}
	default:
		n := 0
		for n < len(rest) && (csAlnum | csSpace).has(rest[n]) && rest[n] != '\n' {
			n++
		}
		if n < len(rest) && rest[n] == '(' {
			n += strings.IndexByte(rest[n:], ')') + 1
		}
		kind, last := "", ""
		for w := range strings.FieldsSeq(rest[:min(n, 32)]) {
			if last = w; kind == "" || strings.EqualFold(kind, "as") {
				kind, last = w, ""
			}
		}
		if !folded(columnTypes, strings.TrimRight(kind, "0123456789()maxMAX")) {
			return end
		}
		q = p + n
		if strings.EqualFold(last, "default") {
			break
		}
		if at := wordAt(text, q, "DEFAULT"); at > q {
			q = at
			break
		}
		q = skipBlank(text, q)
		if q >= len(text) || text[q] != '=' && text[q] != ':' {
			return end
		}
	}
	for q < len(text) && strings.IndexByte(":= ", text[q]) >= 0 {
		q++
	}
	if q+1 < len(text) && (text[q] == 'N' || text[q] == '@') {
		q++
	}
	if q < len(text) && csQuote.has(text[q]) {
		return q
	}
	return end
}

// columnTypes are types of texts in SQL and Visual Basic, without their size.
var columnTypes = wordSet("varchar varchar2 nvarchar nvarchar2 char nchar text string str")

// maxTogether is how many variables are assigned together at most.
const maxTogether = 5

// together returns which of the literals behind a sign is that of the key, where
// names are assigned together: user, password := "bob", "x". It is 0 where
// there is but one.
func (sc *scan) together(a *assignment) (n int) {
	text := sc.text
	p := a.keyStart
	for n < maxTogether && p > 2 && text[p-1] == ' ' && text[p-2] == ',' && csWord.has(text[p-3]) {
		start := sc.back(csWord|csDot, p-2, maxKeyReach)
		if start < p-2 && csDigit.has(text[start]) {
			return 0
		}
		p = start
		n++
	}
	return n
}

// namesAfter returns where the first literal stands that is assigned to the name
// before p and those at p together, or p.
func namesAfter(text string, p int) int {
	q := p
	for range maxTogether {
		if q+2 >= len(text) || text[q] != ',' || text[q+1] != ' ' || !csLetter.has(text[q+2]) && text[q+2] != '_' {
			return p
		}
		for q += 2; q < len(text) && q-p < maxCode && csWord.has(text[q]); q++ {
		}
		for _, sign := range [...]string{" = ", " := "} {
			if r := q + len(sign); strings.HasPrefix(text[q:], sign) && r < len(text) && (csQuote.has(text[r]) || unwrapped(text, r) > r) {
				return r
			}
		}
	}
	return p
}

// nth moves a, which holds the first of literals that stand in a row, to the nth
// behind it. It reports false if there are not so many.
func (sc *scan) nth(a *assignment, n int) bool {
	text := sc.text
	end := a.end
	for range n {
		if end >= len(text) || !csQuote.has(text[end]) || sc.byteAt(end+1) != ',' {
			return false
		}
		q := skipBlank(text, end+2)
		if q >= len(text) || !csQuote.has(text[q]) {
			return false
		}
		a.start = q + 1
		end = sc.quoteEnd(text[q], 0, a.start)
		a.end = end
	}
	return true
}

// declaring knows keys that are declared, or given to what uses them.
func (sc *scan) declaring(f *following) outcome {
	text, p, a := sc.text, f.p, f.assignment
	if f.c == '-' && !f.closed {
		if q := sc.valueFlag(a, p); q > p {
			return f.reading(q, sepFlag)
		}
	}
	if f.c == ',' && !f.closed {
		if q := namesAfter(text, p); q > p {
			return f.reading(q, sepEqual)
		}
	}
	if f.c == ',' && (!f.closed || sc.selects(a, p)) || f.c == '.' {
		if q := sc.given(a, p); q > p {
			f.closed = true
			return f.reading(q, sepSpace)
		}
	}
	if !f.closed {
		if q := sc.declaredAt(f.keyEnd, p); q > f.keyEnd {
			return f.reading(q, sepEqual)
		}
	}
	return another
}

// declared tells whether the brackets at p are those of an array that is
// given a value.
func (sc *scan) declared(p int) bool {
	rest := sc.text[p:min(len(sc.text), p+12)]
	eq := strings.IndexByte(rest, '=')
	return eq > 0 && (csDigit | csSpace | csBrace).only(rest[:eq])
}

// typeName skips a type between a key and its value: password: String = "x".
func (sc *scan) typeName(a *assignment, p int) int {
	if q := dumped(sc.text, p); q > p {
		return q
	}
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

// dumped returns where the literal stands that var_dump of PHP prints at p or on the
// next line, with its length before it, or p: string(8) "x".
func dumped(text string, p int) int {
	q := skipSpace(text, p)
	if strings.HasPrefix(text[q:], `\n`) {
		q = skipBlank(text, q+2)
	}
	if !strings.HasPrefix(text[q:], "string(") {
		return p
	}
	q += len("string(")
	n := digitRun(text, q)
	if rest := text[q+n:]; n > 0 && (strings.HasPrefix(rest, `) "`) || strings.HasPrefix(rest, `) \"`)) {
		return q + n + 2
	}
	return p
}

// isTypeWord tells whether a type of a text stands at p.
func isTypeWord(text string, p int) bool {
	return isWord(text, p, "string") || isWord(text, p, "String") || isWord(text, p, "str")
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
