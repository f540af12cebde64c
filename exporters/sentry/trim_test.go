package sentry

import (
	"fmt"
	"strings"
	"testing"

	sentrygo "github.com/getsentry/sentry-go"
	"github.com/google/go-cmp/cmp"
)

// Of too many tags, the same go from every event, and none that issues are
// searched by.
func TestTagsThatAreKept(t *testing.T) {
	t.Parallel()
	var first map[string]string
	for range 8 {
		tags := map[string]string{strings.Repeat("long", maxValue): "x"}
		for key := range tagKeys {
			tags[string(key)] = "ours"
		}
		tags["environment"] = "test"
		for i := range 400 {
			tags[fmt.Sprintf("a%03d", i)] = strings.Repeat("é", maxValue)
		}
		e := &sentrygo.Event{Tags: tags}
		trim(e)
		if first == nil {
			first = e.Tags
		}
		if diff := cmp.Diff(first, e.Tags); diff != "" {
			t.Fatalf("another event keeps other tags:\n%s", diff)
		}
	}
	if len(first) != maxItems || first["environment"] != "test" || len(first["a000"]) > maxValue || first["a399"] != "" {
		t.Errorf("%d tags, environment %q, a399 %q", len(first), first["environment"], first["a399"])
	}
	for key := range tagKeys {
		if first[string(key)] != "ours" {
			t.Errorf("%s is lost", key)
		}
	}
	if trimmed(nil, nil) != nil {
		t.Error("no map is not nil")
	}
}
