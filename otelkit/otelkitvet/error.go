package otelkitvet

import (
	"go/ast"
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
		p.lookForDropped(p.errorIf(n.Cond, true), n.Body)
		p.lookForDropped(p.errorIf(n.Cond, false), n.Else)
	case *ast.SwitchStmt:
		lookForDroppedInSwitch(p, n)
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
