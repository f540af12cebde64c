package detect

import "strings"

// maxInsert bounds what is read of a statement that inserts rows.
const maxInsert = 2048

// inserted looks for the literals of the column that the key names: INSERT INTO
// users (name, password) VALUES ('x', 'y'). It reports whether there are any. The
// scan goes on behind the key.
func (sc *scan) inserted(a *assignment) bool {
	text := sc.text
	p := a.keyEnd
	for n := 0; n < 3 && p < len(text) && strings.IndexByte("\\\"`]", text[p]) >= 0; n++ {
		p++
	}
	if p = skipBlank(text, p); p >= len(text) || text[p] != ',' && text[p] != ')' {
		return false
	}
	before := text[max(0, a.keyStart-maxCode):a.keyStart]
	open := strings.LastIndexByte(before, '(')
	sc.steps += len(before)
	if open < 0 || !strings.Contains(strings.ToUpper(before[:open]), "INTO ") {
		return false
	}
	rest := text[p:min(len(text), p+maxInsert)]
	closing := strings.IndexByte(rest, ')')
	if closing < 0 {
		return false
	}
	q := skipSpace(text, p+closing+1)
	if q+len("VALUES") >= len(text) || !strings.EqualFold(text[q:q+len("VALUES")], "VALUES") {
		return false
	}
	v := *sc.f.Verdict(text[a.keyStart:a.keyEnd])
	if v.Rule == nil {
		return false
	}
	column := strings.Count(before[open:], ",")
	for q = skipSpace(text, q+len("VALUES")); q < len(text) && text[q] == '('; {
		if q = sc.row(v.Rule, column, q+1, p+maxInsert); q >= len(text) || text[q] != ',' {
			break
		}
		q = skipSpace(text, q+1)
	}
	return true
}

// row notes the literal of a column in the row at p, and returns where the row
// ends.
func (sc *scan) row(r *Rule, column, p, limit int) int {
	text := sc.text
	limit = min(limit, len(text))
	from := p
	for n := 0; p < limit; n++ {
		p = skipSpace(text, p)
		for p < limit && text[p] == '\\' {
			p++
		}
		start, end := p, p
		if p < limit && (text[p] == '\'' || text[p] == '"') {
			start = p + 1
			for end = start; end < limit && (text[end] != text[p] || end+1 < limit && text[end+1] == text[p]); end++ {
				if text[end] == text[p] || text[end] == '\\' && end+1 < limit && text[end+1] != text[p] {
					end++
				}
			}
			end = min(end, limit)
			p = min(end+1, limit)
		}
		for p < limit && text[p] != ',' && text[p] != ')' {
			p++
		}
		if end < start || start == end {
			end = p
		}
		if value := strings.TrimRight(text[start:end], "\\"); n == column && value != "" && !placeholder(value) && value[0] != ':' && value[0] != '$' && value[0] != '@' {
			sc.ahead(r, start, start+len(value))
		}
		if p < limit && text[p] == ')' {
			p++
			break
		}
		p++
	}
	sc.steps += p - from
	return p
}
