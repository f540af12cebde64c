package otelkit_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"

	"github.com/otelkit/otelkit-go/otelkit"
)

type exitError struct{ code int }

// faultyCode is an error that cannot say its code.
type faultyCode struct{ error }

func (faultyCode) ExitCode() int { panic("code") }

func (exitError) Error() string   { return "exit" }
func (e exitError) ExitCode() int { return e.code }

func TestCommandOutcomes(t *testing.T) {
	t.Parallel()
	const started = "INFO command_started"
	for _, test := range []struct {
		name   string
		run    func(context.Context) error
		exit   int
		code   string // in the line
		story  []string
		issues []string
	}{
		{"finished", func(context.Context) error { return nil }, 0, "0", []string{started, "INFO command_finished"}, nil},
		{"failed", func(context.Context) error { return errGone }, 1, "1", []string{started, "ERROR command_failed"}, []string{"error disk gone"}},
		{"failed with a code", func(context.Context) error { return exitError{3} }, 3, "3", []string{started, "ERROR command_failed"}, []string{"error exit"}},
		{"failed with a senseless code", func(context.Context) error { return exitError{0} }, 1, "1", []string{started, "ERROR command_failed"}, []string{"error exit"}},
		{"failed with a code that a shell takes for 0", func(context.Context) error { return exitError{256} }, 1, "1", []string{started, "ERROR command_failed"}, []string{"error exit"}},
		{"failed with a code that panics", func(context.Context) error { return faultyCode{errGone} }, 1, "1", []string{started, "ERROR command_failed"}, []string{"error disk gone"}},
		{
			"captured", func(ctx context.Context) error { _ = store(ctx); return nil }, 0, "0",
			[]string{started, "ERROR exception_captured", "ERROR command_failed"},
			[]string{"error disk gone"},
		},
		{"panic", func(context.Context) error { breakDown(); return nil }, -1, "2", []string{started, "ERROR command_failed"}, []string{"fatal boom"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := observe(t)
			exit := func() (code int) {
				defer func() {
					if v := recover(); v != nil {
						if code = -1; v != "boom" {
							t.Errorf("the panic went on with %v", v)
						}
					}
				}()
				return otelkit.RunCommand(o.ctx, "reindex", test.run)
			}()
			// Nothing is flushed from here on: the command has done it.
			if n := len(o.issues.Events()); n != len(test.issues) {
				t.Errorf("%d issues were sent when the command ended, want %d", n, len(test.issues))
			}
			if exit != test.exit {
				t.Errorf("exit code %d, want %d", exit, test.exit)
			}
			checkIssues(t, o, test.issues)
			if diff := cmp.Diff(test.story, o.story()); diff != "" {
				t.Error(diff)
			}
			last := o.lines[len(o.lines)-1]
			if last["exit_code"] != test.code || last["command"] != "reindex" || last["command_id"] == "" || last["duration_ms"] == "" || last["parent_command_id"] != "" {
				t.Errorf("last line %v", last)
			}
			if len(o.spans.Ended()) != 1 || o.spans.Ended()[0].Name() != "reindex" {
				t.Errorf("spans %v", o.spans.Ended())
			}
		})
	}
}

func TestNestedCommand(t *testing.T) {
	t.Parallel()
	o := observe(t)
	code := otelkit.RunCommand(o.ctx, "outer", func(ctx context.Context) error {
		if code := otelkit.RunCommand(ctx, "inner", func(context.Context) error { return errGone }); code != 1 {
			t.Errorf("inner exit code %d", code)
		}
		return nil
	})
	if code != 0 {
		t.Errorf("outer exit code %d", code)
	}
	outer, inner := o.line(t, "command_finished"), o.line(t, "command_failed")
	if inner["parent_command_id"] != outer["command_id"] || inner["command_id"] == outer["command_id"] || inner["command"] != "inner" || outer["command"] != "outer" {
		t.Errorf("inner %v\nouter %v", inner, outer)
	}
	spans := o.spans.Ended()
	if spans[0].Parent().SpanID() != spans[1].SpanContext().SpanID() {
		t.Error("the inner span is no child of the outer one")
	}
}

// A command that only passes on that another has failed has no failure of its own.
func TestNestedCommandFailsOnce(t *testing.T) {
	t.Parallel()
	fails := func(context.Context) error { return errGone }
	works := func(context.Context) error { return nil }
	for name, test := range map[string]struct {
		commands []func(context.Context) error
		issues   []string
	}{
		"the last failed":           {[]func(context.Context) error{works, fails}, []string{"error disk gone"}},
		"an earlier one failed":     {[]func(context.Context) error{fails, works}, []string{"error disk gone", "error gave up"}},
		"none failed before it did": {[]func(context.Context) error{works}, []string{"error gave up"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := observe(t)
			code := otelkit.RunCommand(o.ctx, "outer", func(ctx context.Context) error {
				for _, run := range test.commands {
					otelkit.RunCommand(ctx, "inner", run)
				}
				return errors.New("gave up")
			})
			if code != 1 {
				t.Errorf("exit code %d", code)
			}
			checkIssues(t, o, test.issues)
			lines := o.story()
			if last := lines[len(lines)-1]; last != "ERROR command_failed" {
				t.Errorf("the last line is %s", last)
			}
			spans := o.spans.Ended()
			if s := spans[len(spans)-1].Status(); s.Code != codes.Error {
				t.Errorf("status %v of the outer span", s)
			}
		})
	}
}
