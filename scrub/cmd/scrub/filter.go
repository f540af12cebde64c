package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"
)

// maxLine is the length in bytes beyond which a line is not read but masked:
// memory is bounded, whatever comes in.
const maxLine = 1 << 20

const tooLong = "[REDACTED:auth.bound]"

// filter scrubs the files, or standard input, onto standard output.
func (c *command) filter(files []string) (bool, error) {
	out := bufio.NewWriterSize(c.stdout, 64<<10)
	f := &filter{command: c, out: out, progress: newProgress(c)}
	err := f.all(files)
	if flushed := out.Flush(); err == nil {
		err = flushed
	}
	f.progress.done()
	found := f.summary()
	return found, err
}

type filter struct {
	*command
	out      *bufio.Writer
	progress *progress

	held    []byte // lines of a key block that has not ended
	skip    bool   // the block has grown too long: the rest of it is left out
	inBlock bool
	long    int // lines masked for their length
	changed bool
}

func (f *filter) all(files []string) error {
	if len(files) == 0 {
		return f.stream("standard input", f.stdin)
	}
	for _, name := range files {
		if err := f.file(name); err != nil {
			return err
		}
	}
	return nil
}

func (f *filter) file(name string) error {
	if name == "-" {
		return f.stream("standard input", f.stdin)
	}
	in, err := os.Open(name) //nolint:gosec // the user names it
	if err != nil {
		return fmt.Errorf("scrub: %w", err)
	}
	defer in.Close()
	return f.stream(name, in)
}

// stream scrubs line by line. A line is written as soon as it is there, if no
// other whole one is waiting, so that `tail -f | scrub` shows it.
func (f *filter) stream(name string, r io.Reader) error {
	in := bufio.NewReaderSize(r, maxLine)
	for {
		line, err := in.ReadSlice('\n')
		f.progress.add(len(line))
		if err == bufio.ErrBufferFull { //nolint:errorlint // ReadSlice documents the value
			err = f.overlong(in)
		} else if len(line) > 0 {
			f.line(line)
		}
		if err == io.EOF { //nolint:errorlint // as above
			f.endBlock()
			return nil
		}
		if err != nil {
			return fmt.Errorf("scrub: %s: %w", name, err)
		}
		if waiting, _ := in.Peek(in.Buffered()); bytes.IndexByte(waiting, '\n') < 0 {
			if err := f.out.Flush(); err != nil {
				return fmt.Errorf("scrub: write: %w", err)
			}
		}
	}
}

// overlong drops the rest of a line and writes a mask for it.
func (f *filter) overlong(in *bufio.Reader) error {
	f.endBlock()
	f.long++
	_, _ = f.out.WriteString(tooLong)
	for {
		rest, err := in.ReadSlice('\n')
		f.progress.add(len(rest))
		if err == bufio.ErrBufferFull { //nolint:errorlint // ReadSlice documents the value
			continue
		}
		if bytes.HasSuffix(rest, []byte("\n")) {
			_ = f.out.WriteByte('\n')
		}
		return err
	}
}

// maxBlock is the length in bytes of the longest key block that is held back.
const maxBlock = 64 << 10

var (
	blockBegin = []byte("-----BEGIN ")
	blockEnd   = []byte("-----END ")
	puttyBegin = []byte("Private-Lines: ") // ends at the first line that is no body
	// blockBody is a line of base64 (RFC 7468), a header (RFC 1421) or nothing.
	blockBody = regexp.MustCompile(`^\s*(?:[0-9A-Za-z+/=]*|[0-9A-Za-z-]+: .*)\s*$`)
)

// line scrubs one line. Those of a key block are held back until its end,
// because only the whole of it shows what it is.
func (f *filter) line(line []byte) {
	end := bytes.Contains(line, blockEnd)
	if f.inBlock && !end && !blockBody.Match(line) {
		f.endBlock() // it was cut off
	}
	if !f.inBlock {
		begin := max(bytes.LastIndex(line, blockBegin), bytes.LastIndex(line, puttyBegin))
		if begin < 0 || bytes.Contains(line[begin:], blockEnd) {
			f.write(line)
			return
		}
		f.inBlock, end = true, false
	}
	f.skip = f.skip || len(f.held)+len(line) > maxBlock
	if !f.skip {
		f.held = append(f.held, line...)
	}
	if end {
		f.endBlock()
	}
}

// endBlock writes the key block held back, if there is one.
func (f *filter) endBlock() {
	if !f.inBlock {
		return
	}
	if f.skip {
		f.long++
		_, _ = f.out.WriteString(tooLong + "\n")
	} else {
		f.write(f.held)
	}
	f.held, f.inBlock, f.skip = f.held[:0], false, false
}

// write scrubs text without its line break, which stays. An error of the
// writer comes back from the next Flush.
func (f *filter) write(text []byte) {
	body := bytes.TrimRight(text, "\r\n")
	clean := f.scrubber.String(string(body))
	f.changed = f.changed || clean != string(body)
	_, _ = f.out.WriteString(clean)
	_, _ = f.out.Write(text[len(body):])
}

// summary says what was found, by rule, and tells whether there was anything.
func (f *filter) summary() bool {
	stats := f.scrubber.Stats()
	if !f.quiet {
		for _, r := range stats.Redactions {
			fmt.Fprintf(f.stderr, "%8d  %s\n", r.Count, r.Rule)
		}
		if f.long > 0 {
			fmt.Fprintf(f.stderr, "%8d  lines or key blocks masked for their length\n", f.long)
		}
	}
	if len(stats.Redactions) > 0 && !f.changed { // not for -quiet to hide
		fmt.Fprintln(f.stderr, "scrub: nothing was replaced: the policy asks for a dry run")
	}
	return len(stats.Redactions) > 0 || f.long > 0
}

// progress shows on a terminal how far a long input has been read.
type progress struct {
	w       io.Writer // nil: shows nothing
	read    int64
	next    int64
	started time.Time
	shown   bool
}

// progressStep is how many bytes lie between two looks at the clock.
const progressStep = 4 << 20

func newProgress(c *command) *progress {
	p := &progress{next: progressStep, started: time.Now()}
	if !c.quiet && terminal(c.stderr) && !terminal(c.stdout) {
		p.w = c.stderr
	}
	return p
}

func (p *progress) add(n int) {
	p.read += int64(n)
	if p.w == nil || p.read < p.next {
		return
	}
	p.next = p.read + progressStep
	p.shown = true
	fmt.Fprintf(p.w, "\r%d MiB, %.0f MiB/s ", p.read>>20, float64(p.read>>20)/time.Since(p.started).Seconds())
}

// done wipes the line.
func (p *progress) done() {
	if p.shown {
		fmt.Fprint(p.w, "\r                                \r")
	}
}
