package scrub

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/internal/logline"
)

// What is dropped is gone; an attribute without a key, or of nothing, is not.
func TestOnlyWhatIsDroppedIsGone(t *testing.T) {
	t.Parallel()
	s, err := New(WithAction("password", Drop()))
	if err != nil {
		t.Fatal(err)
	}
	in := []attribute.KeyValue{
		attribute.String("", "to lin@example.org"), {Key: "nothing"}, attribute.String("password", "plum"), attribute.Int("n", 1),
	}
	want := []attribute.KeyValue{attribute.String("", "to [REDACTED:pii.email]"), {Key: "nothing"}, attribute.Int("n", 1)}
	show := func(kvs []attribute.KeyValue) (out []string) {
		for _, kv := range kvs {
			out = append(out, string(kv.Key)+"="+kv.Value.String())
		}
		return out
	}
	got, _ := s.attributes(sigTraces, in)
	if diff := cmp.Diff(show(want), show(got)); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
	line := &logline.Line{Attributes: in}
	s.line(line)
	if diff := cmp.Diff(show(want), show(line.Attributes)); diff != "" {
		t.Errorf("attributes of a line (-want +got):\n%s", diff)
	}
}
