package detect

import "strings"

var (
	ruleUserinfo = builtin("pw.url", Password, "RFC 3986 section 3.2.1")
	ruleURLToken = builtin("auth.url", Auth, "RFC 3986 section 3.2.1: a token in place of the user")
	ruleEmail    = builtin("pii.email", PII, "RFC 5321 section 4.1.2, RFC 6531")
)

// maxUserinfo is how far before an @ a URL may have started.
const maxUserinfo = 512

// at looks at an @: the end of a userinfo, or the middle of an address.
func (sc *scan) at(i int) {
	if sc.userinfo(i) || sc.credentials(i) {
		return
	}
	sc.email(i, 1)
}

// userinfo looks for scheme://user:password@ and reports whether the @ ends
// a userinfo at all.
func (sc *scan) userinfo(i int) bool {
	text := sc.text
	low := max(0, i-maxUserinfo, sc.afterAt)
	sc.afterAt = i + 1
	p := i
	for p > low && !csSpace.has(text[p-1]) && strings.IndexByte("\"<>", text[p-1]) < 0 {
		if text[p-1] == '/' && p-2 >= 0 && text[p-2] == '/' && (p-3 >= 0 && text[p-3] == ':' || strings.HasSuffix(text[:p-2], "%3A")) {
			break
		}
		p--
	}
	sc.steps += i - p + 1
	if p < 3 || text[p-1] != '/' || text[p-2] != '/' {
		return false
	}
	info := text[p:i]
	user := p // behind the marker of a user that was one
	if m := strings.Index(info, markerOpen); m >= 0 && strings.IndexByte(info[:m], ':') < 0 {
		user = markerAt(text, p+m)
	}
	if user >= i {
		sc.done = max(sc.done, i+1)
		return true
	}
	if opener := quoteBefore(text, p); opener != 0 && strings.IndexByte(info, opener) >= 0 {
		return false // 'https://host:8000'; … @
	}
	colon := strings.IndexByte(text[user:i], ':')
	if colon >= 0 {
		colon += user - p
	}
	slash := strings.IndexAny(info, "/?#")
	if slash >= 0 && (colon < 0 || colon > slash || portFollows(info[colon+1:slash])) {
		return false
	}
	end := lastAt(text, i)
	sc.steps += end - i
	if colon < 0 {
		if len(info) >= 20 && mixed(info) && !placeholder(info) {
			sc.found(ruleURLToken, p, i)
		}
		sc.done = max(sc.done, i+1)
		return true
	}
	start := p + colon + 1
	name := info[:colon]
	if password := text[start:end]; !placeholder(password) && end > start {
		sc.found(ruleUserinfo, start, end)
	} else if len(name) >= 20 && mixed(name) {
		sc.found(ruleURLToken, p, p+colon)
	}
	sc.done = max(sc.done, end+1)
	return true
}

// encodedUserinfo is userinfo for a URL that is percent-encoded as a whole, the @
// of which stands at i: https%3A%2F%2Fuser%3Apassword%40host.
func (sc *scan) encodedUserinfo(i int) bool {
	low := max(sc.done, i-maxCode)
	info := sc.text[low:i]
	sc.steps += len(info)
	at := strings.LastIndex(info, "%2F%2F")
	if at < 0 {
		at = strings.LastIndex(info, "%2f%2f")
	}
	if at < 0 {
		return false
	}
	info = info[at+len("%2F%2F"):]
	colon := strings.Index(info, "%3")
	if colon < 0 || colon+3 >= len(info) || info[colon+2]|0x20 != 'a' || !(csTok | csTilde).only(info[:colon]) || strings.ContainsAny(info, " \"'&=/") {
		return false
	}
	if password := info[colon+3:]; !placeholder(password) {
		sc.found(ruleUserinfo, i-len(password), i)
		return true
	}
	return false
}

// quoteBefore returns the quote before the scheme of the URL whose authority
// starts at p, or zero.
func quoteBefore(text string, p int) byte {
	i := p - 3
	for low := max(0, p-24); i > low && (csAlnum | csDash | csDot | csPlus).has(text[i-1]) && text[i-1] != '/'; {
		i--
	}
	if i > 0 && (text[i-1] == '\'' || text[i-1] == '`') {
		return text[i-1]
	}
	return 0
}

// lastAt returns the last @ of an authority: a password may hold one.
func lastAt(text string, i int) int {
	end := i
	for j := i + 1; j < len(text) && j-i < 256; j++ {
		switch c := text[j]; {
		case c == '@':
			end = j
		case c == '/' || c == '?' || c == '#' || c == ',' || csSpace.has(c) || strings.IndexByte("\"'<>\\&;", c) >= 0:
			return end
		}
	}
	return end
}

// credentials looks for user:password@tcp(host), a DSN without a scheme.
func (sc *scan) credentials(i int) bool {
	if sc.oracle(i) {
		return true
	}
	rest := sc.text[i+1:]
	if !strings.HasPrefix(rest, "tcp(") && !strings.HasPrefix(rest, "unix(") && !strings.HasPrefix(rest, "tcp6(") {
		return false
	}
	p := sc.dsnStart(i)
	colon := strings.IndexByte(sc.text[p:i], ':')
	if colon < 0 || placeholder(sc.text[p+colon+1:i]) {
		return false
	}
	sc.found(ruleUserinfo, p+colon+1, i)
	return true
}

// dsnStart returns where what may be a DSN starts that holds the @ at i.
func (sc *scan) dsnStart(i int) int {
	low := max(sc.done, i-128)
	p := i
	for p > low && !csSpace.has(sc.text[p-1]) && strings.IndexByte("\"'`=", sc.text[p-1]) < 0 {
		p--
	}
	sc.steps += i - p
	return p
}

// oracle looks for jdbc:oracle:thin:user/password@, or user/password@ behind a
// client, and reports whether the @ is that of such a DSN.
func (sc *scan) oracle(i int) bool {
	p := sc.dsnStart(i)
	dsn, ok := strings.CutPrefix(sc.text[p:i], "jdbc:oracle:")
	slash := strings.IndexByte(dsn, '/')
	if slash < 0 || !ok && !sc.oracleClient(p) || placeholder(dsn[slash+1:]) {
		return false
	}
	sc.found(ruleUserinfo, i-len(dsn)+slash+1, i)
	return true
}

// oracleClients take a user and a password as one argument.
var oracleClients = [...]string{"sqlplus", "impdp", "expdp", "sqlldr"}

// oracleClient tells whether nothing but flags stands between one of oracleClients
// and the argument at p: sqlplus -s user/password@db, impdp userid=….
func (sc *scan) oracleClient(p int) bool {
	before := sc.text[max(sc.done, p-maxKeyReach):p]
	sc.steps += len(before)
	before = strings.TrimRight(before[strings.LastIndexByte(before, '\n')+1:], `"'`)
	for before != "" {
		before = strings.TrimRight(before, " ")
		word := before[strings.LastIndexByte(before, ' ')+1:]
		for _, name := range oracleClients {
			if strings.HasSuffix(word, name) { // behind a path, a quote, an escape
				return true
			}
		}
		if !strings.HasPrefix(word, "-") && !strings.EqualFold(word, "userid=") {
			return false
		}
		before = before[:len(before)-len(word)]
	}
	return false
}

// csLocal is what the part of a mail address before its @ is made of.
const csLocal = csAlnum | csUnder | csDash | csDot | csPlus | csEq

// unitSuffixes end names of systemd units and files, not of domains.
var unitSuffixes = wordSet(`service socket target timer mount automount slice scope device swap path local internal localdomain png jpg jpeg gif svg webp js ts css json yaml yml so jar py go rb
	class method module example_ lock conf cfg ini log txt`)

// object tells whether what stands on both sides of an @ is a class and the
// hash of one of its objects, run into what follows:
// android.media.AudioManager@4283017com.example.Service.
func object(class, hash string) bool {
	dot := strings.LastIndexByte(class, '.')
	if dot < 1 || dot+1 == len(class) || !csUp.has(class[dot+1]) || len(hash) < 6 {
		return false
	}
	return csHexAny.only(hash[:5]) && digits(hash[:6]) > 0
}

// principal tells whether the instance at i is one of a service, before whose realm
// stands an @, RFC 4120 section 6.2: host/web-1@CORP.EXAMPLE.
func principal(text string, i int) bool {
	if i < 2 || text[i-1] != '/' || !csLow.has(text[i-2]) {
		return false
	}
	for i--; i > 0 && (csLetter | csDash).has(text[i-1]); i-- {
	}
	return i == 0 || text[i-1] != '/' && text[i-1] != '.'
}

// email looks for an address around the @, which is width bytes wide: one, or
// three as %40.
func (sc *scan) email(i, width int) {
	text := sc.text
	start := i
	low := max(sc.done, i-64)
	for start > low && (csLocal.has(text[start-1]) && text[start-1] != '/' && text[start-1] != '=' || text[start-1] >= 0x80) {
		if text[start-1] == '+' && width > 1 {
			break // a blank
		}
		start--
	}
	if width > 1 && start > low && text[start-1] == '%' && i-start > 2 {
		if strings.EqualFold(text[start:start+2], "2b") { // a+b, encoded
			for start--; start > low && (csAlnum | csUnder | csDash | csDot).has(text[start-1]); {
				start--
			}
		} else if csHexAny.only(text[start : start+2]) {
			start += 2
		}
	}
	if n := escape(text, start); width > 3 || n == len("u003c") || n > 0 && n == colourRest(text, start) { // \u0040, perhaps behind \u0022; \u003c
		start += n
	} else if start < i-1 && letterEscaped(text, start) {
		start++
	}
	for p := start; p < i; p++ {
		if end := foreignEnd(text, p); end > p && end <= i {
			start = end
		}
	}
	for start < i && (text[start] == '.' || text[start] == '-' || text[start] == '+') {
		start++
	}
	end := i + width
	for limit := min(len(text), i+254); end < limit && ((csAlnum | csDot | csDash).has(text[end]) || text[end] >= 0x80); {
		end++
	}
	sc.steps += end - start
	for p := i + width; p < end; p++ {
		if foreignEnd(text, p) > p {
			end = p
		}
	}
	for end > i && (csDot | csDash).has(text[end-1]) {
		end--
	}
	if end <= i+width {
		return
	}
	domain := text[i+width : end]
	dot := strings.LastIndexByte(domain, '.')
	if start == i || dot < 1 || domain[0] == '.' || strings.Contains(domain, "..") {
		return
	}
	tld := domain[dot+1:]
	if n := csLetter.prefix(tld); n > 1 && n < len(tld) && tld[n] >= 0x80 { // 用户a@b.com登录
		end -= len(tld) - n
		tld, domain = tld[:n], text[i+width:end]
	}
	if len(tld) < 2 || len(tld) > 24 || folded(unitSuffixes, tld) {
		return
	}
	if !csLetter.only(tld) && !strings.HasPrefix(tld, "xn--") && tld[0] < 0x80 {
		return
	}
	if start > 0 && text[start-1] == '/' && start > 1 && text[start-2] == '/' || object(text[start:i], domain) {
		return
	}
	if (csUpDig | csDash | csDot).only(domain) && principal(text, start) {
		return
	}
	if text[start:i] == "git" && end < len(text) && (text[end] == ':' || text[end] == '/') {
		return // scp-like address of a repository
	}
	if strings.HasPrefix(text[start:], "%40") {
		return
	}
	sc.behindEmail(start, end)
	sc.found(ruleEmail, start, end)
}

// behindEmail looks for the password that ends the line behind the address
// text[start:end], as in lists of accounts and the password files of Postfix.
func (sc *scan) behindEmail(start, end int) {
	text := sc.text
	if sc.byteAt(end) != ':' || start > 0 && !csSpace.has(text[start-1]) || sc.lineHas(start, "scp ", "rsync ", "ssh ", "git ", "docker ") {
		return
	}
	word := wordOf(text[end+1:])
	if next := end + 1 + len(word); guarded(word) && (next >= len(text) || text[next] == '\n' || text[next] == '\r') {
		sc.ahead(ruleUserinfo, end+1, next)
	}
}
