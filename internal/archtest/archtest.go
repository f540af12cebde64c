// Package archtest holds the import rules of this module: which folder may
// import which, and what may be linked into a service. It reads the sources
// itself instead of asking the go command, so that the test cache notices
// every changed file and files behind build tags are read too.
package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Violation is one import that the rules forbid, or one folder without a rule.
type Violation struct {
	File   string // slash-separated, from the root of the module
	Line   int
	Import string // the import path, empty if the folder has no rule
	Rule   string // the rule that is broken
	Mend   string // what to do about it
}

// String returns the violation as a compiler would print it, with the way out
// on the next line.
func (v Violation) String() string {
	if v.Import == "" {
		return fmt.Sprintf("%s:%d: %s\n\t%s", v.File, v.Line, v.Rule, v.Mend)
	}
	return fmt.Sprintf("%s:%d: imports %q: %s\n\t%s", v.File, v.Line, v.Import, v.Rule, v.Mend)
}

// Check parses every Go file of the module in root, nested modules left out,
// and returns what breaks the rules, in the order of the files. The error
// reports a file that cannot be read or parsed.
func Check(root fs.FS, module string, rules []Rule) ([]Violation, error) {
	var found []Violation
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skipDir(root, name)
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		f, err := readFile(root, name, module)
		if err != nil {
			return err
		}
		found = append(found, f.check(rules)...)
		return nil
	})
	return found, err
}

// skipDir returns fs.SkipDir for the folders that the go command leaves out of
// ./... as well: nested modules, testdata, hidden ones.
func skipDir(root fs.FS, name string) error {
	if name == "." {
		return nil
	}
	base := path.Base(name)
	if base == "testdata" || base == "vendor" || base == "node_modules" || base[0] == '.' || base[0] == '_' {
		return fs.SkipDir
	}
	if _, err := fs.Stat(root, name+"/go.mod"); err == nil {
		return fs.SkipDir
	}
	return nil
}

// file is a Go file and what it imports.
type file struct {
	name    string
	module  string
	fset    *token.FileSet
	pkg     *ast.Ident
	imports []*ast.ImportSpec
}

func readFile(root fs.FS, name, module string) (*file, error) {
	src, err := fs.ReadFile(root, name)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, name, src, parser.ImportsOnly)
	if err != nil {
		return nil, err
	}
	return &file{name: name, module: module, fset: fset, pkg: parsed.Name, imports: parsed.Imports}, nil
}

func (f *file) isTest() bool { return strings.HasSuffix(f.name, "_test.go") }

func (f *file) check(rules []Rule) []Violation {
	dir := path.Dir(f.name)
	rule, ok := ruleFor(rules, dir)
	if !ok {
		return []Violation{{
			File: f.name,
			Line: f.fset.Position(f.pkg.Pos()).Line,
			Rule: fmt.Sprintf("folder %s has no row in the layer table", dir),
			Mend: "move the file into a layer that exists; a new layer is a row in internal/archtest/rules.go, with its reason",
		}}
	}
	var found []Violation
	for _, spec := range f.imports {
		// The parser has checked that the path is a string literal.
		imported, _ := strconv.Unquote(spec.Path.Value)
		if broken, mend := f.judge(rule, dir, imported); broken != "" {
			found = append(found, Violation{
				File:   f.name,
				Line:   f.fset.Position(spec.Pos()).Line,
				Import: imported,
				Rule:   broken,
				Mend:   mend,
			})
		}
	}
	return found
}

// judge returns the rule that the import breaks and what to do about it, or
// two empty strings.
func (f *file) judge(rule Rule, dir, imported string) (broken, mend string) {
	target, ours := f.within(imported)
	linked := !f.isTest() && !isTestKit(dir)
	switch {
	case linked && isTesting(imported):
		return "only test files and test kits may import testing packages",
			"move the code into a _test.go file or into a test kit (" + strings.Join(testKits, ", ") + ")"
	case !ours || target == dir || strings.HasPrefix(target, dir+"/internal/"):
		// What lies in a package's own internal folder is a room of its own.
		return "", ""
	case linked && isTestKit(target):
		return "a service must not link test code",
			"use it in a _test.go file, or move what production needs out of " + target
	case matchAny(rule.May, target), f.isTest() && (isTestKit(target) || matchAny(rule.TestsMay, target)):
		return "", ""
	default:
		return fmt.Sprintf("%s may import %s", rule.Layer, rule.mayList()),
			"let the upper layer hand it down as an argument or a small interface, or move what both need into internal/"
	}
}

// within returns the folder of an import path of this module.
func (f *file) within(imported string) (dir string, ok bool) {
	if imported == f.module {
		return ".", true
	}
	return strings.CutPrefix(imported, f.module+"/")
}

func isTesting(imported string) bool {
	return imported == "testing" || strings.HasPrefix(imported, "testing/") || imported == "net/http/httptest"
}
