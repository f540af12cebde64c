package detect

import "strings"

var rulePhone = builtin("pii.phone", PII, "ITU-T E.164, E.123; North American Numbering Plan")

// plus looks at a + that may start an international phone number. It is
// width bytes wide: one, or three as %2B.
func (sc *scan) plus(i, width int) {
	text := sc.text
	if i > 0 && width > 1 {
		if csAlnum.has(text[i-1]) {
			return
		}
	} else if i > 0 && (csAlnum.has(text[i-1]) && !escapeBefore(text, i) || strings.IndexByte("+_.-)", text[i-1]) >= 0) {
		return
	}
	of := i > 1 && text[i-1] == '='
	if of && !csAlnum.has(text[i-2]) {
		return
	}
	inPath := i > 0 && text[i-1] == '/'
	p, n, groups := i+width, 0, 1
	last := p
	if p < len(text) && text[p] == '(' {
		p++
	}
	if p >= len(text) || text[p] < '1' || text[p] > '9' {
		return
	}
	for ; p < len(text) && p-i < 28; p++ {
		c := text[p]
		if csDigit.has(c) {
			n++
			last = p + 1
			continue
		}
		if width > 1 && c == '+' && p+1 < len(text) && csDigit.has(text[p+1]) {
			groups++
			continue
		}
		if strings.IndexByte(" -.()/", c) < 0 || p+1 >= len(text) || c == '/' && groups > 2 {
			break
		}
		if next := text[p+1]; !csDigit.has(next) && next != '(' && next != ' ' && next != '-' || next == ' ' && c == ' ' {
			break
		}
		groups++
	}
	sc.steps += p - i
	if inPath && (n < 10 || groups > 1 || last < len(text) && strings.IndexByte("/?# \"'", text[last]) < 0) {
		return // of Base64
	}
	if of && width == 1 && (n < 11 || text[i+1] == '1' && n > 11 || last < len(text) && strings.IndexByte(" ,;&)]}|\"'\r\n\t", text[last]) < 0) {
		return // of a measure
	}
	if n < 7 || n > 15 || last < len(text) && (csLetter.has(text[last]) && text[last] != 'x' || text[last] == '_' || text[last] == '=') || !callingCode(text[i+width:last]) {
		return
	}
	if last+1 < len(text) && text[last] == '.' && csDigit.has(text[last+1]) || groups == 1 && unitAt(text, last) {
		return
	}
	sc.found(rulePhone, i, last)
}

// nanp tells whether area is an area code of the North American plan.
func nanp(area string) bool { return area[0] >= '2' && !(area[1] == '1' && area[2] == '1') }

// phoneAt returns the bounds of the phone number at p that its key announces:
// (11) 91234-5678, 030 / 90 18 20. There is none if end is p.
func phoneAt(text string, p int) (start, end int) {
	n, end := 0, p
	for i := p; i < len(text) && i-p < 32 && n < 15; i++ {
		c := text[i]
		if csDigit.has(c) {
			n++
			end = i + 1
			continue
		}
		if strings.IndexByte(" -.()/+", c) < 0 || c == '+' && i > p || c == ' ' && n > 7 && end-p == n {
			break
		}
		if rest := text[i+1:]; c == ' ' && (looksLikeTime(rest[:min(len(rest), 10)]) || rest == "" || !csDigit.has(rest[0]) && strings.IndexByte("(-/", rest[0]) < 0) {
			break
		}
	}
	if n < 7 || end < len(text) && csWord.has(text[end]) {
		return p, p
	}
	return p, end
}

// callingCodes is the list of assigned country codes, ITU-T E.164 annex.
var callingCodes = wordSet(`1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98
	211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269
	290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599
	670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 850 852 853 855 856 870 878 880 881 882 883 886 888 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 979 992 993 994 995 996 998`)

// callingCode tells whether a number starts with an assigned country code.
func callingCode(number string) bool {
	number = strings.TrimPrefix(number, "(")
	for n := 1; n <= 3 && n <= len(number); n++ {
		if callingCodes[number[:n]] {
			return true
		}
	}
	return false
}
