package detect

import "strings"

// uuid tells whether value is a UUID, RFC 9562 section 4.
func uuid(value string) bool {
	return len(value) == 36 && value[8] == '-' && value[13] == '-' && value[18] == '-' && value[23] == '-' && (csHexAny | csDash).only(value)
}

// inUUID tells whether text[i] belongs to a UUID.
func inUUID(text string, i int) bool {
	start := i
	for start > 0 && i-start < 36 && (csHexAny | csDash).has(text[start-1]) {
		start--
	}
	return start+36 <= len(text) && uuid(text[start:start+36])
}

// pathLike tells whether value is the path of a file or a page, of words and
// not of what base64 happens to look like.
func pathLike(value string) bool {
	if len(value) > maxCode || strings.Count(value, "/") < 2 || !strings.HasPrefix(strings.TrimLeft(value, ".~"), "/") {
		return false
	}
	for i := range len(value) {
		if !csTok.has(value[i]) && strings.IndexByte("/@ ~{}*:", value[i]) < 0 {
			return false
		}
	}
	return changes(value)*2 < len(value)
}

// duration tells whether value is a number and a unit of time or size.
func duration(value string) bool {
	n := 0
	for n < len(value) && (csDigit | csDot).has(value[n]) {
		n++
	}
	if n == 0 || len(value)-n > 3 {
		return false
	}
	switch value[n:] {
	case "ns", "us", "µs", "ms", "s", "m", "h", "%", "KB", "MB", "GB", "kB", "KiB", "MiB", "GiB":
		return true
	}
	return false
}

// version tells whether value is a number of digits and dots, with a v before
// or a word behind: v1.24.3, 2.0.0-rc.1.
func version(value string) bool {
	v := strings.TrimPrefix(strings.TrimLeft(value, "^~"), "v")
	n, dots := 0, 0
	for n < len(v) && (csDigit | csDot).has(v[n]) {
		if v[n] == '.' {
			dots++
		}
		n++
	}
	return len(value) <= 24 && n > 0 && csDigit.has(v[0]) && dots > 0 && (n == len(v) || (csDash|csPlus).has(v[n]) && len(v)-n < 12)
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

// keyTypes are what SSH calls its keys.
var keyTypes = wordSet(`ssh-rsa ssh-dss ssh-ed25519 ecdsa-sha2-nistp256 ecdsa-sha2-nistp384 ecdsa-sha2-nistp521 rsa-sha2-256 rsa-sha2-512`)

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

// objectName tells whether value may be the name of an object of Kubernetes, RFC
// 1123 labels in words: orders-db, regcred, loyalty-token-22bd4.
func objectName(value string) bool {
	first, _, _ := strings.Cut(value, "-")
	return len(value) <= 63 && (csLow | csDigit | csDash | csDot).only(value) && (csLow | csDot).only(first) && changes(value)*2 < len(value)
}

// technical tells whether a is no secret, but what a program, a library of .NET or a
// message of ISO 8583 calls so.
func (sc *scan) technical(a *assignment) bool {
	switch key := sc.text[a.keyStart:a.keyEnd]; {
	case endsFold(key, "assertion"):
		return a.quoted && strings.HasPrefix(sc.text[min(len(sc.text), a.end+1):], " failed")
	case strings.EqualFold(key, "PublicKeyToken"):
		return true
	case strings.EqualFold(key, "rrn"):
		return retrieval(sc.text, a.keyEnd)
	case strings.EqualFold(key, "cookie"): // of a flow
		return strings.HasPrefix(sc.text[a.start:], "0x")
	}
	return false
}

// padded tells whether what looks like a key is base64 with its padding: dg0SPw==.
func padded(text string, start, end int) bool {
	n := end
	for n < len(text) && n < end+3 && text[n] == '=' {
		n++
	}
	return n > end && n < end+3 && csDigit&classes(text[start:end]) != 0 && (n == len(text) || strings.IndexByte(" \"',;&}\n", text[n]) >= 0) &&
		(n == end+2 || (n-start)%4 == 0 && start > 0 && text[start-1] == '=')
}

// invalid tells whether text ends in a word for what a parser or a service did not
// like: of these, only what is opaque is a secret.
func invalid(text string) bool {
	text = strings.TrimRight(text, " ")
	return endsFold(text, "invalid") || endsFold(text, "unexpected")
}

// opaque tells whether value is long and random, or a digest.
func opaque(value string) bool {
	return len(value) >= 20 && random(value) || len(value) >= 32 && csHexAny.only(value) && mixed(value)
}
