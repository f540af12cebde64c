package detect

import "strings"

// QuoteOf returns the quote that what stands in the place of text[start:end] is
// written in, so that JSON stays JSON: that of the key if the finding is a number,
// a flag, an object or a list of JSON, nothing otherwise. RFC 8259 section 3.
func QuoteOf(text string, start, end int) string {
	if !unquotedJSON(text[start:end]) {
		return ""
	}
	next, before := skipSpace(text, end), blankBefore(text, start)
	if next == len(text) || strings.IndexByte(",}]", text[next]) < 0 || before == 0 {
		return ""
	}
	switch text[before-1] {
	case ':':
		return keyQuote(text, blankBefore(text, before-1))
	case '[', ',':
		return listQuote(text, before-1)
	}
	return ""
}

// unquotedJSON tells whether value is what stands in JSON without quotes.
func unquotedJSON(value string) bool {
	switch value[0] {
	case '{', '[':
		return markerAt(value, 0) == 0
	case 't', 'f', 'n':
		return value == "true" || value == "false" || value == "null"
	}
	return len(value) <= maxCounter*4 && csDigit.has(value[len(value)-1]) && strings.Trim(value, "0123456789+-.eE") == "" && value[0] != '+'
}

// keyQuote returns the quote that closes the key at end, with its escapes.
func keyQuote(text string, end int) string {
	if end < 2 || text[end-1] != '"' && text[end-1] != '\'' {
		return ""
	}
	start := end - 1
	for start > 0 && end-start < 9 && text[start-1] == '\\' {
		start--
	}
	return text[start:end]
}

// listQuote is keyQuote for an element of a list of numbers, before which a
// bracket or a comma stands at i: it belongs to a key, or is all there is.
func listQuote(text string, i int) string {
	for n := 0; n < maxCode && i > 0 && text[i] != '['; n++ {
		if !(csDigit | csDot | csDash | csSpace).has(text[i]) && text[i] != ',' {
			return ""
		}
		i--
	}
	if text[i] != '[' {
		return ""
	}
	before := blankBefore(text, i)
	switch {
	case before == 0 && strings.HasSuffix(strings.TrimRight(text, " \r\n"), "]"):
		return `"`
	case before > 0 && text[before-1] == ':':
		return keyQuote(text, blankBefore(text, before-1))
	}
	return ""
}
