package detect

import "slices"

// The functions of this file are the checks that numbers of several kinds share.

// one tells whether c is one of the bytes of a text.
func one(c byte, of string) bool {
	for i := range len(of) {
		if of[i] == c {
			return true
		}
	}
	return false
}

// num is the number that a digit writes.
func num(c byte) int { return int(c - '0') }

// weighted sums the digits of id times w.
func weighted(id []byte, w ...int) (sum int) {
	for i, f := range w {
		sum += num(id[i]) * f
	}
	return sum
}

// mod11 is the check digit of a sum whose remainders below two are written as zero.
func mod11(sum int) int {
	if r := sum % 11; r >= 2 {
		return 11 - r
	}
	return 0
}

// uniform tells whether all of id is the same sign, which passes most checks.
func uniform(id []byte) bool {
	for _, c := range id {
		if c != id[0] {
			return false
		}
	}
	return true
}

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

// dihedral is the product of the dihedral group D5.
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

// luhn is the check of ISO/IEC 7812-1 annex B.
func luhn(d []byte) bool {
	sum, double := 0, false
	for _, v := range slices.Backward(d) {
		n := int(v - '0')
		if double {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
		double = !double
	}
	return sum%10 == 0
}

// mod97 is the check of ISO 7064 MOD 97-10, the first four characters moved
// to the end.
func mod97(b []byte) bool {
	rem := 0
	for i := range b {
		c := b[(i+4)%len(b)]
		if c >= 'A' {
			rem = (rem*100 + int(c-'A') + 10) % 97
		} else {
			rem = (rem*10 + int(c-'0')) % 97
		}
	}
	return rem == 1
}

// mod1110 is the check of ISO 7064 MOD 11,10.
func mod1110(id string) bool {
	p := 10
	for i := range len(id) - 1 {
		if p = (p + num(id[i])) % 10; p == 0 {
			p = 10
		}
		p = p * 2 % 11
	}
	return (11-p)%10 == num(id[len(id)-1])
}

// plainDigits tells whether id is n digits, not all the same.
func plainDigits(id string, n int) bool {
	return len(id) == n && csDigit.only(id) && !uniform([]byte(id))
}

// remainder is the sum of the first digits of id times w, modulo mod.
func remainder(id string, mod int, w ...int) int { return weighted([]byte(id), w...) % mod }

// complement is the check digit that makes a multiple of eleven of a sum.
func complement(rest int) int { return (11 - rest) % 11 }

// decimal is the number that the digits of id write.
func decimal(id string) (n int) {
	for i := range len(id) {
		n = n*10 + num(id[i])
	}
	return n
}
