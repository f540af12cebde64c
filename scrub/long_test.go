package scrub_test

import (
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/scrub"
)

// A key may come from outside, as that of a map does. The time to judge one grows
// with its length, and no faster: in squares, these would take minutes.
func TestLongKeys(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("the race detector takes ten times as long")
	}
	s, err := scrub.New()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for _, unit := range []string{"password.", "pwd-", "key.", "token ", "aB", "number.", "[REDACTED:pw.key]"} {
		for _, tail := range []string{"", "length", "id"} {
			s.KeyValue(attribute.String(strings.Repeat(unit, 512<<10/len(unit))+tail, "v"))
			if d := time.Since(start); d > 30*time.Second {
				t.Fatalf("%v until %q before %q", d, unit, tail)
			}
		}
	}
}

// Statements are lexed, not scanned, so there are no steps to count: time says
// it. In squares, each would take more than a minute.
func TestLongStatements(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("the race detector takes ten times as long")
	}
	s, err := scrub.New()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for _, unit := range []string{"q'[", "q'[a]' ", "'", "$a$", "/*", `"`, "nq'<", "'a', "} {
		s.KeyValue(attribute.String("db.statement", "INSERT INTO a VALUES ("+strings.Repeat(unit, 2<<20/len(unit))))
		if d := time.Since(start); d > 30*time.Second {
			t.Fatalf("%v until %q", d, unit)
		}
	}
}
