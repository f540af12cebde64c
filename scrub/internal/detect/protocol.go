package detect

import "strings"

var ruleProtocol = builtin("pw.protocol", Password, "Redis AUTH, HELLO, ACL SETUSER; RFC 959 and 1939 PASS, RFC 4954 AUTH, RFC 9051 LOGIN and AUTHENTICATE")

// verbs are the commands of protocols that log in. They count in capitals,
// where a command may stand.
var verbs = map[string]func(*scan, int){
	"auth":         (*scan).authVerb,
	"authenticate": (*scan).authVerb,
	"pass":         (*scan).passVerb,
	"login":        (*scan).loginVerb,
	"setuser":      (*scan).userVerb,
}

// verbNames are those of verbs, which cannot be asked for them while it is made.
var verbNames = [...]string{"auth", "authenticate", "pass", "login", "setuser"}

// mechanisms of SASL are followed by what the client says in base64.
var mechanisms = wordSet(`PLAIN LOGIN XOAUTH2 OAUTHBEARER CRAM-MD5 DIGEST-MD5 NTLM GSSAPI SCRAM-SHA-1 SCRAM-SHA-256 EXTERNAL`)

// maxVerb is how far behind a verb its arguments are read.
const maxVerb = 256

// argument returns the bounds of the argument at p, without its quotes.
// Nothing but a single blank may stand before it.
func (sc *scan) argument(p int) (start, end, next int) {
	text := sc.text
	if p+1 >= len(text) || text[p] != ' ' {
		return p, p, p
	}
	p++
	limit := min(len(text), p+maxVerb)
	slash := strings.HasPrefix(text[p:], `\"`)
	if slash {
		p++
	}
	if text[p] == '"' {
		end = p + 1
		for end < limit && text[end] != '"' && text[end] != '\n' {
			end++
		}
		sc.steps += end - p
		if end == limit || text[end] != '"' {
			return p, p, p
		}
		next = end + 1
		if slash {
			end--
		}
		return p + 1, end, next
	}
	end = p
	for end < limit && !csSpace.has(text[end]) && text[end] != '"' && text[end] != '\\' {
		end++
	}
	sc.steps += end - p
	return p, end, end
}

// ends tells whether the line of a command ends at p.
func (sc *scan) ends(p int) bool {
	if p >= len(sc.text) {
		return true
	}
	return strings.IndexByte("\r\n\"'\\`", sc.text[p]) >= 0
}

// commandAt tells whether a command may start at i: with the line, or behind
// a prompt.
func (sc *scan) commandAt(i int) bool {
	if lineStart(sc.text, i) {
		return true
	}
	for _, prompt := range [...]string{"> ", "C: ", ">>> ", ": ", `\n`, `"`, "$ "} {
		if strings.HasSuffix(sc.text[:i], prompt) {
			return true
		}
	}
	return false
}

// authVerb looks at AUTH [user] password of Redis, and at AUTH mechanism
// base64 of mail.
func (sc *scan) authVerb(i int) {
	text := sc.text
	p := i
	for p < len(text) && csUp.has(text[p]) {
		p++
	}
	if p < len(text) && text[p] == '"' { // as MONITOR prints it: "AUTH" "x"
		p++
	}
	inside := sc.lineHas(i, "HELLO ", "MIGRATE ")
	if !inside && !sc.commandAt(i) && text[p:min(p+1, len(text))] != " " {
		return
	}
	start, end, next := sc.argument(p)
	if start == end {
		return
	}
	if mechanisms[text[start:end]] {
		if start, end, next = sc.argument(next); start < end && sc.ends(next) && end-start >= 8 && csStd64.only(text[start:end]) {
			sc.found(ruleProtocol, start, end)
		}
		return
	}
	if !inside && !sc.commandAt(i) {
		return
	}
	quoted := text[start-1] == '"'
	if s, e, n := sc.argument(next); s < e { // AUTH user password
		if !(sc.ends(n) || inside) || !quoted && !guarded(text[s:e]) {
			if !(inside && guarded(text[start:end])) {
				return
			}
			s, e = start, end
		}
		start, end = s, e
	} else if !sc.ends(next) || !quoted && !guarded(text[start:end]) {
		return
	}
	if value := text[start:end]; !placeholder(value) && !folded(benignValues, value) {
		sc.found(ruleProtocol, start, end)
	}
}

// passVerb looks at PASS password of FTP, POP3 and IRC.
func (sc *scan) passVerb(i int) {
	start, end, next := sc.argument(i + len("PASS"))
	if start == end || !sc.ends(next) || !sc.commandAt(i) {
		return
	}
	value := sc.text[start:end]
	before := sc.text[max(0, i-maxVerb):i]
	sc.steps += len(before)
	sure := strings.Contains(before, "USER ") || strings.HasSuffix(before, "C: ") || strings.HasSuffix(before, "> ")
	if placeholder(value) || folded(benignValues, value) || !sure && !guarded(value) {
		return
	}
	sc.found(ruleProtocol, start, end)
}

// loginVerb looks at tag LOGIN user password of IMAP.
func (sc *scan) loginVerb(i int) {
	tag := i - 1
	for low := max(0, i-10); tag > low && csAlnum.has(sc.text[tag-1]); {
		tag--
	}
	if tag < 0 || tag == i-1 || sc.text[i-1] != ' ' || digits(sc.text[tag:i-1]) == 0 || !sc.commandAt(tag) {
		return
	}
	start, end, next := sc.argument(i + len("LOGIN"))
	if start == end {
		return
	}
	if start, end, next = sc.argument(next); start < end && sc.ends(next) && !placeholder(sc.text[start:end]) {
		sc.found(ruleProtocol, start, end)
	}
}

// userVerb looks at ACL SETUSER name >password of Redis.
func (sc *scan) userVerb(i int) {
	if !strings.HasSuffix(sc.text[:i], "ACL ") && !strings.HasSuffix(sc.text[:i], `"`) {
		return
	}
	for p := i + len("SETUSER"); p-i < maxVerb; {
		start, end, next := sc.argument(p)
		if start == end {
			return
		}
		if c := sc.text[start]; (c == '>' || c == '<' || c == '#') && end-start > 1 && markerAt(sc.text, start+1) < end {
			sc.found(ruleProtocol, start+1, end)
		}
		p = next
	}
}
