package detect

import "strings"

// The functions of this file read what stands between words, and words.

// skipBlank returns where the blanks stop that start at p. Line ends are none.
func skipBlank(text string, p int) int {
	for n := 0; n < 32 && p < len(text) && (text[p] == ' ' || text[p] == '\t'); n++ {
		p++
	}
	return p
}

// skipSpace returns where the blanks and line ends stop that start at p.
func skipSpace(text string, p int) int {
	for n := 0; n < 64 && p < len(text) && csSpace.has(text[p]); n++ {
		p++
	}
	return p
}

// blankBefore returns where the blanks start that end at i.
func blankBefore(text string, i int) int {
	for n := 0; n < 64 && i > 0 && csSpace.has(text[i-1]); n++ {
		i--
	}
	return i
}

// lineStart tells whether only blanks stand before i on its line.
func lineStart(text string, i int) bool {
	p := i
	for p > 0 && i-p < 32 && (text[p-1] == ' ' || text[p-1] == '\t') {
		p--
	}
	return p == 0 || text[p-1] == '\n'
}

// lineHas tells whether one of words stands on the line before i.
func (sc *scan) lineHas(i int, words ...string) bool {
	line := sc.text[max(0, i-maxVerb):i]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	sc.steps += len(line)
	for _, w := range words {
		if strings.Contains(line, w) {
			return true
		}
	}
	return false
}

// isWord tells whether w stands at p as a whole word, and more behind it.
func isWord(text string, p int, w string) bool {
	end := p + len(w)
	return end < len(text) && text[p:end] == w && !csAlnum.has(text[end])
}

// wordAt returns where word ends that stands behind blanks at p, in capitals or
// small letters, or p.
func wordAt(text string, p int, word string) int {
	q := skipBlank(text, p)
	end := q + len(word)
	if end < len(text) && text[q]|0x20 == word[0]|0x20 && (text[q:end] == word || text[q:end] == strings.ToLower(word)) && !csWord.has(text[end]) {
		return end
	}
	return p
}

// upTo returns what stands at p, up to the first of stops or for reach bytes.
func upTo(text string, p, reach int, stops string) string {
	rest := text[p:min(len(text), p+reach)]
	if n := strings.IndexAny(rest, stops); n >= 0 {
		return rest[:n]
	}
	return rest
}

// wordOf returns text up to its first blank, quotes and all.
func wordOf(text string) string { return upTo(text, 0, maxCode, blanks) }

// blanks are the bytes of csSpace.
const blanks = " \t\r\n\x00" // those of csSpace

// blankless returns the word at p of a sentence: without quotes, and without the
// sign that ends it.
func blankless(text string, p int) string {
	end := p
	for end < len(text) && end-p < maxCode && !csSpace.has(text[end]) && !csQuote.has(text[end]) && text[end] != '\\' {
		end++
	}
	return strings.TrimRight(text[p:end], ".,;:!?)")
}
