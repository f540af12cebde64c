package detect

import "strings"

// The functions of this file are like of a nationalName: they tell whether id, the
// letters and digits of a number without what keeps them apart, is a personal number
// of a country.

// cardLike tells whether id may be the number of a document: seven to twelve
// signs, most of them digits.
func cardLike(id string) bool {
	n := digits(id)
	return len(id) >= 7 && len(id) <= 12 && n >= 4 && (n >= 7 || mixed(id)) && !epoch(id)
}

// identityCard tells whether id may be the number of an identity card of Latin
// America, most of which have no check digit.
func identityCard(id string) bool {
	return len(id) >= 6 && len(id) <= 13 && digits(id) >= len(id)-2
}

// licenceLike tells whether id may be the number of a driving licence.
func licenceLike(id string) bool {
	return len(id) >= 7 && len(id) <= 18 && digits(id) >= 4 && mixed(id) && !(len(id) > 12 && csHexAny.only(id))
}

// plateLike tells whether id may be the plate of a vehicle.
func plateLike(id string) bool {
	return len(id) >= 5 && len(id) <= 10 && mixed(id) && digits(id) >= 2 && !(len(id) > 7 && csHexAny.only(id)) && !(id[0] == 'V' && csDigit.only(id[1:]))
}

// belgian is the national number: 97 less the first nine digits modulo 97, a 2
// before them since 2000.
func belgian(id string) bool {
	if !plainDigits(id, 11) {
		return false
	}
	n, check := decimal(id[:9]), decimal(id[9:])
	return 97-n%97 == check || 97-(2_000_000_000+n)%97 == check
}

// austrian is the number of the social security: the fourth digit is of the
// check, behind it the birth date.
func austrian(id string) bool {
	return plainDigits(id, 10) && id[0] != '0' && dated(id[4:]) && remainder(id, 11, 3, 7, 9, 0, 5, 8, 4, 2, 1, 6) == num(id[3])
}

// german is the number of the pension insurance: area, birth date, a letter, a
// serial number and a digit.
func german(id string) bool {
	return len(id) == 12 && csDigit.only(id[:8]) && csUp.has(id[8]) && csDigit.only(id[9:]) && dated(id[2:])
}

// steuerID is the German tax number, ISO 7064 MOD 11,10.
func steuerID(id string) bool { return plainDigits(id, 11) && id[0] != '0' && mod1110(id) }

// croatian is the OIB, ISO 7064 MOD 11,10.
func croatian(id string) bool { return plainDigits(id, 11) && mod1110(id) }

// swiss is the number of the AHV, EAN-13.
func swiss(id string) bool { return plainDigits(id, 13) && ahv(signsOf(id)) }

// luxembourg is the matricule: Luhn and Verhoeff over the first eleven digits.
func luxembourg(id string) bool {
	return plainDigits(id, 13) && day([]byte(id[4:])) && luhn([]byte(id[:12])) && verhoeff([]byte(id[:11]+id[12:]))
}

// insured is the British national insurance number, which has no check digit.
func insured(id string) bool {
	return len(id) == 9 && csUp.only(id[:2]) && csDigit.only(id[2:8]) && csUp.has(id[8]) && nino(signsOf(id))
}

// irish is the PPS number: the letter is the weighted sum modulo 23, a second
// letter counts nine times.
func irish(id string) bool {
	if len(id) != 8 && len(id) != 9 || !csDigit.only(id[:7]) || !csUp.has(id[7]) {
		return false
	}
	sum := weighted([]byte(id), 8, 7, 6, 5, 4, 3, 2)
	if len(id) == 9 {
		if !csUp.has(id[8]) {
			return false
		}
		return id[7] == "WABCDEFGHIJKLMNOPQRSTUV"[sum%23] || id[7] == "WABCDEFGHIJKLMNOPQRSTUV"[(sum+9*int(id[8]-'A'+1))%23]
	}
	return id[7] == "WABCDEFGHIJKLMNOPQRSTUV"[sum%23]
}

// french is the NIR, with its key or without.
func french(id string) bool {
	if len(id) != 13 && len(id) != 15 || id[0] != '1' && id[0] != '2' {
		return false
	}
	digits := []byte(id)
	less := 0
	if id[5] == '2' && (id[6] == 'A' || id[6] == 'B') { // Corsica
		less = 1_000_000 * int(1+id[6]-'A')
		digits[6] = '0'
	}
	if m := num(digits[3])*10 + num(digits[4]); !csDigit.only(string(digits)) || m == 0 || m > 12 && m < 20 {
		return false
	}
	n := decimal(string(digits[:13])) - less
	return len(id) == 13 || 97-n%97 == decimal(string(digits[13:]))
}

// iberianSecurity is the number of the Spanish social security, modulo 97, or
// that of the Mexican one, Luhn.
func iberianSecurity(id string) bool {
	switch {
	case plainDigits(id, 11):
		return luhn([]byte(id))
	case plainDigits(id, 12):
		middle := id[2:10]
		if middle[0] == '0' {
			middle = middle[1:]
		}
		return decimal(id[:2]+middle)%97 == decimal(id[10:])
	}
	return false
}

// portuguese is the NIF, modulo 11.
func portuguese(id string) bool {
	id = strings.TrimPrefix(id, "PT")
	return plainDigits(id, 9) && mod11(weighted([]byte(id), 9, 8, 7, 6, 5, 4, 3, 2)) == num(id[8])
}

// swedish is the personnummer, with its century or without.
func swedish(id string) bool {
	if len(id) == 12 && (id[:2] == "19" || id[:2] == "20") {
		id = id[2:]
	}
	return plainDigits(id, 10) && personnummer(signsOf(id))
}

// norwegian is the fødselsnummer; D numbers add 4 to the first digit.
func norwegian(id string) bool {
	return plainDigits(id, 11) && complement(remainder(id, 11, 3, 7, 6, 1, 8, 9, 4, 5, 2)) == num(id[9]) && complement(remainder(id, 11, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == num(id[10])
}

// icelandic is the kennitala: a birth date and a digit modulo 11.
func icelandic(id string) bool {
	return plainDigits(id, 10) && dated(id) && complement(remainder(id, 11, 3, 2, 7, 6, 5, 4, 3, 2)) == num(id[8])
}

// baltic is the personal code of Estonia, Latvia or Lithuania.
func baltic(id string) bool {
	if !plainDigits(id, 11) {
		return false
	}
	if id[:2] == "32" || (1101-weighted([]byte(id), 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))%11 == num(id[10]) && dated(id) {
		return true // of Latvia
	}
	r := remainder(id, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1)
	if r == 10 {
		r = remainder(id, 11, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 10
	}
	return r == num(id[10]) && day([]byte(id[3:]))
}

// polishTax is the NIP, modulo 11.
func polishTax(id string) bool {
	return plainDigits(id, 10) && remainder(id, 11, 6, 5, 7, 2, 3, 4, 5, 6, 7) == num(id[9])
}

// czech is the birth number of the Czech Republic and Slovakia; women add 50 to
// the month, and nine digits are those before 1954.
func czech(id string) bool {
	if !plainDigits(id, 10) && !plainDigits(id, 9) {
		return false
	}
	m := decimal(id[2:4]) % 50
	return (m >= 1 && m <= 12 || m >= 21 && m <= 32) && decimal(id[4:6]) >= 1 && decimal(id[4:6]) <= 31 && (len(id) == 9 || decimal(id)%11 == 0 || decimal(id[:9])%11 == 10 && id[9] == '0')
}

// hungarianHealth is the TAJ, modulo 10.
func hungarianHealth(id string) bool {
	return plainDigits(id, 9) && remainder(id, 10, 3, 7, 3, 7, 3, 7, 3, 7) == num(id[8])
}

// romanian is the CNP; a remainder of ten is written as one.
func romanian(id string) bool {
	if !plainDigits(id, 13) || id[0] == '0' || !day([]byte(id[3:])) {
		return false
	}
	r := remainder(id, 11, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9)
	return r == num(id[12]) || r == 10 && id[12] == '1'
}

// bulgarian is the EGN; the month says the century.
func bulgarian(id string) bool {
	if !plainDigits(id, 10) {
		return false
	}
	m := decimal(id[2:4]) % 20
	return m >= 1 && m <= 12 && decimal(id[4:6]) <= 31 && remainder(id, 11, 2, 4, 8, 5, 10, 9, 7, 3, 6)%10 == num(id[9])
}

// yugoslav is the JMBG or EMŠO.
func yugoslav(id string) bool {
	return plainDigits(id, 13) && day([]byte{id[2], id[3], id[0], id[1]}) && complement(remainder(id, 11, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) == num(id[12])
}

// greekTax is the AFM, modulo 11.
func greekTax(id string) bool {
	return plainDigits(id, 9) && remainder(id, 11, 256, 128, 64, 32, 16, 8, 4, 2)%10 == num(id[8])
}

// turkish is the number of an identity card, whose last two digits are of the check.
func turkish(id string) bool {
	if !plainDigits(id, 11) || id[0] == '0' {
		return false
	}
	tenth := (weighted([]byte(id), 7, -1, 7, -1, 7, -1, 7, -1, 7)%10 + 10) % 10
	return tenth == num(id[9]) && remainder(id, 10, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1) == num(id[10])
}

// ukrainian is the number of a tax payer, modulo 11.
func ukrainian(id string) bool {
	return plainDigits(id, 10) && (weighted([]byte(id), -1, 5, 7, 9, 4, 6, 10, 5, 7)+11)%11%10 == num(id[9])
}

// russianTax is the INN of a person or a company.
func russianTax(id string) bool {
	if plainDigits(id, 10) {
		return remainder(id, 11, 2, 4, 10, 3, 5, 9, 4, 6, 8)%10 == num(id[9])
	}
	return plainDigits(id, 12) && remainder(id, 11, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%10 == num(id[10]) && remainder(id, 11, 3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)%10 == num(id[11])
}

// kazakh is the IIN, modulo 11, with other weights where that is ten.
func kazakh(id string) bool {
	if !plainDigits(id, 12) || !day([]byte(id[2:])) {
		return false
	}
	r := remainder(id, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
	if r == 10 {
		r = remainder(id, 11, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
	}
	return r == num(id[11])
}

// southAfrican is the identity number of South Africa or of China, the two that
// are called no more than "ID number".
func southAfrican(id string) bool {
	return plainDigits(id, 13) && day([]byte(id[2:])) && luhn([]byte(id)) || len(id) == 18 && csDigit.only(id[:17]) && chinese(signsOf(id))
}

// sriLankan is the NIC, old and new: year, day of the year, serial number.
func sriLankan(id string) bool {
	if len(id) == 10 {
		return csDigit.only(id[:9]) && (id[9] == 'V' || id[9] == 'X')
	}
	return plainDigits(id, 12) && (id[:2] == "19" || id[:2] == "20") && decimal(id[4:7])%500 <= 366
}

// taiwanese checks the last digit, for which the letter counts as two.
func taiwanese(id string) bool {
	if len(id) != 10 || !csUp.has(id[0]) || !csDigit.only(id[1:]) || id[1] != '1' && id[1] != '2' && id[1] != '8' && id[1] != '9' {
		return false
	}
	const letters = "ABCDEFGHJKLMNPQRSTUVXYWZIO"
	for i := range len(letters) {
		if letters[i] == id[0] {
			return ((i+10)/10+i%10*9+weighted([]byte(id[1:]), 8, 7, 6, 5, 4, 3, 2, 1, 1))%10 == 0
		}
	}
	return false
}

// japanese is the individual number.
func japanese(id string) bool {
	if !plainDigits(id, 12) {
		return false
	}
	check := 11 - remainder(id, 11, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
	return check >= 10 && id[11] == '0' || check == num(id[11])
}

// thai is the number of an identity card, modulo 11.
func thai(id string) bool {
	return plainDigits(id, 13) && (11-remainder(id, 11, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2))%10 == num(id[12])
}

// indonesian is the NIK: a place, a birth date with 40 added to the day of women,
// a serial number.
func indonesian(id string) bool {
	if !plainDigits(id, 16) || epoch(id) {
		return false
	}
	d := decimal(id[6:8])
	return d%40 >= 1 && d%40 <= 31
}

// newZealand is the IRD number, modulo 11, with other weights where that is ten.
func newZealand(id string) bool {
	if plainDigits(id, 8) {
		id = "0" + id
	}
	if !plainDigits(id, 9) {
		return false
	}
	check := complement(remainder(id, 11, 3, 2, 7, 6, 5, 4, 3, 2))
	if check == 10 {
		check = complement(remainder(id, 11, 7, 4, 3, 2, 5, 2, 7, 6))
	}
	return check == num(id[8])
}

// australianBusiness is the ABN, modulo 89, or the ACN.
func australianBusiness(id string) bool {
	if plainDigits(id, 9) {
		return (10-remainder(id, 10, 8, 7, 6, 5, 4, 3, 2, 1))%10 == num(id[8])
	}
	return plainDigits(id, 11) && (weighted([]byte(id), 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)-10)%89 == 0
}

// brazilianLicence is the CNH, whose last two digits are of the check.
func brazilianLicence(id string) bool {
	first, less := remainder(id, 11, 9, 8, 7, 6, 5, 4, 3, 2, 1), 0
	if first >= 10 {
		first, less = 0, 2
	}
	second := remainder(id, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	if second >= 10 {
		second = 0
	} else {
		second = (second - less + 11) % 11
	}
	return first == num(id[9]) && second == num(id[10])
}

// brazilianGeneral is the RG, whose check differs from state to state.
func brazilianGeneral(id string) bool {
	n := len(id) - 1
	return (n == 7 || n == 8) && plainDigits(id[:n], n) && (csDigit.has(id[n]) || id[n] == 'X')
}

// brazilianPIS is the number of the social security, modulo 11.
func brazilianPIS(id string) bool {
	return mod11(weighted([]byte(id), 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) == num(id[10])
}

// brazilianHealth is the CNS, modulo 11.
func brazilianHealth(id string) bool {
	return plainDigits(id, 15) && remainder(id, 11, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1) == 0
}

// chilean is the RUN, modulo 11, where K stands for ten.
func chilean(id string) bool {
	n := len(id) - 1
	if n < 7 || n > 8 || !csDigit.only(id[:n]) {
		return false
	}
	sum := 0
	for i := range n {
		sum += num(id[n-1-i]) * (2 + i%6)
	}
	return id[n] == "0K987654321"[sum%11]
}

// colombian is the NIT of Colombia.
func colombian(id string) bool {
	if !plainDigits(id, 10) && !plainDigits(id, 9) {
		return false
	}
	n, sum := len(id)-1, 0
	for i := range n {
		sum += num(id[n-1-i]) * [...]int{3, 7, 13, 17, 19, 23, 29, 37, 41}[i]
	}
	r := sum % 11
	if r >= 2 {
		r = 11 - r
	}
	return r == num(id[n])
}

// peruvian is the RUC of Peru, or of a person in Ecuador.
func peruvian(id string) bool {
	if plainDigits(id, 13) {
		return id[10:] == "001" && ecuadorian(id[:10])
	}
	return plainDigits(id, 11) && (11-remainder(id, 11, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2))%10 == num(id[10])
}

// ecuadorian is the cédula: a province and Luhn.
func ecuadorian(id string) bool {
	return plainDigits(id, 10) && (id[:2] >= "01" && id[:2] <= "24" || id[:2] == "30") && id[2] < '6' && luhn([]byte(id))
}

// uruguayan is the cédula, modulo 10.
func uruguayan(id string) bool {
	return plainDigits(id, 8) && remainder(id, 10, 2, 9, 8, 7, 6, 3, 4, 1) == 0
}

// guatemalan is the CUI, modulo 11, with a department behind its digit.
func guatemalan(id string) bool {
	return plainDigits(id, 13) && remainder(id, 11, 2, 3, 4, 5, 6, 7, 8, 9) == num(id[8]) && decimal(id[9:11]) <= 22
}

// mexicanTax is the RFC: letters, a date, and mostly three signs.
func mexicanTax(id string) bool {
	n := 0
	for n < len(id) && csUp.has(id[n]) {
		n++
	}
	return (n == 3 || n == 4) && (len(id) == n+9 || len(id) == n+6 && n == 4) && csDigit.only(id[n:n+6]) && day([]byte(id[n+2:]))
}
