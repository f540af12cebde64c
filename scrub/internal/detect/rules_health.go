package detect

import (
	"slices"
	"strings"
)

var ruleRecord = builtin("health.record", Health, "HIPAA 45 CFR 164.514(b)(2)(i)(H), (I): record and beneficiary numbers behind a word that names them")

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
		if value := text[start:stop]; field >= 2 && csSymbols(value) && (!parts || strings.IndexByte(value, '^') >= 0) {
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
		if n > 0 && qualified && slices.Contains(masked, n) && csSymbols(text[start:stop]) {
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

var ruleProse = builtin("health.prose", Health, "GDPR article 9: what a sentence says about the health of a person")

// diagnoses are words of sentences about a person's health, and what follows
// them in such a sentence.
var diagnoses = map[string][]string{
	"diagnosed": {"with", "as having"},
	"allergic":  {"to"},
	"tested":    {"positive for", "negative for"},

	"suffers":      {"from"},
	"suffering":    {"from"},
	"treated":      {"for"},
	"complains":    {"of"},
	"complaining":  {"of"},
	"hospitalized": {"with", "for"},
	"history":      {"of"},
	"prescribed":   {"a dose"},
}

// ailing are those of diagnoses that software says of itself, too: what follows
// must be the name of an illness.
var ailing = wordSet("suffers suffering treated complains complaining hospitalized history")

// diagnosed masks what stands behind a word of diagnoses, up to the end of
// the phrase.
func (sc *scan) diagnosed(name string, phrases []string, p int) {
	text := sc.text
	p = skipBlank(text, p)
	if name == "prescribed" {
		end := doseEnd(text, p)
		sc.steps += end - p
		sc.found(ruleProse, p, end)
		return
	}
	for _, w := range phrases {
		if !isWord(text, p, w) {
			continue
		}
		start := skipBlank(text, p+len(w))
		end := phraseEnd(text, start)
		for _, stop := range [...]string{" in ", " on ", " at ", " by ", " since ", " and was ", " after ", " during ", " last "} {
			if n := strings.Index(text[start:end], stop); n > 0 {
				end = start + n
			}
		}
		sc.steps += end - start
		if value := text[start:end]; csSymbols(value) && (!ailing[name] || ill(value)) && markerAt(text, start) < end && !folded(statusValues, value) {
			sc.found(ruleProse, start, end)
		}
		return
	}
}

// doseEnd returns where the name of a drug and its dose end that start at p, or p:
// Lisinopril 10 mg.
func doseEnd(text string, p int) int {
	end := p
	for end < len(text) && end-p < 32 && (csLetter | csDash | csSpace).has(text[end]) {
		end++
	}
	start := end
	for end < len(text) && end-start < 6 && (csDigit | csDot).has(text[end]) {
		end++
	}
	if start == p || end == start {
		return p
	}
	for _, unit := range [...]string{" mg", "mg", " mcg", "mcg", " ml", "ml", " units", " IU"} {
		if strings.HasPrefix(text[end:], unit) && (end+len(unit) == len(text) || !csWord.has(text[end+len(unit)])) {
			return end + len(unit)
		}
	}
	return p
}
