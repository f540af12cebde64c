package detect

import "strings"

// address tells whether id is an IP address, a fraction, a UUID or a digest,
// whatever word stands before it.
func address(id string) bool {
	if uuid(id) || len(id) > 11 && csHexLow.only(id) && mixed(id) || strings.HasPrefix(id, "0x") {
		return true
	}
	dots := strings.Count(id, ".")
	if dots == 0 || !(csDigit | csDot).only(id) {
		return false
	}
	octets := true
	for part := range strings.SplitSeq(id, ".") {
		octets = octets && (len(part) < 3 || len(part) == 3 && part <= "255" && part[0] > '0')
	}
	return dots == 1 || dots == 3 && octets
}

// peer tells whether value is an IPv4 address and a port.
func peer(value string) bool {
	host, port, ok := strings.Cut(value, ":")
	return ok && portFollows(port) && strings.Count(host, ".") == 3 && address(host)
}

// portFollows tells whether s may be the number of a port.
func portFollows(s string) bool { return s != "" && len(s) <= 5 && csDigit.only(s) }

// openURL tells whether value is an address that passes or loses no more than its
// password.
func openURL(value string) bool { return plainURL(value) || logonURL(value) }

// openHook tells whether value is an address of a webhook that anyone may know: its
// path is words.
func openHook(value string) bool {
	_, rest, _ := strings.Cut(value, "://")
	_, path, _ := strings.Cut(rest, "/")
	return plainURL(value) && digits(path) == 0
}

// logonURL tells whether value is an address with a user and a password, which is
// found by itself.
func logonURL(value string) bool {
	scheme, rest, ok := strings.Cut(value, "://")
	user, rest, logon := strings.Cut(rest, "@")
	return ok && csAlnum.has(scheme[len(scheme)-1]) && logon && rest != "" && strings.IndexByte(user, ':') >= 0 && !strings.ContainsAny(user, "/?# ")
}

// plainURL tells whether value is an address without a user, parameters, and
// anything random in its path.
func plainURL(value string) bool {
	scheme, rest, ok := strings.Cut(value, "://")
	if !ok || !csAlnum.only(scheme) || strings.ContainsAny(rest, "@?;=&%") {
		return false
	}
	for piece := range strings.SplitSeq(rest, "/") {
		if len(piece) >= 16 && mixed(piece) && !(csLow|csDot|csDash|csDigit).only(piece) || len(piece) >= 20 && csHexAny.only(piece) || uuid(piece) {
			return false
		}
	}
	return true
}
