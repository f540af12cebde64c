package sentry

import "strings"

const blanks = " \t\r\n"

// cut shortens text to n bytes, on the boundary of a rune and of a word if there
// is one in its second half: half a secret would not be known for one.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	text = text[:n-len("…")]
	if i := strings.LastIndexAny(text[len(text)/2:], blanks); i >= 0 {
		text = text[:len(text)/2+i]
	}
	return strings.ToValidUTF8(text, "") + "…"
}

// tail keeps the end of text, where the root of a chain of errors stands. It
// begins with a word if there is one in its first half.
func tail(text string, n int) string {
	if len(text) <= n {
		return text
	}
	text = text[len(text)-n:]
	if i := strings.IndexAny(text[:n/2], blanks); i >= 0 {
		text = text[i+1:]
	}
	return strings.ToValidUTF8(text, "")
}
