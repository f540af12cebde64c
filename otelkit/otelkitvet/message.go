package otelkitvet

import (
	"go/ast"
	"go/token"
)

// Message reports lines whose event name is not a constant: what varies belongs
// into attributes, where it can be searched for and scrubbed by its key.
var Message = analyzer("logmessage", "report lines whose message is not a constant", eachCall(lookAtMessage))

func lookAtMessage(p *pass, call *ast.CallExpr) {
	l, ok := p.asLine(call)
	if !ok || p.TypesInfo.Types[l.message].Value != nil {
		return
	}
	const mend = "; name the event and put what varies into attributes"
	switch m := ast.Unparen(l.message).(type) {
	case *ast.BinaryExpr:
		if m.Op == token.ADD {
			p.report(m, nil, "the message is built by concatenation"+mend)
			return
		}
	case *ast.CallExpr:
		if f, _ := p.callee(m); f != nil && f.Pkg() != nil && f.Pkg().Path() == "fmt" {
			p.report(m, nil, "the message is built by fmt."+f.Name()+mend)
			return
		}
	}
	p.report(l.message, nil, "the message is not a constant"+mend)
}
