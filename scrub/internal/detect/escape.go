package detect

import "strings"

// colourEnd returns where the sequence ends that starts at i and sets a colour
// of a terminal, ECMA-48 section 8.3.117, or i.
func colourEnd(text string, i int) int {
	p := i + 2
	if strings.HasPrefix(text[i:], `\u001b[`) || strings.HasPrefix(text[i:], `\u001B[`) {
		p = i + len(`\u001b[`)
	} else if !strings.HasPrefix(text[i:], "\x1b[") {
		return i
	}
	for p < len(text) && p-i < 20 && (csDigit.has(text[p]) || text[p] == ';') {
		p++
	}
	if p < len(text) && text[p] == 'm' {
		return p + 1
	}
	return i
}

// colourRest returns how many bytes at i belong to a sequence that starts before
// and sets colours: the 36m of \x1b[36m.
func colourRest(text string, i int) int {
	if i == 0 || text[i-1] != '[' && text[i-1] != ';' && !csDigit.has(text[i-1]) {
		return 0
	}
	p := i
	for low := max(0, i-16); p > low && (csDigit.has(text[p-1]) || text[p-1] == ';'); p-- {
	}
	for _, n := range [...]int{len("\x1b["), len(`\u001b[`)} {
		if p >= n && colourEnd(text, p-n) > i {
			return colourEnd(text, p-n) - i
		}
	}
	return 0
}

// uncoloured returns where the sequences end that set colours at p.
func uncoloured(text string, p int) int {
	for range 4 {
		next := colourEnd(text, p)
		if next == p {
			break
		}
		p = next
	}
	return p
}

// escape returns how many bytes at i belong to an escape that starts before:
// the n of \n, the 26 of %26, the u0022 of \u0022.
func escape(text string, i int) int {
	if n := colourRest(text, i); n > 0 {
		return n
	}
	switch {
	case i > 0 && text[i-1] == '%' && strings.HasPrefix(text[i:], "25") && i+4 < len(text) && csHexAny.only(text[i+2:i+4]):
		return 4
	case i > 0 && text[i-1] == '%' && i+2 < len(text) && csHexAny.only(text[i:i+2]):
		return 2
	case i == 0 || text[i-1] != '\\':
		return 0
	case text[i] == 'u' && i+5 < len(text) && csHexAny.only(text[i+1:i+5]):
		return 5
	case strings.IndexByte("nrt", text[i]) >= 0:
		return 1
	}
	return 0
}

// escapeBefore tells whether the letter or digit before i belongs to an
// escape: %3D or \n or \u003d or \x1b[0m.
func escapeBefore(text string, i int) bool {
	return i >= 2 && text[i-2] == '\\' || i > 3 && text[i-1] == 'm' && colourRest(text, i-1) == 1 || i >= 3 && text[i-3] == '%' || i >= 6 && text[i-6] == '\\' && text[i-5] == 'u'
}

// escapedByte returns the byte that the backslashes at i escape, as often as JSON stands
// in JSON, or zero.
func escapedByte(text string, i int) byte {
	p := i + min(slashesAt(text, i), 8)
	if p == i || p >= len(text) {
		return 0
	}
	return text[p]
}

// slashesBefore counts the backslashes before i.
func slashesBefore(text string, i int) (n int) {
	for n < 16 && i-n > 0 && text[i-n-1] == '\\' {
		n++
	}
	return n
}

// quoteEscape is a quote in JSON inside JSON, as Go writes it for HTML.
const quoteEscape = `\u0022`

// quoteEntity returns how long the escape of a quote is that stands at p: in
// JSON inside JSON, or in HTML.
func quoteEntity(text string, p int) int {
	if p >= len(text) || text[p] != '\\' && text[p] != '&' {
		return 0
	}
	for _, q := range [...]string{quoteEscape, "&quot;", `\u0026quot;`, "&#34;", "&#x22;", "&#39;", "&apos;"} {
		if strings.HasPrefix(text[p:], q) {
			return len(q)
		}
	}
	return 0
}

// slashesAt counts the backslashes at i.
func slashesAt(text string, i int) (n int) {
	for n < 64 && i+n < len(text) && text[i+n] == '\\' {
		n++
	}
	return n
}

// quotedAt tells whether a quote stands at i, perhaps escaped.
func quotedAt(text string, i int) bool {
	i += min(slashesAt(text, i), 8)
	return i < len(text) && (text[i] == '"' || text[i] == '\'')
}
