package detect

import "strings"

// nested masks an object or a list of more than texts that is held under a
// key, {"password": {"value": "x"}}, as that of an attribute is. It reports
// false if the value is none.
func (sc *scan) nested(r *Rule, a *assignment) bool {
	text := sc.text
	open := a.open
	if !a.pair || open < a.keyEnd || open >= len(text) || text[open] != '{' && (text[open] != '[' || markerAt(text, open) > open) {
		return false
	}
	if strings.HasPrefix(text[open:], "{{") {
		return false // a template
	}
	end, texts := sc.nestedEnd(a, open)
	if texts || strings.Trim(text[open:min(end, open+32)], "{}[] \t\r\n") == "" {
		return false
	}
	if settings(r.Category, text[open:end]) {
		return false
	}
	sc.found(r, open, end)
	return true
}

// nestedEnd returns where the brackets close that open at open, and whether
// they hold nothing but texts. What does not close within the bound goes to
// the end of the text.
func (sc *scan) nestedEnd(a *assignment, open int) (end int, texts bool) {
	text := sc.text
	texts = text[open] == '['
	slashes := 0
	for text[a.keyEnd+slashes] == '\\' {
		slashes++
	}
	quote := text[a.keyEnd+slashes]
	depth, in, run := 0, false, 0
	limit := min(len(text), open+maxValue)
	for i := open; i < limit; i++ {
		c := text[i]
		switch {
		case c == quote && (run == slashes || slashes == 0 && run%2 == 0):
			in = !in
		case in:
		case c == '{' || c == '[':
			depth++
			texts = texts && i == open
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				sc.steps += i - open
				return i + 1, texts
			}
		case csAlnum.has(c):
			texts = false
		}
		if run++; c != '\\' {
			run = 0
		}
	}
	sc.steps += limit - open
	return len(text), texts && limit == len(text)
}
