package otelkitvet

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// Error reports errors that do not get where they should: those logged by their
// text, which lose type, chain and stack; and those that a line at ERROR is
// about and that are then dropped, neither on that line, nor returned, nor
// captured. The line at ERROR with the error as an attribute is a capture: it
// makes the Sentry issue.
var Error = analyzer("logerror", "report errors logged by their text, or dropped after a line at ERROR", lookAtErrors)

func lookAtErrors(p *pass, n ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		lookForErrorTexts(p, n)
	case *ast.IfStmt:
		lookForDroppedError(p, n)
	}
}

func lookForErrorTexts(p *pass, call *ast.CallExpr) {
	for _, kv := range p.pairs(call) {
		err := p.errorOf(kv.value)
		if err == nil {
			continue
		}
		fix := []analysis.TextEdit{{Pos: err.End(), End: kv.value.End()}}
		if kv.attr != nil {
			fix = append(fix, analysis.TextEdit{Pos: kv.attr.Pos(), End: kv.attr.End(), NewText: []byte("Any")})
			if f, _ := p.callee(call); f.Pkg().Path() != slogPath {
				continue // attributes of spans hold texts only
			}
		}
		p.report(kv.value, fix, "the text of an error is not the error; pass the error itself, which keeps its type and its chain")
	}
}

// errorOf returns x if e is x.Error() and x is an error.
func (p *pass) errorOf(e ast.Expr) ast.Expr {
	if e == nil {
		return nil
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return nil
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Error" || !isError(p.TypesInfo.TypeOf(sel.X)) {
		return nil
	}
	return sel.X
}

func isError(t types.Type) bool {
	iface, _ := types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
	return t != nil && iface != nil && types.Implements(t, iface)
}

// lookForDroppedError looks at the body of if err != nil.
func lookForDroppedError(p *pass, stmt *ast.IfStmt) {
	err := p.checkedError(stmt.Cond)
	if err == nil || p.uses(stmt.Body, err) {
		return
	}
	ast.Inspect(stmt.Body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		if call, ok := n.(*ast.CallExpr); ok {
			if l, ok := p.asLine(call); ok && l.isError {
				p.report(call, nil, fmt.Sprintf("%s is dropped: it is neither on this line, nor returned, nor captured", err.Name()))
			}
		}
		return true
	})
}

// checkedError returns err if cond is err != nil, or holds that among others.
func (p *pass) checkedError(cond ast.Expr) types.Object {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return nil
	}
	if b.Op == token.LAND {
		if obj := p.checkedError(b.X); obj != nil {
			return obj
		}
		return p.checkedError(b.Y)
	}
	id, ok := ast.Unparen(b.X).(*ast.Ident)
	if b.Op != token.NEQ || !ok || !p.TypesInfo.Types[b.Y].IsNil() || !isError(p.TypesInfo.TypeOf(id)) {
		return nil
	}
	return p.TypesInfo.ObjectOf(id)
}

func (p *pass) uses(body ast.Node, obj types.Object) (used bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && p.TypesInfo.Uses[id] == obj {
			used = true
		}
		// A bare return returns what is named.
		if ret, ok := n.(*ast.ReturnStmt); ok && len(ret.Results) == 0 && p.isResult(obj) {
			used = true
		}
		return !used
	})
	return used
}

// isResult reports whether obj is a named result of its function.
func (p *pass) isResult(obj types.Object) bool {
	for _, def := range p.TypesInfo.Defs {
		f, ok := def.(*types.Func)
		if !ok {
			continue
		}
		results := f.Type().(*types.Signature).Results() // a Func has no other type
		for v := range results.Variables() {
			if v == obj {
				return true
			}
		}
	}
	return false
}
