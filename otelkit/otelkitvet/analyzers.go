package otelkitvet

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"
)

const url = "https://pkg.go.dev/github.com/otelkit/otelkit-go/otelkit/otelkitvet"

// Analyzers returns all analyzers of this package.
func Analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{Context, Message, Key, Error}
}

// analyzer makes an Analyzer that looks at each call, if and switch.
func analyzer(name, doc string, look func(*pass, ast.Node)) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name: name, Doc: doc, URL: url,
		Requires: []*analysis.Analyzer{inspect.Analyzer},
		Run: func(p *analysis.Pass) (any, error) {
			pass := &pass{Pass: p, allowed: map[*token.File]map[int]bool{}}
			in, _ := p.ResultOf[inspect.Analyzer].(*inspector.Inspector) // it has no other result
			for n := range in.PreorderSeq((*ast.CallExpr)(nil), (*ast.IfStmt)(nil), (*ast.SwitchStmt)(nil)) {
				look(pass, n)
			}
			return nil, nil
		},
	}
}

// pass is an analysis.Pass that leaves out what is allowed.
type pass struct {
	*analysis.Pass
	allowed map[*token.File]map[int]bool // lines, by file; filled when a file is first asked for
}

// eachCall makes a look of one that is for calls.
func eachCall(look func(*pass, *ast.CallExpr)) func(*pass, ast.Node) {
	return func(p *pass, n ast.Node) {
		if call, ok := n.(*ast.CallExpr); ok {
			look(p, call)
		}
	}
}

const directive = "//otelkitvet:allow "

func (p *pass) report(n ast.Node, fix []analysis.TextEdit, message string) {
	if p.isAllowed(n.Pos()) {
		return
	}
	d := analysis.Diagnostic{Pos: n.Pos(), End: n.End(), Message: message}
	if len(fix) > 0 {
		d.SuggestedFixes = []analysis.SuggestedFix{{Message: "mend it", TextEdits: fix}}
	}
	p.Report(d)
}

// isAllowed reports whether the line of pos, or the one above, has a directive
// with a reason.
func (p *pass) isAllowed(pos token.Pos) bool {
	file := p.Fset.File(pos)
	if p.allowed[file] == nil {
		p.allowed[file] = p.directives(file)
	}
	line := file.Line(pos)
	return p.allowed[file][line] || p.allowed[file][line-1]
}

func isReason(text string) bool {
	text = strings.TrimSpace(text)
	return text != "" && !strings.HasPrefix(text, "//")
}

func (p *pass) directives(file *token.File) map[int]bool {
	lines := map[int]bool{}
	for _, f := range p.Files {
		if p.Fset.File(f.FileStart) != file {
			continue
		}
		for _, group := range f.Comments {
			for _, c := range group.List {
				if reason, ok := strings.CutPrefix(c.Text, directive); ok && isReason(reason) {
					lines[file.Line(c.Pos())] = true
				}
			}
		}
	}
	return lines
}
