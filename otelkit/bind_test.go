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
