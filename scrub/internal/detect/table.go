package detect

import "strings"

// cell returns the bounds of the cell behind the bar at p, whose row names the
// key in its first: | password | hunter2 |. There is none if end is 0, and none
// that is no more than a word, as in the head of a table and in that of its
// columns.
func (sc *scan) cell(a *assignment, p int) (start, end int) {
	text := sc.text
	open := a.keyStart
	for open > 0 && a.keyStart-open < 32 && (text[open-1] == ' ' || text[open-1] == '\t' || text[open-1] == '|' || text[open-1] == '`' || text[open-1] == '*') {
		open--
	}
	if open > 0 && text[open-1] != '\n' && !strings.HasSuffix(text[:open], `\n`) {
		return 0, 0
	}
	row := strings.IndexByte(text[open:a.keyStart], '|') >= 0
	start = skipBlank(text, p+1)
	if start < len(text) && text[start] == '`' {
		start++
	}
	for end = start; end < len(text) && end-start < maxCode && !csSpace.has(text[end]) && text[end] != '|' && text[end] != '`' && text[end] != '\\'; {
		end++
	}
	sc.steps += end - start
	q := end
	if q < len(text) && text[q] == '`' {
		q++
	}
	if q = skipBlank(text, q); q < len(text) && strings.IndexByte("|\r\n\\", text[q]) < 0 {
		return 0, 0
	}
	value := text[start:end]
	sure := row || p-a.keyEnd > 1
	if len(value) < 4 || looksLikeTime(value) || version(value) || pathLike(value) || strings.ContainsAny(value, "()[]{}<>=") || !guarded(value) && (!sure || !mixed(value)) {
		return 0, 0
	}
	return start, end
}
