package detect

import (
	"cmp"
	"strings"
)

// duplicateEntry follows "Duplicate" where MySQL says which value of a key is there
// already.
const duplicateEntry = " entry '"

// duplicate looks at the value that breaks a unique key of MySQL: Duplicate entry
// 'x' for key 'users.phone'.
func (sc *scan) duplicate(p int) {
	start := p + len(duplicateEntry)
	rest := sc.text[start:min(len(sc.text), start+maxCode)]
	sc.steps += len(rest)
	value, after, ok := strings.Cut(rest, "' for key '")
	key, _, closed := strings.Cut(after, "'")
	if !ok || !closed {
		return
	}
	for _, kind := range [...]string{"_unique", "_key", "_idx", "_index", "_uk", "_uq", "_UNIQUE", "_UN"} {
		key = strings.TrimSuffix(key, kind)
	}
	sc.column(key, start, start+len(value))
}

// conflict looks at the columns of a row that breaks a constraint of PostgreSQL: Key (a,
// b)=(1, 2) already exists. Where a value holds a comma, all go if one has to.
func (sc *scan) conflict(p int) {
	start := p + len(" (")
	rest := sc.text[start:min(len(sc.text), start+maxCode)]
	sc.steps += len(rest)
	names, after, ok := strings.Cut(rest, ")=(")
	if !ok || strings.ContainsAny(names, "\n\"'") {
		return
	}
	end := strings.Index(after, ")")
	if end < 0 {
		return
	}
	start += len(names) + len(")=(")
	sc.keyed = max(sc.keyed, start) // the names are no keys of their own
	columns, values := strings.Split(names, ", "), strings.Split(after[:end], ", ")
	for n, column := range columns {
		if len(columns) != len(values) {
			sc.column(column, start, start+end)
			continue
		}
		sc.column(column, start, start+len(values[n]))
		start += len(values[n]) + len(", ")
	}
}

// column notes text[start:end] if it is what the column called name promises.
func (sc *scan) column(name string, start, end int) {
	v := sc.f.Verdict(name)
	if r := cmp.Or(v.Rule, v.Weak); r != nil && end-start > 1 && fits(r, v.shape, sc.text[start:end], &assignment{sep: sepEqual, quoted: true, name: v.name}) {
		sc.ahead(r, start, end)
	}
}
