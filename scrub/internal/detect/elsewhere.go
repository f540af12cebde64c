package detect

import "strings"

// elsewhere tells whether the key means another thing with such a value: the
// working directory, the key of a pair whose value follows, nowhere on earth.
func (sc *scan) elsewhere(r *Rule, want shape, a *assignment, value string) bool {
	key := sc.text[a.keyStart:a.keyEnd]
	switch r {
	case keyPassword:
		return sc.noPassword(a, key, value) || sc.noSecret(a, key, value)
	case keyAuth:
		return sc.noToken(a, key, value) || sc.noSecret(a, key, value) || notOf(a, value)
	case keyGeneric:
		rest := sc.text[a.end:min(len(sc.text), a.end+16)]
		return a.quoted && strings.HasPrefix(strings.TrimLeft(rest, "\\\"', "), "value") || sc.noSecret(a, key, value) || notOf(a, value)
	default:
		return sc.noSecret(a, key, value) || r.Category != Password && notOf(a, value) || r.Category != Password && r.Category != Auth && noPerson(r, want, a, key, value)
	}
}

// noPassword knows what the names of passwords stand for besides.
func (sc *scan) noPassword(a *assignment, key, value string) bool {
	switch {
	case strings.EqualFold(key, "pwd"), key == "OLDPWD":
		return value[0] == '/' // a folder
	case key == "PASS" && a.sep == sepColon && (a.lineStart || strings.HasSuffix(sc.text[:a.keyStart], "--- ")):
		return true // of a test
	case strings.EqualFold(key, "pass"):
		return folded(statusValues, value) || ratio(value)
	case len(key) == 6 && strings.EqualFold(key[:5], "pass "):
		return a.sep == sepColon && csDigit.has(key[5]) && csLow.only(value) // the second of a compiler
	case key == "passwd":
		return sc.byteAt(a.keyStart-1) == '/' || nameServices[value] // the file
	}
	return false
}

// noToken knows what the names of tokens and keys stand for besides.
func (sc *scan) noToken(a *assignment, key, value string) bool {
	if a.quoted && strings.Contains(value, "://") {
		ordinary := ordinaryOf(words(key))
		return ordinary != nil && ordinary(value)
	}
	switch {
	case strings.EqualFold(key, "sid"):
		return !a.query && len(value) == 8 && csHexAny.only(value) // of TLS
	case strings.EqualFold(key, "secret"):
		return objectName(value) && sc.lineHas(a.keyStart, "namespace") // of Kubernetes
	case strings.EqualFold(key, "token"):
		return strings.HasPrefix(sc.text[a.end:], `","start_offset"`) // of a text that is indexed
	}
	return hexPairs(value) && sc.sshKey(a) // its fingerprint
}

// noSecret knows where keys name what is written about them, and versions and
// ports of what has their name.
func (sc *scan) noSecret(a *assignment, key, value string) bool {
	before := sc.byteAt(a.keyStart - 1)
	switch {
	case a.sep == sepTag && a.pair && (strings.EqualFold(key, value) || a.keyStart > 0 && strings.HasSuffix(sc.text[:a.keyStart-1], "for=")):
		return true // <label for="password">
	case a.pair && before == '/' && sc.prefixed(a):
		return true // "checksum/secret": …
	case a.quoted:
		return false
	case sc.spoken(a, value) || released(value) || sc.text[a.keyEnd:a.start] == "==" && version(value):
		return true
	case a.sep != sepColon:
		return false
	case before == '/' && imageTag(value), graphTypes[value]:
		return true
	}
	dot := strings.LastIndexByte(key, '.')
	if dot <= 0 {
		return false
	}
	if csUp.has(value[0]) && csLow.only(value[1:]) { // random_password.db: Creation complete after 0s
		tail := sc.text[a.end:min(len(sc.text), a.end+3)]
		return tail == "..." || len(tail) == 3 && tail[0] == ' ' && csLow.has(tail[1])
	}
	last := key[dot+1:]
	return a.start == a.keyEnd+1 && portFollows(value) && keyPhrase(last, words(last)).rule == nil // of a host
}

// notOf tells whether value is an address, or has no letter and no digit, as only
// a password may.
func notOf(a *assignment, value string) bool { return !a.quoted && peer(value) || !legible(value) }

// noPerson knows what the names of what persons have stand for besides.
func noPerson(r *Rule, want shape, a *assignment, key, value string) bool {
	switch {
	case strings.EqualFold(key, "vin") && len(value) < 8:
		return true // a voltage
	case r == keyPII && a.quoted && strings.IndexByte(value, '/') > 0 && endsFold(key, "name"):
		return strings.IndexByte(value, ' ') < 0 // of a repository
	case a.ordinary != nil && len(value) <= maxPhraseLen && want != shapeMember && a.ordinary(value):
		return true // pan=-12.5
	case (r == keyPII || r == keyFinancial || r == keyHealth && want == shapeQuoted) && !a.quoted:
		return len(value) < 8 && strings.Trim(value, "-0.") == ""
	}
	return false
}

// spoken tells whether a value without quotes is a word of a sentence, a variable
// that the secret is compared with, or the name of a flag's argument: password:
// field is read-only, password != confirm_password, --api-key=API_KEY.
func (sc *scan) spoken(a *assignment, value string) bool {
	text := sc.text
	switch sign := text[a.keyEnd:a.start]; {
	case a.sep == sepColon && csLetter.only(value):
		next, _, _ := strings.Cut(strings.TrimPrefix(text[a.end:min(len(text), a.end+12)], " "), " ")
		return text[a.end:min(len(text), a.end+1)] == " " && sayings[next] && next != "please"
	case strings.Contains(sign, "!=") || strings.Contains(sign, "=="):
		return strings.IndexByte(value, '_') > 0 && (csLow | csUnder).only(value) && standIn(value)
	case strings.Contains(sign, "->"):
		return folded(benignValues, value) || value == "hash"
	case sc.byteAt(a.keyStart-1) == '-':
		return (csUp | csUnder).only(value) && Spelling(value) == Spelling(text[a.keyStart:a.keyEnd])
	}
	return false
}

// sshKey tells whether the key is that of SSH, of which fingerprints are printed.
func (sc *scan) sshKey(a *assignment) bool {
	name := strings.ToLower(sc.text[max(0, a.keyStart-8):a.keyEnd])
	for _, kind := range [...]string{"rsa", "dsa", "host", "ssh", "ed25519"} {
		if strings.Contains(name, kind) {
			return true
		}
	}
	return false
}

// prefixed tells whether a key says nothing any more with the prefix that stands
// before it in its quotes.
func (sc *scan) prefixed(a *assignment) bool {
	start := a.keyStart
	for low := max(sc.done, start-maxKeyReach); start > low && (keyByte(sc.text[start-1]) || sc.text[start-1] == '/'); {
		start--
	}
	sc.steps += a.keyStart - start
	v := *sc.f.Verdict(sc.text[start:a.keyEnd])
	return start > 0 && csQuote.has(sc.text[start-1]) && v.Rule == nil && v.Weak == nil
}

// nameServices are where the passwd of nsswitch.conf is looked up.
var nameServices = wordSet("files compat db nis nisplus ldap sss systemd winbind extrausers altfiles")

// graphTypes are the scalars of GraphQL that must be there.
var graphTypes = wordSet("String! ID! Int! Float! Boolean!")

// remark tells whether the value in brackets is a type of C, a mask, or says why
// there is none: (char *) p, [hidden], (known after apply).
func (sc *scan) remark(a *assignment) bool {
	if a.start > 0 && a.end < len(sc.text) && strings.IndexByte("[(", sc.text[a.start-1]) >= 0 && stand(sc.text[a.start-1:a.end+1]) {
		return true // [hidden]
	}
	if sc.text[a.start] == '<' && csLow.only(sc.text[a.start+1:a.end]) { // <set to the key 'k' in secret 's'>
		line, _, closed := strings.Cut(sc.text[a.end:min(len(sc.text), a.end+maxKeyReach)], ">")
		return closed && strings.HasPrefix(line, " ") && (csAlnum | csSpace | csDash | csDot | csQuote).only(line)
	}
	if a.start == 0 || sc.text[a.start-1] != '(' || !csWord.only(sc.text[a.start:a.end]) {
		return false
	}
	rest := sc.text[a.end:min(len(sc.text), a.end+40)]
	words, _, closed := strings.Cut(rest, ")")
	return strings.HasPrefix(strings.TrimLeft(rest, " "), "*") || closed && strings.HasPrefix(words, " ") && (csLow|csSpace).only(words)
}

// echoed tells whether the value repeats the key as an argument of a call or a
// field: connect(user=user, password=password), this.password = password.
func (sc *scan) echoed(a *assignment) bool {
	text := sc.text
	key, value := text[a.keyStart:a.keyEnd], text[a.start:a.end]
	switch {
	case a.sep == sepEqual && strings.HasSuffix(key, "."+value),
		a.sep == sepEqual && csLow.has(value[0]) && csTok.only(value) && strings.HasSuffix(value, "."+strings.TrimLeft(key[strings.LastIndexByte(key, '.')+1:], "_")),
		(a.sep == sepColon || a.lineStart) && strings.EqualFold(key, value) && sc.byteAt(a.end) == ',':
		return true // self.password = password, password = parsed.password, pass: pass,
	}
	if a.sep != sepEqual || text[a.keyStart:a.keyEnd] != text[a.start:a.end] || sc.byteAt(a.end) != ')' && sc.byteAt(a.end) != ',' || a.keyStart < 3 {
		return false
	}
	before := text[max(0, a.keyStart-maxKeyReach):a.keyStart]
	sc.steps += len(before)
	if call, ok := strings.CutSuffix(before, "("); ok {
		return call != "" && csWord.has(call[len(call)-1])
	}
	arg, ok := strings.CutSuffix(before, ", ")
	name, passed, both := strings.Cut(arg[strings.LastIndexAny(arg, " (")+1:], "=")
	return ok && both && name == passed
}
