package scrub

import "strings"

var ruleRecord = builtin("health.record", Health, "HIPAA 45 CFR 164.514(b)(2)(i)(H), (I): record and beneficiary numbers behind a word that names them")

var ruleHL7 = builtin("health.hl7", Health, "HL7 v2.5.1 chapter 3: PID, NK1, GT1 and IN1 segments")

// segment masks the fields of a segment of an HL7 message, from the second
// on, and leaves its bars.
func (sc *scan) segment(i int) {
	text := sc.text
	if i > 0 && csWord.has(text[i-1]) && !escapeBefore(text, i) {
		return
	}
	end := i
	for end < len(text) && end-i < maxValue && strings.IndexByte("\r\n\"\\", text[end]) < 0 {
		end++
	}
	sc.steps += end - i
	if strings.Count(text[i:end], "|") < 4 {
		return
	}
	start := i
	for field := 0; start < end; field++ {
		stop := start
		for stop < end && text[stop] != '|' {
			stop++
		}
		if field >= 2 && csSymbols(text[start:stop]) {
			sc.found(ruleHL7, start, stop)
		}
		start = stop + 1
	}
	sc.done = max(sc.done, end)
}
