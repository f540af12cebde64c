package scrub_test

import (
	"math/rand/v2"
	"testing"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/scrub"
)

// Scrubbing an attribute twice is scrubbing it once, whatever stands for names,
// for values and in lists of both, and whatever is done with findings.
func TestAttributesScrubbedTwice(t *testing.T) {
	t.Parallel()
	number := scrub.WithAction("financial.pan", scrub.KeepLast4())
	for name, opts := range map[string][]scrub.Option{
		"masked":     nil,
		"dropped":    {number, scrub.WithAction("pii", scrub.Drop()), scrub.WithAction("auth", scrub.Drop())},
		"pseudonyms": {number, scrub.WithAction("password", scrub.Pseudonym("k1", []byte("0123456789abcdef"))), scrub.WithAction("pii", scrub.Pseudonym("k2", []byte("0123456789abcdef")))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := scrub.New(opts...)
			if err != nil {
				t.Fatal(err)
			}
			g := grower{rand.New(rand.NewPCG(1, 2))}
			for range 20_000 {
				in := attribute.KeyValue{Key: attribute.Key(g.text()), Value: g.value(g.r.IntN(5))}
				once := s.KeyValue(in)
				twice := s.KeyValue(once)
				if twice.Key != once.Key || twice.Value.Type() != once.Value.Type() || twice.Value.String() != once.Value.String() {
					t.Fatalf("%s=%s\nonce  %s=%s\ntwice %s=%s", in.Key, in.Value, once.Key, once.Value, twice.Key, twice.Value)
				}
			}
		})
	}
}

// grower makes attributes at random.
type grower struct{ r *rand.Rand }

func (g grower) text() string {
	texts := [...]string{
		"", "name", "key", "value", "header", "n", "old", "data", "user", "password", "email", "token", "condition", "pass", "session", "db.statement", "argv", "plum", "hunter2", "asthma",
		"ada@mail.example.org", "4111 1111 1111 1111", "4111111111111111", "--password", "-p", "X-Api-Key", "Authorization", "Content-Type", "Bearer abcdef1234567890abcd", "a=1&token=xyz",
		"[REDACTED:pw.key]", "true", `{"password":"x"}`, "select * from a where b='c'", "postgres://u:pw@h/db", "token of ada@mail.example.org",
	}
	return texts[g.r.IntN(len(texts))]
}

func (g grower) value(depth int) attribute.Value {
	kind := g.r.IntN(8)
	if depth == 0 {
		kind = 4 + g.r.IntN(4)
	}
	n := g.r.IntN(4)
	switch kind {
	case 0, 1:
		var kvs []attribute.KeyValue
		for range n {
			kvs = append(kvs, attribute.KeyValue{Key: attribute.Key(g.text()), Value: g.value(depth - 1)})
		}
		return attribute.MapValue(kvs...)
	case 2, 3:
		var values []attribute.Value
		for range n {
			values = append(values, g.value(depth-1))
		}
		return attribute.SliceValue(values...)
	case 4:
		var texts []string
		for range n {
			texts = append(texts, g.text())
		}
		return attribute.StringSliceValue(texts)
	case 5:
		return attribute.ByteSliceValue([]byte(g.text()))
	case 6:
		numbers := [...]attribute.Value{
			attribute.Int64Value(4111111111111111), attribute.Float64Value(4111111111111111), attribute.Int64SliceValue([]int64{1, 4111111111111111}), attribute.BoolValue(true), {},
		}
		return numbers[g.r.IntN(len(numbers))]
	default:
		return attribute.StringValue(g.text())
	}
}
