package sentry

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

type orderError struct{ err error }

func (e *orderError) Error() string { return "order: " + e.err.Error() }
func (e *orderError) Unwrap() error { return e.err }

func TestExceptions(t *testing.T) {
	t.Parallel()
	type exception struct {
		Type, Value string
		ID          int
		Parent      int // -1 for none
		Group       bool
	}
	for _, tt := range []struct {
		name string
		err  error
		want []exception
	}{
		{"a bare text", errors.New("boom"), []exception{{"", "boom", 0, -1, false}}},
		{"wrapped texts are one exception", fmt.Errorf("c: %w", fmt.Errorf("b: %w", io.EOF)), []exception{{"", "c: b: EOF", 0, -1, false}}},
		{"a typed root keeps the text around it", fmt.Errorf("find: %w", &notFound{7}), []exception{
			{"*sentry.notFound", "find: order 7 not found", 0, -1, false},
		}},
		{"two types", fmt.Errorf("api: %w", &orderError{fmt.Errorf("db: %w", &notFound{7})}), []exception{
			{"*sentry.notFound", "db: order 7 not found", 1, 0, false},
			{"*sentry.orderError", "api: order: db: order 7 not found", 0, -1, false},
		}},
		{"joined errors", fmt.Errorf("close: %w", errors.Join(&notFound{1}, io.EOF)), []exception{
			{"", "EOF", 2, 0, false},
			{"*sentry.notFound", "order 1 not found", 1, 0, false},
			{"", "close: order 1 not found\nEOF", 0, -1, true},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []exception
			for _, x := range (&candidate{chain: appendLinks(nil, tt.err, -1)}).exceptions(stacks{}) {
				e := exception{x.Type, x.Value, x.Mechanism.ExceptionID, -1, x.Mechanism.IsExceptionGroup}
				if p := x.Mechanism.ParentID; p != nil {
					e.Parent = *p
				}
				got = append(got, e)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("exceptions (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", maxText)
	got := cut(long, maxText)
	if len(got) > maxText || !utf8.ValidString(got) || !strings.HasSuffix(got, "ä…") {
		t.Errorf("%d bytes, valid %v, end %q", len(got), utf8.ValidString(got), got[len(got)-6:])
	}
	const word = "abcdefgh"
	text := strings.Repeat("x ", 50) + word + strings.Repeat(" x", 50)
	for n := 10; n < len(text); n++ {
		for _, short := range []string{cut(text, n), tail(text, n)} {
			if strings.Contains(strings.ReplaceAll(short, word, ""), "bc") || strings.Contains(strings.ReplaceAll(short, word, ""), "fg") {
				t.Errorf("half a word in %q", short)
			}
			if len(short) > n {
				t.Errorf("%d bytes, want %d at most", len(short), n)
			}
		}
	}
}
