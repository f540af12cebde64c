package detect

import (
	"strings"

	"github.com/DataDog/go-sqllexer"
)

// SQL is the rule of what Sanitize replaces.
var SQL = builtin("pii.sql", PII, "OpenTelemetry semantic conventions: sanitization of db.query.text")

// Sanitize replaces the literals of a statement by question marks and counts
// them. Parameters stay: $1, ?, :name, @p1.
func Sanitize(statement string) (string, int) {
	statement = unquoted(statement)
	lexer := sqllexer.New(statement)
	var b strings.Builder
	n, at := 0, 0
	compared, values := false, false // a quoted word here is a string of MySQL, not a name
	for {
		t := lexer.Scan()
		if t == nil || t.Type == sqllexer.EOF {
			if at >= len(statement) {
				break
			}
			b.WriteByte(statement[at]) // zero, which ends a statement for the lexer
			at++
			lexer = sqllexer.New(statement[at:])
			continue
		}
		word := strings.ToUpper(t.Value)
		masked := at <= len(statement) && markerEnd(statement, at) > at
		at += len(t.Value)
		if masked { // what is a number in it is none of the statement
			b.WriteString(t.Value)
			continue
		}
		if strings.Trim(t.Value, `'"`) == "?" {
			b.WriteString(t.Value) // of what was sanitized before
			compared = false
			continue
		}
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

// unquoted writes the literals of Oracle that choose their own quotes,
// q'[it's]', as plain ones: the lexers know none of them. Oracle SQL language
// reference: text literals.
func unquoted(statement string) string {
	var b strings.Builder
	var open unclosed
	done := 0 // what b holds of the statement
	for from := 0; ; {
		i := strings.IndexByte(statement[from:], '\'')
		if i < 0 {
			break
		}
		i += from
		from = i + 1
		end := open.end(statement, i)
		if end == i {
			continue
		}
		b.WriteString(statement[done : i-1])
		b.WriteString("'x'")
		done, from = end, end
	}
	if done == 0 {
		return statement
	}
	b.WriteString(statement[done:])
	return b.String()
}

// unclosed is the bytes that a literal is known not to be closed by any more.
type unclosed [256]bool

// end returns where the literal of Oracle ends whose first quote is at i, or i.
func (u *unclosed) end(statement string, i int) int {
	if i == 0 || statement[i-1]|0x20 != 'q' || i+1 >= len(statement) || i > 1 && csWord.has(statement[i-2]) && statement[i-2]|0x20 != 'n' {
		return i
	}
	stop := statement[i+1]
	if at := strings.IndexByte("[{(<", stop); at >= 0 {
		stop = "]})>"[at]
	} else if csAlnum.has(stop) || csSpace.has(stop) || stop == '\'' {
		return i
	}
	if u[stop] {
		return i
	}
	n := strings.Index(statement[i+2:], string([]byte{stop, '\''}))
	if n < 0 {
		u[stop] = true
		return i
	}
	return i + 2 + n + 2
}

// Statement tells whether text is a statement of SQL and not another query or
// a sentence.
func Statement(text string) bool {
	verb, rest, _ := strings.Cut(strings.TrimSpace(text[:min(len(text), maxCode*16)]), " ")
	second := folded(statements, verb)
	return second != "" && strings.Contains(strings.ToLower(" "+strings.Join(strings.Fields(rest), " ")+" "), second)
}

// statements is what follows the first word of a statement.
var statements = map[string]string{
	"insert": " into ", "replace": " into ", "merge": " into ", "update": " set ", "delete": " from ", "select": " from ", "with": " select ", "alter": " password ", "create": " password ", "exec": " @", "call": "(",
}
