package detect

import "strings"

// foreignEnd returns where the sign ends that starts at i and is none of ASCII,
// a quote, a bracket, a colon or the like, or i.
func foreignEnd(text string, i int) int {
	if i+1 >= len(text) {
		return i
	}
	switch text[i] {
	case 0xC2: // « and », a blank
		if c := text[i+1]; c == 0xAB || c == 0xBB || c == 0xA0 {
			return i + 2
		}
	case 0xE2: // U+2000 to U+206F, arrows
		if c := text[i+1]; i+2 < len(text) && (c == 0x80 || c == 0x81 || c == 0x86 || c == 0x87) {
			return i + 3
		}
	case 0xE3: // U+3000 to U+301F
		if i+2 < len(text) && text[i+1] == 0x80 && text[i+2] < 0xA0 {
			return i + 3
		}
	case 0xEF: // wide ones
		if i+2 < len(text) && text[i+1] == 0xBC && text[i+2] != 0xBF && (text[i+2] < 0x90 || text[i+2] > 0x99 && text[i+2] < 0xA1) {
			return i + 3
		}
	}
	return i
}

// foreignSign tells whether a sign of those ends at i.
func foreignSign(text string, i int) bool {
	return i >= 2 && foreignEnd(text, i-2) == i || i >= 3 && foreignEnd(text, i-3) == i
}

// escaping tells whether two hexadecimal digits follow the % at i.
func escaping(text string, i int) bool {
	return i+2 < len(text) && csHexAny.only(text[i+1:i+3])
}

// letterEscaped tells whether the letter at i belongs to an escape of JSON: the n
// of \n, but not that of \\n.
func letterEscaped(text string, i int) bool {
	p := i
	for p > 0 && i-p < maxCode && text[p-1] == '\\' {
		p--
	}
	return (i-p)%2 == 1 && strings.IndexByte("nrtbf", text[i]) >= 0
}
