package otelkitvet

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// Context reports lines that are logged without a context where one is in
// scope: they lose their trace and what is bound to the context.
var Context = analyzer("logcontext", "report lines logged without the context that is in scope", eachCall(lookForContext))

func lookForContext(p *pass, call *ast.CallExpr) {
	l, ok := p.asLine(call)
	if !ok || l.context != nil && !p.isFresh(l.context) {
		return
	}
	ctx := p.contextAt(call.Pos())
	if ctx == "" {
		return
	}
	if l.context != nil {
		p.report(l.context, []analysis.TextEdit{{Pos: l.context.Pos(), End: l.context.End(), NewText: []byte(ctx)}},
			fmt.Sprintf("the line has a context of nothing; pass %s", ctx))
		return
	}
	p.report(call, []analysis.TextEdit{
		{Pos: l.name.End(), End: l.name.End(), NewText: []byte("Context")},
		{Pos: l.message.Pos(), End: l.message.Pos(), NewText: []byte(ctx + ", ")},
	}, fmt.Sprintf("the line has no context, so no trace id; use %sContext with %s", l.name.Name, ctx))
}

// isFresh reports whether e is a call of context.Background or context.TODO.
func (p *pass) isFresh(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	f, _ := p.callee(call)
	return f != nil && f.Pkg() != nil && f.Pkg().Path() == "context" && (f.Name() == "Background" || f.Name() == "TODO")
}

// contextAt returns the expression of a context that is in scope at pos, the
// innermost one, or "".
func (p *pass) contextAt(pos token.Pos) string {
	for scope := p.Pkg.Scope().Innermost(pos); scope != nil && scope != p.Pkg.Scope(); scope = scope.Parent() {
		best, found := "", token.NoPos
		for _, name := range scope.Names() {
			v, ok := scope.Lookup(name).(*types.Var)
			if !ok || name == "_" || v.Pos() >= pos || v.Pos() < found || shadowed(p.Pkg, v, pos) {
				continue
			}
			if expr := contextIn(v); expr != "" {
				best, found = expr, v.Pos()
			}
		}
		if best != "" {
			return best
		}
	}
	return ""
}

// shadowed reports whether name means something else at pos.
func shadowed(pkg *types.Package, v *types.Var, pos token.Pos) bool {
	_, obj := pkg.Scope().Innermost(pos).LookupParent(v.Name(), pos)
	return obj != v
}

// contextIn returns how to get a context from v, or "".
func contextIn(v *types.Var) string {
	switch v.Type().String() {
	case "context.Context":
		return v.Name()
	case "*net/http.Request":
		return v.Name() + ".Context()"
	}
	return ""
}
