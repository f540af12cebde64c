package detect

import "strings"

// number is digits in groups, as people write cards, phones and ids.
type number struct {
	start, end int
	group      [8]group
	n, digits  int
}

type group struct{ start, end int }

// maxNumberSpan is the longest number that is read as one, separators
// included.
const maxNumberSpan = 40

// number looks at a run of three digits or more that starts at i.
func (sc *scan) number(i int) {
	text := sc.text
	before := sc.byteAt(i - 1)
	if (csAlnum.has(before) || (before == ' ' || before == '-' || before == '.') && i > 4 && csAlnum.has(text[i-2]) && csAlnum.has(text[i-5])) && sc.iban(i) {
		return
	}
	if sc.identified(i) {
		return
	}
	if before == '%' && strings.HasPrefix(text[i:], "20") && digitRun(text, i+2) > 0 {
		i, before = i+2, ' '
	}
	stripe := before == 'B' && i > 1 && text[i-2] == '%'
	if csLetter.has(before) && !stripe && !escapeBefore(text, i) || before == '_' && !gluedCard(text, i) || before >= 0x80 {
		if sc.context {
			sc.inContext(sc.back(csAlnum, i, 24), i)
		}
		sc.telegram(i)
		return
	}
	num := sc.groups(i)
	switch {
	case num.digits >= 12 && (sc.near(ctxCard, i) || (num.n > 3 || !sc.counted(i)) && !unitAt(sc.text, num.end)) && sc.card(&num):
	case (num.n >= 3 || before == '(') && sc.groupedID(&num, before):
	case num.n == 1 && num.digits <= 12 && sc.byteAt(num.end) == ':' && sc.telegram(i):
	case sc.context:
		sc.inContext(i, i)
	}
}

// countWords name numbers that are none of a card.
var countWords = wordSet(`id tid pid ts time timestamp nanos offset seq sequence position pos pts dts lsn xid inode size bytes count thread snapshot duration epoch
	order orders ref reference invoice invoices tracking job jobs ticket tickets batch rowid docid uid`)

// pathWords are pieces of paths that the id of one of them follows.
var pathWords = wordSet("users customers items products posts photos videos albums pages events messages requests objects groups accounts projects comments")

// counted tells whether the word before the number at i says that it counts
// something.
func (sc *scan) counted(i int) bool {
	end, named := i, countWords
	if end > 0 && sc.text[end-1] == '/' {
		end--
		named = pathWords
	}
	for n := 0; n < 4 && end > 0 && strings.IndexByte(" =:\"", sc.text[end-1]) >= 0; n++ {
		end--
	}
	start := end
	for low := max(0, end-maxCounter); start > low && csLetter.has(sc.text[start-1]); {
		start--
	}
	sc.steps += i - start
	return start < end && start < i && (folded(named, sc.text[start:end]) || folded(countWords, sc.text[start:end]))
}

const maxCounter = 10

// units stand behind a number that measures something.
var units = wordSet("ns us µs ms s sec seconds nanos nanoseconds micros microseconds millis milliseconds bytes byte B KB MB kB KiB MiB rows records items events ticks cycles")

// unitAt tells whether a unit follows the number that ends at end.
func unitAt(text string, end int) bool {
	if end+1 >= len(text) || text[end] != ' ' {
		return false
	}
	p := end + 1
	for p < len(text) && p-end < 14 && (csLetter.has(text[p]) || text[p] >= 0x80) {
		p++
	}
	return units[text[end+1:p]]
}

// groups reads the groups of digits from i on, each behind a single blank,
// dash or dot.
func (sc *scan) groups(i int) (num number) {
	text := sc.text
	num.start, num.end = i, i
	p := i
	for num.n < len(num.group) && p < len(text) && p-i < maxNumberSpan {
		start := p
		for p < len(text) && text[p]-'0' < 10 && p-i < maxNumberSpan {
			p++
		}
		if p == start {
			break
		}
		num.group[num.n] = group{start, p}
		num.digits += p - start
		num.n++
		num.end = p
		if p+1 >= len(text) || !groupSep(text[p]) || text[p+1]-'0' > 9 {
			break
		}
		p++
	}
	sc.steps += num.end - i
	return num
}

func groupSep(c byte) bool { return c == ' ' || c == '-' || c == '.' || c == '+' }

// like tells whether the groups from g on have these lengths, all behind sep.
func (num *number) like(text string, g int, sep byte, lengths ...int) bool {
	if g+len(lengths) > num.n {
		return false
	}
	for k, n := range lengths {
		gr := num.group[g+k]
		if gr.end-gr.start != n || k > 0 && text[gr.start-1] != sep {
			return false
		}
	}
	return true
}

// alone tells that text[start:end] is not a piece of something longer.
func alone(text string, start, end int) bool {
	if start > 0 {
		if c := text[start-1]; (csWord|csDash).has(c) && !escapeBefore(text, start) || c >= 0x80 || c == '.' && start > 1 && csAlnum.has(text[start-2]) || c == '#' {
			return false
		}
	}
	if end < len(text) {
		c := text[end]
		if (csWord | csDash).has(c) || c >= 0x80 || c == '#' || c == '%' {
			return false
		}
		if c == '.' && end+1 < len(text) && csAlnum.has(text[end+1]) {
			return false
		}
		if c == ':' && end+1 < len(text) && text[end+1]-'0' < 10 {
			return false
		}
	}
	return true
}

// bare copies the digits of text into buf.
func bare(buf []byte, text string) []byte {
	buf = buf[:0]
	for i := range len(text) {
		if text[i]-'0' < 10 && len(buf) < cap(buf) {
			buf = append(buf, text[i])
		}
	}
	return buf
}

// groupedID looks for numbers whose grouping alone tells what they are.
func (sc *scan) groupedID(num *number, before byte) bool {
	text := sc.text
	first := num.group[0]
	if num.like(text, 0, '-', 3, 2, 4) && num.n == 3 && alone(text, num.start, num.end) {
		switch t := text[num.start:num.end]; {
		case ssn(t):
			sc.found(ruleSSN, num.start, num.end)
			return true
		case itin(t):
			sc.found(ruleITIN, num.start, num.end)
			return true
		}
	}
	if first.end-first.start != 3 {
		return false
	}
	// (415) 555-0132
	if before == '(' && first.end+6 < len(text) && text[first.end] == ')' && nanp(text[first.start:first.end]) {
		p := first.end + 1
		if text[p] == ' ' || text[p] == '-' {
			p++
		}
		rest := sc.groups(p)
		if rest.n >= 2 && (rest.like(text, 0, '-', 3, 4) || rest.like(text, 0, '.', 3, 4) || rest.like(text, 0, ' ', 3, 4)) && text[p]-'0' >= 2 && (csAlnum & csDigit).has(text[p]) {
			end := rest.group[1].end
			if end >= len(text) || !csAlnum.has(text[end]) {
				start := first.start - 1
				if start >= 2 && (text[start-1] == ' ' || text[start-1] == '-') && text[start-2] == '1' && (start < 3 || !csAlnum.has(text[start-3])) {
					start -= 2
				}
				sc.found(rulePhone, start, end)
				return true
			}
		}
	}
	for _, sep := range [...]byte{'-', '.', '+', ' '} {
		if num.n < 3 || !num.like(text, 0, sep, 3, 3, 4) || num.n > 3 && text[num.group[3].start-1] != ' ' {
			continue
		}
		last := num.group[2]
		start := first.start
		if start >= 2 && text[start-1] == sep && text[start-2] == '1' && (start < 3 || !(csAlnum | csDash | csDot).has(text[start-3])) {
			start -= 2
		}
		if !nanp(text[first.start:first.end]) || text[first.end+1] < '2' || !alone(text, start, last.end) && !(num.n > 3) {
			continue
		}
		if sep == ' ' && !(start == 0 && last.end == len(text)) && !sc.near(ctxPhone, start) {
			continue
		}
		sc.found(rulePhone, start, last.end)
		return true
	}
	return false
}

// nanp tells whether area is an area code of the North American plan.
func nanp(area string) bool { return area[0] >= '2' && !(area[1] == '1' && area[2] == '1') }

// plus looks at a + that may start an international phone number. It is
// width bytes wide: one, or three as %2B.
func (sc *scan) plus(i, width int) {
	text := sc.text
	if i > 0 && width > 1 {
		if csAlnum.has(text[i-1]) {
			return
		}
	} else if i > 0 && (csAlnum.has(text[i-1]) && !escapeBefore(text, i) || strings.IndexByte("+/=_.-)", text[i-1]) >= 0) {
		return
	}
	p, n, groups := i+width, 0, 1
	last := p
	if p < len(text) && text[p] == '(' {
		p++
	}
	if p >= len(text) || text[p] < '1' || text[p] > '9' {
		return
	}
	for ; p < len(text) && p-i < 28; p++ {
		c := text[p]
		if c-'0' < 10 {
			n++
			last = p + 1
			continue
		}
		if width > 1 && c == '+' && p+1 < len(text) && text[p+1]-'0' < 10 {
			groups++
			continue
		}
		if strings.IndexByte(" -.()/", c) < 0 || p+1 >= len(text) || c == '/' && groups > 2 {
			break
		}
		if next := text[p+1]; next-'0' > 9 && next != '(' && next != ' ' && next != '-' || next == ' ' && c == ' ' {
			break
		}
		groups++
	}
	sc.steps += p - i
	if n < 7 || n > 15 || last < len(text) && (csLetter.has(text[last]) && text[last] != 'x' || text[last] == '_' || text[last] == '=') || !callingCode(text[i+width:last]) {
		return
	}
	if last+1 < len(text) && text[last] == '.' && text[last+1]-'0' < 10 || groups == 1 && unitAt(text, last) {
		return
	}
	sc.found(rulePhone, i, last)
}

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

// contextReach is how far behind a word a number still belongs to it.
const contextReach = 36

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
func (sc *scan) inContext(start, i int) bool { //nolint:unparam // reads like its siblings
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
		return false
	}
	end := sc.runEnd(csAlnum, i)
	if end-start > 40 {
		return false
	}
	if start > 1 && text[start-1] == '.' && csDigit.has(text[start-2]) || start > 0 && text[start-1] == '-' && csLow&classes(text[start:end]) != 0 || inUUID(text, start) {
		return false // a fraction, a part of an address, of the name of a pod, of a UUID
	}
	num := sc.groups(i)
	for k := 0; k < num.n && num.end > end; k++ { // 401 023 2137, 2123-45670-1
		if num.group[k].end >= end {
			end = num.group[k].end
		}
	}
	if end < num.end {
		end = num.end
	}
	// DD-MM-YYYY and AB 12-345/6 go on behind a dash.
	for end+1 < len(text) && (text[end] == '-' || text[end] == '/') && csAlnum.has(text[end+1]) && end-start < 24 {
		end = sc.runEnd(csAlnum, end+1)
	}
	id := text[start:end]
	n := digits(id)
	switch {
	case end-start > 40 || end-start > 24 && csAlnum.only(id) && mixed(id) || address(id) || looksLikeTime(id) && !sc.near(ctxBirth, start):
		return false
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
	default:
		return false
	}
	return true
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
