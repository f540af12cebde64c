package otlp

import (
	"context"
	"errors"
	"strings"
	"testing"
)

type fixedClient struct {
	client
	result
}

func (c fixedClient) send(context.Context, []byte) result { return c.result }

func TestWhatTheReceiverRepeatsIsHidden(t *testing.T) {
	t.Parallel()
	key := "0123456789" + "abcdef"
	c := func(r result) client {
		return newDiscreet(fixedClient{result: r}, map[string]string{"authorization": "Bearer " + key, "team": "a"})
	}
	for text, want := range map[string]string{
		"bad key " + key + " of a team":   "bad key *** of a team",
		"header Bearer " + key:            "header ***",
		"cut: " + key[:7] + ellipsis:      "cut: ***" + ellipsis,
		"cut elsewhere" + ellipsis:        "cut elsewhere" + ellipsis,
		strings.Repeat(key, 2) + " twice": "****** twice",
	} {
		if got := c(result{err: errors.New(text)}).send(t.Context(), nil).err.Error(); got != want {
			t.Errorf("error %q became %q, want %q", text, got, want)
		}
		if got := c(result{warning: text}).send(t.Context(), nil).warning; got != want {
			t.Errorf("warning %q became %q, want %q", text, got, want)
		}
	}
	known := errors.New("connection refused")
	if got := c(result{err: known}).send(t.Context(), nil).err; !errors.Is(got, known) {
		t.Errorf("%v lost what it is", got)
	}
}
