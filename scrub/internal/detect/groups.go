package detect

import "strings"

// groupsEnd returns where a value ends that people write in groups: phones,
// cards, national ids, dates. What follows a first group of up to seven
// characters belongs to it as long as it looks like one more group.
func groupsEnd(text string, start, end int) int {
	if end-start > 7 || end == start {
		return end
	}
	for n := 0; n < 7 && end+1 < len(text); n++ {
		next := groupEnd(text, end)
		if next == end {
			break
		}
		end = next
	}
	return end
}

// groupEnd returns where the group ends that follows the one that ends at end, or
// end if what follows looks like none.
func groupEnd(text string, end int) int {
	if text[end] == ',' { // 99,999.00
		p := end + 1
		for p < len(text) && (csDigit | csDot).has(text[p]) {
			p++
		}
		if text[p-1] == '.' {
			p--
		}
		if n := p - end - 1; (n == 3 || n == 6 && text[p-3] == '.') && csDigit.has(text[end-1]) && endsGroup(text, p) {
			return p
		}
		if !strings.HasPrefix(text[end:], ", ") || end+6 > len(text) || !csDigit.only(text[end+2:end+6]) || end+6 < len(text) && csAlnum.has(text[end+6]) || !afterMonth(text, end) {
			return end
		}
		return end + 6 // Jan 19, 1980
	}
	if text[end] != ' ' {
		return end
	}
	p := end + 1
	for p < len(text) && p-end < 14 && (csAlnum.has(text[p]) || strings.IndexByte("()-./", text[p]) >= 0) {
		p++
	}
	word := text[end+1 : p]
	if trimmed := strings.TrimRight(word, ".)"); strings.IndexByte(word, '(') < 0 {
		word = trimmed
	}
	p = end + 1 + len(word)
	if word == "" || !endsGroup(text, p) {
		return end
	}
	all := classes(word)
	switch {
	case all&csLetter == 0 && all&csDigit != 0 && (len(word) <= 9 || len(word) == 13 && !epoch(word)): // 13 of a card of 19
	case all&csLow == 0 && all&csDigit != 0 && len(word) <= 9:
	case csUp.only(word) && len(word) <= 2 && (csDigit.has(text[end-1]) || csDigit.has(byteAfter(text, p))):
	case len(word) >= 3 && csLetter.only(word) && csDigit.has(text[end-1]) && months[strings.ToLower(word[:3])] && csDigit.has(byteAfter(text, p)):
	default:
		return end
	}
	return p
}

// byteAfter returns the byte behind the blank at p.
func byteAfter(text string, p int) byte {
	if p+1 < len(text) && text[p] == ' ' {
		return text[p+1]
	}
	return 0
}

// endsGroup tells whether what ends at p goes on no more: with a blank, a bracket or
// the end of a sentence.
func endsGroup(text string, p int) bool {
	return p == len(text) || strings.IndexByte(" ,;)}]\"'\n\r<|&\\", text[p]) >= 0 || text[p] == '.' && (p+1 == len(text) || csSpace.has(text[p+1]) || csQuote.has(text[p+1]))
}
