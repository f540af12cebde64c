package detect

import (
	"encoding/base64"
	"hash/crc32"
	"strconv"
	"strings"
)

// form is how the tokens of one kind look: a prefix, then min to max bytes
// of a set, and nothing of that set after them.
type form struct {
	prefix string
	set    charset
	min    int
	max    int               // 0: no bound
	led    bool              // an id and a dot or a colon before the prefix belong to it
	kept   bool              // the prefix is the address of a service and no secret
	check  func(string) bool // asked about the whole token; nil: mixed
	rule   *Rule
}

// begins tells whether a body of f may start at i.
func (f *form) begins(text string, i int) bool {
	end := i + min(f.min, 8)
	return end <= len(text) && f.set.only(text[i:end])
}

// token looks at text that starts as f says.
func (sc *scan) token(f *form, i int) {
	text := sc.text
	if i > 0 && csAlnum.has(text[i-1]) && !escapeBefore(text, i) {
		return
	}
	start := i + len(f.prefix)
	if start >= len(text) {
		return
	}
	end := sc.runEnd(f.set, start)
	// A full stop ends a sentence, not a token, and a bracket what it opened.
	for end > start && f.set&(csDot|csComma|csBrace) != 0 && (csDot | csComma | csBrace).has(text[end-1]) {
		end--
	}
	n := end - start
	if n < f.min {
		return
	}
	if f.max > 0 && n > f.max {
		// A longer run is another thing, unless what follows is glued on by a
		// dash, an underscore or a dot.
		if c := text[start+f.max]; csAlnum.has(c) {
			return
		}
		end = start + f.max
	}
	token := text[i:end]
	switch {
	case f.led:
		i = sc.lead(i)
	case f.kept:
		i = start
	}
	if f.check != nil {
		if !f.check(token) {
			return
		}
	} else if n < 64 && !mixed(text[start:end]) {
		return
	}
	if i > 0 && text[i-1] == '{' && strings.HasSuffix(f.prefix, "}") {
		i--
	}
	sc.found(f.rule, i, end)
}

// lead returns where the id starts that stands before the prefix at i, which is
// in the middle of its token, or i.
func (sc *scan) lead(i int) int {
	if i == 0 || sc.text[i-1] != '.' && sc.text[i-1] != ':' {
		return i
	}
	start := sc.back(csURL64, i-1, 25)
	if n := i - 1 - start; n < 10 || n > 24 {
		return i
	}
	return start
}

var (
	ruleLicense   = builtin("auth.newrelic-license", Auth, "docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys: license key")
	ruleMailchimp = builtin("auth.mailchimp", Auth, "mailchimp.com/developer: the data center ends the key")
	ruleAzureID   = builtin("auth.azure-signed", Auth, "learn.microsoft.com: identifiable secrets, signature inside the key")
)

// signatures are signs that vendors put into the middle or at the end of a
// key, and how many letters and digits stand before and after them.
var signatures = []struct {
	text          string
	set           charset
	before, after int
	rule          *Rule
}{
	{"NRAL", csAlnum, 36, 0, ruleLicense},
	{"JQQJ", csAlnum, 52, 28, ruleAzureID},
	{"us1", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us2", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us3", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us4", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us5", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us6", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us7", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us8", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"us9", csLowDig | csDash, 33, 0, ruleMailchimp},
	{"Q~", csTok | csTilde, 4, 31, ruleAzureID},
	{"AZDO", csAlnum, 76, 4, ruleAzureID},
	{"AIoT", csStd64, 33, 4, ruleAzureID},
	{"ACRA", csStd64, 42, 4, ruleAzureID},
	{"AzFu", csURL64, 44, 8, ruleAzureID},
	{"AzSe", csAlnum, 42, 6, ruleAzureID},
	{"APIM", csStd64, 76, 4, ruleAzureID},
	{"ASbT", csStd64, 33, 4, ruleAzureID},
	{"AEhS", csStd64, 33, 4, ruleAzureID},
	{"ACDb", csStd64, 76, 4, ruleAzureID},
}

// signature looks at a sign inside a token.
func (sc *scan) signature(text string, i int) {
	for k := range signatures {
		g := &signatures[k]
		if g.text != text {
			continue
		}
		start := sc.back(g.set, i, g.before+1)
		end := sc.runEnd(g.set, i)
		want := i + len(text) + g.after
		if i-start != g.before || end < want || end > want+4 {
			return
		}
		if mixed(sc.text[start:end]) {
			sc.found(g.rule, start, end)
		}
		return
	}
}

// escapeBefore tells whether the letter or digit before i belongs to an
// escape: %3D or \n or \u003d.
func escapeBefore(text string, i int) bool {
	return i >= 2 && text[i-2] == '\\' || i >= 3 && text[i-3] == '%' || i >= 6 && text[i-6] == '\\' && text[i-5] == 'u'
}

func always(string) bool { return true }

// jwt tells whether token is a JWS or JWE in compact form: its header is
// JSON with an algorithm. RFC 7515 section 3.1, RFC 7516 section 3.1.
func jwt(token string) bool {
	head, rest, ok := strings.Cut(token, ".")
	if len(head) > 4096 {
		return true
	}
	plain, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		plain, err = base64.RawStdEncoding.DecodeString(head[:len(head)/4*4])
	}
	text := string(plain)
	named := strings.Contains(text, `"alg"`) || strings.Contains(text, `"enc"`) || strings.Contains(text, `"typ"`) || strings.Contains(text, `"kid"`)
	if err != nil {
		named = strings.HasPrefix(head, "eyJhbGciO") || strings.HasPrefix(head, "eyJ0eXAiO") || strings.HasPrefix(head, "eyJraWQiO")
	}
	if !named {
		// A Grafana key and a Mapbox token are bare JSON, too.
		return ok && len(rest) > 30 && strings.HasPrefix(rest, "eyJ") || strings.HasPrefix(text, `{"k":"`)
	}
	return ok && len(rest) > 4 || len(token) >= 36
}

// checksummed tells whether the last six bytes of a token are the CRC32 of
// the bytes between its prefix and them, in base 62.
// https://github.blog/2021-04-05-behind-githubs-new-authentication-token-formats/
func checksummed(token string) bool {
	body := token[strings.IndexByte(token, '_')+1:]
	if len(body) < 7 {
		return false
	}
	sum := crc32.ChecksumIEEE([]byte(body[:len(body)-6]))
	for i := len(body) - 1; i >= len(body)-6; i-- {
		if body[i] != base62[sum%62] {
			return false
		}
		sum /= 62
	}
	return true
}

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

var (
	rulePEM   = builtin("auth.pem", Auth, "RFC 7468, PROTOCOL.key of OpenSSH, RFC 4880 section 6.2")
	rulePuTTY = builtin("auth.putty", Auth, "PuTTY manual, appendix C: PPK file format")
)

// pem looks at BEGIN: a block of a private key, whole or cut off.
func (sc *scan) pem(i int) {
	text := sc.text
	if !strings.HasSuffix(text[:i], "-----") && !strings.HasSuffix(text[:i], "---- ") {
		return
	}
	head := text[i:min(len(text), i+80)]
	dashes := strings.Index(head, "----")
	if dashes < 0 || !strings.Contains(head[:dashes], "PRIVATE KEY") {
		return
	}
	start := i + dashes
	for start < len(text) && text[start] == '-' {
		start++
	}
	end := start
	for end < len(text) {
		d := strings.Index(text[end:], "-----")
		if d < 0 {
			end = pemBody(text, start)
			break
		}
		end += d
		if tail := text[end:min(len(text), end+9)]; strings.HasPrefix(tail, "-----END") {
			break
		}
		if strings.HasPrefix(text[end:], "-----BEGIN") {
			end = pemBody(text[:end], start)
			break
		}
		for end < len(text) && text[end] == '-' {
			end++
		}
	}
	sc.steps += end - start
	for start < end && csSpace.has(text[start]) {
		start++
	}
	if end-start < 8 || placeholder(text[start:end]) || markerAt(text, start) > start {
		return
	}
	sc.found(rulePEM, start, end)
}

const puttyHead = "Private-Lines: "

// putty looks at the private lines of a PuTTY key.
func (sc *scan) putty(i int) {
	text := sc.text
	if !strings.HasPrefix(text[i:], puttyHead) {
		return
	}
	start := sc.runEnd(csDigit, i+len(puttyHead))
	lines, _ := strconv.Atoi(text[i+len(puttyHead) : start])
	for start < len(text) && csSpace.has(text[start]) {
		start++
	}
	end := start
	for p := start; lines > 0; lines-- {
		line := p
		for p < len(text) && csStd64.has(text[p]) {
			p++
		}
		if p == line {
			break
		}
		for end = p; p < len(text) && csSpace.has(text[p]); p++ {
		}
	}
	sc.steps += end - start
	if end-start >= 16 {
		sc.found(rulePuTTY, start, end)
	}
}

// pemBody returns where a block that was cut off ends: with what is not
// base64, header lines or white space.
func pemBody(text string, start int) int {
	end := start
	for end < len(text) && ((csStd64 | csSpace | csDash | csUnder).has(text[end]) || text[end] == '\\' || text[end] == ':' || text[end] == ',' || text[end] == '.') {
		end++
	}
	return end
}

var rulePwHash = builtin("pw.hash", Password, "crypt(5), PHC string format, RFC 9106")

// hashIDs are the names of password hashes in modular crypt format.
var hashIDs = wordSet(`1 2 2a 2b 2x 2y 5 6 7 8 9 y gy sha1 md5 argon2i argon2d argon2id scrypt pbkdf2 pbkdf2-sha1 pbkdf2-sha256 pbkdf2-sha512 pbkdf2-digest
	bcrypt bcrypt-sha256 apr1 P H S 3 sm3 ecryptfs sha256 sha512 14 zip2 krb5tgs krb5asrep krb5pa DCC2 NT ml ssha512`)

// dollar looks at a $: a stored password in modular crypt format, or an
// assignment to a variable of a script ($password = …), whose word the
// scanner finds by itself.
func (sc *scan) dollar(i int) {
	text := sc.text
	if i > 0 && (csAlnum | csUnder).has(text[i-1]) {
		return
	}
	rest := text[i+1 : min(len(text), i+20)]
	close := strings.IndexByte(rest, '$') //nolint:predeclared // the plain word, in a scope without the other
	if close <= 0 || !hashIDs[rest[:close]] {
		return
	}
	end := sc.runEnd(csHash, i)
	for end > i && csDot.has(text[end-1]) {
		end--
	}
	body := text[i+2+close : end]
	if len(body) < 16 || !mixed(body) && len(body) < 22 {
		return
	}
	sc.found(rulePwHash, i, end)
}

const csHash = csStd64 | csDollar | csDot | csComma | csDash | csUnder

var ruleSalesforce = builtin("auth.salesforce", Auth, "Salesforce REST API Developer Guide: session IDs")

// bang looks at a ! : the middle of a Salesforce session id, which starts
// with the id of an organisation.
func (sc *scan) bang(i int) {
	start := i
	for start > sc.done && i-start < 19 && csAlnum.has(sc.text[start-1]) {
		start--
	}
	sc.steps += i - start + 1
	if n := i - start; n != 15 && n != 18 || !strings.HasPrefix(sc.text[start:], "00D") {
		return
	}
	end := sc.runEnd(csWord|csDot, i+1)
	if end-i >= 60 {
		sc.found(ruleSalesforce, start, end)
	}
}
