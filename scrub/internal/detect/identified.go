package detect

import "strings"

var ruleIdentified = builtin("pw.identified", Password, "MySQL 8.4 reference manual 15.7.1: CREATE USER, GRANT; Oracle SQL language reference: CREATE USER")

// maxStatement is how far before IDENTIFIED a statement may have started.
const maxStatement = 256

// identifiedBy looks at IDENTIFIED, text[i:p], of a statement that sets a
// password: [WITH plugin] BY|AS [PASSWORD|VALUES] 'x', or x without quotes.
func (sc *scan) identifiedBy(i, p int) {
	text := sc.text
	before := text[max(0, i-maxStatement):i]
	sc.steps += len(before)
	lone := i == 0 || sc.commandAt(i)
	if !lone && !holdsWord(before, "USER") && !holdsWord(before, "ROLE") && !holdsWord(before, "GRANT") && !holdsWord(before, "LINK") {
		return
	}
	if q := wordAt(text, p, "WITH"); q > p {
		p = skipBlank(text, q)
		for limit := min(len(text), p+64); p < limit && !csSpace.has(text[p]); p++ {
		}
	}
	q := max(wordAt(text, p, "BY"), wordAt(text, p, "AS"))
	if q == p {
		return
	}
	p = max(wordAt(text, q, "PASSWORD"), wordAt(text, q, "VALUES"))
	a := assignment{keyStart: i, keyEnd: p, sep: sepSpace}
	sc.valueAt(&a, p)
	if lone && !a.quoted {
		return // IDENTIFIED by whom
	}
	if value := text[a.start:a.end]; a.quoted && value != "?" || !a.quoted && !placeholder(value) && value != "RANDOM" {
		sc.found(ruleIdentified, a.start, sc.whole(&a))
	}
}

// holdsWord tells whether text holds word in capitals, or in small letters
// behind the first word of a statement.
func holdsWord(text, word string) bool {
	if strings.Contains(text, word+" ") {
		return true
	}
	if at := strings.Index(text, strings.ToLower(word)+" "); at > 0 {
		return strings.HasSuffix(text[:at], "create ") || strings.HasSuffix(text[:at], "alter ")
	}
	return word == "GRANT" && strings.Contains(text, "grant ")
}
