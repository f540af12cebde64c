package detect

import "strings"

// company is what a word that alone says too little must stand with.
type company struct {
	after  [][]string // words that make a key with it, the longest first
	before []string
	query  bool // or it is a parameter of a query
	none   bool // or nothing
}

// end returns where the words end that make a key with the one before end, or
// end if there are none. A nil c has none.
func (c *company) end(text string, end int) int {
	if c == nil {
		return end
	}
	for _, words := range c.after {
		p := end
		for _, w := range words {
			for limit := min(len(text), p+4); p < limit && parts(text[p]); p++ {
			}
			if p+len(w) > len(text) || text[p]|0x20 != w[0]|0x20 || !strings.EqualFold(text[p:p+len(w)], w) {
				p = end
				break
			}
			p += len(w)
		}
		if p > end && (p == len(text) || !csLow.has(text[p]) && !(csDigit.has(text[p-1]) && csAlnum.has(text[p]))) {
			return p
		}
	}
	return end
}

// follows tells whether one of the words that make a key with the one at i
// stands before it.
func (c *company) follows(text string, i int) bool {
	if len(c.before) == 0 {
		return false
	}
	p := i
	for limit := max(0, i-4); p > limit && parts(text[p-1]); p-- {
	}
	for _, w := range c.before {
		if len(w) <= p && text[p-1]|0x20 == w[len(w)-1]|0x20 && strings.EqualFold(text[p-len(w):p], w) {
			return true
		}
	}
	return false
}

// parts tells whether c keeps the words of a key apart.
func parts(c byte) bool { return (csSpace | csDot | csDash | csUnder).has(c) }

// inQuery tells whether the key that holds text[i:end] may be a parameter.
func inQuery(text string, i, end int) bool {
	for limit := min(len(text), end+maxKeyReach); end < limit && keyByte(text[end]); end++ {
	}
	if end < len(text) && text[end] == '%' {
		return true
	}
	for low := max(0, i-maxKeyReach); i > low && keyByte(text[i-1]); i-- {
	}
	return i == 0 || text[i-1] == '?' || text[i-1] == '&' || inForm(text, i, end)
}

// inForm tells whether the key text[i:end] starts a form or a query in a
// sentence: callback with code=x&state=y.
func inForm(text string, i, end int) bool {
	if text[i-1] != ' ' && text[i-1] != '"' || end >= len(text) || text[end] != '=' {
		return false
	}
	rest := text[end+1 : min(len(text), end+maxCode)]
	for n := 0; n < len(rest); n++ {
		switch c := rest[n]; {
		case c == '&':
			for n++; n < len(rest) && csURL64.has(rest[n]); n++ {
			}
			return n < len(rest) && rest[n] == '='
		case csSpace.has(c):
			return false
		}
	}
	return false
}
