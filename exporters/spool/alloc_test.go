package spool

import "testing"

func TestAllocs(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates by itself")
	}
	for name, test := range map[string]struct {
		q    Queue
		want float64
	}{
		"memory": {NewMemory(1<<20, nil), 1},                         // the lease
		"disk":   {openTest(t, t.TempDir(), WithSync(SyncNever)), 2}, // and the byte of the mark
	} {
		it := item('l', Normal, 1, "payload")
		got := testing.AllocsPerRun(1000, func() {
			mustPut(t, test.q, it)
			mustTake(t, test.q).Done()
		})
		test.q.Close()
		if got > test.want {
			t.Errorf("%s: Put, Take and Done allocate %v times, want %v", name, got, test.want)
		}
	}
}
