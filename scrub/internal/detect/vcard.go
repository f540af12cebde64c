package detect

import "strings"

var (
	ruleVCard = builtin("pii.vcard", PII, "RFC 6350: vCard; RFC 5545 section 3.2.2: names of attendees")
	ruleMRZ   = builtin("pii.mrz", PII, "ICAO Doc 9303 parts 4 to 6: machine readable zones of travel documents")
)

// cardProperties are the properties of a vCard that say something of its person.
var cardProperties = wordSet("N FN TEL ADR LABEL BDAY DEATHDATE BIRTHPLACE ANNIVERSARY EMAIL NICKNAME GENDER GEO NOTE IMPP ORG")

// maxCard bounds what is read of a vCard.
const maxCard = 4 << 10

// vcard masks the properties of the vCard, or the names in the event, that
// begins at i.
func (sc *scan) vcard(i int) {
	text := sc.text
	rest := text[i:min(len(text), i+maxCard)]
	card, event := strings.HasPrefix(rest, "BEGIN:VCARD"), strings.HasPrefix(rest, "BEGIN:VEVENT")
	if !card && !event || i < sc.commanded {
		return
	}
	if n := strings.Index(rest, "\nEND:V"); n > 0 {
		rest = rest[:n]
	} else if n := strings.Index(rest, `\nEND:V`); n > 0 {
		rest = rest[:n]
	}
	sc.steps += len(rest)
	sc.commanded = i + len(rest)
	escaped := !strings.Contains(rest, "\n")
	for start := 0; start < len(rest); {
		line, skip := lineAt(rest[start:], escaped)
		if card {
			sc.cardLine(i+start, line)
		} else {
			sc.attendee(i+start, line)
		}
		start += len(line) + skip
	}
}

// lineAt returns the first line of text and how long what ends it is. In JSON
// the end is escaped.
func lineAt(text string, escaped bool) (line string, skip int) {
	end := "\n"
	if escaped {
		end = `\n`
	}
	line, _, ok := strings.Cut(text, end)
	if ok {
		skip = len(end)
	}
	for _, cr := range [...]string{"\r", `\r`} {
		if short, ok := strings.CutSuffix(line, cr); ok {
			return short, skip + len(cr)
		}
	}
	return line, skip
}

func (sc *scan) cardLine(at int, line string) {
	colon, quoted := -1, false
	for p := range len(line) {
		if line[p] == '"' {
			quoted = !quoted
		}
		if line[p] == ':' && !quoted {
			colon = p
			break
		}
	}
	if colon < 0 {
		return
	}
	name := line[:colon]
	if n := strings.IndexByte(name, ';'); n >= 0 {
		name = name[:n]
	}
	if n := strings.LastIndexByte(name, '.'); n >= 0 { // item1.ADR
		name = name[n+1:]
	}
	if value := line[colon+1:]; cardProperties[strings.ToUpper(name)] && csSymbols(strings.Trim(value, ";")) {
		sc.ahead(ruleVCard, at+colon+1, at+len(line))
	}
}

func (sc *scan) attendee(at int, line string) {
	if !strings.HasPrefix(line, "ATTENDEE;") && !strings.HasPrefix(line, "ORGANIZER;") {
		return
	}
	_, rest, ok := strings.Cut(line, ";CN=")
	if !ok {
		return
	}
	start := len(line) - len(rest)
	stop := strings.IndexAny(rest, ";:")
	if strings.HasPrefix(rest, `"`) {
		start++
		stop = strings.IndexByte(rest[1:], '"')
	}
	if stop > 0 {
		sc.ahead(ruleVCard, at+start, at+start+stop)
	}
}

// csZone is what a machine readable zone is made of, the filler aside.
const csZone = csUpDig

// zone masks the machine readable zone whose first line starts at i: P<UTOERIKSSON<<ANNA<MARIA<<<<.
func (sc *scan) zone(i int) {
	text := sc.text
	end := zoneEnd(text, i)
	line := text[i:end]
	sc.steps += len(line)
	if len(line) < 30 || len(line) > 44 || i > 0 && csWord.has(text[i-1]) && !escapeBefore(text, i) || !strings.Contains(line, "<<") || !csUp.only(line[2:5]) && line[2] != 'D' {
		return
	}
	sc.found(ruleMRZ, i+5, end)
	for range 2 { // the lines below
		next := end
		for n := 0; n < 4 && next < len(text) && (csSpace.has(text[next]) || text[next] == '\\' || text[next-1] == '\\' && text[next] == 'n'); n++ {
			next++
		}
		stop := zoneEnd(text, next)
		if next == end || stop-next < 30 || stop-next > 44 {
			return
		}
		sc.steps += stop - next
		sc.found(ruleMRZ, next, stop)
		end = stop
	}
}

// zoneEnd returns where the line of a machine readable zone ends that starts at i.
func zoneEnd(text string, i int) int {
	for n := 0; n <= 45 && i < len(text) && (csZone.has(text[i]) || text[i] == '<'); n++ {
		i++
	}
	return i
}

// zoneStates are the first two letters of the states that issue passports, as
// ICAO Doc 9303 part 3 spells them.
const zoneStates = `AF AG AL AN AR AT AU AZ BA BD BE BF BG BH BI BL BO BR BT BW CA CH CI CM CO CP CR CU CY CZ DE DJ DM DO DZ D< EC EG ER ES ET EU FI FJ FR FS GA GB GE GH GI GM GN GR GT GU GY
	HK HN HR HT HU ID IN IR IS IT JA JO JP KA KE KG KH KI KN KO KW LA LB LC LI LK LS LT LU LV MA MC MD ME MH MK ML MM MN MO MR MT MU MW MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PH PL PN PR PS PY QA
	RK RO RU RW SA SD SE SG SL SM SO SR ST SU SV SW SY TC TG TH TJ TK TL TM TO TT TU TW TZ UG UK UN UR US UT UZ VA VC VE VN VU WS XO YE ZA ZM ZW`
