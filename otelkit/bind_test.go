package otelkit

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// A context with bound attributes is like any other, and does not show them
// where it is printed.
func TestBindIsAContext(t *testing.T) {
	t.Parallel()
	type key struct{}
	cause := errors.New("enough")
	outer, cancel := context.WithCancelCause(context.WithValue(t.Context(), key{}, "v"))
	ctx := Bind(outer, "user_id", "u-17")
	inner, stop := context.WithTimeout(ctx, time.Hour)
	defer stop()
	if v := inner.Value(key{}); v != "v" {
		t.Errorf("value %v of the outer context", v)
	}
	if text := fmt.Sprint(ctx, inner); strings.Contains(text, "u-17") {
		t.Errorf("printed: %s", text)
	}
	cancel(cause)
	<-inner.Done()
	if err := context.Cause(inner); !errors.Is(err, cause) {
		t.Errorf("cause %v", err)
	}
}

func TestBindWithoutContext(t *testing.T) {
	t.Parallel()
	ctx := Bind(nil, "user_id", "u-17") //nolint:staticcheck // that is the case
	if ctx.Err() != nil || boundTo(ctx) == nil {
		t.Error("a nil context is not taken for the background")
	}
}

// What is bound may be secret, and contexts get printed.
func TestBoundContextPrintsNothing(t *testing.T) {
	t.Parallel()
	const secret = "kestrel-77"
	bound := Bind(t.Context(), "password", secret)
	for name, ctx := range map[string]context.Context{"bound": bound, "derived": context.WithValue(bound, bindingKey{}, 1)} {
		for verb := range strings.SplitSeq("v +v #v s q x d t c U e T", " ") {
			if got := fmt.Sprintf("%"+verb, ctx); strings.Contains(got, secret) || strings.Contains(got, fmt.Sprintf("%x", secret)) {
				t.Errorf("%%%s of a context, %s: %s", verb, name, got)
			}
		}
	}
}
