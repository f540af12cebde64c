package detect

import "strings"

// maxValue bounds a value that is read as one. Of a longer one no more than
// that is judged, and all of the text behind it goes: where it ends is not
// known.
const maxValue = 16 << 10

// valueAt sets the bounds of a value that starts at or after p.
func (sc *scan) valueAt(a *assignment, p int) {
	text := sc.text
	p = uncoloured(text, skipBlank(text, p))
	if a.pair || a.sep == sepEqual || a.sep == sepColon { // the value may stand on the next line
		if q := skipSpace(text, p); q < len(text) && (text[q] == '"' || text[q] == '\'') && (a.pair || q > p) {
			p = q
		}
	}
	a.open = p
	p = unwrapped(text, goValue(text, p))
	if a.sep == sepColon && strings.HasPrefix(text[p:], `&"`) { // Password: &"x" of Go
		p++
	}
	for n := 0; n < 3 && p < len(text) && (text[p] == '[' || text[p] == '('); n++ {
		if text[p] == '[' && markerAt(text, p) > p {
			break
		}
		p = skipBlank(text, p+1)
	}
	for n := 0; n < 2 && p+1 < len(text) && strings.IndexByte("rbufRBUFN@$", text[p]) >= 0 && quotedAt(text, p+1); n++ {
		p++
	}
	if n := quoteEntity(text, p); n > 0 {
		quote := text[p : p+n]
		a.quoted, a.start = true, p+n
		a.end = len(text)
		if n := strings.Index(text[a.start:min(len(text), a.start+maxValue)], quote); n >= 0 {
			a.end = a.start + n
		}
		sc.steps += a.end - a.start
		return
	}
	slashes := min(slashesAt(text, p), 8)
	q := p + slashes
	if q < len(text) && strings.IndexByte("\"'`", text[q]) >= 0 {
		a.quoted = true
		a.start = q + 1
		a.end = sc.quoteEnd(text[q], slashes, a.start)
		a.cut = a.end-a.start >= maxValue
		return
	}
	a.start = p
	if m := markerAt(text, p); m > p {
		a.end = m
		return
	}
	if n := braced(text, p); n > 0 && a.sep == sepEqual {
		a.start, a.end, a.quoted = p+1, p+n, true
		return
	}
	if a.end = sc.hashEnd(p); a.end > p { // its commas end no value
		return
	}
	a.end = sc.unquotedEnd(p, a.query, a.encoded)
	a.cut = a.end-a.start >= maxValue
	if a.open == a.keyEnd+1 && sc.byteAt(a.open) == '[' && p == a.open+1 { // map[password:[a b]] of Go
		if n := strings.IndexAny(text[p:min(len(text), p+maxCode)], "]\n\"="); n > 0 && text[p+n] == ']' {
			a.end = p + n
			return
		}
	}
	a.end = trimClosers(text, p, a.end)
}

// goValue returns where a value starts that Go prints with its type: []string{"x"},
// (*string)(0xc000012340)("x").
func goValue(text string, p int) int {
	head := text[p:min(len(text), p+64)]
	switch {
	case strings.HasPrefix(head, "[]"):
		if n := strings.IndexByte(head, '{'); n > 2 && csLetter.has(head[2]) && (csWord|csDot|csSpace).only(head[2:n]) || strings.HasPrefix(head, "[]interface {}{") {
			return p + max(n, strings.Index(head, "}{")+1) + 1
		}
	case strings.HasPrefix(head, "(*"):
		if n := strings.Index(head, ")("); n > 0 && strings.HasPrefix(head[n:], ")(0x") {
			address := head[n+2:]
			if m := strings.Index(address, ")"); m > 0 && (strings.HasPrefix(address[m:], ")(") || strings.HasPrefix(address[m:], `) "`)) {
				return p + n + 2 + m + 2
			}
		}
	case strings.HasPrefix(head, "(string) (len="), strings.HasPrefix(head, "([]uint8) (len="): // of spew
		if n := strings.Index(head, `) "`); n > 0 {
			return p + n + 2
		}
	}
	return p
}

// braced returns where the brace closes that opens at p around a value of ODBC,
// in which it may stand twice: {a;b}}c}. It is 0 for what may be a piece of a
// program, {config.password}.
func braced(text string, p int) int {
	if p >= len(text) || text[p] != '{' {
		return 0
	}
	for n := 1; n < maxCode && p+n < len(text) && text[p+n] != '\n'; n++ {
		switch {
		case text[p+n] != '}':
		case p+n+1 < len(text) && text[p+n+1] == '}':
			n++
		case n > 4 && mixed(text[p+1:p+n]) && (strings.ContainsAny(text[p+1:p+n], "!@#$%^&*+;}") || p+n+1 < len(text) && text[p+n+1] == ';') && !strings.ContainsAny(text[p+1:p+n], "\"'[(: "):
			return n
		default:
			return 0
		}
	}
	return 0
}

// unquotedEnd returns where the value without quotes that holds p ends. What
// was read once is not read again for a key inside of it.
func (sc *scan) unquotedEnd(p int, query, encoded bool) int {
	u, from := &sc.unquoted, p
	if u.start <= p && p < u.end && u.query == query && u.encoded == encoded {
		if !u.cut {
			return u.end
		}
		from = u.end
	}
	end := from
	for end < len(sc.text) && end-p < maxValue && !valueStop(sc.text, end, query, encoded) {
		end++
	}
	sc.steps += end - from
	u.start, u.end, u.query, u.encoded, u.cut = p, end, query, encoded, end-p >= maxValue
	return end
}

// quoteEnd returns where the value opened by a quote at start-1 ends. An
// unclosed one ends with its line, one that is too long maxValue behind start
// or later.
func (sc *scan) quoteEnd(quote byte, slashes, start int) int {
	text := sc.text
	if start+1 < len(text) && slashes == 0 && text[start] == quote && text[start+1] == quote {
		start += 2 // """…"""
	}
	limit := min(len(text), start+maxValue)
	line := -1
	for i := start; i < limit; i++ {
		switch c := text[i]; {
		case c == '\\' && slashes == 0:
			i++
		case c == '\\':
			run := slashesAt(text, i)
			if i+run < limit && text[i+run] == quote {
				if run < slashes || run%(2*slashes+2) == slashes {
					sc.steps += i - start
					return i + max(0, run-slashes)
				}
				run++ // a quote in what is quoted
			}
			i += run - 1
		case c == '\'' && slashes == 0 && i > start && doubled(text, i):
			i++
		case c == quote && slashes == 0, c == quote && slashes > 0 && text[i-1] != '\\':
			sc.steps += i - start
			return i
		case c == '\n' && line < 0:
			line = i
		}
	}
	sc.steps += limit - start
	if limit < len(text) {
		return limit
	}
	if line >= 0 {
		limit = line
	}
	end := start
	for end < limit && !csSpace.has(text[end]) {
		end++
	}
	return end
}

// doubled tells whether the quote at i is one of two that stand for one in a
// string of SQL: 'it”s'.
func doubled(text string, i int) bool {
	return i+2 < len(text) && text[i+1] == '\'' && csAlnum.has(text[i-1]) && csAlnum.has(text[i+2])
}

// valueStop tells whether an unquoted value ends before text[i]. In a query an
// encoded & belongs to the value, unless its = is encoded, too.
func valueStop(text string, i int, query, encoded bool) bool {
	switch c := text[i]; c {
	case ' ', '\t', '\n', '\r', '"', ',', 0, '\x1b':
		return true
	case ';':
		return !pairsFollow(text, i)
	case '&':
		return query || strings.IndexByte(text[i+1:min(len(text), i+32)], '=') > 0 || strings.HasPrefix(text[i:], "&amp;") || strings.HasPrefix(text[i:], "&quot;")
	case '#':
		return query
	case '|': // password:x|user:y
		return keyFollows(text[i+1 : min(len(text), i+32)])
	case '<':
		return i+1 < len(text) && (text[i+1] == '/' || text[i+1] == 'b')
	case '\'', '`':
		return i+1 >= len(text) || !csAlnum.has(text[i+1])
	case '\\':
		return strings.IndexByte("nrt\"'", escapedByte(text, i)) >= 0
	case '%':
		return encoded && (strings.HasPrefix(text[i:], "%26") || strings.HasPrefix(text[i:], "%2526") || strings.HasPrefix(text[i:], "%22"))
	}
	return false
}

// pairsFollow tells whether the semicolon at i belongs to a value, as what stands
// behind it is no pair, but what stands behind the next one is:
// Password=P@ss;w0rd;Encrypt=True.
func pairsFollow(text string, i int) bool {
	rest := text[i+1 : min(len(text), i+32)]
	piece, rest, ok := strings.Cut(rest, ";")
	return ok && len(piece) > 1 && !strings.ContainsAny(piece, "=: \t\r\n\"'&") && keyFollows(rest)
}

// keyFollows tells whether text starts with a key and its sign.
func keyFollows(text string) bool {
	n := 0
	for n < len(text) && csWord.has(text[n]) {
		n++
	}
	return n > 1 && n < len(text) && (text[n] == ':' || text[n] == '=')
}

// maxClosers bounds what is taken for the closers of something.
const maxClosers = 32

// trimClosers leaves out punctuation and brackets that close what was opened
// before the value.
func trimClosers(text string, start, end int) int {
	for low := end - maxClosers; end > start && end > low; {
		c := text[end-1]
		var open byte
		switch c {
		case ')':
			open = '('
		case ']':
			open = '['
		case '}':
			open = '{'
		case '>':
			open = '<'
		case '.', ':', '`', '\'':
			end--
			continue
		default:
			return end
		}
		v := text[max(start, end-256):end]
		if strings.Count(v, string(c)) <= strings.Count(v, string(open)) {
			return end
		}
		end--
	}
	return end
}

// maxPhraseLen bounds what is read as words.
const maxPhraseLen = 200

// phraseEnd returns where a phrase of words ends: at a comma, a full stop
// before a blank, the end of the line, or where the next key starts.
func phraseEnd(text string, start int) int {
	i := start
	for i < len(text) && i-start < maxPhraseLen {
		switch c := text[i]; c {
		case ',', ';', '\n', '\r', '\t', '\x1b', '"', '|', '}', ']', '<', '&':
			return i
		case '\\':
			return i
		case '.':
			if i+1 >= len(text) || csSpace.has(text[i+1]) {
				return i
			}
		case '=', ':':
			for j := i; j > start; j-- {
				if text[j-1] == ' ' {
					return j - 1
				}
			}
		case ' ':
			if i+1 < len(text) && (text[i+1] == ' ' || text[i+1] == '(' || text[i+1] == '-') {
				return i
			}
		}
		i++
	}
	return i
}

// streetEnd returns where an address ends that starts with a street: town and
// zip code may follow behind commas.
func streetEnd(text string, start int) int {
	end := phraseEnd(text, start)
	for range 4 {
		if end+2 >= len(text) || text[end] != ',' || text[end+1] != ' ' || !csAlnum.has(text[end+2]) {
			break
		}
		next := end + 2
		for next < len(text) && next-end < 40 && ((csAlnum | csDash | csDot).has(text[next]) || text[next] == ' ' || text[next] >= 0x80) {
			next++
		}
		if next < len(text) && strings.IndexByte(",;\n\r\"'|}])<", text[next]) < 0 {
			break // another key
		}
		end = next
	}
	return trimClosers(text, start, end)
}

// degreesEnd returns where the longitude ends that follows a latitude, which
// ends at end.
func degreesEnd(text string, end int) int {
	if end+3 >= len(text) || text[end] != ',' {
		return end
	}
	p := skipBlank(text, end+1)
	stop := p
	for stop < len(text) && stop-p < 20 && ((csDigit | csDash).has(text[stop]) || text[stop] == '.' && stop+1 < len(text) && csDigit.has(text[stop+1])) {
		stop++
	}
	if degrees(text[p:stop]) {
		return stop
	}
	return end
}

// nameEnd returns where a name or an address ends that stands without quotes:
// words with a capital and numbers go on.
func nameEnd(text string, end int) int {
	if end > 3 && end+2 < len(text) && text[end:end+2] == ". " && csDigit.has(text[end+2]) && strings.EqualFold(text[end-3:end], "str") {
		end++ // Hauptstr. 5
	}
	for n := 0; n < 6 && end+1 < len(text) && text[end] == ' '; n++ {
		p := end + 1
		if !csUp.has(text[p]) && !csDigit.has(text[p]) && text[p] < 0x80 {
			break
		}
		for p < len(text) && p-end < 32 && (csAlnum.has(text[p]) || strings.IndexByte("'.-", text[p]) >= 0 || text[p] >= 0x80) {
			p++
		}
		for p > end+1 && text[p-1] == '.' && (p-end != 3 || p == len(text)) { // not the point of an initial
			p--
		}
		if !endsGroup(text, p) && !strings.HasPrefix(text[p:], ". ") {
			break
		}
		end = p
	}
	return end
}
