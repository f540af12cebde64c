//go:build !race

package scrub

import "testing"

// The race detector allocates by itself, so this file is not built with it.

func TestCleanTextDoesNotAllocate(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	run := func() {
		for _, text := range cleanLines {
			s.String(text)
		}
		for _, kv := range cleanRecord {
			s.keyValue(sigLogs, kv)
		}
	}
	run() // judges the keys
	if n := testing.AllocsPerRun(100, run); n != 0 {
		t.Errorf("%v allocations for clean lines and a clean record", n)
	}
}
