package detect

import "strings"

var (
	ruleAccount  = builtin("financial.account", Financial, "ABA routing number policy; account numbers behind a word that names them")
	ruleDocument = builtin("pii.document", PII, "ICAO Doc 9303 passports, ISO/IEC 18013-1 driving licences, behind a word that names them")
	ruleRecord   = builtin("health.record", Health, "HIPAA 45 CFR 164.514(b)(2)(i)(H), (I): record and beneficiary numbers behind a word that names them")
)

// A hint is what a word can say of a number near it.
type hint uint8

const (
	ctxCard hint = iota
	ctxPhone
	ctxSSN
	ctxBank
	ctxNational
	ctxDocument
	ctxHealth
	ctxBirth
	ctxDevice
	numContexts
	ctxNamed // a word of nationalNames
)

// contextWords say what the number after them is.
var contextWords = [numContexts]string{
	ctxCard:     "card cards visa mastercard amex pan ccn maestro diners discover jcb unionpay verve rupay carte bancaire tarjeta kreditkarte kartennummer",
	ctxPhone:    "phone telephone mobile cell fax tel telefon telefono whatsapp msisdn handynummer cellphone",
	ctxSSN:      "ssn ssns itin",
	ctxBank:     "routing iban aba acct bsb bankleitzahl",
	ctxNational: "aadhaar aadhar cpf cnpj pesel bsn nino nric curp personnummer hetu dni nie nif hkid cedula tfn steuer codice rrn gstin insurance tckn kimlik tnin frn taxpayer krankenkasse",
	ctxDocument: "passport passports licence license",
	ctxHealth:   "mrn nhs npi medicare mbi dea medicaid patient kvnr lanr arztnummer",
	ctxBirth:    "dob birth birthdate birthday born geboren",
	ctxDevice:   "imei vin",
}

// contextReach is how far behind a word a number still belongs to it.
const contextReach = 36

// hinted notes that the word of tr, text[i:end], says something of a number near
// it, and looks for those behind it.
func (sc *scan) hinted(tr *trigger, i, end int) {
	text, word := sc.text, tr.text
	switch {
	case i > 0 && csWord.has(text[i-1]) || goesOn(text, end) || benignBefore[word] != nil && benignBefore[word][sc.wordBefore(i)],
		word == "insurance" && !insuredAt(text, end), word == "rrn" && retrieval(text, end):
		return // another thing of the name
	}
	if bornWords[word] {
		sc.born(end)
	}
	if names := namesByWord[word]; names != nil {
		sc.nationalNamed(names, end)
	}
	if tr.hint == ctxNamed {
		return
	}
	sc.seen[tr.hint] = end + 1
	sc.context = true
	if tr.hint == ctxNational || tr.hint == ctxHealth {
		sc.idAfter(end)
	}
	sc.idBehind(tr.hint, end)
}

// near tells whether a word of c stands shortly before start, with nothing
// but a few words in between.
func (sc *scan) near(c hint, start int) bool {
	at := sc.seen[c] - 1
	if at < 0 || at > start || start-at > contextReach {
		return false
	}
	between := sc.text[at:start]
	sc.steps += len(between)
	return !strings.ContainsAny(between, "={}[]/\\|@\n,;") && !strings.Contains(between, "::")
}

// inContext looks at the id that starts at start for what the words before it
// say.
func (sc *scan) inContext(start, i int) {
	text := sc.text
	if sc.seen[ctxBirth] > 0 { // 01/02/1980
		for low := max(sc.done, start-6); start > low && ((csDigit | csDash | csDot).has(text[start-1]) || text[start-1] == '/'); {
			start--
		}
	}
	near := false
	for c := range numContexts {
		near = near || sc.seen[c] > 0 && start-sc.seen[c] < contextReach
	}
	if !near {
		return
	}
	end := sc.runEnd(csAlnum, i)
	if end-start > 40 {
		return
	}
	if start > 1 && text[start-1] == '.' && csDigit.has(text[start-2]) || start > 0 && text[start-1] == '-' && csLow&classes(text[start:end]) != 0 || inUUID(text, start) {
		return // a fraction, a part of an address, of the name of a pod, of a UUID
	}
	num := sc.groups(i)
	end = max(end, num.end) // 401 023 2137, 2123-45670-1
	// DD-MM-YYYY and AB 12-345/6 go on behind a dash.
	for end+1 < len(text) && (text[end] == '-' || text[end] == '/') && csAlnum.has(text[end+1]) && end-start < 24 {
		end = sc.runEnd(csAlnum, end+1)
	}
	id := text[start:end]
	n := digits(id)
	switch {
	case end-start > 40 || end-start > 24 && csAlnum.only(id) && mixed(id) || address(id) || looksLikeTime(id) && !sc.near(ctxBirth, start):
		return
	case n >= 9 && n <= 11 && sc.near(ctxSSN, start) && (csDigit | csDash | csSpace).only(id):
		sc.found(ruleSSN, start, end)
	case n >= 7 && n <= 15 && sc.near(ctxPhone, start) && (csDigit | csDash | csSpace | csDot).only(id) && !dotted(text, sc.seen[ctxPhone]-1):
		sc.found(rulePhone, start, end)
	case n >= 8 && n <= 18 && sc.near(ctxBank, start):
		sc.found(ruleAccount, start, end)
	case n >= 6 && n <= 18 && sc.near(ctxNational, start):
		if end+2 < len(text) && text[end] == '(' && csUpDig.has(text[end+1]) && text[end+2] == ')' {
			end += 3 // the check digit of Hong Kong
		}
		sc.found(ruleNational, start, end)
	case n >= 6 && n <= 14 && sc.near(ctxDocument, start) && strings.IndexByte(id, '.') < 0:
		start, end = sc.besides(start, end)
		sc.found(ruleDocument, start, end)
	case n >= 5 && n <= 14 && sc.near(ctxHealth, start) && strings.IndexByte(id, '.') < 0:
		sc.found(ruleRecord, start, end)
	case n >= 4 && n <= 8 && sc.near(ctxBirth, start) && (strings.ContainsAny(id, "-/.") || dayEnd(id, 0, len(id)) > 0 || n == 4 && start-sc.seen[ctxBirth] < 8):
		sc.found(ruleBirth, start, end)
	}
}

// besides returns the bounds of the number of a document of which text[start:end]
// is one group: MORGA 657054 SM9IJ.
func (sc *scan) besides(start, end int) (int, int) {
	text := sc.text
	if p := start - 1; p > sc.done && (text[p] == ' ' || text[p] == '-') {
		low := sc.back(csUpDig, p, 6)
		if group := text[low:p]; len(group) > 1 && len(group) < 6 && csUp.has(group[0]) && !csWord.has(text[low-1]) {
			start = low
		}
	}
	if end+1 < len(text) && text[end] == ' ' {
		stop := end + 1
		for stop < len(text) && stop-end < 7 && csUpDig.has(text[stop]) {
			stop++
		}
		if group := text[end+1 : stop]; len(group) < 6 && mixed(group) && endsGroup(text, stop) {
			end = stop
		}
	}
	return start, end
}

// dotted tells whether the word that ends before end is a piece of a dotted
// name: com.android.phone.
func dotted(text string, end int) bool {
	i := end
	for i > 0 && csLetter.has(text[i-1]) {
		i--
	}
	return i > 0 && (text[i-1] == '.' || text[i-1] == '_')
}

// goesOn tells whether the word that ends at end starts the name of something
// else: mobile_app, PatientCount. A number of it is still meant.
func goesOn(text string, end int) bool {
	if end+1 >= len(text) {
		return false
	}
	p := end
	if text[p] == '_' || text[p] == '-' || strings.HasPrefix(text[p:], " key ") || strings.HasPrefix(text[p:], " table ") {
		p++
	} else if !csUp.has(text[p]) || !csLow.has(text[p-1]) {
		return false
	}
	start := p
	for p < len(text) && p-start < 8 && csLetter.has(text[p]) && (p == start || !humpAt(text, p)) {
		p++
	}
	switch strings.ToLower(text[start:p]) {
	case "", "number", "num", "no", "nr", "nummer", "is", "of", "sz":
		return false
	}
	return true
}

// retrieval tells whether the number behind the "rrn" that ends at end has the
// twelve digits of a retrieval reference of ISO 8583, not the thirteen of a
// resident of Korea.
func retrieval(text string, end int) bool {
	for end < len(text) && strings.IndexByte(" =:\"", text[end]) >= 0 {
		end++
	}
	start := end
	for end < len(text) && end-start < 14 && csDigit.has(text[end]) {
		end++
	}
	return end-start == 12
}

// insuredAt tells whether the word that ends at end does not go on with another
// thing than its number: insurance quote.
func insuredAt(text string, end int) bool {
	word, _, _ := strings.Cut(strings.TrimPrefix(text[end:min(len(text), end+12)], " "), " ")
	switch strings.ToLower(strings.TrimRight(word, ".:#")) {
	case "number", "num", "no", "nr", "nummer", "id", "card", "policy", "is", "of":
		return true
	}
	return word == "" || !csLetter.only(word) || len(word) == 2 && csUp.only(word)
}

// humpAt tells whether the letter at i, after another one, starts a word: V
// in passValue and S in HTTPServer.
func humpAt(text string, i int) bool {
	return csUp.has(text[i]) && (csLow.has(text[i-1]) || i+1 < len(text) && csLow.has(text[i+1]))
}

// idAfter looks for the numbers that need a word before them, behind a word
// that ends before i. Those of a few digits in a row have no other trigger.
func (sc *scan) idAfter(i int) {
	for end := min(len(sc.text), i+contextReach); i < end; i++ {
		if csUpDig.has(sc.text[i]) && !csWord.has(sc.text[i-1]) && sc.national(i, true) {
			return
		}
		if strings.IndexByte("={}[]/\\|@\n,;\"", sc.text[i]) >= 0 {
			return
		}
		sc.steps++
	}
}

// idBehind looks at the word behind one of hint that ends at end: a passport,
// a device or a vehicle, which have few digits in a row.
func (sc *scan) idBehind(h hint, end int) {
	if h != ctxDocument && h != ctxDevice {
		return
	}
	text := sc.text
	p := end
	for range 2 {
		p = skipBlank(text, p)
		for _, w := range [...]string{"number", "Number", "no.", "No.", "no", "No", "nr", "#", ":", "is"} {
			if rest, ok := strings.CutPrefix(text[p:], w); ok && rest != "" && (rest[0] == ' ' || rest[0] == ':') {
				p = skipBlank(text, p+len(w))
				break
			}
		}
	}
	stop := p
	for stop < len(text) && stop-p < 24 && (csUpDig | csDash).has(text[stop]) {
		stop++
	}
	sc.steps += stop - end
	if p == end || !endsGroup(text, stop) {
		return
	}
	id := text[p:stop]
	if h == ctxDocument && passport(id) || h == ctxDevice && (imei(id) || vin(id)) {
		sc.ahead(ruleDocument, p, stop)
	}
}

// wordBefore returns the word that stands a blank before i.
func (sc *scan) wordBefore(i int) string {
	if i < 2 || sc.text[i-1] != ' ' {
		return ""
	}
	return strings.ToLower(sc.text[sc.back(csLetter, i-1, 16) : i-1])
}
