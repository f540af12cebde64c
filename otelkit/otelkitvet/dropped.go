package otelkitvet

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// lookForDroppedInSwitch looks at the cases of a switch without a tag. Where one
// is err == nil, the default is for an error.
func lookForDroppedInSwitch(p *pass, stmt *ast.SwitchStmt) {
	if stmt.Tag != nil {
		return
	}
	var otherwise types.Object
	for _, s := range stmt.Body.List {
		clause := s.(*ast.CaseClause) // a switch holds no other
		for _, cond := range clause.List {
			if err := p.errorIf(cond, false); err != nil {
				otherwise = err
			}
			if len(clause.List) == 1 {
				p.lookForDropped(p.errorIf(cond, true), &ast.BlockStmt{List: clause.Body})
			}
		}
	}
	for _, s := range stmt.Body.List {
		if clause := s.(*ast.CaseClause); clause.List == nil {
			p.lookForDropped(otherwise, &ast.BlockStmt{List: clause.Body})
		}
	}
}

// lookForDropped reports the lines at ERROR in branch, which runs if there is an
// error err, if err gets nowhere from there. Either may be nil.
func (p *pass) lookForDropped(err types.Object, branch ast.Stmt) {
	if err == nil || branch == nil || p.uses(branch, err) {
		return
	}
	ast.Inspect(branch, func(n ast.Node) bool {
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

// errorIf returns err if it is an error that is not nil whenever cond is holds.
func (p *pass) errorIf(cond ast.Expr, holds bool) types.Object {
	switch e := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return p.errorIf(e.X, !holds)
		}
	case *ast.BinaryExpr:
		switch {
		case e.Op == token.LAND && holds, e.Op == token.LOR && !holds:
			if err := p.errorIf(e.X, holds); err != nil {
				return err
			}
			return p.errorIf(e.Y, holds)
		case e.Op == token.NEQ && holds, e.Op == token.EQL && !holds:
			if p.TypesInfo.Types[e.X].IsNil() {
				return p.errorIn(e.Y)
			}
			if p.TypesInfo.Types[e.Y].IsNil() {
				return p.errorIn(e.X)
			}
		}
	}
	return nil
}

// errorIn returns the variable that e is, if that is an error.
func (p *pass) errorIn(e ast.Expr) types.Object {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok && isError(p.TypesInfo.TypeOf(id)) {
		return p.TypesInfo.ObjectOf(id)
	}
	return nil
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
