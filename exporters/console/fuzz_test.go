package console

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"go.opentelemetry.io/otel/attribute"
)

// FuzzLines checks for any text in any place that what comes out is one line,
// or one line and indented ones below it, and nothing that a terminal obeys.
func FuzzLines(f *testing.F) {
	f.Add("event", "logger", "key", "value")
	f.Add("a\nb", "\x1b[2J", "k=\"v\"", "one\ntwo\r\n\tthree")
	f.Add("\xff", "\u2028", "\u202e", strings.Repeat("long ", 50)+"\x9b")
	f.Fuzz(func(t *testing.T, event, logger, key, value string) {
		e := &entry{time: noon, level: "info", event: event, logger: logger, traceID: spanContext.TraceID(), attrs: []attribute.KeyValue{
			attribute.String(key, value),
			attribute.StringSlice(value, []string{key}),
			attribute.Map("group", attribute.String(key, value)),
			attribute.String("exception.type", key),
			attribute.String("exception.message", value),
			attribute.String("exception.stacktrace", value),
		}}
		pretty := prettyFormat{}.format(nil, e)
		checkHarmless(t, pretty)
		first := true
		for l := range bytes.Lines(pretty) {
			if !first && !bytes.HasPrefix(l, []byte(indent)) {
				t.Errorf("a line below is not indented: %q", pretty)
			}
			first = false
		}
		line := jsonFormat{}.format(nil, e)
		checkHarmless(t, line)
		if !json.Valid(line) || bytes.Count(line, []byte("\n")) != 1 {
			t.Errorf("not one JSON line: %q", line)
		}
		var got struct{ Event string }
		if err := json.Unmarshal(line, &got); err != nil || utf8.ValidString(event) && got.Event != event {
			t.Errorf("event = %q, want %q (%v)", got.Event, event, err)
		}
	})
}

func checkHarmless(t *testing.T, text []byte) {
	t.Helper()
	if !utf8.Valid(text) {
		t.Errorf("invalid UTF-8 in %q", text)
	}
	for _, r := range string(text) {
		if !unicode.IsPrint(r) && r != '\n' {
			t.Errorf("%U in %q", r, text)
		}
	}
}
