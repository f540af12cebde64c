package console

import (
	"strconv"
	"unicode"
	"unicode/utf8"
)

// appendEscaped appends s with everything escaped that a terminal could take
// for a command or a reader for another line: control characters, escape
// sequences, line and paragraph separators, marks that turn the direction of
// writing, invalid UTF-8. What is left is one line that shows what it holds.
func appendEscaped(b []byte, s string) []byte {
	start := 0
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < utf8.RuneSelf && c != 0x7f {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if harmless(r, size) {
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, r, s[i:i+size])
		i += size
		start = i
	}
	return append(b, s[start:]...)
}

func harmless(r rune, size int) bool {
	return unicode.IsPrint(r) && (r != utf8.RuneError || size > 1)
}

// appendEscape appends the escape of one rune, which was encoded as raw, in
// the notation of Go.
func appendEscape(b []byte, r rune, raw string) []byte {
	const hex = "0123456789abcdef"
	switch {
	case r == '\n':
		return append(b, `\n`...)
	case r == '\r':
		return append(b, `\r`...)
	case r == '\t':
		return append(b, `\t`...)
	case r < utf8.RuneSelf || len(raw) == 1:
		return append(b, '\\', 'x', hex[raw[0]>>4], hex[raw[0]&0xf])
	case r > 0xffff:
		b = append(b, `\U00`...)
		return appendHex(b, uint32(r), 6)
	}
	b = append(b, `\u`...)
	return appendHex(b, uint32(r), 4)
}

func appendHex(b []byte, v uint32, digits int) []byte {
	const hex = "0123456789abcdef"
	for i := digits - 1; i >= 0; i-- {
		b = append(b, hex[v>>(4*i)&0xf])
	}
	return b
}

// appendQuoted appends s as it is if that is unambiguous in key=value, else in
// quotes and escaped.
func appendQuoted(b []byte, s string) []byte {
	if isBare(s) {
		return append(b, s...)
	}
	return strconv.AppendQuote(b, s)
}

func isBare(s string) bool {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !harmless(r, size) {
			return false
		}
		i += size
	}
	return s != ""
}
