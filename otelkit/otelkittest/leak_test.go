package otelkittest

import "testing"

func TestKitLeaksNothing(t *testing.T) {
	t.Parallel()
	AssertNoLeak(t)
}
