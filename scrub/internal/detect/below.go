package detect

import "strings"

// below returns the bounds of the value that stands below its key, as YAML
// allows: behind a | or > that opens a block, or by itself and indented.
// YAML 1.2.2 sections 8.1 and 7.3.3. There is none if end is 0. Plain tells of
// the second.
func (sc *scan) below(a *assignment, p int) (start, end int, plain bool) {
	text := sc.text
	line := strings.LastIndexByte(text[max(0, a.keyStart-maxKeyReach):a.keyStart], '\n') + max(0, a.keyStart-maxKeyReach) + 1
	indent := line
	for indent < a.keyStart && (text[indent] == ' ' || text[indent] == '-') {
		indent++
	}
	if indent < a.keyStart && !(indent == a.keyStart-1 && csQuote.has(text[indent])) {
		return 0, 0, false
	}
	depth := indent - line
	head, _, ok := strings.Cut(text[p:min(len(text), p+maxCode)], "\n")
	if !ok {
		return 0, 0, false
	}
	sign := strings.TrimSpace(head)
	if comment := strings.Index(sign, " #"); comment >= 0 {
		sign = strings.TrimSpace(sign[:comment])
	}
	plain = sign == ""
	if !plain && (sign[0] != '|' && sign[0] != '>' || strings.Trim(sign[1:], "+-0123456789") != "") {
		return 0, 0, false
	}
	next := p + len(head) + 1
	start = next
	for start < len(text) && text[start] == ' ' {
		start++
	}
	if start-next <= depth || start >= len(text) || text[start] == '\n' {
		return 0, 0, false
	}
	for end = start; end < len(text) && end-start < maxValue; {
		n := strings.IndexByte(text[end:], '\n')
		if n < 0 {
			n = len(text) - end
		}
		end += n
		if plain || end >= len(text) || !deeper(text[end+1:], start-next) {
			break
		}
		end++
	}
	sc.steps += end - start
	end = start + len(strings.TrimRight(text[start:end], " \r\n"))
	return start, end, plain
}

// deeper tells whether the first line of text is indented by n blanks.
func deeper(text string, n int) bool {
	return len(text) > n && strings.Trim(text[:n], " ") == "" && text[n] != '\n'
}
