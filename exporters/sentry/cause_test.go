package sentry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

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
	ofError := func(err error) *candidate { return &candidate{err: err, chain: appendLinks(nil, err, -1)} }
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
		{"text with more behind", ofText("card declined (attempt 3)"), ofError(root), true},
		{"text with more in front and behind", ofText("shop: card declined: order 7"), ofError(root), true},
		{"text that merely begins alike", ofText("card declined by bank"), ofError(root), false},
		{"more behind another text", ofText("card declined (attempt 3)"), ofText("card declined"), false},
		{"joined text", ofText("close failed\ncard declined"), ofError(root), true},
		{"joined text with context", ofText("save: card declined\nclose failed"), ofError(root), true},
		{"joined text and text", ofText("card declined\nclose failed"), ofText("card declined"), true},
		{"joined texts with a line in common", ofText("a\nclose failed"), ofText("b\nclose failed"), false},
		{"joined text of a sentinel", ofText("a\nEOF"), ofError(fmt.Errorf("read body: %w", io.EOF)), false},
		{"no text", ofText(""), ofText("card declined: "), false},
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
		links := appendLinks(nil, fmt.Errorf("outer: %w", &cycle{err}), -1)
		if len(links) < 2 || len(links) > maxLinks {
			t.Errorf("%s: %d links", name, len(links))
		}
	}
	if links := appendLinks(nil, &panics{}, -1); links[0].text != "(*sentry.panics, whose Error method panics)" {
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

// Without a trace nothing tells whether two failures that share a value are
// one: it may be a sentinel.
func TestRepeatsWithoutTrace(t *testing.T) {
	t.Parallel()
	var (
		sentinel = &notFound{7}
		wrapped  = fmt.Errorf("load: %w", sentinel)
		start    = time.Now()
	)
	for _, tt := range []struct {
		name     string
		old, new error
		after    time.Duration
		want     bool
	}{
		{"what was reported on its way up", sentinel, wrapped, time.Second, true},
		{"the same value again", sentinel, sentinel, time.Second, true},
		{"the same value much later", sentinel, sentinel, 10 * time.Second, false},
		{"one value at two places", wrapped, fmt.Errorf("charge: %w", sentinel), 0, false},
		{"a wrapper in common", fmt.Errorf("a: %w", wrapped), fmt.Errorf("b: %w", wrapped), 30 * time.Second, true},
		{"the same words", errors.New("disk full"), errors.New("disk full"), 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			old := &candidate{source: fromCapture, err: tt.old, chain: appendLinks(nil, tt.old, -1), seen: start}
			c := &candidate{source: fromLog, err: tt.new, chain: appendLinks(nil, tt.new, -1), seen: start.Add(tt.after)}
			old.prepare(nil)
			c.prepare(nil)
			s := sighting{cause: causeOf(old), source: old.source, when: old.time, seen: old.seen, at: old.seen}
			if got := s.repeats(c); got != tt.want {
				t.Errorf("repeats is %v, want %v", got, tt.want)
			}
		})
	}
}
