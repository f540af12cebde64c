package detect

import (
	"encoding/base64"
	"hash/crc32"
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

// always is the check of a form whose prefix says enough.
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

// base62 are the digits of a checksum of GitHub.
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
