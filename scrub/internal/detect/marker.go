package detect

import "strings"

const (
	markerOpen = "[REDACTED:" // starts what stands in for a finding
	maxMarker  = 128          // bytes of the longest
)

// Prefixes start the names of rules. That of passwords is short because a
// marker is printed in place of a secret, and "password" is itself among the
// commonest secrets: a check for it must not find it in the marker.
var Prefixes = map[Category]string{Auth: "auth", Password: "pw", Financial: "financial", Health: "health", PII: "pii"}

// markerAt returns where the marker that starts at i ends, or i if none
// does. Only what this package writes counts as one, so that a secret in
// brackets does not pass.
func markerAt(text string, i int) int {
	if !strings.HasPrefix(text[i:], markerOpen) {
		return i
	}
	for j := i + len(markerOpen); j < len(text) && j-i < maxMarker; j++ {
		if text[j] != ']' {
			continue
		}
		name, detail, has := strings.Cut(text[i+len(markerOpen):j], ":")
		if RuleName(name) && (!has || markerDetail(detail)) {
			return j + 1
		}
		return i
	}
	return i
}

// inMarker tells whether the word at i is one of the name of a rule in a
// marker.
func inMarker(text string, i int) bool {
	if i == 0 || strings.IndexByte(".-_:", text[i-1]) < 0 {
		return false
	}
	low := max(0, i-64)
	open := strings.LastIndex(text[low:i], markerOpen)
	return open >= 0 && markerAt(text, low+open) > i
}

// RuleName tells whether name is the prefix of a category, a dot and small
// letters.
func RuleName(name string) bool {
	category, rest, ok := strings.Cut(name, ".")
	if !ok || rest == "" || len(rest) > 32 || !(csLow | csDash | csUnder | csDot | csDigit).only(rest) {
		return false
	}
	switch category {
	case Prefixes[Auth], Prefixes[Password], Prefixes[Financial], Prefixes[Health], Prefixes[PII]:
		return digits(rest) <= 4
	}
	return false
}

// markerDetail tells whether detail is what KeepLast4 or Pseudonym leaves.
func markerDetail(detail string) bool {
	if len(detail) == 4 {
		return csAlnum.only(detail)
	}
	id, sum, ok := strings.Cut(detail, ":")
	return ok && KeyID(id) && len(sum) == 16 && csHexLow.only(sum)
}

// KeyID tells whether id may name the key of a pseudonym: 1 to 16 letters,
// digits, dashes and underscores.
func KeyID(id string) bool { return id != "" && len(id) <= 16 && csURL64.only(id) }

// marked tells whether text holds a marker.
func marked(text string) bool {
	for {
		i := strings.Index(text, markerOpen)
		if i < 0 || markerAt(text, i) > i {
			return i >= 0
		}
		text = text[i+1:]
	}
}
