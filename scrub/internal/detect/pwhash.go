package detect

import "strings"

var rulePwHash = builtin("pw.hash", Password, "crypt(5), PHC string format, RFC 9106")

// hashIDs are the names of password hashes in modular crypt format.
var hashIDs = wordSet(`1 2 2a 2b 2x 2y 5 6 7 8 9 y gy sha1 md5 argon2i argon2d argon2id scrypt pbkdf2 pbkdf2-sha1 pbkdf2-sha256 pbkdf2-sha512 pbkdf2-digest
	bcrypt bcrypt-sha256 apr1 P H S 3 sm3 ecryptfs sha256 sha512 14 zip2 krb5tgs krb5asrep krb5pa DCC2 NT ml ssha512`)

// csHash is what a password in modular crypt format is made of.
const csHash = csStd64 | csDollar | csDot | csComma | csDash | csUnder

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
