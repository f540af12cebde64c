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
	if i > 0 && (csAlnum | csUnder).has(sc.text[i-1]) && !escapeBefore(sc.text, i) {
		return
	}
	if end := sc.hashEnd(i); end > i {
		sc.found(rulePwHash, i, end)
	}
}

// hashEnd returns where the hash of a password ends that starts at i, or i.
func (sc *scan) hashEnd(i int) int {
	text := sc.text
	if sc.byteAt(i) != '$' {
		return i
	}
	rest := text[i+1 : min(len(text), i+20)]
	close := strings.IndexByte(rest, '$') //nolint:predeclared // the plain word, in a scope without the other
	if close <= 0 || !hashIDs[rest[:close]] {
		return i
	}
	end := sc.runEnd(csHash, i)
	last := i + strings.LastIndexByte(text[i:end], '$')
	if n := strings.IndexByte(text[last:end], ','); n > 0 { // only parameters hold one
		end = last + n
	}
	for end > i && (csDot | csComma).has(text[end-1]) {
		end--
	}
	body := text[i+min(2+close, end-i) : end]
	if len(body) < 16 || !mixed(body) && len(body) < 22 {
		return i
	}
	return end
}
