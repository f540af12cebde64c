package scrub

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

func TestSharedByMany(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	const workers, rounds = 64, 20
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range rounds {
				s.String("password=hunter2 " + cleanLines[0])
				s.KeyValue(attribute.String("user.email", "a@example.com"))
				s.Stats()
			}
		})
	}
	wg.Wait()
	var total uint64
	for _, r := range s.Stats().Redactions {
		total += r.Count
	}
	if want := uint64(workers * rounds * 2); total != want {
		t.Errorf("%d redactions counted, want %d", total, want)
	}
}

// TestKeepsTheRest holds what stands behind a secret to stay.
func TestKeepsTheRest(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	line := strings.Repeat("AAAAgQCkM0Bh"+"Gr2dK0Bq", 2)
	tests := []struct{ in, want string }{
		{"Private-Lines: 2\n" + line + "\n" + line + "\nServer started", "Private-Lines: 2\n[REDACTED:auth.putty]\nServer started"},
		{"Private-Lines: 1\n" + line + "\r\nServer started", "Private-Lines: 1\n[REDACTED:auth.putty]\r\nServer started"},
		{"token=<token>\nsk-learn-contrib-package", "token=<token>\nsk-learn-contrib-package"},
		{"body=<password>plum</password> end", "body=<password>[REDACTED:pw.key]</password> end"},
		{"my credit limit is 5000 today", "my credit limit is [REDACTED:financial.key] today"},
	}
	for _, tt := range tests {
		if got := s.String(tt.in); got != tt.want {
			t.Errorf("%q came out as %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("a ", detect.MaxText/2) + "password=hunter2"
	if got := s.String(long); strings.Contains(got, "hunter2") || !strings.HasSuffix(got, detect.Bound.Marker) {
		t.Error("what lies behind the bound passed")
	}
	v := attribute.StringValue("x")
	for range maxDepth + 4 {
		v = attribute.SliceValue(v)
	}
	if got := s.Value("k", v).String(); !strings.Contains(got, detect.Bound.Marker) {
		t.Errorf("a deep value passed: %s", got)
	}
}

func TestValues(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	card := int64(4111111111111) * 1000
	card += 111
	for name, c := range map[string]struct {
		in   attribute.KeyValue
		want string
	}{
		"number is a card":     {attribute.Int64("n", card), "[REDACTED:financial.pan]"},
		"number is a time":     {attribute.Int64("n", 1718359212345678), "1718359212345678"},
		"number under a key":   {attribute.Int("customer.ssn", 78051120), "[REDACTED:pii.key]"},
		"flag under a key":     {attribute.Bool("password", true), "true"},
		"flag about health":    {attribute.Bool("patient.pregnancy", true), "[REDACTED:health.key]"},
		"strings":              {attribute.StringSlice("args", []string{"ok", "password=hunter2"}), `["ok","password=[REDACTED:pw.key]"]`},
		"member of a map":      {attribute.KeyValue{Key: "m", Value: attribute.MapValue(attribute.String("password", "x"), attribute.Int("n", 1))}, `{"n":1,"password":"[REDACTED:pw.key]"}`},
		"member of a slice":    {attribute.KeyValue{Key: "m", Value: attribute.SliceValue(attribute.StringValue("a@example.com"))}, `["[REDACTED:pii.email]"]`},
		"statement":            {attribute.String("db.query.text", "SELECT a FROM t WHERE b = 'c' AND d = $1"), "SELECT a FROM t WHERE b = ? AND d = $1"},
		"marker is left alone": {attribute.String("password", "[REDACTED:pw.key]"), "[REDACTED:pw.key]"},
		"no marker of ours":    {attribute.String("password", "[REDACTED:hunter2]"), "[REDACTED:pw.key]"},
	} {
		if got := s.KeyValue(c.in).Value.String(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	key := []byte("0123456789abcdef")
	s, err := New(WithAction("financial.pan", KeepLast4()), WithAction("pii", Pseudonym("k1", key)), WithAction("pw.key", Drop()),
		WithAllowedKeys("team.email"), WithAllowedValues("b@example.com"), WithKeys(PII, "crew id"), WithRule("pii.badge", PII, "BADGE", `BADGE-(\d+)`))
	if err != nil {
		t.Fatal(err)
	}
	pan := "4111" + "111111111111"
	if got := s.String("card " + pan); got != "card [REDACTED:financial.pan:1111]" {
		t.Errorf("keep last four: %q", got)
	}
	one, two := s.String("a@example.com"), s.String("a@example.com")
	if one != two || !strings.HasPrefix(one, "[REDACTED:pii.email:k1:") || s.String(one) != one {
		t.Errorf("pseudonyms: %q, %q", one, two)
	}
	if s.KeyValue(attribute.String("password", "x")).Valid() {
		t.Error("not dropped")
	}
	for text, want := range map[string]string{"b@example.com": "b@example.com", "BADGE-77": "BADGE-" + markerStart(s.String("BADGE-77"))} {
		if got := s.String(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
	if got := s.KeyValue(attribute.String("team.email", "c@example.com")).Value.AsString(); got != "c@example.com" {
		t.Errorf("an allowed key: %q", got)
	}
	if _, ok := s.SensitiveKey("crewId"); !ok {
		t.Error("an added key is not sensitive")
	}
	if got := s.scanMetric("a@example.com"); got != "[REDACTED:pii.email]" {
		t.Errorf("a metric label holds %q", got)
	}
	for name, o := range map[string]Option{
		"last four of a password": WithAction("pw.key", KeepLast4()), "short key": WithAction("pii", Pseudonym("k", key[:4])), "no such rule": WithAction("pii.nobody", Mask()),
		"bad pattern": WithRule("pii.x", PII, "xx", "("), "empty match": WithRule("pii.x", PII, "xx", "x*"), "no trigger": WithRule("pii.x", PII, "", "x"), "no category": WithoutCategory("money"), "bad key id": WithAction("pii", Pseudonym("a]b", key)),
	} {
		if _, err := New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func markerStart(text string) string { return strings.TrimPrefix(text, "BADGE-") }

func (s *Scrubber) scanMetric(text string) string {
	out, _ := s.text(sigMetrics, "", text)
	return out
}

func TestDryRunCounts(t *testing.T) {
	t.Parallel()
	s, err := New(WithDryRun())
	if err != nil {
		t.Fatal(err)
	}
	const text = "password=hunter2 for a@example.com"
	if got := s.String(text); got != text {
		t.Errorf("a dry run changed the text: %q", got)
	}
	if n := len(s.Stats().Redactions); n != 2 {
		t.Errorf("%d rules counted, want 2", n)
	}
	found := s.Explain("", text)
	if len(found) != 2 || found[0].Rule != "pw.key" || text[found[0].Start:found[0].End] != "hunter2" || found[1].Rule != "pii.email" {
		t.Errorf("Explain = %+v", found)
	}
}

// A dry run passes on what a bound would have masked, too.
func TestDryRunHasNoBounds(t *testing.T) {
	t.Parallel()
	s, err := New(WithDryRun())
	if err != nil {
		t.Fatal(err)
	}
	deep := attribute.StringValue("x")
	for range maxDepth + 4 {
		deep = attribute.MapValue(attribute.KeyValue{Key: "n", Value: deep})
	}
	if got := s.Value("n", deep); got.String() != deep.String() {
		t.Errorf("a dry run changed a deep value: %s", got)
	}
	long := strings.Repeat("lorem ipsum ", detect.MaxText/12+1)
	if got := s.String(long); got != long {
		t.Errorf("a dry run made %d bytes of %d", len(got), len(long))
	}
	if diff := cmp.Diff([]Redactions{{"text", Auth, "auth.bound", 2}}, s.Stats().Redactions); diff != "" {
		t.Errorf("redactions (-want +got):\n%s", diff)
	}
}

// A rule of the user's does not find words in markers, so that what is scrubbed
// twice is what is scrubbed once.
func TestAddedRulesLeaveMarkers(t *testing.T) {
	t.Parallel()
	s, err := New(WithRule("pii.code", PII, "ED", `\b[A-Z]{6,}\b`), WithRule("pii.rest", PII, "pw", `pw\.\S+ .*`), WithRule("pii.cut", PII, "to", `to .{5}`))
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"code LOADED":                  "code [REDACTED:pii.code]",
		"[REDACTED:pw.key] and LOADED": "[REDACTED:pw.key][REDACTED:pii.rest]",
		"to [REDACTED:pii.code]":       "[REDACTED:pii.cut]",
		"a [REDACTED] of others, ED":   "a [[REDACTED:pii.code]] of others, ED",
	} {
		got := s.String(in)
		if got != want {
			t.Errorf("%q came out as %q, want %q", in, got, want)
		}
		if again := s.String(got); again != got {
			t.Errorf("%q came out as %q the second time", got, again)
		}
	}
}
