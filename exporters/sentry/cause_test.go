package sentry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"

	sentrygo "github.com/getsentry/sentry-go"
)

type notFound struct{ id int }

func (e *notFound) Error() string { return fmt.Sprintf("order %d not found", e.id) }

// blank is a pointer to nothing: all of its values may have one address.
type blank struct{}

func (*blank) Error() string { return "blank" }

// slices cannot be compared.
type many []string

func (m many) Error() string { return strings.Join(m, ", ") }

// hider is a scrubber that knows one word.
type hider struct{}

func (hider) String(s string) string            { return strings.ReplaceAll(s, "secret", "[redacted]") }
func (hider) SentryEvent(*sentrygo.Event) error { return nil }

func TestSameCause(t *testing.T) {
	t.Parallel()
	var (
		lost    = &notFound{7}
		root    = errors.New("card declined")
		wrapped = fmt.Errorf("charge: %w", root)
	)
	ofError := func(err error) *candidate { return &candidate{err: err, chain: unwrapTree(err)} }
	ofText := func(text string) *candidate { return &candidate{typ: "*fmt.wrapError", message: text} }
	for _, tt := range []struct {
		name string
		a, b *candidate
		want bool
	}{
		{"one value wrapped in two ways", ofError(fmt.Errorf("a %w", lost)), ofError(fmt.Errorf("b %w", lost)), true},
		{"two values of one type", ofError(fmt.Errorf("a: %w", &notFound{7})), ofError(fmt.Errorf("b: %w", &notFound{8})), false},
		{"two values that say the same", ofError(&notFound{7}), ofError(&notFound{7}), true},
		{"a wrapper in common", ofError(fmt.Errorf("x %w", wrapped)), ofError(errors.Join(io.EOF, wrapped)), true},
		{"a sentinel in common", ofError(fmt.Errorf("read head: %w", io.EOF)), ofError(fmt.Errorf("read body: %w", io.EOF)), false},
		{"a sentinel and what wraps it", ofError(io.EOF), ofError(fmt.Errorf("read body: %w", io.EOF)), true},
		{"an errno in common", ofError(fmt.Errorf("open a: %w", syscall.ENOENT)), ofError(fmt.Errorf("open b: %w", syscall.ENOENT)), false},
		{"a value type in common", ofError(fmt.Errorf("a: %w", context.DeadlineExceeded)), ofError(fmt.Errorf("b: %w", context.DeadlineExceeded)), false},
		{"a pointer to nothing in common", ofError(fmt.Errorf("a: %w", &blank{})), ofError(fmt.Errorf("b: %w", &blank{})), false},
		{"values that cannot be compared", ofError(fmt.Errorf("a: %w", many{"x"})), ofError(fmt.Errorf("b: %w", many{"x"})), false},
		{"text of a span and value of a log", ofText("charge: card declined"), ofError(wrapped), true},
		{"text of an inner error", ofText("card declined"), ofError(wrapped), true},
		{"text with more in front", ofText("checkout: charge: card declined"), ofError(wrapped), true},
		{"text that merely ends alike", ofText("gift card declined"), ofError(root), false},
		{"other text", ofText("card expired"), ofError(root), false},
		{"scrubbed text and raw value", ofText("bad [redacted]"), ofError(errors.New("bad secret")), true},
		{"line breaks", ofText("a\n  b"), ofText("a b"), true},
		{"body that ends with the error", &candidate{body: "charge failed: card declined"}, ofError(root), true},
		{"two bodies", &candidate{body: "charge failed"}, &candidate{body: "refund failed"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.a.prepare(hider{})
			tt.b.prepare(hider{})
			if got := causeOf(tt.a).same(causeOf(tt.b)); got != tt.want {
				t.Errorf("same(%q, %q) = %v, want %v", tt.a.texts, tt.b.texts, got, tt.want)
			}
			if got := causeOf(tt.b).same(causeOf(tt.a)); got != tt.want {
				t.Errorf("same is not symmetric for %q, %q", tt.a.texts, tt.b.texts)
			}
		})
	}
}

type panics struct{}

func (*panics) Error() string { panic("no text") }

type cycle struct{ next error }

func (c *cycle) Error() string { return "round" }
func (c *cycle) Unwrap() error { return c.next }

func TestUnwrapTreeSurvives(t *testing.T) {
	t.Parallel()
	round := &cycle{}
	round.next = round
	var nilPointer *notFound
	for name, err := range map[string]error{
		"an Error that panics": &panics{},
		"a cycle":              round,
		"a nil pointer":        nilPointer,
		"a wide tree":          errors.Join(make100()...),
	} {
		links := unwrapTree(fmt.Errorf("outer: %w", &cycle{err}))
		if len(links) < 2 || len(links) > maxLinks {
			t.Errorf("%s: %d links", name, len(links))
		}
	}
	if links := unwrapTree(&panics{}); links[0].text != "(*sentry.panics, whose Error method panics)" {
		t.Errorf("text is %q", links[0].text)
	}
}

func make100() []error {
	list := make([]error, 100)
	for i := range list {
		list[i] = fmt.Errorf("error %d", i)
	}
	return list
}
