package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	at := func(f float64) func(measured) float64 { return func(measured) float64 { return f } }
	tests := map[string]struct {
		goal goal
		want []string
		kept bool
	}{
		"below an upper limit": {goal{name: "a", figure: at(0.4), limit: 0.48, format: times}, []string{"a", "0.40×", "≤ 0.48×", "ok"}, true},
		"at it":                {goal{name: "a", figure: at(16), limit: 16, format: each}, []string{"a", "16.0", "≤ 16.0", "ok"}, true},
		"above it":             {goal{name: "a", figure: at(17), limit: 16, format: each}, []string{"a", "17.0", "≤ 16.0", "short"}, false},
		"below a lower limit":  {goal{name: "a", figure: at(2), limit: 2.4, format: times, atLeast: true}, []string{"a", "2.00×", "≥ 2.40×", "short"}, false},
		"above it, as wanted":  {goal{name: "a", figure: at(3), limit: 2.4, format: times, atLeast: true}, []string{"a", "3.00×", "≥ 2.40×", "ok"}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			row, kept := test.goal.check(measured{})
			if diff := cmp.Diff(test.want, row); diff != "" || kept != test.kept {
				t.Errorf("kept = %v, want %v; row (-want +got):\n%s", kept, test.kept, diff)
			}
		})
	}
}
