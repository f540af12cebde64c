package detect

import "strings"

var ruleVCard = builtin("pii.vcard", PII, "RFC 6350: vCard; RFC 5545 section 3.2.2: names of attendees")

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

// cardLine masks the value of the property on a line of a vCard.
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
	if value := line[colon+1:]; cardProperties[strings.ToUpper(name)] && legible(strings.Trim(value, ";")) {
		sc.ahead(ruleVCard, at+colon+1, at+len(line))
	}
}

// attendee masks the name of a person on a line of an event.
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
