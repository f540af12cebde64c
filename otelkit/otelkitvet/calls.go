package otelkitvet

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

const (
	slogPath      = "log/slog"
	otelkitPath   = "github.com/otelkit/otelkit-go/otelkit"
	attributePath = "go.opentelemetry.io/otel/attribute"
)

// line is a call that logs one: a function of package slog or a method of its
// Logger.
type line struct {
	name    *ast.Ident // of the function: Info, InfoContext, LogAttrs …
	context ast.Expr   // nil if it takes none
	message ast.Expr
	args    []ast.Expr // attributes
	isError bool       // at level ERROR
}

// asLine reports whether call logs a line.
func (p *pass) asLine(call *ast.CallExpr) (line, bool) {
	f, name := p.callee(call)
	if f == nil || f.Pkg() == nil || f.Pkg().Path() != slogPath {
		return line{}, false
	}
	level, isContext := strings.CutSuffix(f.Name(), "Context")
	l := line{name: name, args: call.Args}
	switch level {
	case "Debug", "Info", "Warn", "Error":
		l.isError = level == "Error"
	case "Log", "LogAttrs":
		isContext = true
	default:
		return line{}, false
	}
	if isContext {
		l.context, l.args = shift(l.args)
	}
	if level == "Log" || level == "LogAttrs" {
		var severity ast.Expr
		severity, l.args = shift(l.args)
		l.isError = p.isErrorLevel(severity)
	}
	l.message, l.args = shift(l.args)
	return l, l.message != nil
}

func shift(args []ast.Expr) (ast.Expr, []ast.Expr) {
	if len(args) == 0 {
		return nil, nil
	}
	return args[0], args[1:]
}

// isErrorLevel reports whether e is the constant slog.LevelError, or above.
func (p *pass) isErrorLevel(e ast.Expr) bool {
	if e == nil {
		return false
	}
	v := p.TypesInfo.Types[e].Value
	if v == nil || v.Kind() != constant.Int {
		return false
	}
	n, ok := constant.Int64Val(v)
	return ok && n >= 8
}

func (p *pass) callee(call *ast.CallExpr) (*types.Func, *ast.Ident) {
	f, _ := typeutil.Callee(p.TypesInfo, call).(*types.Func)
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		return f, fun.Sel
	case *ast.Ident:
		return f, fun
	}
	return nil, nil
}

// pair is a key and a value that stand in a call.
type pair struct {
	key   ast.Expr
	value ast.Expr   // nil if it is not there
	attr  *ast.Ident // the constructor of an attribute: String in slog.String(…)
}

// pairs returns the attributes that call states itself: as arguments in turn,
// or as the arguments of a constructor of an attribute.
func (p *pass) pairs(call *ast.CallExpr) []pair {
	f, name := p.callee(call)
	if f == nil || f.Pkg() == nil {
		return nil
	}
	if l, ok := p.asLine(call); ok {
		return p.inTurn(l.args)
	}
	sig, _ := f.Type().(*types.Signature)
	isMethod := sig != nil && sig.Recv() != nil
	switch path := f.Pkg().Path(); {
	case path == slogPath && f.Name() == "With":
		return p.inTurn(call.Args)
	case path == slogPath && !isMethod && f.Name() == "Group" && len(call.Args) > 0:
		return append(p.inTurn(call.Args[1:]), pair{key: call.Args[0]})
	case path == otelkitPath && (f.Name() == "Bind" || f.Name() == "BindScope") && len(call.Args) > 0:
		return p.inTurn(call.Args[1:])
	case path == otelkitPath && f.Name() == "CaptureException" && len(call.Args) > 2:
		return p.inTurn(call.Args[2:])
	case (path == slogPath || path == attributePath) && !isMethod && len(call.Args) == 2 && makesAttribute(sig):
		return []pair{{key: call.Args[0], value: call.Args[1], attr: name}}
	}
	return nil
}

// makesAttribute reports whether a function has a key and returns an attribute.
func makesAttribute(sig *types.Signature) bool {
	if sig.Params().Len() < 2 || sig.Results().Len() != 1 || !isString(sig.Params().At(0).Type()) {
		return false
	}
	result, ok := types.Unalias(sig.Results().At(0).Type()).(*types.Named)
	return ok && (result.Obj().Name() == "Attr" || result.Obj().Name() == "KeyValue")
}

// inTurn returns the keys and values among args, as slog reads them.
func (p *pass) inTurn(args []ast.Expr) []pair {
	var out []pair
	for i := 0; i < len(args); i++ {
		if t := p.TypesInfo.TypeOf(args[i]); t == nil || !isString(t) {
			continue // an attribute of its own
		}
		kv := pair{key: args[i]}
		if i++; i < len(args) {
			kv.value = args[i]
		}
		out = append(out, kv)
	}
	return out
}

func isString(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// text returns the value of a constant string.
func (p *pass) text(e ast.Expr) (string, bool) {
	v := p.TypesInfo.Types[e].Value
	if v == nil || v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(v), true
}
