package detect

import "strings"

var (
	ruleFHIR = builtin("health.fhir", Health, "HL7 FHIR R5: Patient, Condition, Observation and other resources in JSON")
	ruleJWK  = builtin("auth.jwk", Auth, "RFC 7518 section 6: private parameters of JSON Web Keys")
)

// document is JSON one of whose members says what the others hold, whose
// names say too little.
type document struct {
	rule   *Rule
	types  map[string]bool // what the member must say
	fields map[string]bool
}

// documents is document by the member that tells it, in lower case.
var documents = map[string]document{
	"resourcetype": {ruleFHIR, wordSet(`Patient Practitioner RelatedPerson Person Condition Observation AllergyIntolerance Medication MedicationRequest MedicationStatement MedicationAdministration
		Procedure DiagnosticReport Immunization Encounter CarePlan FamilyMemberHistory Coverage Claim ClinicalImpression Specimen ServiceRequest QuestionnaireResponse MedicationDispense Goal NutritionOrder RiskAssessment AdverseEvent`), wordSet("family given text line city district postalCode value display code valueString valueCode valueInteger valueDecimal valueDateTime valueDate valueTime conclusion lotNumber subscriberId dependent note reason")},
	"kty": {ruleJWK, wordSet("oct RSA EC OKP"), wordSet("d k p q dp dq qi oth")},
}

// maxDocument is how far behind its member a document is read.
const maxDocument = 4 << 10

// document masks the members that stand behind the one whose name is
// text[i:end].
func (sc *scan) document(d document, i, end int) {
	text := sc.text
	if i < sc.commanded || i == 0 || text[i-1] != '"' {
		return
	}
	mark := `"`
	if i > 1 && text[i-2] == '\\' {
		mark = `\"`
	}
	limit := min(len(text), end+maxDocument)
	if !strings.HasPrefix(text[end:limit], mark) {
		return
	}
	typeAt := skipSpace(text, end+len(mark))
	if typeAt >= limit || text[typeAt] != ':' {
		return
	}
	typeAt = skipSpace(text, typeAt+1)
	kind, _, _ := strings.Cut(strings.TrimPrefix(text[typeAt:limit], mark), mark)
	if !d.types[kind] {
		return
	}
	sc.commanded = limit
	sc.membersOf(d, mark, sc.opened(i), i)
	sc.membersOf(d, mark, typeAt, limit)
}

// opened returns where the object opens whose member is at i: Go and others
// print the members in the order of their names. It is i if that is too far.
func (sc *scan) opened(i int) int {
	depth := 0
	for p, low := i-1, max(0, i-maxDocument); p >= low; p-- {
		switch sc.text[p] {
		case '}':
			depth++
		case '{':
			if depth--; depth < 0 {
				sc.steps += i - p
				return p
			}
		}
	}
	sc.steps += min(i, maxDocument)
	return i
}

// membersOf masks those members of a document that stand between p and limit.
func (sc *scan) membersOf(d document, mark string, p, limit int) {
	text := sc.text
	sc.steps += limit - p
	for p < limit {
		open := strings.Index(text[p:limit], mark)
		if open < 0 {
			return
		}
		start := p + open + len(mark)
		length := strings.Index(text[start:limit], mark)
		if length < 0 {
			return
		}
		p = start + length + len(mark)
		q := skipSpace(text, p)
		if q >= limit || text[q] != ':' || !d.fields[text[start:start+length]] {
			continue
		}
		p = sc.memberOf(d.rule, mark, skipSpace(text, q+1), limit)
	}
}

// memberOf masks the text, the number or the texts in brackets at p, and
// returns where they end.
func (sc *scan) memberOf(r *Rule, mark string, p, limit int) int {
	text := sc.text
	list := p < limit && text[p] == '['
	if list {
		p = skipSpace(text, p+1)
	}
	for p < limit {
		if !strings.HasPrefix(text[p:], mark) {
			end := p
			for end < limit && (csDigit | csDot | csDash).has(text[end]) {
				end++
			}
			sc.ahead(r, p, end)
			return max(p, end)
		}
		start := p + len(mark)
		length := strings.Index(text[start:limit], mark)
		if length < 0 {
			return limit
		}
		sc.ahead(r, start, start+length)
		p = start + length + len(mark)
		next := skipSpace(text, p)
		if !list || next >= limit || text[next] != ',' {
			break
		}
		p = skipSpace(text, next+1)
	}
	return p
}
