package detect

import "strings"

// shape is what a value must look like to be taken for the one its key
// promises, where a key and its value are found inside a text. An attribute
// needs no shape: its key is no accident.
type shape uint8

const (
	shapeAny      shape = iota // whatever is there
	shapeToken                 // hard to guess
	shapeRandom                // random by any measure: the key alone says little
	shapeHex                   // 32 hexadecimal digits: the key means anything else, too
	shapeDigits                // three digits or more
	shapeMail                  // holds an @
	shapePhone                 // seven digits or more
	shapePhrase                // words up to the next comma
	shapeQuoted                // anything, but only as "key": "value"
	shapeExpiry                // month and year of a card: 12/27
	shapeHeader                // the rest of the line
	shapeMember                // anything, but only as "key": "value" or <key>value</key>
	shapeNumber                // a digit or more
	shapeWords                 // words up to the end of the phrase, whatever they are
	shapeBIC                   // ISO 9362
	shapeCoin                  // the address of a wallet
	shapeDegrees               // a latitude or longitude, or both
	shapeStreet                // a street and a number
	shapeNational              // a personal number of the name
)

// weak tells whether a key says too little by itself, so that the value of an
// attribute must have the shape, too.
func (s shape) weak() bool {
	switch s {
	case shapeRandom, shapeHex, shapeExpiry, shapeCoin, shapeDegrees, shapeStreet:
		return true
	default:
		return false
	}
}

// fits tells whether value can be what the key promises.
func fits(r *Rule, want shape, value string, a *assignment) bool {
	if a.sep == sepBare {
		return fitsBare(want, value)
	}
	if noValue(r, value, a) {
		return false
	}
	switch want {
	case shapeAny:
		return fitsAny(value, a)
	case shapeToken:
		return a.param || tokenish(value, a)
	case shapeRandom:
		return fitsRandom(r, value, a)
	case shapeHex:
		return len(value) >= 32 && csHexAny.only(value) && mixed(value) || random(value)
	case shapeDigits:
		return fitsDigits(r, value, a)
	case shapeMail:
		return strings.IndexByte(value, '@') > 0 || strings.Contains(value, "%40")
	case shapePhone:
		return len(value) <= 32 && digits(value) >= 7 && !looksLikeTime(value) && !strings.HasPrefix(value, "0x") && !peer(value)
	case shapePhrase:
		return len(value) >= 2 && (a.literal() || a.sep == sepColon || a.sep == sepEqual || a.sep == sepIs) && legible(value)
	case shapeQuoted:
		return fitsQuoted(r, value, a)
	case shapeExpiry:
		return cardExpiry(value)
	case shapeMember:
		return a.literal() && !flag(value) && !address(value) && csLetter&classes(value) != 0
	case shapeNumber:
		return a.sep != sepSpace && len(value) <= 24 && digits(value) > 0
	case shapeWords:
		return len(value) >= 3 && (r.Category != Auth || strings.IndexByte(value, ' ') > 0)
	case shapeBIC:
		return bic(value)
	case shapeCoin:
		return coin(value)
	case shapeDegrees:
		return degrees(value)
	case shapeStreet:
		return street(value)
	case shapeNational:
		return !a.name.unlike(value)
	default:
		return false
	}
}

// literal tells whether key and value are both marked as data.
func (a *assignment) literal() bool {
	return a.pair && a.sep != sepIs || a.sep == sepTag || a.sep == sepMember
}

// noValue tells whether value says something of what the key promises, or how a
// machine is, instead of being it.
func noValue(r *Rule, value string, a *assignment) bool {
	secret := r.Category == Password || r.Category == Auth
	switch {
	case folded(benignValues, value) && !(a.param || r.Category == Password && (a.literal() || a.sep == sepEqual || a.sep == sepSpace && a.lineStart)),
		a.sep == sepFlag && folded(flagNouns, value),
		!secret && (folded(statusValues, value) || pathLike(value)),
		!a.quoted && duration(value),
		r.Category == Health && counts(value),
		secret && a.sep == sepSpace && strings.HasPrefix(value, "--"), // pass '--verbose'
		r.Category == Auth && kept(value):
		return true
	}
	return false
}

// kept tells whether value says where a secret is kept, in a path or a resource of
// it, or the version of something.
func kept(value string) bool {
	return strings.Contains(value, "/secrets/") || strings.HasPrefix(value, "sh.helm.release.") || version(value)
}

// fitsBare is fits for a value without any sign before it, of which bareAt has
// seen that it can be nothing else.
func fitsBare(want shape, value string) bool {
	switch want {
	case shapeToken:
		return len(value) >= minBare
	case shapeQuoted:
		return degrees(value)
	case shapeDigits, shapeAny, shapePhrase, shapeNumber, shapeBIC:
		return true
	default:
		return false
	}
}

func fitsAny(value string, a *assignment) bool {
	if (says(value) || sentence(value)) && (a.quoted || a.sep == sepColon) || a.quoted && rulesOf(value) {
		return false
	}
	if csDigit.only(value) && len(value) <= 3 || pathLike(value) || strings.HasPrefix(value, "arn:aws") {
		return false
	}
	switch {
	case a.sep == sepSpace && a.quoted:
		return len(value) >= 2
	case a.quoted, a.literal(), a.sep == sepEqual, a.sep == sepFlag, a.sep == sepSpace, a.query:
		return true
	case a.sep == sepIs:
		return classes(value)&^csLetter != 0 && digits(value) > 0
	default: // password: x
		return len(value) >= 3
	}
}

func fitsRandom(r *Rule, value string, a *assignment) bool {
	if r == keyAuth && a.pair && a.quoted && len(value) >= 12 && mixed(value) && (csAlnum | csDash | csUnder).only(value) && !csHexAny.only(value) && !uuid(value) {
		return true // {"tokens": ["…"]}
	}
	if id, secret, ok := strings.Cut(value, ":"); ok && len(id) <= 32 && csTok.only(id) && (random(secret) || len(secret) >= 64 && csHexAny.only(secret)) {
		return true // an id and the secret
	}
	return allRandom(value) || random(undigested(value)) || len(value)%4 == 0 && !csHexAny.only(value) && !uuid(value) && undigested(value) == value && basic(value)
}

// allRandom tells whether value is a list of what looks random: [x,y] of Go.
func allRandom(value string) bool {
	if len(value) > maxCode || !strings.ContainsAny(value, ", ") {
		return false
	}
	for piece := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ',' || r == ' ' }) {
		if !random(piece) {
			return false
		}
	}
	return true
}

func fitsDigits(r *Rule, value string, a *assignment) bool {
	if value[0] == '^' || value[0] == '~' || (r == keyPII || r == keyFinancial) && (address(value) || strings.HasPrefix(value, "arn:") || strings.Contains(value, "/") && strings.Contains(value, ":")) {
		return false
	}
	return a.sep != sepSpace && len(value) <= 64 && digits(value) >= 3 && (!looksLikeTime(value) || r == keyPII && value[2] != ':') || a.literal() && len(value) >= 4 && a.quoted
}

func fitsQuoted(r *Rule, value string, a *assignment) bool {
	switch {
	case a.literal(), a.quoted && a.sep == sepEqual:
		return true
	case r.Category == Auth || !legible(value):
		return false
	case a.sep == sepColon:
		return a.compound || a.quoted || a.keyEnd-a.keyStart >= 6 || digits(value) >= 4 && len(value) <= 10
	default:
		return a.sep == sepEqual
	}
}
