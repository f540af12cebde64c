package wire

import (
	"fmt"
	"testing"

	"go.opentelemetry.io/otel/sdk/instrumentation"
	"go.opentelemetry.io/otel/sdk/resource"
)

// TestBatchGivesMemoryBack has many scopes log much, one after the other: what a
// batch keeps for the next time is bounded over all of them.
func TestBatchGivesMemoryBack(t *testing.T) {
	t.Parallel()
	b := NewBatch(LogShape)
	kept := func() (sum int) {
		for _, g := range b.groups {
			sum += cap(g.records)
		}
		return sum
	}
	fill := func(scope string, bytes int) {
		b.Add(resource.Empty(), instrumentation.Scope{Name: scope}, make([]byte, bytes), 1)
	}
	for i := range maxGroups {
		fill(fmt.Sprint("after the other ", i), 100<<10)
		b.Reset()
	}
	if n := kept(); n > maxKept {
		t.Errorf("%d bytes are kept after scopes one after the other, want at most %d", n, maxKept)
	}
	for range 2 {
		for i := range maxGroups {
			fill(fmt.Sprint("after the other ", i), 100<<10)
		}
		b.Reset()
	}
	if n := kept(); n > maxKept {
		t.Errorf("%d bytes are kept after scopes at once, want at most %d", n, maxKept)
	}
	b.Reset()
	if n := kept(); n > maxGroups*smallKept {
		t.Errorf("%d bytes are kept for scopes that were not used", n)
	}

	fill("after the other 0", 300<<10)
	b.Reset()
	if n := kept(); n < 300<<10 {
		t.Errorf("%d bytes are kept for a scope that is used each time, want its %d", n, 300<<10)
	}
}
