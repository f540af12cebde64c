package scrub

import (
	"strings"

	"github.com/DataDog/go-sqllexer"
)

var ruleSQL = builtin("pii.sql", PII, "OpenTelemetry semantic conventions: sanitization of db.query.text")

// sql replaces the literals of a statement by question marks. Parameters
// stay: $1, ?, :name, @p1.
func (s *Scrubber) sql(sig signal, statement string) string {
	if s.offRule(ruleSQL) {
		return statement
	}
	out, n := sanitize(statement)
	if n == 0 {
		return statement
	}
	s.stats.add(sig, ruleSQL)
	return out
}

func sanitize(statement string) (string, int) {
	lexer := sqllexer.New(statement)
	var b strings.Builder
	n := 0
	compared, values := false, false // a quoted word here is a string of MySQL, not a name
	for {
		t := lexer.Scan()
		if t == nil || t.Type == sqllexer.EOF {
			break
		}
		word := strings.ToUpper(t.Value)
		switch t.Type {
		case sqllexer.STRING, sqllexer.INCOMPLETE_STRING, sqllexer.NUMBER, sqllexer.DOLLAR_QUOTED_STRING:
			b.WriteByte('?')
			n++
		case sqllexer.ERROR:
			b.WriteByte('?')
			n++
		case sqllexer.QUOTED_IDENT:
			if (compared || values) && t.Value[0] == '"' && !strings.Contains(t.Value, `"."`) {
				b.WriteByte('?')
				n++
			} else {
				b.WriteString(t.Value)
			}
		default:
			b.WriteString(t.Value)
		}
		if t.Type != sqllexer.SPACE {
			compared = t.Type == sqllexer.OPERATOR && word != "*" || word == "LIKE"
			values = word == "VALUES" || values && t.Type != sqllexer.COMMAND && word != "ON" && word != "RETURNING"
		}
	}
	return b.String(), n
}
