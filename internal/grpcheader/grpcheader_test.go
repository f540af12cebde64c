package grpcheader_test

import (
	"testing"

	"github.com/otelkit/otelkit-go/internal/grpcheader"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, value string
		ok          bool
	}{
		{"authorization", "Bearer a b~", true},
		{"X-Scope_1.a", "1", true},
		{"empty", "", true},
		{"user-agent", "me", true},
		{"x-bin", "\x00\xff", true},
		{"", "1", false},
		{"x~y", "1", false},
		{"x y", "1", false},
		{"téam", "1", false},
		{"team", "café", false},
		{"team", "a\tb", false},
		{"team", "a\x7f", false},
		{"team", "\xff", false},
		{"grpc-timeout", "1", false},
		{"GRPC-foo", "1", false},
		{"Content-Type", "text/plain", false},
		{"te", "x", false},
		{"connection", "close", false},
	} {
		if err := grpcheader.Check(tt.name, tt.value); (err == nil) != tt.ok {
			t.Errorf("Check(%q, %q) = %v", tt.name, tt.value, err)
		}
	}
}
