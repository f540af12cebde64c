package main

import (
	"slices"
	"testing"
)

// What is looked for must be unmistakable: no two customers share it.
func TestSecretsAreOfOneCustomer(t *testing.T) {
	t.Parallel()
	all := plantedSecrets()
	owners := map[string]int{}
	for n := range customerCount {
		for _, s := range newCustomer(n).secrets() {
			if owner, taken := owners[s]; taken && owner != n && len(s) > len(`cvv":"000`) {
				t.Errorf("customers %d and %d have the same secret %q", owner, n, s)
			}
			owners[s] = n
		}
	}
	if again := plantedSecrets(); !slices.Equal(all, again) {
		t.Error("the secrets differ from run to run")
	}
}

func TestCardNumber(t *testing.T) {
	t.Parallel()
	// ISO/IEC 7812-1: the digits sum up to a multiple of 10, every other one doubled.
	for n := range customerCount {
		sum, number := 0, newCustomer(n).Card.Number
		for i, r := range number {
			d := int(r - '0')
			if i%2 == len(number)%2 {
				d = d*2/10 + d*2%10
			}
			sum += d
		}
		if sum%10 != 0 || len(number) != 16 {
			t.Errorf("%s is no card number", number)
		}
	}
}
