package sentry

import (
	"path"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	sentrygo "github.com/getsentry/sentry-go"
)

// maxFrames is how many frames of a stack are kept, innermost first.
const maxFrames = 64

// callers returns the stack of its caller's caller, innermost first.
func callers() []uintptr {
	var pcs [maxFrames]uintptr
	return slices.Clone(pcs[:runtime.Callers(3, pcs[:])])
}

// plumbing are packages whose frames on top of a stack only say how an error
// was reported. Their tests are packages of their own.
var plumbing = map[string]bool{
	"runtime":                            true,
	"log/slog":                           true,
	"go.opentelemetry.io/otel/sdk/trace": true,
	"go.opentelemetry.io/otel/sdk/log":   true,
	"go.opentelemetry.io/contrib/bridges/otelslog":   true,
	"github.com/otelkit/otelkit-go/otelkit":          true,
	"github.com/otelkit/otelkit-go/exporters/sentry": true,
	"github.com/otelkit/otelkit-go/scrub":            true,
	"github.com/getsentry/sentry-go":                 true,
}

// app knows which code is the application's own.
type app struct {
	module   string // path of the main module
	main     string // import path of the main package
	prefixes []string
}

func newApp(prefixes []string) app {
	a := app{prefixes: prefixes}
	if info, ok := debug.ReadBuildInfo(); ok {
		a.module, a.main = info.Main.Path, strings.TrimSuffix(info.Path, ".test")
	}
	return a
}

func (a app) owns(pkg string) bool {
	if pkg == "main" || within(pkg, a.module) {
		return true
	}
	for _, p := range a.prefixes {
		if strings.HasPrefix(pkg, p) {
			return true
		}
	}
	return false
}

func within(pkg, module string) bool {
	if module == "" {
		return false
	}
	rest, ok := strings.CutPrefix(pkg, module)
	return ok && (rest == "" || rest[0] == '/' || rest[0] == '_' || rest[0] == '.')
}

// frame describes one call. Filename is relative to the main module or, for
// other code, starts with the import path; the path on the machine that built
// the program is not sent.
func (a app) frame(pkg, function, file string, line int) sentrygo.Frame {
	dir := strings.TrimSuffix(pkg, "_test")
	if pkg == "main" && a.main != "" {
		dir = a.main
	}
	if within(dir, a.module) {
		dir = strings.TrimPrefix(strings.TrimPrefix(dir, a.module), "/")
	}
	file = strings.ReplaceAll(file, `\`, "/")
	return sentrygo.Frame{
		Module:   pkg,
		Function: function,
		Filename: path.Join(dir, path.Base(file)),
		Lineno:   line,
		InApp:    a.owns(pkg),
	}
}

// fromPCs returns the stack of pcs, as given by runtime.Callers, in Sentry's
// order: innermost last.
func (a app) fromPCs(pcs []uintptr) *sentrygo.Stacktrace {
	if len(pcs) == 0 {
		return nil
	}
	calls := make([]runtime.Frame, 0, len(pcs))
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		calls = append(calls, f)
		if !more {
			break
		}
	}
	return a.fromCalls(calls)
}

// fromCalls takes calls innermost first.
func (a app) fromCalls(calls []runtime.Frame) *sentrygo.Stacktrace {
	calls = faulting(calls)
	st := &sentrygo.Stacktrace{}
	for _, c := range calls {
		pkg, function := splitName(c.Function)
		if c.Function == "" || c.Function == "runtime.goexit" || c.Function == "runtime.main" {
			continue
		}
		if len(st.Frames) == 0 && plumbing[pkg] {
			continue
		}
		st.Frames = append(st.Frames, a.frame(pkg, function, c.File, c.Line))
	}
	if len(st.Frames) == 0 {
		return nil
	}
	slices.Reverse(st.Frames)
	return st
}

// faulting cuts off what ran after a panic, the deferred functions. If one of
// plumbing threw it again, the first panic is further down, below plumbing.
func faulting(calls []runtime.Frame) []runtime.Frame {
	i := slices.IndexFunc(calls, func(f runtime.Frame) bool { return f.Function == "runtime.gopanic" })
	return calls[i+1:]
}

// panicsIn returns how many panics are under way in the stack pcs of a goroutine:
// one that is thrown on by a deferred function is one more.
func panicsIn(pcs []uintptr) (n int) {
	if len(pcs) == 0 {
		return 0
	}
	frames := runtime.CallersFrames(pcs)
	for {
		f, more := frames.Next()
		if f.Function == "runtime.gopanic" {
			n++
		}
		if !more {
			return n
		}
	}
}

// fromText parses the form of runtime/debug.Stack, in which exception.stacktrace
// comes.
func (a app) fromText(text string) *sentrygo.Stacktrace {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	var calls []runtime.Frame
	for i := 0; i+1 < len(lines) && len(calls) < maxFrames; i++ {
		place, ok := strings.CutPrefix(lines[i+1], "\t")
		if !ok {
			continue
		}
		name := strings.TrimPrefix(lines[i], "created by ")
		name, _, _ = strings.Cut(name, " in goroutine ")
		if end := strings.LastIndexByte(name, '('); end > 0 && strings.HasSuffix(name, ")") {
			name = name[:end]
		}
		if name == "panic" {
			name = "runtime.gopanic"
		}
		place, _, _ = strings.Cut(place, " +0x")
		colon := strings.LastIndexByte(place, ':')
		if colon < 0 {
			continue
		}
		line, err := strconv.Atoi(place[colon+1:])
		if err != nil {
			continue
		}
		calls = append(calls, runtime.Frame{Function: name, File: place[:colon], Line: line})
		i++
	}
	return a.fromCalls(calls)
}

// ofError returns the stack that err carries itself, in the way of
// github.com/pkg/errors and its relatives, or nil.
func (a app) ofError(err error) (st *sentrygo.Stacktrace) {
	defer func() {
		if recover() != nil {
			st = nil
		}
	}()
	st = sentrygo.ExtractStacktrace(err)
	if st == nil || len(st.Frames) == 0 {
		return nil
	}
	for i, f := range st.Frames {
		file := f.AbsPath
		if file == "" {
			file = f.Filename
		}
		st.Frames[i] = a.frame(f.Module, f.Function, file, f.Lineno)
	}
	return st
}

// culprit names the innermost function of the application, for example
// "orders.(*Store).Load".
func culprit(st *sentrygo.Stacktrace) string {
	if st == nil {
		return ""
	}
	for _, f := range slices.Backward(st.Frames) {
		if f.InApp {
			return path.Base(f.Module) + "." + f.Function
		}
	}
	return ""
}

// splitName splits the name of a function into import path and the rest.
func splitName(name string) (pkg, function string) {
	slash := strings.LastIndexByte(name, '/') + 1
	if bracket := strings.IndexByte(name, '['); bracket >= 0 && bracket < slash {
		slash = strings.LastIndexByte(name[:bracket], '/') + 1
	}
	dot := strings.IndexByte(name[slash:], '.')
	if dot < 0 {
		return "", name
	}
	return strings.ReplaceAll(name[:slash+dot], "%2e", "."), name[slash+dot+1:]
}
