package detect

import "strings"

var ruleMRZ = builtin("pii.mrz", PII, "ICAO Doc 9303 parts 4 to 6: machine readable zones of travel documents")

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
