package console

import (
	"io"
	"os"

	"golang.org/x/term"
)

// style is a select-graphic-rendition sequence (ECMA-48, section 8.3.117).
type style string

const (
	plain  style = ""
	faint  style = "\x1b[2m"
	bold   style = "\x1b[1m"
	red    style = "\x1b[31m"
	alarm  style = "\x1b[1;31m"
	green  style = "\x1b[32m"
	yellow style = "\x1b[33m"
	blue   style = "\x1b[34m"
	violet style = "\x1b[35m"
	cyan   style = "\x1b[36m"
	reset        = "\x1b[0m"
)

// paint is whether to colour.
type paint bool

func newPaint(c Color, w io.Writer) paint {
	switch c {
	case Always:
		return true
	case Never:
		return false
	}
	file, ok := w.(*os.File)
	return paint(ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(file.Fd())))
}

// start and end go around what is to be in style s.
func (p paint) start(b []byte, s style) []byte {
	if !p || s == plain {
		return b
	}
	return append(b, s...)
}

func (p paint) end(b []byte, s style) []byte {
	if !p || s == plain {
		return b
	}
	return append(b, reset...)
}

// text appends text, which must be harmless already, in style s.
func (p paint) text(b []byte, s style, text string) []byte {
	b = p.start(b, s)
	b = append(b, text...)
	return p.end(b, s)
}

func levelStyle(level string) style {
	if len(level) < 4 {
		return plain
	}
	switch level[:4] {
	case "trac", "debu":
		return faint
	case "info":
		return green
	case "warn":
		return yellow
	case "erro":
		return red
	case "fata":
		return alarm
	case "span":
		return blue
	}
	return plain
}
