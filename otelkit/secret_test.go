package otelkit

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/otelkit/otelkit-go/scrub"
)

// A value without any form of its own, so that only its type or tag says that
// it is a secret.
const plainSecret = "walnut"

type member struct {
	Name string               `json:"nick"`
	Bird string               `json:"bird" scrub:"pii"`
	Gone string               `json:"gone" scrub:"-"`
	Tree scrub.Secret[string] `json:"tree"`
	Root *member              `json:"root,omitempty"`
}

func TestHandlerHonoursSecretsAndTags(t *testing.T) {
	t.Parallel()
	secret := scrub.NewSecret(plainSecret)
	m := member{Name: "lin", Bird: plainSecret, Gone: plainSecret, Tree: secret}
	m.Root = &member{Name: "kim", Bird: plainSecret, Gone: plainSecret, Tree: secret}
	const masked = "[REDACTED]"
	walked := map[string]any{
		"nick": "lin", "bird": "[REDACTED:pii.tag]", "tree": masked,
		"root": map[string]any{"nick": "kim", "bird": "[REDACTED:pii.tag]", "tree": masked},
	}
	tests := []struct {
		name  string
		value any
		want  any
	}{
		{"secret", secret, masked},
		{"pointer to a secret", &secret, masked},
		{"secret number", scrub.NewSecret(4711), masked},
		{"secret struct", scrub.NewSecret(m), masked},
		{"secrets", []scrub.Secret[string]{secret, secret}, []attribute.Value{attribute.StringValue(masked), attribute.StringValue(masked)}},
		{"map of secrets", map[string]any{"a": secret}, map[string]any{"a": masked}},
		{"struct", m, walked},
		{"pointer", &m, walked},
		{"group", slog.GroupValue(slog.Any("a", secret), slog.Any("b", m)), map[string]any{"a": masked, "b": walked}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			kit, rec := start(t)
			kit.Logger("test").With("bound", tt.value).Info("event", "value", tt.value)
			got := rec.last(t)
			for _, key := range []string{"value", "bound"} {
				if diff := cmp.Diff(tt.want, got[key], cmp.Comparer(func(a, b attribute.Value) bool { return a == b })); diff != "" {
					t.Errorf("%s (-want +got):\n%s", key, diff)
				}
			}
		})
	}
}

func TestSecretPrintsAsMask(t *testing.T) {
	t.Parallel()
	type box struct{ A, B any }
	secret := scrub.NewSecret(plainSecret)
	for _, v := range []any{secret, &secret, box{secret, &secret}, []any{secret}, map[string]any{"k": secret}, scrub.NewSecret([]byte(plainSecret))} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%10.3s"} {
			if got := fmt.Sprintf(verb, v); strings.Contains(got, plainSecret) || strings.Contains(got, fmt.Sprintf("%x", plainSecret)) {
				t.Errorf("%s of %T: %s", verb, v, got)
			}
		}
		if got, err := json.Marshal(v); err != nil || strings.Contains(string(got), plainSecret) || !strings.Contains(string(got), "[REDACTED]") {
			t.Errorf("JSON of %T: %s, %v", v, got, err)
		}
	}
	if got, err := json.Marshal(map[scrub.Secret[string]]int{secret: 1}); err != nil || string(got) != `{"[REDACTED]":1}` {
		t.Errorf("JSON of a key: %s, %v", got, err)
	}
	if secret.Expose() != plainSecret {
		t.Error("Expose gave something else")
	}
}

// The counters of the scrubber leave as metrics, through itself.
func TestScrubberIsObserved(t *testing.T) {
	t.Parallel()
	sink := &memoryMetrics{}
	kit, _ := start(t, WithMetricExporter(sink))
	kit.Logger("test").Info("event", "password", plainSecret, "mail", "lin@example.org")

	want := map[string]int64{"password pw.key logs": 1, "pii pii.email logs": 1}
	for range 2 { // the first export must not show up in the second
		if err := kit.ForceFlush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, redactions(sink.data[len(sink.data)-1])); diff != "" {
			t.Errorf("redactions (-want +got):\n%s", diff)
		}
	}
}

// redactions reads the counter of the scrubber by its attributes, sorted by key.
func redactions(rm metricdata.ResourceMetrics) map[string]int64 {
	got := map[string]int64{}
	for _, sm := range rm.ScopeMetrics {
		for _, m := range sm.Metrics {
			if m.Name != "otelkit.scrub.redactions" {
				continue
			}
			for _, p := range m.Data.(metricdata.Sum[int64]).DataPoints {
				var key []string
				for _, kv := range p.Attributes.ToSlice() {
					key = append(key, kv.Value.AsString())
				}
				got[strings.Join(key, " ")] = p.Value
			}
		}
	}
	return got
}
