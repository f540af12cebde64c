package scrub

import (
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

// TestSettings holds values that only say how a secret is kept to pass under its
// key, and what may be one beside them to go.
func TestSettings(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	str := attribute.String
	m := func(kvs ...attribute.KeyValue) attribute.Value { return attribute.MapValue(kvs...) }
	for _, test := range []struct {
		kv   attribute.KeyValue
		goes bool
	}{
		{attribute.StringSlice("http.response.header.access-control-allow-credentials", []string{"true"}), false},
		{attribute.StringSlice("http.request.header.authorization", []string{"none", "Token abcdef123456"}), true},
		{attribute.KeyValue{Key: "token", Value: m(attribute.Int("ttl", 3600), str("type", "bearer"))}, false},
		{attribute.KeyValue{Key: "cookie", Value: m(attribute.Bool("secure", true), str("sameSite", "lax"), str("name", "sid"))}, false},
		{attribute.KeyValue{Key: "token", Value: m(attribute.Int("ttl", 3600), str("value", "x"))}, true},
		{attribute.KeyValue{Key: "patient", Value: m(str("name", "Bob Smith"))}, true},
		{attribute.KeyValue{Key: "patient", Value: m(attribute.Bool("pregnant", true))}, true},
		{attribute.KeyValue{Key: "session", Value: m(str("id", "8f14e45fceea167a"))}, true},
		{attribute.KeyValue{Key: "password", Value: m(attribute.Int("value", 123456))}, true},
	} {
		if got := s.KeyValue(test.kv); (got.Value.String() != test.kv.Value.String()) != test.goes {
			t.Errorf("%v became %v", test.kv, got)
		}
	}
	for text, goes := range map[string]bool{
		`{"password":{"minLength":12,"requireDigit":true}}`:            false,
		`{\"secret\":{\"name\":\"tls\",\"optional\":false}}`:           false,
		`{"patient":{"type":"string","format":"name"}}`:                false,
		`{"diagnosis":{"name":"asthma"}}`:                              true,
		`{"patient":{"name":"Bob Smith","size":180}}`:                  true,
		`{"medical_record":{"smoker":true}}`:                           true,
		`{"status":{"conditions":[{"type":"Ready","status":"True"}]}}`: false,
		`{"Condition":{"StringEquals":{"aws:SourceAccount":"1"}}}`:     false,
		`{"condition":{"code":"asthma","severity":"mild"}}`:            true,
		`{"password":{"minLength":12,"initial":"hunter2"}}`:            true,
		`{"token":{"name":"` + "q8Zk2Lx9" + "Vb3Nn7Tt" + `"}}`:         true,
		`{"cookie":{"name":"sid","value":"8f14e45fceea167a"}}`:         true,
		`{"credentials":[{"name":"a"},{"name":"b","key":"hunter2"}]}`:  true,
	} {
		if got := s.String(text); (got != text) != goes {
			t.Errorf("%s became %s", text, got)
		}
	}
}

// TestAllowedWhole holds a whole value that is allowed to pass if a rule finds a
// part of it, and that part elsewhere to go.
func TestAllowedWhole(t *testing.T) {
	t.Parallel()
	const whole = "redis://:dev" + "pass9@cache:6379/0"
	s, err := New(WithAllowedValues(whole))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"", "redis", "database_url", "db.query.text"} {
		if got := scrubbed(s, key, whole); got != whole {
			t.Errorf("%s %q became %q", key, whole, got)
		}
		if found := s.Explain(key, whole); found != nil {
			t.Errorf("%s %q is explained as %+v", key, whole, found)
		}
	}
	if got := s.String(whole + "?x=1"); got == whole+"?x=1" {
		t.Errorf("%q stays", got)
	}
}
