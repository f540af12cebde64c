package detect

import "strings"

var ruleHL7 = builtin("health.hl7", Health, "HL7 v2.5.1 chapter 3: PID, NK1, GT1 and IN1 segments; chapters 2, 3, 6 and 7: NTE, AL1, DG1, OBX")

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
	if strings.Count(text[i:end], "|") < 3 {
		return
	}
	parts := composed[text[i:i+4]]
	start := i
	for field := 0; start < end; field++ {
		stop := start
		for stop < end && text[stop] != '|' {
			stop++
		}
		if value := text[start:stop]; field >= 2 && legible(value) && (!parts || strings.IndexByte(value, '^') >= 0) {
			sc.found(ruleHL7, start, stop)
		}
		start = stop + 1
	}
	sc.done = max(sc.done, end)
}

// segments are the segments of HL7 that hold what identifies a person or says
// something of their health. Of those in composed only the fields that have
// components do, which are persons and codes.
var (
	segments = [...]string{
		"PID|", "NK1|", "GT1|", "IN1|", "DG1|", "AL1|", "OBX|", "NTE|", "PD1|", "PV1|", "PV2|", "OBR|", "IN2|", "IN3|", "RXE|", "RXA|", "RXO|", "RXD|", "MRG|", "QPD|", "IAM|",
		"ORC|", "PR1|", "FT1|", "EVN|", "ROL|", "SCH|", "AIP|",
	}
	composed = wordSet("ORC| OBR| PR1| FT1| EVN| ROL| SCH| AIP| PV1| PV2| PD1| QPD| MRG|")
)
