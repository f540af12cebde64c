package scrub

import (
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

func TestNilScrubberHasDefaults(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	if got := s.KeyValue(attribute.String("db.password", "hunter2")).Value.AsString(); got != "[REDACTED:pw.key]" {
		t.Errorf("password passed: %q", got)
	}
	if got := s.String("reached a@example.com"); got != "reached [REDACTED:pii.email]" {
		t.Errorf("String = %q", got)
	}
	if got := s.KeyValue(attribute.Int("user.ssn", 123456789)).Value.AsString(); got != "[REDACTED:pii.key]" {
		t.Errorf("number under a sensitive key passed: %q", got)
	}
	if _, ok := s.SensitiveKey("http.route"); ok {
		t.Error("http.route is sensitive")
	}
}
