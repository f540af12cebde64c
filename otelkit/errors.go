package otelkit

import (
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/otelkit/otelkit-go/scrub"
)

// reporter says what goes wrong inside telemetry, on the diagnostics writer and
// nowhere else: through the log path a failing export would feed itself. One
// text is said at most once a minute, with the count of what was held back.
//
// It is the error handler of OpenTelemetry too.
type reporter struct {
	scrubber *scrub.Scrubber

	mu   sync.Mutex
	w    io.Writer
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

func newReporter(w io.Writer, s *scrub.Scrubber) *reporter {
	return &reporter{w: w, scrubber: s, said: map[string]*saying{}}
}

// Handle says err. It implements otel.ErrorHandler.
func (r *reporter) Handle(err error) {
	if err != nil {
		r.say(err.Error())
	}
}

func (r *reporter) say(text string) {
	// A writer or a scrubber that panics must not reach the host.
	defer func() { _ = recover() }()
	text = strings.ReplaceAll(r.scrubber.String(text), "\n", "; ")

	r.mu.Lock()
	defer r.mu.Unlock()
	held, wanted := r.due(text, time.Now())
	if !wanted {
		return
	}
	if held > 0 {
		text += fmt.Sprintf(" (%d more times in the last minute)", held)
	}
	fmt.Fprintf(r.w, "otelkit: %s\n", strings.TrimPrefix(text, "otelkit: "))
}

// due reports whether text is to be said now, and how often it was held back.
func (r *reporter) due(text string, now time.Time) (held int, wanted bool) {
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

// reportPanic is deferred around foreign code: it turns a panic into a report.
func reportPanic(report func(error), where string) {
	if p := recover(); p != nil {
		report(fmt.Errorf("panic in %s: %v\n%s", where, p, firstFrames(debug.Stack())))
	}
}

// firstFrames cuts a stack to what helps to find the panic.
func firstFrames(stack []byte) string {
	lines := strings.SplitN(string(stack), "\n", 16)
	return strings.Join(lines[:min(len(lines), 15)], "\n")
}
