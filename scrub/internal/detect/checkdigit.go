package detect

func one(c byte, of string) bool {
	for i := range len(of) {
		if of[i] == c {
			return true
		}
	}
	return false
}

func num(c byte) int { return int(c - '0') }

// weighted sums the digits of id times w.
func weighted(id []byte, w ...int) (sum int) {
	for i, f := range w {
		sum += num(id[i]) * f
	}
	return sum
}

// nino tells whether the letters of a national insurance number were ever
// given out.
func nino(id signs) bool {
	a, b := id[0], id[1]
	switch {
	case one(a, "DFIQUV") || one(b, "DFIOQUV"), id[8] > 'D':
		return false
	case a == 'B' && b == 'G', a == 'G' && b == 'B', a == 'K' && b == 'N', a == 'N' && b == 'K', a == 'N' && b == 'T', a == 'T' && b == 'N', a == 'Z' && b == 'Z':
		return false
	}
	return true
}

// dni checks the letter of a Spanish DNI or NIE: the number modulo 23.
func dni(id signs) bool {
	n := 0
	for i, c := range id[:8] {
		switch {
		case i == 0 && c >= 'X' && c <= 'Z':
			c -= 'X' - '0'
		case c > '9':
			return false
		}
		n = n*10 + num(c)
	}
	return id[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[n%23]
}

// nric checks the letter of a Singapore NRIC or FIN.
func nric(id signs) bool {
	sum := weighted(id[1:8], 2, 7, 6, 5, 4, 3, 2)
	switch id[0] {
	case 'S':
		return id[8] == "JZIHGFEDCBA"[sum%11]
	case 'T':
		return id[8] == "JZIHGFEDCBA"[(sum+4)%11]
	case 'F':
		return id[8] == "XWUTRQPNMLK"[sum%11]
	case 'G':
		return id[8] == "XWUTRQPNMLK"[(sum+4)%11]
	case 'M':
		return id[8] == "KLJNPQRTUWX"[10-(sum+3)%11]
	}
	return false
}

// codiceFiscale checks month, day and last letter.
func codiceFiscale(id signs) bool {
	const odd = "\x01\x00\x05\x07\x09\x0d\x0f\x11\x13\x15\x02\x04\x12\x14\x0b\x03\x06\x08\x0c\x0e\x10\x0a\x16\x19\x18\x17"
	if d := num(id[9])*10 + num(id[10]); !one(id[8], "ABCDEHLMPRST") || d < 1 || d > 71 || d > 31 && d < 41 {
		return false
	}
	sum := 0
	for i, c := range id[:15] {
		v := int(c - 'A')
		if c <= '9' {
			v = num(c)
		}
		if i%2 == 0 {
			v = int(odd[v])
		}
		sum += v
	}
	return id[15] == byte('A'+sum%26)
}

// curp checks date, sex and last digit.
func curp(id signs) bool {
	if !day(id[6:]) || !one(id[10], "HMX") {
		return false
	}
	sum := 0
	for i, c := range id[:17] {
		v := num(c)
		if c >= 'A' {
			if v = int(c-'A') + 10; c > 'N' {
				v++ // Ñ stands between
			}
		}
		sum += v * (18 - i)
	}
	return num(id[17]) == (10-sum%10)%10
}

// chinese checks date and last sign, ISO 7064 MOD 11-2.
func chinese(id signs) bool {
	if c := string(id[6:8]); c != "19" && c != "20" || !day(id[10:]) || id[0] == '0' || id[0] > '8' {
		return false
	}
	return id[17] == "10X98765432"[weighted(id[:], 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)%11]
}

// korean checks birth date, century and check digit.
func korean(id signs) bool {
	return day(id[2:]) && id[6] >= '1' && id[6] <= '8' && (11-weighted(id[:], 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)%11)%10 == num(id[12])
}

// cuit checks the kind of tax payer and the last digit.
func cuit(id signs) bool {
	switch string(id[:2]) {
	case "20", "23", "24", "25", "26", "27", "30", "33", "34":
		return (11-weighted(id[:], 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)%11)%11 == num(id[10])
	}
	return false
}

// hetu checks the last sign of a Finnish code; id may hold the sign of the
// century.
func hetu(id signs) bool {
	if !day([]byte{id[2], id[3], id[0], id[1]}) {
		return false
	}
	if id[10] != 0 {
		if !one(id[6], "ABCDEFUVWXY") {
			return false
		}
		copy(id[6:], id[7:])
	}
	n := 0
	for _, c := range id[:9] {
		n = n*10 + num(c)
	}
	return id[9] == "0123456789ABCDEFHJKLMNPRSTUVWXY"[n%31]
}

// personnummer checks date and Luhn; co-ordination numbers add 60 to the day.
func personnummer(id signs) bool {
	d := []byte{id[2], id[3], id[4], id[5]}
	if d[2] >= '6' {
		d[2] -= 6
	}
	return day(d) && luhn(id[:10])
}

// cpf checks both digits of a Brazilian CPF.
func cpf(id signs) bool {
	return !uniform(id[:11]) && num(id[9]) == mod11(weighted(id[:], 10, 9, 8, 7, 6, 5, 4, 3, 2)) && num(id[10]) == mod11(weighted(id[:], 11, 10, 9, 8, 7, 6, 5, 4, 3, 2))
}

// cnpj checks both digits of a Brazilian CNPJ.
func cnpj(id signs) bool {
	return !uniform(id[:14]) && num(id[12]) == mod11(weighted(id[:], 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)) && num(id[13]) == mod11(weighted(id[:], 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))
}

func mod11(sum int) int {
	if r := sum % 11; r >= 2 {
		return 11 - r
	}
	return 0
}

func uniform(id []byte) bool {
	for _, c := range id {
		if c != id[0] {
			return false
		}
	}
	return true
}

// ahv checks the digit of EAN-13 and the country, which is always 756.
func ahv(id signs) bool {
	sum := 0
	for i, weight := range [...]int{1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1} {
		sum += weight * num(id[i])
	}
	return string(id[:3]) == "756" && sum%10 == 0
}

// aadhaar checks the Verhoeff digit.
func aadhaar(id signs) bool { return id[0] >= '2' && verhoeff(id[:12]) }

// verhoeff is the check of J. Verhoeff, 1969, over the dihedral group D5.
func verhoeff(id []byte) bool {
	const rotate = "1576283094"
	c := 0
	for i := range id {
		d := num(id[len(id)-1-i])
		for range i % 8 {
			d = num(rotate[d])
		}
		c = dihedral(c, d)
	}
	return c == 0
}

func dihedral(a, b int) int {
	switch {
	case a < 5 && b < 5:
		return (a + b) % 5
	case a < 5:
		return 5 + (a+b-5)%5
	case b < 5:
		return 5 + (a-5-b+5)%5
	default:
		return (a - b + 5) % 5
	}
}

// mbi checks the letters of a Medicare beneficiary identifier.
func mbi(id signs) bool {
	letter := func(i int) bool { return id[i] >= 'A' && !one(id[i], "SLOIBZ") }
	digit := func(i int) bool { return id[i] <= '9' }
	return id[0] > '0' && letter(1) && (digit(2) || letter(2)) && digit(3) && letter(4) && (digit(5) || letter(5)) && digit(6) && letter(7) && letter(8)
}
