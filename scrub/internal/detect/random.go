package detect

import "strings"

// tokenish tells whether value is hard enough to guess for a token.
func tokenish(value string, a *assignment) bool {
	if len(value) > 2*maxCode {
		return true // no word is that long
	}
	all := classes(value)
	n := len(value)
	switch {
	case n < 4 || n < 6 && !a.quoted:
		return false
	case strings.HasPrefix(value, "0x") && csHexAny.only(value[2:]) && n <= 18:
		return false
	case value[0] == '/' && strings.Count(value, "/") > 1 && n < 40, strings.HasPrefix(value, "./"), strings.HasPrefix(value, "http://"), strings.HasPrefix(value, "https://"), strings.HasPrefix(value, "arn:"), strings.HasPrefix(value, "file:"):
		return false
	case strings.IndexByte(value, '.') > 0 && folded(unitSuffixes, value[strings.LastIndexByte(value, '.')+1:]) && !random(value):
		return false // user-1000.slice
	case version(value), keyTypes[value], strings.HasPrefix(value, "SHA256:"), securityID(value), a.quoted && sentence(value), audited(value), value[0] == '#' && n <= 9 && csHexAny.only(value[1:]): // a colour
		return false
	case strings.HasSuffix(value, "=("): // of Signature-Input, RFC 9421
		return false
	case a.sep == sepColon && !a.quoted && !a.compound && csLow.has(value[0]) && pairLike(value):
		return false // unable to renew token: retry_in=3s
	case a.sep == sepSpace && n < 64 && a.quoted && !a.compound && strings.IndexByte(value, '-') > 0 && (csLowDig | csDash | csDot).only(value) && !uuid(value):
		return false // the name of an object of Kubernetes
	case a.sep == sepSpace && n < 64 && (csLow | csDash | csDot).only(strings.ReplaceAll(value, "/", "-")):
		return false // secret "kube-system/tls-cert" not found
	case all&csSpace != 0 && !a.quoted: // the list of a map of Go
		end := 0
		for !csSpace.has(value[end]) {
			end++
		}
		return tokenish(value[:end], a)
	case all&csSpace != 0:
		return a.quoted && (a.sep == sepEqual || a.pair || a.compound) && n >= 12
	case a.secret && n >= 8 && (a.quoted || a.sep == sepEqual) && all&csLetter != 0:
		return true
	case all&csDigit == 0 && all&csLetter != 0:
		if n >= 8 && !(csTok|csPlus).only(value) && !strings.ContainsAny(value, "@:(") || n >= 16 && strings.IndexByte(value, '$') >= 0 {
			return true // a name holds no such signs
		}
		if a.quoted && a.pair && a.sep != sepNext && n >= 8 && csLow.only(value) {
			return !statusValues[value] // {"secret": "changeme"}: an attribute of that name goes, too
		}
		if a.quoted || a.pair || a.sep == sepTag {
			return n >= 8 && (n >= 16 || all&^(csLow|csUnder|csDash|csDot) != 0 || !a.pair)
		}
		if all&(csUnder|csDot|csDash) != 0 && n < 40 {
			return n >= 16 && all&csUp != 0 && all&csLow != 0 && !camelWords(value) // else a name: refresh_token, com.example.Token
		}
		return n >= 20 || n >= 12 && all&csUp != 0 && all&csLow != 0 && !camelWords(value)
	case all&csLetter == 0:
		return all&csDigit != 0 && (n >= 10 && a.sep != sepColon || n >= 8 && a.quoted || n >= 6 && a.pair && csDigit.only(value)) && !looksLikeTime(value)
	default:
		return !looksLikeTime(value)
	}
}

// camelWords tells that value reads as words: few humps, each followed by
// small letters.
func camelWords(value string) bool {
	up := 0
	for i := range len(value) {
		if csUp.has(value[i]) {
			up++
		}
	}
	return up*4 <= len(value)
}

// hashNames are in the names of what passwords are hashed with.
var hashNames = [...]string{"sha", "md5", "pbkdf", "crypt", "argon", "scram", "2fa", "auth", "http", "test", "user", "file"}

// guarded tells whether a word in a sentence about a password can be nothing
// but one: letters and digits, and neither a name nor a number of something.
func guarded(word string) bool {
	if len(word) < 7 || len(word) > 64 || word[0] == '*' || !mixed(word) || csHexAny.only(word) && len(word) < 16 || version(word) || duration(word) || uuid(word) {
		return false
	}
	for i := range len(word) {
		if !csAlnum.has(word[i]) && strings.IndexByte("!@#$%^&*+?~", word[i]) < 0 {
			return false // a path, a host, an address, a date
		}
	}
	lower := strings.ToLower(word)
	for _, name := range hashNames {
		if strings.Contains(lower, name) {
			return false
		}
	}
	return !strings.Contains(word, "@")
}

// tokenLike tells whether a literal may be a key of a vendor: an id and a colon
// may stand before it.
func tokenLike(value string) bool {
	if id, rest, ok := strings.Cut(value, ":"); ok && csTok.only(id) && !csDigit.only(rest) {
		value = rest
		if len(id) > len(rest) {
			value = id
		}
	}
	return len(value) >= 16 && mixed(value) && csTok68.only(value) && !looksLikeTime(value) && !version(value) && value[0] != '/'
}

// random tells whether value looks random with nothing but its looks to go
// by: long, of mixed classes, and neither UUID, digest, path nor words.
func random(value string) bool {
	if len(value) < 16 || len(value) > 512 || !csTok68.only(value) {
		return false
	}
	all := classes(value)
	if all&csDigit == 0 || all&csLow == 0 || all&csUp == 0 {
		return false
	}
	if csHexAny.only(value) || uuid(value) || strings.Count(value, ".") > 2 || value[0] == '/' || strings.Count(value, "/") > 2 || looksLikeTime(value) {
		return false
	}
	return changes(value)*3 >= len(value)
}

// undigested returns value without the digests it is made of, which tell a
// version of something apart: Linux-go-6dcd4ce2….
func undigested(value string) string {
	if len(value) < 32 || len(value) > 512 || !csTok.only(value) {
		return value
	}
	end := len(value)
	for end > 0 && csHexLow.has(value[end-1]) {
		end--
	}
	if len(value)-end < 32 || end == 0 || csAlnum.has(value[end-1]) {
		return value
	}
	return value[:end]
}

// changes counts how often the class changes from one byte to the next: words
// and numbers keep theirs, random text does not.
func changes(value string) (n int) {
	kind := func(c byte) int {
		switch {
		case csLow.has(c):
			return 0
		case csUp.has(c):
			return 1
		case csDigit.has(c):
			return 2
		}
		return 3
	}
	for i := 1; i < len(value); i++ {
		if kind(value[i]) != kind(value[i-1]) {
			n++
		}
	}
	return n
}
