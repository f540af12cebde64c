package scrub

import (
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

// TestVagueNames holds that an attribute whose key names a number, and may name
// something else, is asked for its value, whatever type it has.
func TestVagueNames(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	for _, kv := range []attribute.KeyValue{
		attribute.String("nic", "eth0"),
		attribute.StringSlice("nic", []string{"eth0", "ens1"}),
		attribute.Int64("qid", 1234567890),
		attribute.Int64Slice("qid", []int64{1, 2, 1234567890}),
		attribute.Float64("dpi", 300),
		attribute.ByteSlice("nic", []byte("eth0")),
		attribute.Map("routing", attribute.String("mode", "rr")),
		attribute.Slice("nic", attribute.StringValue("eth0"), attribute.Int64Value(3)),
		attribute.Map("card", attribute.String("brand", "visa")),
	} {
		if got := s.KeyValue(kv); got != kv {
			t.Errorf("%s=%s became %s", kv.Key, kv.Value.String(), got.Value.String())
		}
	}
	for _, kv := range []attribute.KeyValue{
		attribute.String("nic", "853400"+"937V"),
		attribute.StringSlice("nic", []string{"eth0", "853400" + "937V"}),
		attribute.Int64("iin", 850730_358_661),
		attribute.Float64("iin", 850730_358_661),
		attribute.Int64Slice("iin", []int64{850730_358_661}),
		attribute.ByteSlice("pesel", []byte("440514"+"01359")),
		attribute.Slice("nic", attribute.StringValue("eth0"), attribute.StringValue("853400"+"937V")),
		attribute.Map("card", attribute.String("number", "4111"+"111111111111"), attribute.String("brand", "visa")),
	} {
		if got := s.KeyValue(kv).Value.String(); !strings.Contains(got, "[REDACTED:") {
			t.Errorf("%s=%s stays %s", kv.Key, kv.Value.String(), got)
		}
	}
	if c, sensitive := s.SensitiveKey("nic"); sensitive {
		t.Errorf("nic is %s whatever it is", c)
	}
	for _, text := range []string{`{"nic":{"name":"eth0"}}`, `{"routing":{"mode":"rr"}}`, `{"card":{"brand":"visa"}}`} {
		if got := s.String(text); got != text {
			t.Errorf("%s became %s", text, got)
		}
	}
}
