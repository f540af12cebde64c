package detect

import "strings"

// flagged knows keys that are flags of a command, words of a file of settings, or
// have a type behind them.
func (sc *scan) flagged(f *following) outcome {
	text, p, a := sc.text, f.p, f.assignment
	switch {
	case p > f.keyEnd && f.before == '-' || text[f.keyEnd] == ' ' && sc.flagBefore(a):
		f.sep = sepFlag
		if f.c == '-' {
			return nothing
		}
		return reads
	case p > f.keyEnd && sc.netrc(a):
		return f.reading(p, sepSpace)
	case isTypeWord(text, p): // Go: var apiToken string = "…"
		q := sc.typeName(a, p)
		if q == p {
			return nothing
		}
		return f.reading(q, sepEqual)
	}
	return another
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

// flagBefore tells whether the key is a flag of a command line.
func (sc *scan) flagBefore(a *assignment) bool {
	return a.keyStart >= 2 && sc.text[a.keyStart-1] == '-' && (sc.text[a.keyStart-2] == '-' || csSpace.has(sc.text[a.keyStart-2]))
}

// netrc tells whether a key followed by a blank and a value stands in a file
// of machine, login and password words, or opens a line of such settings.
func (sc *scan) netrc(a *assignment) bool {
	key := sc.text[a.keyStart:a.keyEnd]
	if sets(sc.text, a.keyStart, a.keyEnd) || strings.HasSuffix(sc.text[:a.keyStart], "ENV ") || strings.EqualFold(key, "password") && sc.lineHas(a.keyStart, "mysqladmin ") {
		return true
	}
	if !strings.EqualFold(key, "password") && !strings.EqualFold(key, "passwd") {
		return false
	}
	before := sc.text[max(0, a.keyStart-160):a.keyStart]
	sc.steps += len(before)
	return strings.Contains(before, "login ") && (strings.Contains(before, "machine ") || strings.Contains(before, "default "))
}
