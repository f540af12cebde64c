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
