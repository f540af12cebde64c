package detect

import "strings"

// wordSet is the words of a list with blanks in between.
func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}

// wordSets is a wordSet for each list.
func wordSets(in map[string]string) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for k, words := range in {
		out[k] = wordSet(words)
	}
	return out
}

// folded returns what m holds under word in small letters. It does not allocate,
// as strings.ToLower does of what is none. The words of m are ASCII, of up to 32
// letters.
func folded[V any](m map[string]V, word string) (none V) {
	var low [32]byte
	if len(word) > len(low) {
		return none
	}
	for i := range len(word) {
		low[i] = word[i]
		if csUp.has(word[i]) {
			low[i] |= 0x20
		}
	}
	return m[string(low[:len(word)])]
}

// endsFold tells whether text ends with end in any case.
func endsFold(text, end string) bool {
	return len(text) >= len(end) && strings.EqualFold(text[len(text)-len(end):], end)
}
