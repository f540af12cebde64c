package detect

import (
	"encoding/json"
	"strings"
)

// sayings start a sentence about a password: password: "is too short".
var sayings = wordSet(`is must can't cannot should has doesn't does needs may will was please minimum`)

// says tells whether value is such a sentence.
func says(value string) bool {
	word, rest, ok := strings.Cut(value, " ")
	return ok && len(word) < 8 && strings.IndexByte(rest, ' ') > 0 && folded(sayings, word)
}

// joiners make a sentence of words. A pass phrase of words that were drawn has
// none.
var joiners = wordSet(`is are was were be been must should has have does not no or and the a an of to for your`)

// faults are what such a sentence says of a secret.
var faults = wordSet(`required invalid incorrect wrong expired missing empty blank mismatch match matching rejected denied unknown short long weak allowed supported revoked`)

// sentence tells whether value is a sentence about a secret: The Password field
// is required. It has three words or more, of which one joins others and one
// says what is wrong with it.
func sentence(value string) bool {
	if len(value) > maxCode || strings.IndexByte(value, ' ') < 0 {
		return false
	}
	n, joined, about := 0, false, false
	for w := range strings.FieldsSeq(value) {
		w = strings.ToLower(strings.Trim(w, ".,:;!?'"))
		if !csLetter.only(w) {
			return false
		}
		n++
		joined = joined || joiners[w]
		about = about || faults[w]
	}
	return n >= 3 && joined && about
}

// keepWords end the names of what is set about a secret or says where it is,
// as in {"token": {"ttl": 3600}} and {"secret": {"name": "x", "optional": true}}.
var keepWords = wordSet(`name namespace kind type format algorithm alg path file filename length min max ttl timeout age expires expiry expiration seconds minutes hours days
	secure only site domain optional enabled disabled required version store provider mode policy audience issuer scope scopes header prefix description title
	label placeholder count limit size status field strength rotation interval pattern nullable in at rounds cost memory iterations channel source created updated digit digits upper lower symbol symbols special`)

// schemaTypes are those of JSON Schema and of the mappings of Elasticsearch.
var schemaTypes = wordSet("string number integer boolean object array keyword text date")

// Keeps tells whether what is held under name only says how a secret is kept,
// or, about a person, of which type it is.
func Keeps(c Category, name, value string) bool {
	if value != "" && markerAt(value, 0) == len(value) {
		return true
	}
	w := words(name)
	if len(w) == 0 || !keepWords[w[len(w)-1]] {
		return false
	}
	if c != Auth && c != Password {
		return schemaTypes[value] || value != "" && (name == "format" || name == "pattern")
	}
	return !(len(value) >= 16 && mixed(value) && random(undigested(value)))
}

// settings tells whether an object or a list of them in JSON holds nothing but
// settings, flags and what is not there.
func settings(c Category, object string) bool {
	if len(object) > 2*maxCode {
		return false
	}
	var v any
	if json.Unmarshal([]byte(strings.ReplaceAll(object, "\\", "")), &v) != nil {
		return false
	}
	return allSettings(c, "", v)
}

// allSettings is settings for what is held under name.
func allSettings(c Category, name string, v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if !allSettings(c, name, member) {
				return false
			}
		}
		return true
	case []any:
		for _, member := range v {
			if !allSettings(c, name, member) {
				return false
			}
		}
		return true
	case string:
		return Keeps(c, name, v) || strings.Trim(v, "A=") == "" // no bytes but zeros
	case float64:
		return Keeps(c, name, "") || v == 0 && c != Health
	case bool:
		return c != Health || Keeps(Auth, name, "")
	default:
		return true
	}
}

// rulesOf tells whether value is the rules that a form is checked by: required|min:8.
func rulesOf(value string) bool {
	first, rest, ok := strings.Cut(value, "|")
	return ok && rest != "" && (benignValues[first] || first == "nullable" || first == "sometimes" || first == "confirmed") && (csWord | csDot | csDash).only(strings.NewReplacer(":", "", ",", "", "|", "").Replace(rest))
}

// counts tells whether value says how many checks went how: 3 passed, 200 OK.
func counts(value string) bool {
	digit, word := false, false
	for w := range strings.FieldsSeq(value) {
		w = strings.ToLower(strings.Trim(w, ".,;()"))
		number := csDigit.only(w)
		digit, word = digit || number, word || !number
		if !number && !statusValues[w] && w != "failed" && w != "ok" && w != "tests" && w != "completed" {
			return false
		}
	}
	return digit && word
}

// flagNouns follow the name of a flag in a sentence: --password via the CLI.
var flagNouns = wordSet(`via flag flags option options argument arguments parameter parameters switch and or is are was on in instead requires must should cannot`)

// benignValues are words that say something about a secret instead of being
// one.
var benignValues = wordSet(`incorrect expired invalid required missing wrong ok yes no authentication auth failed failure success succeeded accepted denied rejected changed updated reset
	empty unset set not none null nil undefined unknown disabled enabled optional mandatory default hidden masked redacted filtered removed sensitive protected encrypted hashed
	base64 base64url base64-std base32 utf8 utf-8 utf-16 latin1 sha1 sha256 sha-256 sha384 sha512 sha-512 hs384 hs512 rs384 rs512 es256 es384 es512 ps256 ed25519 aes128 aes256 aes-256-gcm rsa2048 rsa4096
	basic bearer digest aws4-hmac-sha256 negotiate kerberos ntlm oauth oauth2 oidc saml jwt hs256 rs256 rsa-sha1 rsa-sha256 rsa-sha512 rsa-pss-sha256 ecdsa-sha256 cookie header query string str text number int integer bool boolean object array bytes char varchar
	true false on off is was has must should cannot could may the a an this that your my for from to of in with and or but if when while must-change forbidden unauthorized
	valid verified unverified active inactive revoked refreshed created deleted generated received sent found absent present ignored skipped stored loaded check checking error warn info debug
	permission command unrecognized unchanged configured supplied provided unable
	chauthtok setcred account session str enum any all pending same-origin include omit
	prompt interactive file env environment vault secret token password key keyring keychain stdin ldap pam publickey keyboard-interactive hostbased plain login cram-md5 scram-sha-256 md5 trust peer ident reject)`)

// statusValues say how a machine is, not a person, and are no passwords to be
// let through.
var statusValues = wordSet(`green yellow red up down healthy unhealthy running ready passing degraded starting started stopped pass passed fail control unspecified`)

// flag tells whether value is a yes or a no: about health it says enough.
func flag(value string) bool {
	return folded(flags, value)
}

// flags are the words of a yes and a no.
var flags = wordSet("true false yes no")
