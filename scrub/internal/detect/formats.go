package detect

import "strings"

// cardExpiry tells whether value is the month and year of a card.
func cardExpiry(value string) bool {
	value = strings.Replace(value, " / ", "/", 1)
	if len(value) != 5 && len(value) != 7 || value[2] != '/' && value[2] != '-' {
		return false
	}
	return csDigit.only(value[:2]) && value[:2] <= "12" && value[:2] >= "01" && csDigit.only(value[3:])
}

// bicCountries are those of ISO 9362 that have no IBAN.
var bicCountries = wordSet("US CA AU NZ JP CN IN SG HK KR TW TH MY ID PH VN ZA MX AR CL CO PE UY NG KE RU")

// bic tells whether value is a business identifier code: bank, country,
// place, branch. ISO 9362.
func bic(value string) bool {
	if len(value) != 8 && len(value) != 11 || !csUp.only(value[:6]) || !csUpDig.only(value[6:]) {
		return false
	}
	return ibanLengths[country(value[4], value[5])] > 0 || bicCountries[value[4:6]]
}

// coin tells whether value is an address of Bitcoin (base58 or bech32) or of
// Ethereum. BIP 13, BIP 173, EIP 55.
func coin(value string) bool {
	value, _, _ = strings.Cut(value, "?") // of a BIP 21 URI
	switch n := len(value); {
	case n == 42 && strings.HasPrefix(value, "0x"):
		return csHexAny.only(value[2:])
	case n >= 26 && n <= 35 && (value[0] == '1' || value[0] == '3'):
		return csAlnum.only(value) && !strings.ContainsAny(value, "0OIl") && mixed(value)
	case n >= 42 && n <= 62 && strings.HasPrefix(value, "bc1"), n >= 58 && n <= 108 && strings.HasPrefix(value, "addr1"), n >= 43 && n <= 63 && strings.HasPrefix(value, "ltc1"):
		return csLowDig.only(value)
	case n == 34 && one(value[0], "TLMD"), n >= 25 && n <= 35 && value[0] == 'r', n == 95 && one(value[0], "48"): // Tron, Litecoin, Dogecoin, Ripple, Monero
		return csAlnum.only(value) && !strings.ContainsAny(value, "0OIl") && mixed(value)
	}
	return false
}

// degrees tells whether value is a position on earth, to ten metres or less: a
// rounder number may count anything.
func degrees(value string) bool {
	first, rest, both := strings.Cut(value, ",")
	if both && !degrees(strings.TrimSpace(rest)) {
		return false
	}
	whole, part, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(first), "-"), ".")
	return ok && len(whole) >= 1 && len(whole) <= 3 && len(part) >= 4 && len(part) <= 15 && csDigit.only(whole) && csDigit.only(part) && (whole != "0" || len(part) > 4) && (len(whole) < 3 || whole <= "180")
}

// streetWords end or start the name of a street.
var streetWords = wordSet(`street st road rd avenue ave lane ln drive dr boulevard blvd court ct square sq terrace highway hwy loop parkway pkwy place pl way crescent close
	strasse straße str platz weg allee gasse ring damm ufer rue via calle avenida rua laan straat plein gatan vägen ulica ul`)

// unblank writes a value of a form with its blanks.
var unblank = strings.NewReplacer("+", " ", "%20", " ")

// street tells whether value names a street and a number.
func street(value string) bool {
	value = unblank.Replace(value)
	if len(value) < 8 || len(value) > maxPhraseLen || !strings.ContainsAny(value, "0123456789") {
		return false
	}
	number, named, words := false, false, 0
	for w := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == ' ' || r == ',' || r == '.' }) {
		words++
		if words <= 5 && csDigit.has(w[0]) && len(w) <= 5 && (csAlnum | csDash).only(w) {
			number = true
		}
		lower := strings.ToLower(w)
		named = named || streetWords[lower] || strings.HasSuffix(lower, "strasse") || strings.HasSuffix(lower, "straße") || strings.HasSuffix(lower, "str") || strings.HasSuffix(lower, "straat")
	}
	return number && named && words >= 2
}

// passport tells whether id may be the number of a passport with letters in
// it, ICAO Doc 9303: C01X00T47.
func passport(id string) bool {
	return (len(id) == 8 || len(id) == 9) && csUpDig.only(id) && mixed(id) && digits(id) >= 4
}

// imei tells whether id is the number of a phone, 3GPP TS 23.003: 15 digits,
// the last of Luhn's.
func imei(id string) bool {
	var buf [16]byte
	d := digitsOf(buf[:0:16], id)
	return len(d) == 15 && (csDigit | csDash).only(id) && luhn(d)
}

// vin tells whether id is the number of a vehicle, ISO 3779: 17 signs without
// I, O and Q, the last four digits.
func vin(id string) bool {
	return len(id) == 17 && csUpDig.only(id) && mixed(id) && !strings.ContainsAny(id, "IOQ") && csDigit.only(id[13:])
}

// icd tells whether id is a code of ICD-10: E11.9.
func icd(id string) bool {
	if len(id) < 3 || len(id) > 8 || !csUp.has(id[0]) || !csDigit.has(id[1]) || !csUpDig.has(id[2]) {
		return false
	}
	return len(id) == 3 && csDigit.has(id[2]) || len(id) > 4 && id[3] == '.' && csUpDig.only(id[4:])
}

// sorted tells whether id is a sort code of a bank: 20-00-00.
func sorted(id string) bool {
	return len(id) == 8 && id[2] == '-' && id[5] == '-' && digits(id) == 6
}
