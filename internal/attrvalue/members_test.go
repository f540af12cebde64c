package attrvalue_test

import (
	"fmt"
	"slices"
	"testing"

	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/internal/attrvalue"
)

func TestMembers(t *testing.T) {
	t.Parallel()
	var kvs []attribute.KeyValue
	for n := range 300 {
		v := attribute.MapValue(kvs...)
		if got, want := attrvalue.Members(&v), v.AsMap(); !slices.Equal(got, want) {
			t.Fatalf("%d members: got %v, want %v", n, got, want)
		}
		kvs = append(kvs, attribute.Map(fmt.Sprint("k", (n*7)%11), attribute.Int("n", n)))
	}
	for _, v := range []attribute.Value{{}, attribute.StringValue("a"), attribute.SliceValue(attribute.Value{}), attribute.StringSliceValue([]string{"a"})} {
		if got := attrvalue.Members(&v); got != nil {
			t.Errorf("members of a %s: %v", v.Type(), got)
		}
	}
}

// If this fails after an upgrade, Values look otherwise inside: members are
// copied, which is slower and otherwise right.
func TestMembersAreNotCopied(t *testing.T) {
	for _, n := range []int{1, 2, 5, 20} {
		v := attribute.MapValue(make([]attribute.KeyValue, n)...)
		if got := testing.AllocsPerRun(100, func() { attrvalue.Members(&v) }); got != 0 {
			t.Errorf("%d members: %v allocations, want 0", n, got)
		}
	}
}
