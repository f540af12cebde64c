package scrub

import (
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

// What neither a pass nor its steps cover, keys and statements, has to be done
// in time that grows with the length. In squares, these would run into the time
// that a test has.

func TestLongKeys(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	for _, unit := range []string{"password.", "pwd-", "key.", "token ", "aB", "number.", "[REDACTED:pw.key]"} {
		for _, tail := range []string{"", "length", "id"} {
			key := strings.Repeat(unit, 512<<10/len(unit)) + tail
			if kv := s.KeyValue(attribute.String(key, "v")); !kv.Valid() {
				t.Errorf("a long key of %q and %q is dropped", unit, tail)
			}
		}
	}
}

func TestLongStatements(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	for _, unit := range []string{"q'[", "q'[a]' ", "'", "$a$", "/*", `"`, "nq'<", "'a', "} {
		statement := "INSERT INTO a VALUES (" + strings.Repeat(unit, 2<<20/len(unit))
		if kv := s.KeyValue(attribute.String("db.statement", statement)); !strings.HasPrefix(kv.Value.AsString(), "INSERT INTO a VALUES (") {
			t.Errorf("a long statement of %q became %.40q", unit, kv.Value.AsString())
		}
	}
}
