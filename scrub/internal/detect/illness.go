package detect

import "strings"

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
		if value := text[start:end]; legible(value) && (!ailing[name] || ill(value)) && markerAt(text, start) < end && !folded(statusValues, value) {
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

// healthWords tell that the condition of a person is meant.
var healthWords = wordSet(`patient medical health clinical disease chronic mental physical diagnosed patients member`)

// illWords are names of illnesses and complaints, or stand in such names;
// illEnds end others: arthritis, anemia, melanoma.
var (
	illWords = wordSet(`asthma diabetes diabetic cancer hiv aids flu influenza covid depression depressed anxiety autism autistic adhd ptsd schizophrenia bipolar dementia alzheimer alzheimers parkinson parkinsons epilepsy stroke
		hypertension hypotension obesity obese pregnancy pregnant allergy allergies allergic infection fever cough headache migraine nausea vomiting fatigue pain ache dizziness bleeding fracture injury wound burn rash swelling
		tumor tumour carcinoma lymphoma leukemia melanoma hernia ulcer gout lupus copd ibs crohns celiac eczema psoriasis malaria tuberculosis hepatitis pneumonia syndrome disease disorder diarrhea insomnia blindness deafness
		palpitations shortness sclerosis palsy cyst angina arrhythmia seizure seizures sepsis concussion addiction alcoholism anorexia bulimia scoliosis glaucoma cataract menopause endometriosis measles mumps shingles herpes chlamydia syphilis gonorrhea`)
	illEnds = [...]string{"itis", "emia", "aemia", "algia", "opathy", "noma", "phobia", "plegia", "rrhea", "rrhoea", "trophy", "thyroidism", "tension"}
)

// ill tells whether value speaks of the health of a person.
func ill(value string) bool {
	for w := range strings.FieldsFuncSeq(strings.ToLower(value[:min(len(value), maxPhraseLen)]), func(r rune) bool { return strings.ContainsRune(" ,;/-_[]\"'().", r) }) {
		if illWords[w] {
			return true
		}
		for _, end := range illEnds {
			if len(w) > len(end)+2 && strings.HasSuffix(w, end) {
				return true
			}
		}
	}
	return icd(value)
}
