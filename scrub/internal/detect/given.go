package detect

import "strings"

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

// declared tells whether the brackets at p are those of an array that is
// given a value.
func (sc *scan) declared(p int) bool {
	rest := sc.text[p:min(len(sc.text), p+12)]
	eq := strings.IndexByte(rest, '=')
	return eq > 0 && (csDigit | csSpace | csBrace).only(rest[:eq])
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
