package scrub_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/scrub"
)

func TestKeysAndPairs(t *testing.T) {
	t.Parallel()
	mail := "ada" + "@mail.example.org"
	tests := []struct {
		name     string
		in, want attribute.KeyValue
	}{
		{"a key that is an address", attribute.Int("seen "+mail, 1), attribute.Int("seen [REDACTED:pii.email]", 1)},
		{"a key inside a map", attribute.Map("hits", attribute.Int(mail, 1)), attribute.Map("hits", attribute.Int("[REDACTED:pii.email]", 1))},
		{"an empty key inside a map", attribute.Map("hits", attribute.String("", mail)), attribute.Map("hits", attribute.String("", "[REDACTED:pii.email]"))},
		{
			"a pair", attribute.Map("field", attribute.String("name", "password"), attribute.String("value", "plum")),
			attribute.Map("field", attribute.String("name", "password"), attribute.String("value", "[REDACTED:pw.key]")),
		},
		{
			"a pair with capitals", attribute.Map("field", attribute.String("Name", "password"), attribute.String("Value", "plum")),
			attribute.Map("field", attribute.String("Name", "password"), attribute.String("Value", "[REDACTED:pw.key]")),
		},
		{
			"a pair of Key and VALUE", attribute.Map("field", attribute.String("Key", "password"), attribute.String("VALUE", "plum")),
			attribute.Map("field", attribute.String("Key", "password"), attribute.String("VALUE", "[REDACTED:pw.key]")),
		},
		{
			"arguments", attribute.StringSlice("argv", []string{"mysql", "--password", "plum", "--port", "3306"}),
			attribute.StringSlice("argv", []string{"mysql", "--password", "[REDACTED:pw.key]", "--port", "3306"}),
		},
		{
			"arguments as values", attribute.Slice("argv", attribute.StringValue("--password"), attribute.StringValue("plum")),
			attribute.Slice("argv", attribute.StringValue("--password"), attribute.StringValue("[REDACTED:pw.key]")),
		},
		{
			"flags without values", attribute.StringSlice("argv", []string{"--password", "--verbose", "-", "plum", "password", "plum"}),
			attribute.StringSlice("argv", []string{"--password", "--verbose", "-", "plum", "password", "plum"}),
		},
		{
			"pairs in a list", attribute.Slice("fields", attribute.MapValue(attribute.String("value", "plum"), attribute.String("key", "apiKey"))),
			attribute.Slice("fields", attribute.MapValue(attribute.String("value", "[REDACTED:auth.key]"), attribute.String("key", "apiKey"))),
		},
		{
			"a pair beside an id", attribute.Map("field", attribute.String("key", "id"), attribute.String("name", "password"), attribute.String("value", "plum")),
			attribute.Map("field", attribute.String("key", "id"), attribute.String("name", "password"), attribute.String("value", "[REDACTED:pw.key]")),
		},
		{
			"a pair by other names", attribute.Map("change", attribute.String("field", "password"), attribute.String("old", "plum"), attribute.String("new", "pear")),
			attribute.Map("change", attribute.String("field", "password"), attribute.String("old", "[REDACTED:pw.key]"), attribute.String("new", "[REDACTED:pw.key]")),
		},
		{
			"headers", attribute.Slice("headers", attribute.StringSliceValue([]string{"Accept", "*/*"}), attribute.StringSliceValue([]string{"X-Api-Key", "plum"})),
			attribute.Slice("headers", attribute.StringSliceValue([]string{"Accept", "*/*"}), attribute.StringSliceValue([]string{"X-Api-Key", "[REDACTED:auth.key]"})),
		},
		{
			"headers as values", attribute.Slice("headers", attribute.SliceValue(attribute.StringValue("X-Api-Key"), attribute.StringValue("plum"))),
			attribute.Slice("headers", attribute.SliceValue(attribute.StringValue("X-Api-Key"), attribute.StringValue("[REDACTED:auth.key]"))),
		},
		{
			"a pair that is masked itself", attribute.Slice("seen", attribute.StringSliceValue([]string{mail, "plum"}), attribute.MapValue(attribute.String("name", mail), attribute.String("value", "plum"))),
			attribute.Slice("seen", attribute.StringSliceValue([]string{"[REDACTED:pii.email]", "plum"}), attribute.MapValue(attribute.String("name", "[REDACTED:pii.email]"), attribute.String("value", "plum"))),
		},
		{
			"names in lists", attribute.Slice("columns", attribute.StringSliceValue([]string{"password", "email"}), attribute.StringSliceValue([]string{"Authorization", "Content-Type"}), attribute.StringSliceValue([]string{"password", "a", "b"})),
			attribute.Slice("columns", attribute.StringSliceValue([]string{"password", "email"}), attribute.StringSliceValue([]string{"Authorization", "Content-Type"}), attribute.StringSliceValue([]string{"password", "a", "b"})),
		},
		{
			"a harmless pair", attribute.Map("field", attribute.String("name", "colour"), attribute.String("value", "plum")),
			attribute.Map("field", attribute.String("name", "colour"), attribute.String("value", "plum")),
		},
		{"an encoded address", attribute.String("form", "page=2&email=ada%40mail.example.org&sort=asc"), attribute.String("form", "page=2&email=[REDACTED:pii.key]&sort=asc")},
	}
	s, err := scrub.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := s.KeyValue(tt.in)
			if diff := cmp.Diff(tt.want.Value.String(), got.Value.String()); diff != "" || got.Key != tt.want.Key {
				t.Errorf("%s, want %s, value (-want +got):\n%s", got.Key, tt.want.Key, diff)
			}
			if again := s.KeyValue(got); again.Key != got.Key || again.Value.String() != got.Value.String() {
				t.Errorf("scrubbed twice it is %v, once %v", again, got)
			}
		})
	}
}

// Actions that show something of a number do so whatever its type.
func TestNumbersTakeTheActionOfTheirText(t *testing.T) {
	t.Parallel()
	for _, action := range []scrub.Action{scrub.KeepLast4(), scrub.Pseudonym("k1", []byte("0123456789abcdef"))} {
		s, err := scrub.New(scrub.WithAction("financial.pan", action))
		if err != nil {
			t.Fatal(err)
		}
		want := s.String("4111111111111111")
		for _, kv := range []attribute.KeyValue{attribute.Int64("ref", 4111111111111111), attribute.Float64("ref", 4111111111111111)} {
			if got := s.KeyValue(kv).Value.String(); got != want {
				t.Errorf("%s came out as %s, its text as %s", kv.Value.Type(), got, want)
			}
		}
	}
}
