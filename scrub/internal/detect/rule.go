package detect

import "slices"

// Category is a kind of sensitive data.
type Category string

// The five categories.
const (
	Auth      Category = "auth"
	Password  Category = "password"
	Financial Category = "financial"
	Health    Category = "health"
	PII       Category = "pii"
)

// Rule is one kind of secret: what it is called and where its form is
// written down.
type Rule struct {
	Name     string // unique, "auth.jwt": all that is ever said of a match
	Category Category
	Source   string // the standard or vendor page that the form comes from
	Marker   string // what stands in for a finding
	Index    int    // among the rules of a Finder

	forms []form
}

// builtins is all rules of this package.
var builtins []*Rule

// Builtins returns the rules of this package.
func Builtins() []*Rule { return slices.Clone(builtins) }

// builtin declares a rule of this package.
func builtin(name string, c Category, source string) *Rule {
	r := NewRule(name, c, source, len(builtins))
	builtins = append(builtins, r)
	return r
}

// NewRule returns the rule that is to be the one at index of a Finder's.
func NewRule(name string, c Category, source string, index int) *Rule {
	return &Rule{Name: name, Category: c, Source: source, Marker: markerOpen + name + "]", Index: index}
}

// Bound masks what is too deep or too large to read, or what a rule failed on.
var Bound = builtin("auth.bound", Auth, "fails closed: beyond a bound of the engine")
