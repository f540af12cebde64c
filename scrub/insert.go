package scrub

import "strings"

// maxInsert is how far behind its first word a statement is read.
const maxInsert = 4 << 10

// insert masks the literals of the sensitive columns of a statement that
// starts with the word at i: INSERT INTO users (name, password) VALUES
// ('ada', 'x'). Other statements name a column beside its value.
func (sc *scan) insert(i int) {
	text := sc.text
	if i < sc.commanded {
		return
	}
	limit := min(len(text), i+maxInsert)
	p := i + len("insert ")
	for p < limit && p-i < maxCode && text[p] != '(' {
		p++
	}
	sc.commanded = p
	sc.steps += p - i
	if p >= limit || text[p] != '(' {
		return
	}
	columns, p := sc.columns(p+1, limit)
	sc.commanded = p
	if columns == nil {
		return
	}
	for p < limit && text[p] == '(' {
		p = sc.row(columns, p+1, limit)
		sc.commanded = p
		if p = skipSpace(text, p); p < limit && text[p] == ',' {
			p = skipSpace(text, p+1)
		}
	}
}

// columns reads the names of columns from p on, and returns the rules of
// those that are sensitive and where the first row opens. It returns nil if
// there are none.
func (sc *scan) columns(p, limit int) (rules []*Rule, row int) {
	text := sc.text
	end := p
	for end < limit && (csWord.has(text[end]) || csSpace.has(text[end]) || text[end] >= 0x80 || strings.IndexByte(",.\"`[]\\", text[end]) >= 0) {
		end++
	}
	sc.steps += end - p
	if end >= limit || text[end] != ')' {
		return nil, end
	}
	row = skipSpace(text, end+1)
	if row+7 > limit || !strings.EqualFold(text[row:row+6], "values") {
		return nil, row
	}
	sensitive := false
	for name := range strings.SplitSeq(text[p:end], ",") {
		v := sc.s.verdict(strings.Trim(name, " \t\r\n\"`[]\\"))
		rules = append(rules, v.rule)
		sensitive = sensitive || v.rule != nil
	}
	if !sensitive {
		return nil, row
	}
	return rules, skipSpace(text, row+6)
}

// row masks the literals of the row from p on that belong to a rule, and
// returns where it ends.
func (sc *scan) row(columns []*Rule, p, limit int) int {
	text := sc.text
	start, depth, column := p, 0, 0
	for p < limit {
		switch c := text[p]; {
		case c == '\'' || c == '"':
			end := literalEnd(text, p, limit)
			sc.literal(columns, column, p+1, end)
			p = end
		case csDigit.has(c) && !csWord.has(text[p-1]) && text[p-1] != '$':
			end := p
			for end < limit && (csDigit | csDot).has(text[end]) {
				end++
			}
			sc.literal(columns, column, p, end)
			p = end - 1
		case c == ',' && depth == 0:
			column++
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				sc.steps += p - start
				return p + 1
			}
		}
		p++
	}
	sc.steps += limit - start
	return limit
}

func (sc *scan) literal(columns []*Rule, column, start, end int) {
	if column < len(columns) && columns[column] != nil && !stand(sc.text[start:end]) {
		sc.ahead(columns[column], start, end)
	}
}

// literalEnd returns where the literal closes whose quote is at p. A quote
// given twice, or behind a backslash, belongs to it.
func literalEnd(text string, p, limit int) int {
	quote := text[p]
	for p++; p < limit; p++ {
		switch {
		case text[p] == '\\':
			p++
		case text[p] == quote && p+1 < limit && text[p+1] == quote:
			p++
		case text[p] == quote:
			return p
		}
	}
	return limit
}

// statement tells whether text is a statement of SQL and not another query or
// a sentence.
func statement(text string) bool {
	verb, rest, _ := strings.Cut(strings.TrimSpace(text[:min(len(text), maxInsert)]), " ")
	second, ok := statements[strings.ToLower(verb)]
	return ok && strings.Contains(strings.ToLower(" "+strings.Join(strings.Fields(rest), " ")+" "), second)
}

// statements is what follows the first word of a statement.
var statements = map[string]string{
	"insert": " into ", "replace": " into ", "merge": " into ", "update": " set ", "delete": " from ", "select": " from ", "with": " select ", "alter": " password ", "create": " password ", "exec": " @", "call": "(",
}
