package scrub

import (
	"fmt"
	"testing"
)

// TestKeysShareASlot holds two keys of one slot to be judged once each.
func TestKeysShareASlot(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	first := map[uint64]string{}
	for i := 0; ; i++ {
		key := fmt.Sprintf("key%d", i)
		slot := slotOf(key)
		other, ok := first[slot]
		if !ok {
			first[slot] = key
			continue
		}
		a, b := s.kept(other), s.kept(key)
		if s.kept(other) != a || s.kept(key) != b || s.kept(other) != a {
			t.Errorf("%s and %s push each other out", other, key)
		}
		return
	}
}
