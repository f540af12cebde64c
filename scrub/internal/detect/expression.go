package detect

import (
	"fmt"
	"regexp"
	"strings"
)

// minExpression is the length from which a prefix alone tells what follows. It
// is also what a program with regular expressions searches for, which is fast.
const minExpression = 4

// Expressions returns the forms of r that a regular expression can tell.
func (r *Rule) Expressions() (out []string) {
	for i := range r.forms {
		if f := &r.forms[i]; !f.checked() && len(f.prefix) >= minExpression {
			out = append(out, f.expression())
		}
	}
	return out
}

// checked tells whether more than the alphabet is asked of a token. A check
// that takes even this is none.
func (f *form) checked() bool {
	return f.check != nil && !f.check(f.prefix+strings.Repeat("!", max(f.min, 64)))
}

// expression is f as a regular expression.
func (f *form) expression() string {
	var set strings.Builder
	for c := byte('!'); c <= '~'; c++ {
		if !f.set.has(c) {
			continue
		}
		from := c
		for c < '~' && f.set.has(c+1) {
			c++
		}
		set.WriteString(classByte(from))
		if c > from+1 {
			set.WriteByte('-')
		}
		if c > from {
			set.WriteString(classByte(c))
		}
	}
	return fmt.Sprintf("%s[%s]{%d,}", regexp.QuoteMeta(f.prefix), set.String(), f.min)
}

// classByte escapes c within a class.
func classByte(c byte) string {
	if csAlnum.has(c) {
		return string(c)
	}
	return `\` + string(c)
}
