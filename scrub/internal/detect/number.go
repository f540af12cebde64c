package detect

import "strings"

var (
	ruleSSN  = builtin("pii.ssn", PII, "SSA POMS RM 10201.035: invalid numbers")
	ruleITIN = builtin("pii.itin", PII, "IRS: individual taxpayer identification number")
)

// number is digits in groups, as people write cards, phones and ids.
type number struct {
	start, end int
	group      [8]group
	n, digits  int
}

// group is where digits stand together.
type group struct{ start, end int }

// maxNumberSpan is the longest number that is read as one, separators
// included.
const maxNumberSpan = 40

// number looks at a run of three digits or more that starts at i.
func (sc *scan) number(i int) {
	text := sc.text
	before := sc.byteAt(i - 1)
	if (csAlnum.has(before) || strings.IndexByte(" -.+%", before) >= 0 && i > 4 && csAlnum.has(text[i-2]) && csAlnum.has(text[i-5])) && sc.iban(i) {
		return
	}
	if sc.identified(i) {
		return
	}
	if before == '%' && text[i] == '2' && digitRun(text, i+1) > 1 { // %20 or %22
		i, before = i+2, ' '
	}
	stripe := before == 'B' && i > 1 && text[i-2] == '%'
	if csLetter.has(before) && !stripe && !escapeBefore(text, i) || before == '_' && !gluedCard(text, i) || before >= 0x80 && !foreignSign(text, i) {
		if sc.context {
			sc.inContext(sc.back(csAlnum, i, 24), i)
		}
		sc.telegram(i)
		return
	}
	num := sc.groups(i)
	switch {
	case num.n == 1 && num.digits == 4 && strings.HasPrefix(text[num.end:], "%20") && sc.encodedCard(i):
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

// maxCounter is how long the words of countWords and pathWords are at most.
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
		for p < len(text) && csDigit.has(text[p]) && p-i < maxNumberSpan {
			p++
		}
		if p == start {
			break
		}
		num.group[num.n] = group{start, p}
		num.digits += p - start
		num.n++
		num.end = p
		if p+1 >= len(text) || !groupSep(text[p]) || !csDigit.has(text[p+1]) {
			break
		}
		p++
	}
	sc.steps += num.end - i
	return num
}

// groupSep tells whether c may stand between two groups.
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
		if c := text[start-1]; (csWord|csDash).has(c) && !escapeBefore(text, start) || c >= 0x80 && !foreignSign(text, start) || c == '.' && start > 1 && csAlnum.has(text[start-2]) || c == '#' {
			return false
		}
	}
	if end < len(text) {
		c := text[end]
		if (csWord | csDash).has(c) || c >= 0x80 && foreignEnd(text, end) == end || c == '#' || c == '%' && !escaping(text, end) {
			return false
		}
		if c == '.' && end+1 < len(text) && csAlnum.has(text[end+1]) {
			return false
		}
		if c == ':' && end+1 < len(text) && csDigit.has(text[end+1]) {
			return false
		}
	}
	return true
}

// digitsOf copies the digits of text into buf.
func digitsOf(buf []byte, text string) []byte {
	buf = buf[:0]
	for i := range len(text) {
		if csDigit.has(text[i]) && len(buf) < cap(buf) {
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
		if rest.n >= 2 && (rest.like(text, 0, '-', 3, 4) || rest.like(text, 0, '.', 3, 4) || rest.like(text, 0, ' ', 3, 4)) && text[p] >= '2' && csDigit.has(text[p]) {
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

// ssn tells whether AAA-GG-SSSS can be a social security number.
func ssn(t string) bool {
	return t[:3] != "000" && t[:3] != "666" && t[0] != '9' && t[4:6] != "00" && t[7:] != "0000"
}

// itin tells whether 9XX-GG-SSSS can be a taxpayer number.
func itin(t string) bool {
	g := int(t[4]-'0')*10 + int(t[5]-'0')
	return t[0] == '9' && (g >= 50 && g <= 65 || g >= 70 && g <= 88 || g >= 90 && g <= 92 || g >= 94)
}
