package main

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// order is what a client sends.
type order struct {
	ID          string   `json:"id"`
	Scenario    string   `json:"scenario"`
	Attempt     int      `json:"attempt"` // of the client, from 1
	AmountCents int64    `json:"amount_cents"`
	Customer    customer `json:"customer"`
	Note        string   `json:"note"`
}

// customer is a customer of a pharmacy: someone of whom nothing may be in a log.
type customer struct {
	ID       string `json:"id"`
	FullName string `json:"full_name"`
	Email    string `json:"email"`
	Phone    string `json:"phone"`
	Password string `json:"password"`
	Card     card   `json:"card"`
	IBAN     string `json:"iban"`
	Record   string `json:"medical_record_number"`
	Illness  string `json:"diagnosis"`

	session, token, apiKey string
}

type card struct {
	Number string `json:"card_number"`
	CVV    string `json:"cvv"`
	Holder string `json:"cardholder"`
}

// note is what a customer writes below an order.
func (c customer) note() string {
	return fmt.Sprintf("call me at %s or mail %s. Card %s, medical record number: %s, diagnosis: %s, password=%s, api_key=%s",
		c.Phone, c.Email, grouped(c.Card.Number), c.Record, c.Illness, c.Password, c.apiKey)
}

// secrets returns what must not be found in anything that leaves. A CVV is too
// short to be looked for alone, so it is together with its name.
func (c customer) secrets() []string {
	mailbox, _, _ := strings.Cut(c.Email, "@")
	_, surname, _ := strings.Cut(c.FullName, " ")
	_, illness, _ := strings.Cut(c.Illness, " ")
	parts := strings.Split(c.token, ".")
	return []string{
		surname, mailbox, c.Phone, strings.TrimPrefix(c.Phone, "+49"), c.Password, c.Card.Number, grouped(c.Card.Number), c.IBAN,
		c.Record, illness, c.session, parts[1], parts[2], c.apiKey,
		"cvv=" + c.Card.CVV, `cvv:"` + c.Card.CVV, `cvv":"` + c.Card.CVV,
		"vv\x12\x05\n\x03" + c.Card.CVV, // an attribute in OTLP: a key that ends so, a value of 5 bytes, a text of 3
	}
}

const customerCount = 100

// newCustomer returns customer n, who is the same in every run. Secrets are
// put together here, as scanners of source code would rightly stumble over them.
func newCustomer(n int) customer {
	const digits, small, capital = "0123456789", "bcdfghjkmnpqrstvwxz", "BCDFGHJKMNPQRSTVWXZ"
	text := func(form, alphabet string, length int) string {
		return letters(fmt.Sprint(n, " ", form), alphabet, length)
	}
	part := base64.RawURLEncoding.EncodeToString
	name := "Robin " + text("name", capital, 1) + text("name", small, 9)
	return customer{
		ID:       fmt.Sprintf("u-%d", n),
		FullName: name,
		Email:    text("mail", small, 12) + "@" + "mail.example.org",
		Phone:    "+49" + "151" + text("phone", digits, 8),
		Password: text("password", capital+small+digits, 15) + "7",
		Card:     card{Number: cardNumber(text("card", digits, 11)), CVV: text("cvv", digits, 3), Holder: name},
		IBAN:     "DE" + text("iban", digits, 20),
		Record:   text("record", capital, 3) + text("record", digits, 8),
		Illness:  "chronic " + text("illness", small, 12),
		session:  text("session", capital+small+digits, 32),
		token: part([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + part(fmt.Appendf(nil, `{"sub":%q,"iat":1516239022}`, text("subject", small, 12))) + "." +
			text("signature", capital+small+digits, 43),
		apiKey: text("key", capital+small+digits, 32),
	}
}

// letters returns characters of alphabet that seed determines.
func letters(seed, alphabet string, n int) string {
	var out strings.Builder
	block := sha256.Sum256([]byte(seed + alphabet))
	for i := range n {
		if i > 0 && i%len(block) == 0 {
			block = sha256.Sum256(block[:])
		}
		out.WriteByte(alphabet[int(block[i%len(block)])%len(alphabet)])
	}
	return out.String()
}

// cardNumber completes a number of a card with its check digit (ISO/IEC 7812-1).
func cardNumber(digits string) string {
	number, sum := "4539"+digits, 0
	for i := range number {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return number + strconv.Itoa((10-sum%10)%10)
}

// grouped is a card number as it stands on the card.
func grouped(n string) string { return n[:4] + " " + n[4:8] + " " + n[8:12] + " " + n[12:] }
