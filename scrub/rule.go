package scrub

// Rule is one kind of secret: what it is called, where its form is written
// down, and how it is found.
type Rule struct {
	// Name is unique and starts with the category: "auth.jwt". It is all
	// that a marker, a counter and a [Finding] say of a match.
	Name     string
	Category Category
	// Source names the standard or vendor page the form comes from.
	Source string

	marker string
	index  int
}

// ruleBound masks what is too deep or too large to read.
var ruleBound = builtin("auth.bound", Auth, "fails closed: beyond a bound of the engine")

var builtins []*Rule

func builtin(name string, c Category, source string) *Rule {
	r := &Rule{Name: name, Category: c, Source: source, marker: "[REDACTED:" + name + "]", index: len(builtins)}
	builtins = append(builtins, r)
	return r
}
