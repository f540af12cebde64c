package detect

// charset is a set of bytes, as bits of classOf.
type charset uint32

const (
	csDigit  charset = 1 << iota
	csHex            // a-f
	csLower          // g-z
	csHEX            // A-F
	csUpper          // G-Z
	csUnder          // _
	csDash           // -
	csDot            // .
	csPlus           // + /
	csEq             // =
	csSpace          // space, tab, CR, LF, NUL
	csTilde          // ~
	csBrace          // { } [ ] ( ) < >
	csQuote          // " ' `
	csDollar         // $
	csComma          // ,
	csAt             // @

	csLow    = csHex | csLower
	csUp     = csHEX | csUpper
	csLetter = csLow | csUp
	csAlnum  = csLetter | csDigit
	csWord   = csAlnum | csUnder
	csURL64  = csWord | csDash                 // RFC 4648 section 5
	csTok    = csURL64 | csDot                 // dotted tokens
	csStd64  = csAlnum | csPlus | csEq         // RFC 4648 section 4
	csTok68  = csTok | csPlus | csEq | csTilde // RFC 9110 section 11.2
	csHexLow = csDigit | csHex
	csHexAny = csDigit | csHex | csHEX
	csUpDig  = csUp | csDigit
	csLowDig = csLow | csDigit
)

// classOf has the set of each byte: one bit, or none.
var classOf = func() (t [256]charset) {
	mark := func(set charset, bytes string) {
		for i := range len(bytes) {
			t[bytes[i]] |= set
		}
	}
	mark(csDigit, "0123456789")
	mark(csHex, "abcdef")
	mark(csLower, "ghijklmnopqrstuvwxyz")
	mark(csHEX, "ABCDEF")
	mark(csUpper, "GHIJKLMNOPQRSTUVWXYZ")
	mark(csUnder, "_")
	mark(csDash, "-")
	mark(csDot, ".")
	mark(csPlus, "+/")
	mark(csEq, "=")
	mark(csSpace, blanks)
	mark(csTilde, "~")
	mark(csBrace, "{}[]()<>")
	mark(csQuote, "\"'`")
	mark(csDollar, "$")
	mark(csComma, ",")
	mark(csAt, "@")
	return t
}()

// has tells whether c is in the set.
func (set charset) has(c byte) bool { return classOf[c]&set != 0 }

// prefix returns how many bytes of set text starts with.
func (set charset) prefix(text string) (n int) {
	for n < len(text) && set.has(text[n]) {
		n++
	}
	return n
}

// only tells whether text is made of set alone.
func (set charset) only(text string) bool {
	for i := range len(text) {
		if classOf[text[i]]&set == 0 {
			return false
		}
	}
	return true
}

// classes returns the union of the classes of text.
func classes(text string) (all charset) {
	for i := range len(text) {
		all |= classOf[text[i]]
	}
	return all
}

// digits counts the digits of text.
func digits(text string) (n int) {
	for i := range len(text) {
		if csDigit.has(text[i]) {
			n++
		}
	}
	return n
}

// mixed tells that text holds a letter and a digit, as nearly every random
// token of some length does and nearly no word.
func mixed(text string) bool {
	all := classes(text)
	return all&csDigit != 0 && all&csLetter != 0
}

// legible tells whether value holds a letter or a digit at all.
func legible(value string) bool {
	return classes(value)&csAlnum != 0 || value != "" && value[0] >= 0x80
}
