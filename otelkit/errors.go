package otelkit

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/otelkit/otelkit-go/internal/attrvalue"
	"github.com/otelkit/otelkit-go/internal/lines"
	"github.com/otelkit/otelkit-go/scrub"
)

// reporter says what goes wrong inside telemetry, on the diagnostics writer and
// nowhere else: through the log path a failing export would feed itself. One
// text is said at most once a minute, with the count of what was held back.
//
// It is the error handler of OpenTelemetry too. A writer that hangs costs its
// first callers 100 ms and nobody anything later.
type reporter struct {
	scrubber *scrub.Scrubber
	lines    *lines.Writer

	mu   sync.Mutex
	said map[string]*saying
}

// saying is one text and when it was last said.
type saying struct {
	at   time.Time
	held int
}

const (
	sayAgainAfter = time.Minute
	maxSayings    = 64 // above it, texts that differ count as one
)

// newReporter starts a goroutine, which close ends.
func newReporter(w io.Writer, s *scrub.Scrubber) *reporter {
	return &reporter{lines: lines.New(w), scrubber: s, said: map[string]*saying{}}
}

// Handle says err. It implements otel.ErrorHandler.
func (r *reporter) Handle(err error) {
	// An error or a scrubber that panics must not reach the host.
	defer func() { _ = recover() }()
	if err != nil {
		r.say(err.Error())
	}
}

func (r *reporter) say(text string) {
	text = r.scrubber.String(text)
	held, wanted := r.due(text, time.Now())
	if !wanted {
		return
	}
	if held > 0 {
		text += fmt.Sprintf(" (%d more times in the last minute)", held)
	}
	r.write(strings.TrimPrefix(text, "otelkit: "))
}

// write writes one line, whatever text holds.
func (r *reporter) write(text string) {
	line := lines.Buffer()
	*line = fmt.Appendf(*line, "otelkit: %s\n", printable(strings.ReplaceAll(text, "\n", "; ")))
	r.lines.Write(line)
}

// close writes what is left. A report that comes later is not seen.
func (r *reporter) close(ctx context.Context) { _ = r.lines.Close(ctx) }

// printable returns text with everything escaped that a terminal could take for
// a command or a reader for another line.
func printable(text string) string {
	if strings.IndexFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }) < 0 {
		return text
	}
	var b strings.Builder
	for _, c := range text {
		if unicode.IsPrint(c) {
			b.WriteRune(c)
		} else {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(c), "'"))
		}
	}
	return b.String()
}

// due reports whether text is to be said now, and how often it was held back.
func (r *reporter) due(text string, now time.Time) (held int, wanted bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.said) >= maxSayings && r.said[text] == nil {
		text = ""
	}
	s := r.said[text]
	if s == nil {
		s = &saying{}
		r.said[text] = s
	} else if now.Sub(s.at) < sayAgainAfter {
		s.held++
		return 0, false
	}
	held, s.held, s.at = s.held, 0, now
	return held, true
}

// reportPanic is deferred around foreign code: it turns a panic into a report,
// in the same words for the same panic.
func reportPanic(report func(error), where string) {
	if p := recover(); p != nil {
		report(fmt.Errorf("panic in %s: %s at %s", where, attrvalue.Text(p), strings.Join(panicFrames(), ", ")))
	}
}

// panicFrames are the innermost functions of the panic that a deferred caller
// of reportPanic has recovered.
func panicFrames() []string {
	var pcs [16]uintptr
	// Three are this function, reportPanic and runtime.Callers itself.
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	var out []string
	for more := true; more && len(out) < 5; {
		var f runtime.Frame
		f, more = frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") {
			out = append(out, fmt.Sprintf("%s (%s:%d)", f.Function, f.File, f.Line))
		}
	}
	return out
}
