package otelkit

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

func TestValueLength(t *testing.T) {
	t.Parallel()
	long := attribute.StringValue("äbcdef")
	for name, row := range map[string]struct {
		limit    valueLength
		in, want attribute.Value
	}{
		"as long as the limit": {6, long, long},
		"cut by characters":    {2, long, attribute.StringValue("äb")},
		"nothing is left":      {0, long, attribute.StringValue("")},
		"broken text":          {2, attribute.StringValue("\xff\xfe\xfd"), attribute.StringValue("\xff\xfe")},
		"texts":                {2, attribute.StringSliceValue([]string{"a", "abc"}), attribute.StringSliceValue([]string{"a", "ab"})},
		"bytes":                {2, attribute.ByteSliceValue([]byte("abc")), attribute.ByteSliceValue([]byte("ab"))},
		"numbers":              {2, attribute.IntValue(12345), attribute.IntValue(12345)},
		"in a map in a slice": {
			2, attribute.SliceValue(attribute.MapValue(attribute.String("long key", "abc"))),
			attribute.SliceValue(attribute.MapValue(attribute.String("long key", "ab"))),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got, want := row.limit.value(row.in), row.want; got.Type() != want.Type() || got.String() != want.String() {
				t.Errorf("%q, want %q", got.String(), want.String())
			}
		})
	}
}

// A value that is cut before it is scrubbed leaves the half of a card number
// that no rule knows.
func TestValuesAreCutBehindTheScrubber(t *testing.T) {
	t.Setenv("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "16")
	spans := tracetest.NewSpanRecorder()
	kit, logs := start(t, WithSpanProcessor(spans))
	card := attribute.String("note", "paid with "+"4242 4242"+" 4242 4242")
	const want = "paid with [REDAC"

	ctx, span := kit.TracerProvider().Tracer("test").Start(t.Context(), "work",
		trace.WithAttributes(card), trace.WithLinks(trace.Link{Attributes: []attribute.KeyValue{card}}))
	span.AddEvent("paid", trace.WithAttributes(card))
	span.SetStatus(codes.Error, "names and descriptions have no limit")
	kit.Logger("test").InfoContext(ctx, "paid", "note", card.Value.AsString())
	span.End()

	got := spans.Ended()[0]
	values := map[string]any{"log": logs.last(t)["note"]}
	for where, kvs := range map[string][]attribute.KeyValue{
		"span": got.Attributes(), "event": got.Events()[0].Attributes, "link": got.Links()[0].Attributes,
	} {
		values[where] = kvs[0].Value.AsString()
	}
	if diff := cmp.Diff(map[string]any{"log": want, "span": want, "event": want, "link": want}, values); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(sdktrace.Status{Code: codes.Error, Description: "names and descriptions have no limit"}, got.Status()); diff != "" {
		t.Error(diff)
	}
}
