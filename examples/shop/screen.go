package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"sync"

	"golang.org/x/term"
)

// screen is what a person sees of the run.
type screen struct {
	mu    sync.Mutex
	out   io.Writer
	paint bool
	seen  map[string]bool   // kinds of lines
	held  map[string]string // by service: a line that waits for what stands below it
}

func newScreen(out io.Writer) *screen {
	file, ok := out.(*os.File)
	return &screen{
		out: out, seen: map[string]bool{}, held: map[string]string{},
		paint: ok && os.Getenv("NO_COLOR") == "" && term.IsTerminal(int(file.Fd())),
	}
}

func (s *screen) printf(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.out, format, args...)
}

var (
	// consoleLine is a line of exporters/console: date, time, level, event, logger, rest.
	consoleLine = regexp.MustCompile(`^[0-9-]+T([0-9:.]+)Z \[(\w+) *\] (.+?) \[([\w./]+)\](.*)$`)
	// trimmings are attributes that say little to a person at the screen.
	trimmings = regexp.MustCompile(` (request_id|correlation_id|task_id|client_ip|user_id|user_agent|path_template|bytes|trace_id|duration_ms|scenario)=("[^"]*"|\S+)`)
)

// end shows what is still held of a service that has ended.
func (s *screen) end(service string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprint(s.out, s.held[service])
	delete(s.held, service)
}

// line shows a line of a service if it is the first of its kind at WARN or
// above; all of them would be thousands. What is no line of a log is shown: the
// service may be about to die.
func (s *screen) line(service, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	head, held := s.held[service]
	delete(s.held, service)
	if rest, below := strings.CutPrefix(text, "    "); below {
		if held { // of what stands below, the first line; the stack stays out
			fmt.Fprintf(s.out, "%s%32s%s\n", head, "", clip(rest))
		}
		return
	}
	fmt.Fprint(s.out, head)
	m := consoleLine.FindStringSubmatch(text)
	if m == nil {
		if !strings.HasPrefix(text, "otelkit: service ") { // what goes where, at the start
			fmt.Fprintf(s.out, "%12s %-8s %s\n", "", service, text)
		}
		return
	}
	at, level, event, logger, attributes := m[1], m[2], m[3], m[4], m[5]
	kind := service + level + event + logger
	if level != "warn" && level != "error" || s.seen[kind] {
		return
	}
	s.seen[kind] = true
	s.held[service] = fmt.Sprintf("%s %-8s %s %s%s\n", at, service, s.level(level), s.bold(event), clip(trimmings.ReplaceAllString(attributes, "")))
}

func (s *screen) level(level string) string {
	if !s.paint {
		return fmt.Sprintf("%-5s", level)
	}
	color := 33 // yellow
	if level == "error" {
		color = 31 // red
	}
	return fmt.Sprintf("\x1b[%dm%-5s\x1b[0m", color, level)
}

func (s *screen) bold(text string) string {
	if !s.paint {
		return text
	}
	return "\x1b[1m" + text + "\x1b[0m"
}

// clip cuts what does not fit into a line.
func clip(text string) string {
	const n = 110
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}
