package detect

import "strings"

// member reads the value that belongs to a name in a list of pairs:
// {"name": "password", "value": "x"}, <add key="password" value="x"/>,
// ["Authorization", "x"]. What stands behind the name at p starts with c.
func (sc *scan) member(a *assignment, p int, c byte) bool {
	text := sc.text
	q := memberAt(text, p)
	if named(text, a.keyStart) {
		q = sc.afterType(q)
		for _, w := range [...]string{"value", "Value", "val", "content", "VALUE", "data", "v", "newValue", "new_value", "oldValue", "old_value", "old", "new"} {
			if isWord(text, q, w) {
				return sc.namedValue(a, q+len(w))
			}
		}
	}
	if c != ',' {
		return false
	}
	if strings.HasPrefix(text[q:], "with: ") { // fill_in 'Password', with: 'x'
		return sc.memberValue(a, q+len("with: ")) && a.quoted
	}
	if q = skipSpace(text, p+1); sc.byteAt(a.keyEnd) == '"' && strings.HasPrefix(text[q:], `"params"`) {
		return sc.params(a, q+len(`"params"`))
	}
	return sc.nextElement(a, p)
}

// located reads the input that pydantic found not valid, where the key ends the place
// of it: "loc":["body","password"],"msg":"…","input":"x". What the list is followed by
// starts at p.
func (sc *scan) located(a *assignment, p int) bool {
	text := sc.text
	end := strings.IndexAny(text[a.keyEnd:p], "])")
	if end < 1 {
		return false
	}
	before := text[max(0, a.keyStart-maxKeyReach):a.keyStart]
	open := strings.LastIndexAny(before, "[(")
	sc.steps += len(before)
	if open < 0 || !strings.HasSuffix(strings.TrimRight(before[:open], `\"': `), "loc") {
		return false
	}
	quote := text[a.keyEnd : a.keyEnd+end]
	rest := upTo(text, p, maxCode, "}")
	sc.steps += len(rest)
	name := quote + "input" + quote
	at := strings.Index(rest, name)
	return at >= 0 && sc.namedValue(a, p+at+len(name)) && strings.IndexByte("{[", text[a.open]) < 0
}

// memberValue reads the value that starts at p and is named elsewhere.
func (sc *scan) memberValue(a *assignment, p int) bool {
	a.sep, a.pair = sepMember, true
	sc.valueAt(a, p)
	return a.end > a.start
}

// namedValue reads the value behind the name of its member, which ends at p.
func (sc *scan) namedValue(a *assignment, p int) bool {
	text := sc.text
	for n := 0; n < 8 && p < len(text) && strings.IndexByte("\\\"'", text[p]) >= 0; n++ {
		p++
	}
	p = skipBlank(text, p)
	return p < len(text) && (text[p] == ':' || text[p] == '=') && sc.memberValue(a, p+1)
}

// params reads the first parameter of a call of JSON-RPC, whose "params" end at p:
// "method": "login_with_api_key", "params": ["x"].
func (sc *scan) params(a *assignment, p int) bool {
	p = skipSpace(sc.text, p)
	if sc.byteAt(p) != ':' {
		return false
	}
	p = skipSpace(sc.text, p+1)
	return sc.byteAt(p) == '[' && sc.memberValue(a, skipSpace(sc.text, p+1)) && a.quoted
}

// nextElement reads the element of a list that stands behind the one that is the
// key, and the comma at p.
func (sc *scan) nextElement(a *assignment, p int) bool {
	text := sc.text
	open := a.keyStart - 1
	for open > 0 && a.keyStart-open < 3 && text[open] == '-' { // ["--password", "x"]
		open--
	}
	slashes := slashesAt(text, a.keyEnd)
	if sc.byteAt(open) != sc.byteAt(a.keyEnd+slashes) {
		return false
	}
	q := skipBlank(text, p+1)
	if !quotedAt(text, q) {
		return false
	}
	if p := sc.skipBack(open); p > 0 && (text[p-1] == ':' || text[p-1] == '=' || strings.HasSuffix(text[:p], "=>")) {
		return false // the key is a value itself
	}
	a.sep, a.pair = sepNext, false
	sc.valueAt(a, q)
	after := a.end + slashes + 1
	if next := skipBlank(text, after); next < len(text) && (text[next] == ':' || text[next] == '=') {
		return false // "type": "token", "expires": 3600
	}
	if !a.quoted || a.end <= a.start {
		return false
	}
	value := text[a.start:a.end]
	sc.steps += min(len(value), maxName)
	if text[open+1] == '-' { // a flag, whose value is next unless that is another flag
		return value[0] != '-' && !((csLow | csUnder).only(value) && sc.f.Names("", value))
	}
	if csLow.only(value) && sc.byteAt(after) == ',' && sc.byteAt(sc.skipBack(open+1)-1) == ',' {
		return false // in a list of words
	}
	return !sc.f.Names(text[a.keyStart:a.keyEnd], value)
}

// maxName bounds what is taken for a name in a list of names.
const maxName = 32

// Names tells whether value, which follows key in a list, is no value but another
// name: of something sensitive, ["password", "firstName"], or of a header,
// ["Authorization", "Content-Type"]. It is not kept, as it may be a secret.
func (f *Finder) Names(key, value string) bool {
	switch {
	case len(value) > maxName:
		return false
	case (csLetter | csUnder).only(value):
		v := f.judge(value)
		return v.Rule != nil || v.Weak != nil
	case (csLetter | csDash).only(value):
		v := f.judge(key)
		return v.Rule != nil && v.Rule.Category == Auth
	default:
		return false
	}
}

// NamesName tells whether a member of that key names something in a pair:
// {name: password, value: x}.
func NamesName(key string) bool { return folded(nameKeys, key) }

// NamesValue tells whether a member of that key holds what NamesName has named.
func NamesValue(key string) bool { return folded(valueKeys, key) }

var (
	nameKeys  = wordSet("name key header field param parameter label property attribute k")
	valueKeys = wordSet("value val content data v newvalue new_value oldvalue old_value old new")
)

// memberAt returns where the next member of an object may start behind p.
func memberAt(text string, p int) int {
	q := p
	for q < len(text) && q-p < 32 && (strings.IndexByte(",;/ \t\r\n\\\"'{}>", text[q]) >= 0 || text[q] == 'n' && q > p && text[q-1] == '\\') {
		q++
	}
	return q
}

// afterType returns where the member behind that at q starts if that at q says
// of which type a value is: "type": "string".
func (sc *scan) afterType(q int) int {
	text := sc.text
	if !isWord(text, q, "type") && !isWord(text, q, "Type") {
		return q
	}
	p := q + len("type")
	for p < len(text) && p-q < 48 && strings.IndexByte("\\\"': =", text[p]) >= 0 {
		p++
	}
	for p < len(text) && p-q < 48 && csWord.has(text[p]) {
		p++
	}
	sc.steps += p - q
	return memberAt(text, p)
}

// skipBack returns where the blanks, quotes and escapes end that stand before
// i.
func (sc *scan) skipBack(i int) int {
	for n := 0; n < 16 && i > 0 && strings.IndexByte(" \t\\\"'", sc.text[i-1]) >= 0; n++ {
		i--
	}
	return i
}

// named tells whether what stands before a key says that it is a name.
func named(text string, keyStart int) bool {
	p := keyStart
	for n := 0; n < 16 && p > 0 && strings.IndexByte("\\\"' \t=:>", text[p-1]) >= 0; n++ {
		p--
	}
	for _, w := range [...]string{"name", "Name", "key", "Key", "header", "field", "param", "parameter", "NAME", "KEY", "id", "label", "property", "type", "attribute"} {
		if strings.HasSuffix(text[:p], w) {
			return true
		}
	}
	return p > 0 && text[p-1] == 'k' && (p == 1 || !csWord.has(text[p-2]))
}
