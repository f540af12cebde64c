package detect

import "strings"

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

var ruleProse = builtin("health.prose", Health, "GDPR article 9: what a sentence says about the health of a person")

// diagnoses are words of sentences about a person's health, and what follows
// them in such a sentence.
var diagnoses = map[string][]string{
	"diagnosed": {"with", "as having"},
	"allergic":  {"to"},
	"tested":    {"positive for", "negative for"},
}

// diagnosed masks what stands behind a word of diagnoses, up to the end of
// the phrase.
func (sc *scan) diagnosed(phrases []string, p int) {
	text := sc.text
	p = skipBlank(text, p)
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
		if value := text[start:end]; csSymbols(value) && markerAt(text, start) < end && !statusValues[strings.ToLower(value)] {
			sc.found(ruleProse, start, end)
		}
		return
	}
}
