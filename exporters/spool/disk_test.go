package spool

import (
	"testing"
)

func openTest(t *testing.T, dir string, opts ...Option) Queue {
	t.Helper()
	q, err := Open(dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { q.Close() })
	return q
}

func TestDisk(t *testing.T) {
	t.Parallel()
	for _, policy := range []Sync{SyncInterval, SyncNever, SyncAlways} {
		t.Run(policy.String(), func(t *testing.T) {
			t.Parallel()
			exercise(t, func(t *testing.T, items, size int, onDrop func(byte, int, string)) Queue {
				return openTest(t, t.TempDir(), WithSync(policy), WithMaxBytes(int64(items)*int64(size+headerSize)), WithOnDrop(onDrop))
			})
		})
	}
}
