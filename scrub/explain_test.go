package scrub

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

// Explain says what KeyValue would do, whatever decides.
func TestExplain(t *testing.T) {
	t.Parallel()
	s, err := New(WithRule("pii.crew", PII, "CREW-", "CREW-([0-9]{6})"), WithAllowedKeys("free"))
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", detect.MaxText) + "yz"
	cut := detect.MaxText - len(detect.Bound.Marker)
	tests := map[string]struct {
		key, text string
		want      []Finding
	}{
		"nothing":              {"note", "all is well", nil},
		"allowed":              {"free", "to lin@example.org", nil},
		"settled":              {"password", "[REDACTED:pw.key]", nil},
		"key":                  {"password", "x", []Finding{{"pw.key", Password, true, 0, 1}}},
		"key of an empty text": {"password", "", nil},
		"key in its shape":     {"expiry", "12/27", []Finding{{"financial.key", Financial, true, 0, 5}}},
		"text":                 {"note", "to lin@example.org", []Finding{{"pii.email", PII, false, 3, 18}}},
		"added rule":           {"note", "CREW-123456 to lin@example.org", []Finding{{"pii.crew", PII, false, 5, 11}, {"pii.email", PII, false, 15, 30}}},
		"added rule under key": {"password", "CREW-123456", []Finding{{"pw.key", Password, true, 0, 11}}},
		"rules that overlap":   {"note", "password=CREW-123456", []Finding{{"pii.crew", PII, false, 14, 20}}},
		"statement":            {"db.statement", "SELECT 1", []Finding{{"pii.sql", PII, true, 0, 8}}},
		"clean statement":      {"db.statement", "SELECT a FROM b WHERE c = $1", nil},
		"too long":             {"note", long, []Finding{{"auth.bound", Auth, false, cut, len(long)}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := s.Explain(tt.key, tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			changed := s.Value(tt.key, attribute.StringValue(tt.text)).AsString() != tt.text
			if changed != (len(got) > 0) {
				t.Errorf("changed: %v, but explained: %v", changed, got)
			}
		})
	}
}
