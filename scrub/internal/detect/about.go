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

// objectName tells whether value may be the name of an object of Kubernetes, RFC
// 1123 labels in words: orders-db, regcred, loyalty-token-22bd4.
func objectName(value string) bool {
	first, _, _ := strings.Cut(value, "-")
	return len(value) <= 63 && (csLow | csDigit | csDash | csDot).only(value) && (csLow | csDot).only(first) && changes(value)*2 < len(value)
}

// ratio tells whether value is a count of a count: 92/106.
func ratio(value string) bool {
	n, of, ok := strings.Cut(value, "/")
	return ok && len(value) < 16 && csDigit.only(n) && csDigit.only(of)
}

// hexPairs tells whether value is a fingerprint of MD5 or SHA-1 as SSH and X.509
// print them: pairs of hexadecimal digits with colons between.
func hexPairs(value string) bool {
	if len(value) != 47 && len(value) != 59 {
		return false
	}
	for i := range len(value) {
		if i%3 == 2 != (value[i] == ':') || i%3 != 2 && !csHexAny.has(value[i]) {
			return false
		}
	}
	return true
}

// audited tells whether value is what the audit log of Vault holds in place of a
// token.
func audited(value string) bool {
	sum, ok := strings.CutPrefix(value, "hmac-sha256:")
	return ok && len(sum) == 64 && csHexLow.only(sum)
}

// peer tells whether value is an IPv4 address and a port.
func peer(value string) bool {
	host, port, ok := strings.Cut(value, ":")
	return ok && portFollows(port) && strings.Count(host, ".") == 3 && address(host)
}

// released tells whether value is the version that follows the name of a package
// or an artifact: 4.8.1-2_amd64.deb, jar:1.12.8.
func released(value string) bool {
	for _, packaging := range [...]string{"jar:", "pom:", "war:", "aar:", "test-jar:"} {
		if rest, ok := strings.CutPrefix(value, packaging); ok {
			return rest != "" && csDigit.has(rest[0])
		}
	}
	return csDigit.has(value[0]) && strings.HasSuffix(value, ".deb")
}

// securityID tells whether value is an identifier of Windows, MS-DTYP section
// 2.4.2.1: S-1-5-18.
func securityID(value string) bool {
	rest, ok := strings.CutPrefix(value, "S-1-")
	return ok && (csDigit | csDash).only(rest)
}

// imageTag tells whether value is the tag of an image whose name ends in the key
// before it: registry.example.com/secret:8.3.40.
func imageTag(value string) bool {
	tag, _, digest := strings.Cut(value, "@sha256:")
	return digest || version(tag)
}
