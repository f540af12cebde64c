package detect

import (
	"slices"
	"strings"
)

var ruleX12 = builtin("health.x12", Health, "ASC X12 005010X222A1 (837), X279A1 (270/271): names, addresses, numbers, birth dates and diagnoses")

// x12Elements is, for a segment of X12, the elements to mask. Of one with a
// qualifier before a colon what stands behind it is masked.
var x12Elements = map[string][]int{
	"NM1": {3, 4, 5, 9}, "N3*": {1, 2}, "N4*": {1, 3}, "DMG": {2, 3}, "PER": {2, 4, 6, 8}, "REF": {2}, "SBR": {3, 4}, "CLM": {1}, "HI*": {1, 2, 3, 4, 5, 6, 7, 8}, "SV1": {1}, "SV2": {2}, "TRN": {2},
}

// x12Qualifiers are those of REF that say that the element behind them numbers a
// person or a policy.
var x12Qualifiers = wordSet("SY 0F 1L EI EJ EA MI IG 1W 6P F6 9F D9 Y4 SX")

// x12 masks elements of the segment at i, which ends in a tilde, and stands at the
// start of a line or behind another one.
func (sc *scan) x12(i int) {
	text := sc.text
	if i > 0 && strings.IndexByte("~\n\r", text[i-1]) < 0 && !escapeBefore(text, i) {
		return
	}
	end := i
	for end < len(text) && end-i < maxCode && strings.IndexByte("~\r\n\"", text[end]) < 0 {
		end++
	}
	sc.steps += end - i
	if end == len(text) || text[end] != '~' {
		return
	}
	masked := x12Elements[text[i:i+3]]
	start, qualified := i, true
	for n := 0; start < end; n++ {
		stop := start
		for stop < end && text[stop] != '*' {
			stop++
		}
		if n == 1 && text[i:i+3] == "REF" {
			qualified = x12Qualifiers[text[start:stop]]
		}
		if n > 0 && qualified && slices.Contains(masked, n) && legible(text[start:stop]) {
			from := start
			if colon := strings.IndexByte(text[start:stop], ':'); colon > 0 && colon <= 3 {
				from += colon + 1
			}
			sc.found(ruleX12, from, stop)
		}
		start = stop + 1
	}
	sc.done = max(sc.done, end)
}
