// Command scrub replaces sensitive data in text: authorization tokens,
// passwords, financial, health and personal data.
//
//	scrub < app.log              what goes in comes out scrubbed
//	scrub FILE…                  the files, one after the other; - is standard input
//	scrub explain KEY TEXT       what is found in TEXT held under KEY, and where
//	scrub check POLICY           whether a policy file can be used
//	scrub redaction              the Collector's redaction processor, by the same rules
//
// Flags, before everything else:
//
//	-policy FILE   further rules and exceptions, see [scrub.WithPolicy]
//	-fail          exit with status 1 if something was found: for log samples in CI
//	-quiet         no summary
//
// A file of the name explain, check or redaction is reached as ./explain.
//
// Text goes by line; a line longer than 1 MiB is replaced whole by
// [REDACTED:auth.bound], whatever it holds. Output is written as lines come. A
// key block (PEM) over several lines is replaced whole. The summary by rule
// goes to standard error, and the progress if that is a terminal.
//
// Exit status: 0; 1 if -fail found something; 2 if something is wrong, and then
// the output is not complete.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"github.com/otelkit/otelkit-go/scrub"
)

const (
	statusFound = 1
	statusWrong = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) } //nolint:forbidigo // a command

// command is one call of scrub.
type command struct {
	stdin          io.Reader
	stdout, stderr io.Writer

	policy      string
	fail, quiet bool
	scrubber    *scrub.Scrubber
}

// run runs the command and returns its exit status.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c := &command{stdin: stdin, stdout: stdout, stderr: stderr}
	flags := flag.NewFlagSet("scrub", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&c.policy, "policy", "", "read rules and exceptions from `FILE`")
	flags.BoolVar(&c.fail, "fail", false, "exit with status 1 if something was found")
	flags.BoolVar(&c.quiet, "quiet", false, "no summary")
	flags.Usage = func() {}
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		usage(flags, stdout) // it was asked for
		return 0
	} else if err != nil {
		usage(flags, stderr)
		return statusWrong
	}
	found, err := c.do(flags.Args())
	if err != nil {
		fmt.Fprintln(stderr, err)
		return statusWrong
	}
	if found && c.fail {
		return statusFound
	}
	return 0
}

const help = `usage: scrub [flags] [FILE…]              scrub the files, or standard input
       scrub [flags] explain KEY TEXT     say what is found in TEXT held under KEY
       scrub check POLICY                 say whether a policy file can be used
       scrub [flags] redaction            print the Collector's redaction processor
Exit status: 0; 1 if -fail found something; 2 if something is wrong.
`

func usage(flags *flag.FlagSet, w io.Writer) {
	fmt.Fprint(w, help)
	flags.SetOutput(w)
	flags.PrintDefaults()
}

// do tells whether something was found.
func (c *command) do(args []string) (bool, error) {
	name := ""
	if len(args) > 0 {
		name = args[0]
	}
	if name == "check" {
		return false, c.check(args[1:])
	}
	var opts []scrub.Option
	if c.policy != "" {
		opts = append(opts, scrub.WithPolicy(c.policy))
	}
	s, err := scrub.New(opts...)
	if err != nil {
		return false, err
	}
	c.scrubber = s
	switch name {
	case "explain":
		return c.explain(args[1:])
	case "redaction":
		return false, c.redaction(args[1:])
	}
	return c.filter(args)
}

func (c *command) check(args []string) error {
	if len(args) != 1 {
		return errors.New("scrub: usage: scrub check POLICY")
	}
	s, err := scrub.New(scrub.WithPolicy(args[0]))
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(c.stdout, "%s: usable, %d rules\n", args[0], len(s.Rules()))
	return err
}

func (c *command) explain(args []string) (bool, error) {
	if len(args) != 2 {
		return false, errors.New("scrub: usage: scrub explain KEY TEXT")
	}
	found := c.scrubber.Explain(args[0], args[1])
	for _, f := range found {
		why := "text"
		if f.Key {
			why = "key"
		}
		if _, err := fmt.Fprintf(c.stdout, "%s\t%s\tby its %s\tbytes %d to %d\n", f.Rule, f.Category, why, f.Start, f.End); err != nil {
			return false, err
		}
	}
	if len(found) == 0 {
		_, err := fmt.Fprintln(c.stdout, "nothing found")
		return false, err
	}
	return true, nil
}

func (c *command) redaction(args []string) error {
	if len(args) != 0 {
		return errors.New("scrub: usage: scrub redaction")
	}
	_, err := io.WriteString(c.stdout, c.scrubber.CollectorConfig())
	return err
}

// terminal tells whether w is one.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
