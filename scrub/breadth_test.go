package scrub

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// sampled is a value of some kind and the key it is held under.
type sampled struct{ key, value string }

// carriers are the ways in which a line may hold a keyed value: K is the key,
// V the value. All but the value must come out as it went in.
var carriers = []string{
	"K=V", "K: V", "K: \"V\"", "K=\"V\" status=200", "level=info K=V status=200", `{"K":"V"}`, `{"id":7,"K":"V","status":"ok"}`, `{"K": "V", "next": 1}`, `{\"K\":\"V\",\"n\":1}`,
	"user updated: K=V, status=ok", "name: web\nK: V\nreplicas: 3", "<K>V</K>", "<a><K>V</K><b>1</b></a>", "K='V'", "{'K': 'V'}", "map[K:V n:1]", "K = V", "INSERT failed (K=V)", "K -> V",
	`{"name":"K","value":"V"}`, "K=V; path=/", "{K:V, N:1}", "got K: V.", "K=V\nnext line",
}

// fill replaces the signs of a pattern: 9 is a digit, A a capital; in runs of two
// or more, a is a small letter, x anything of these, h a hexadecimal digit.
func fill(r *rand.Rand, pattern string) string {
	sets := map[byte]string{'9': "0123456789", 'A': "ABCDEFGHJKLMNPQRSTUVWXYZ", 'a': "abcdefghijklmnopqrstuvwxyz", 'x': "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 'h': "0123456789abcdef"}
	out := []byte(pattern)
	for i, c := range out {
		if set := sets[c]; set != "" && (c == '9' || c == 'A' || i > 0 && pattern[i-1] == c || i+1 < len(pattern) && pattern[i+1] == c) {
			out[i] = set[r.IntN(len(set))]
		}
	}
	return string(out)
}

// TestKeyed holds the value of each sensitive key, in each carrier, to be
// replaced whole, and nothing else with it.
func TestKeyed(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	r := rand.New(rand.NewPCG(1, 2))
	for _, x := range keyedSamples {
		for range 5 {
			value := fill(r, x.value)
			for _, c := range carriers {
				if strings.Contains(value, " ") && strings.Contains(c, "map[") || strings.Contains(value, ", ") && !strings.ContainsAny(c, `"'<`) {
					continue // nobody can tell where such a value ends
				}
				text := strings.NewReplacer("K", x.key, "V", value).Replace(c)
				before, after, _ := strings.Cut(text, value)
				if got := s.String(text); strings.Contains(got, value) || !strings.HasPrefix(got, before+"[REDACTED:") || !strings.HasSuffix(got, "]"+after) {
					t.Errorf("%q\nto %q", text, got)
				}
			}
		}
	}
}

var keyedSamples = []sampled{
	{"email", "a.aaaa@aaaaaa.com"},
	{"user_email", "aaaa+aa@aaa-aaa.co.uk"},
	{"emailAddress", "AAAA99@aaaa.org"},
	{"phone", "+1 415 555 0199"},
	{"phone_number", "(415) 555-0199"},
	{"mobile", "0917 123 4599"},
	{"phoneNumber", "415-555-9999"},
	{"phone", "4155559999"},
	{"tel", "+49 30 9999999"},
	{"fax", "020 7946 0999"},
	{"mobile_phone", "+44 (0)20 7946 0999"},
	{"ssn", "123-45-9999"},
	{"ssn", "123459999"},
	{"customer_ssn", "123 45 9999"},
	{"social_security_number", "123.45.9999"},
	{"national_id", "AA 12 34 99 B"},
	{"national_id", "999999-9999999"},
	{"national_id", "Z9999999M"},
	{"nationalId", "9999 9999 9999"},
	{"national_id", "999 999 999"},
	{"national_id", "999999Y999X"},
	{"nino", "AA999999A"},
	{"aadhaar", "2999 9999 9999"},
	{"aadhaar_number", "299999999999"},
	{"cpf", "999.999.999-99"},
	{"cnpj", "99.999.999/9999-99"},
	{"pesel", "99999999999"},
	{"dni", "99999999K"},
	{"nie", "X9999999L"},
	{"codice_fiscale", "AAAAAA99A99A999A"},
	{"curp", "AAAA999999HAAAAA99"},
	{"bsn", "999999999"},
	{"nric", "S9999999A"},
	{"personnummer", "999999-9999"},
	{"hetu", "999999-999A"},
	{"hkid", "A999999(9)"},
	{"tax_id", "99-9999999"},
	{"tax_id", "DE999999999"},
	{"tax_id", "99AAAAA9999A9Z9"},
	{"itin", "999-79-9999"},
	{"vat_number", "GB999999999"},
	{"tin", "999-999-999-000"},
	{"passport_number", "A9999999"},
	{"passport", "999999999"},
	{"passportNo", "AAA999999"},
	{"drivers_license", "A999-9999-9999"},
	{"driver_license", "AA999999A"},
	{"drivers_license", "99-99-999999-99"},
	{"license_plate", "AAA-9999"},
	{"birth_date", "1980-01-19"},
	{"dob", "01/19/1980"},
	{"date_of_birth", "19.01.1980"},
	{"birthDate", "1980-01-19T00:00:00Z"},
	{"dob", "19 January 1980"},
	{"birthday", "Jan 19, 1980"},
	{"first_name", "Aaaaaa"},
	{"last_name", "Aaaaaa"},
	{"full_name", "Aaaaa Aaaaaa"},
	{"firstName", "Aaaaaa"},
	{"lastName", "Mc Aaaaa"},
	{"customer_name", "Aaaa A. Aaaaaa"},
	{"surname", "Aaaaaa"},
	{"maiden_name", "Aaaaaa"},
	{"mothers_maiden_name", "Aaaaaa"},
	{"home_address", "99 Aaaa Street, Aaaaaa"},
	{"street_address", "99 Aaaaaa Ave"},
	{"street", "99 Aaaaaa Ave"},
	{"billing_address", "99 Aaaaaa Ave"},
	{"address_line_1", "99 Aaaaaa Ave"},
	{"zip_code", "99999"},
	{"postal_code", "A9A 9A9"},
	{"zip", "99999-9999"},
	{"latitude", "59.999999"},
	{"longitude", "-122.999999"},
	{"gender", "female"},
	{"religion", "catholic"},
	{"nationality", "french"},
	{"ethnicity", "hispanic"},
	{"marital_status", "divorced"},
	{"sexual_orientation", "bisexual"},
	{"political_affiliation", "democrat"},
	{"mac_address", "00:1a:2b:3c:4d:5e"},
	{"imei", "999999999999999"},
	{"vin", "1HGCM82633A999999"},
	{"device_mac", "00-1A-2B-3C-4D-5E"},
	{"card_number", "4012 8888 8888 1881"},
	{"cardNumber", "4012888888881881"},
	{"pan", "4012888888881881"},
	{"cvv", "999"},
	{"cvc", "9999"},
	{"card_cvv", "999"},
	{"expiry", "12/29"},
	{"card_expiry", "12/2029"},
	{"exp_month", "12"},
	{"cardholder", "Aaaa Aaaaaa"},
	{"cardholder_name", "AAAA AAAAA"},
	{"iban", "DE99 9999 9999 9999 9999 99"},
	{"iban", "GB99AAAA99999999999999"},
	{"bic", "DEUTDEFF999"},
	{"swift_code", "AAAAUS9AXXX"},
	{"account_number", "999999999999"},
	{"bank_account", "99-9999-9999999-99"},
	{"routing_number", "999999999"},
	{"sort_code", "99-99-99"},
	{"salary", "99999"},
	{"salary", "99999.00"},
	{"salary", "$99,999"},
	{"annual_income", "125000"},
	{"credit_score", "799"},
	{"wallet_address", "0xhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"},
	{"account_balance", "9999.99"},
	{"track2", "4012888888881881=29121019999"},
	{"diagnosis", "type 2 diabetes"},
	{"diagnosis", "E11.9"},
	{"icd10", "E11.9"},
	{"icd_code", "J45.909"},
	{"condition_code", "asthma"},
	{"symptoms", "chest pain"},
	{"allergies", "penicillin"},
	{"allergy", "peanuts"},
	{"medication", "metformin 500mg"},
	{"medications", "lisinopril"},
	{"prescription", "amoxicillin 250 mg"},
	{"dosage", "10mg twice daily"},
	{"treatment", "chemotherapy"},
	{"vaccine", "influenza"},
	{"blood_type", "O+"},
	{"blood_type", "AB-"},
	{"lab_result", "positive"},
	{"lab_results", "HbA1c 7.9%"},
	{"hiv_status", "positive"},
	{"disability", "hearing loss"},
	{"disability_status", "yes"},
	{"blood_pressure", "120/80"},
	{"medical_record_number", "MRN-999999"},
	{"mrn", "9999999"},
	{"patient_id", "P-999999"},
	{"patient_name", "Aaaa Aaaaaa"},
	{"insurance_number", "A999999999"},
	{"health_insurance_number", "9AA9-AA9-AA99"},
	{"member_id", "AAA999999999"},
	{"mbi", "1EG4-TE5-MK79"},
	{"medicare_number", "9999 99999 9"},
	{"nhs_number", "999 999 9999"},
	{"npi", "9999999999"},
	{"dea_number", "AA9999999"},
	{"genetic_data", "BRCA1 positive"},
	{"biometric", "fp-xxxxxxxx"},
	{"mental_health", "depression"},
	{"medical_history", "asthma and eczema"},
	{"token", "xxxxxxxxxxxxxxxxxxxxxxxx"},
	{"access_token", "xxxxxxxxxxxxxxxxxxxxxxxx"},
	{"api_key", "hhhhhhhhhhhhhhhhhhhhhhhh"},
	{"client_secret", "xxxxxxxxxx-xxxxxxxx"},
	{"apiKey", "xxxxxxxxxxxxxxxx"},
	{"session_id", "hhhhhhhhhhhhhhhhhhhhhhhh"},
	{"csrf_token", "xxxxxxxxxxxxxxxxxxxxxxxx"},
	{"otp", "999999"},
	{"private_key", "xxxxxxxxxxxxxxxxxxxxxxxx"},
	{"secret", "xxxxxxxxxxxx"},
	{"signature", "hhhhhhhhhhhhhhhhhhhhhhhh"},
	{"refresh_token", "xxxx.xxxxxxxx-xxxxxxxx_xxxx"},
	{"encryption_key", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx="},
	{"auth_token", "xxxxxxxxxxxxxxxxxxxxxxxx"},
	{"recovery_code", "xxxx-xxxx-xxxx"},
	{"password", "aaaaaaaa"},
	{"password", "aaaaAAAA99!"},
	{"passwd", "xxxxxx!9"},
	{"pwd", "P@ss9999"},
	{"db_password", "xxxxxx#xx"},
	{"passphrase", "correct horse battery staple"},
	{"pin", "9999"},
	{"pin", "999999"},
	{"passcode", "999999"},
	{"pass", "xxxxxxxx9"},
	{"userPassword", "summer2024"},
	{"ROOT_PASSWORD", "xxxxxx$xx"},
	{"security_answer", "fluffy"},
}
