package detect

import "testing"

// TestVerbNames holds the list of verbs to the table of what reads them.
func TestVerbNames(t *testing.T) {
	t.Parallel()
	if len(verbNames) != len(verbs) {
		t.Errorf("%d names of %d verbs", len(verbNames), len(verbs))
	}
	for _, name := range verbNames {
		if verbs[name] == nil {
			t.Errorf("nothing reads %s", name)
		}
	}
}
