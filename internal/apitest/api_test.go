package apitest

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

// trees hold the packages that services import.
var trees = []string{"otelkit", "exporters", "scrub"}

// TestAPI compares the documentation of each public package with its api.txt.
// UPDATE_GOLDEN=1 (make api) rewrites them.
func TestAPI(t *testing.T) {
	t.Parallel()
	packages := publicPackages(t)
	if len(packages) == 0 {
		t.Fatal("no public package found")
	}
	for _, p := range packages {
		t.Run(p.dir, func(t *testing.T) {
			t.Parallel()
			golden := filepath.Join(root, p.dir, "testdata", "api.txt")
			got := p.doc(t)
			if os.Getenv("UPDATE_GOLDEN") == "1" {
				write(t, golden, got)
				return
			}
			want, err := os.ReadFile(golden)
			if errors.Is(err, fs.ErrNotExist) {
				t.Fatalf("%s/testdata/api.txt does not exist; `make api` writes it", p.dir)
			}
			if err != nil {
				t.Fatal(err)
			}
			if string(want) != got {
				t.Errorf("the public interface of %s, or its documentation, has changed; if that is meant, run `make api`, commit the file and name the change in CHANGELOG.md:\n%s", p.dir, changes(string(want), got))
			}
		})
	}
}

// unstable are import path prefixes of modules below v1, whose types would
// break our users with every release if they were part of our interface.
var unstable = []string{
	"go.opentelemetry.io/contrib/bridges/",
	"go.opentelemetry.io/contrib/instrumentation/",
	"go.opentelemetry.io/contrib/otelconf",
	"go.opentelemetry.io/contrib/propagators/autoprop",
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/",
	"github.com/DataDog/go-sqllexer",
}

// TestNoUnstableTypes fails if an exported declaration names a type of a
// module that promises nothing. sentry-go is below v1 too, but its Event is
// what exporters/sentry is about.
func TestNoUnstableTypes(t *testing.T) {
	t.Parallel()
	for _, p := range publicPackages(t) {
		for name, file := range p.files {
			for _, used := range foreignNames(file) {
				for _, prefix := range unstable {
					if strings.HasPrefix(used.path, prefix) {
						t.Errorf("%s: exported declaration uses %s of %s, which is below v1: hide it behind a type of ours", name, used.name, used.path)
					}
				}
			}
		}
	}
}

// pkg is a public package of this module. Its files are read here and not by
// the go command alone, because the test cache notices only changes of what
// the test process itself has read.
type pkg struct {
	dir   string
	files map[string]*ast.File
}

func (p pkg) doc(t *testing.T) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "doc", "-all", ".")
	cmd.Dir = filepath.Join(root, p.dir)
	// The text must not depend on the machine it is made on.
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.Fatalf("go doc: %v\n%s", err, exit.Stderr)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func publicPackages(t *testing.T) []pkg {
	t.Helper()
	var found []pkg
	for _, tree := range trees {
		err := filepath.WalkDir(filepath.Join(root, tree), func(name string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) && name == filepath.Join(root, tree) {
				return nil
			}
			if err != nil {
				return err
			}
			if !entry.IsDir() {
				return nil
			}
			if base := entry.Name(); base == "testdata" || base == "internal" {
				return filepath.SkipDir
			}
			files, err := parseDir(name)
			if err != nil || len(files) == 0 {
				return err
			}
			dir, err := filepath.Rel(root, name)
			found = append(found, pkg{filepath.ToSlash(dir), files})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// parseDir parses the files of the package in dir. A program has none.
func parseDir(dir string) (map[string]*ast.File, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		if file.Name.Name == "main" {
			return nil, nil
		}
		files[name] = file
	}
	return files, nil
}

type foreignName struct{ path, name string }

// foreignNames returns the names of other packages that the exported
// declarations of the file mention: in signatures, exported fields and methods,
// and in what a variable is set to, because that is its type. Function bodies do
// not count.
func foreignNames(file *ast.File) []foreignName {
	imports := map[string]string{}
	for _, spec := range file.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		imports[localName(spec, path)] = path
	}
	var found []foreignName
	visit := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			return false
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && imports[x.Name] != "" {
				found = append(found, foreignName{imports[x.Name], n.Sel.Name})
			}
		}
		return true
	}
	ast.FileExports(file)
	for _, decl := range file.Decls {
		if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.IMPORT {
			continue
		}
		ast.Inspect(decl, visit)
	}
	return found
}

// localName guesses the name of an import that has no alias from its path.
func localName(spec *ast.ImportSpec, path string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	base := path[strings.LastIndex(path, "/")+1:]
	return strings.TrimPrefix(base, "go-")
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// changes lists the lines that only one of the texts has, the first few of
// them: the whole difference is what git shows after `make api`.
func changes(old, now string) string {
	const most = 40
	found := slices.Concat(missing("-", old, now), missing("+", now, old))
	if len(found) == 0 {
		return "the same lines in another order"
	}
	if len(found) > most {
		found = append(found[:most], "…")
	}
	return strings.Join(found, "\n")
}

// missing returns the lines of text that other does not have.
func missing(mark, text, other string) []string {
	have := map[string]bool{}
	for line := range strings.SplitSeq(other, "\n") {
		have[line] = true
	}
	var found []string
	for line := range strings.SplitSeq(text, "\n") {
		if !have[line] {
			found = append(found, mark+line)
		}
	}
	return found
}
