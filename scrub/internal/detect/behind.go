package detect

import "strings"

// received masks the code that stands before the word "your" at i: 483920 is
// your one-time password.
func (sc *scan) received(i int) {
	text := sc.text
	start, end, ok := codeBefore(text, i)
	if !ok {
		return
	}
	rest := strings.ToLower(text[i+len("your") : min(len(text), i+64)])
	if n := strings.IndexAny(rest, ".,;\n"); n >= 0 {
		rest = rest[:n]
	}
	sc.steps += len(rest)
	for _, w := range [...]string{" code", " otp", " password", " passcode", " pin"} {
		if strings.Contains(rest+" ", w+" ") {
			sc.found(keyAuth, start, end)
			return
		}
	}
}

// codeBefore returns where the digits stand before " is " and the word at i.
func codeBefore(text string, i int) (start, end int, ok bool) {
	if i < 8 || text[i-4:i] != " is " {
		return 0, 0, false
	}
	end = i - 4
	start = end
	for start > 0 && end-start < 9 && csDigit.has(text[start-1]) {
		start--
	}
	n := end - start
	return start, end, n >= 4 && n <= 8 && (start == 0 || !(csWord | csDot).has(text[start-1]))
}
