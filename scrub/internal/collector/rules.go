package collector

// patterns is what the Collector's redaction processor is told of the
// rules that are more than a prefix. A regular expression checks nothing: no
// check digit, no neighbours. So each is narrower than its rule, and replaces
// more. What this package has replaced already must not match.
var patterns = []struct{ rule, pattern string }{
	{"auth.jwt", `eyJ[0-9A-Za-z_-]{10,}\.[0-9A-Za-z_-]{8,}(?:\.[0-9A-Za-z_-]*){1,3}`},
	{"auth.pem", `(?s)-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----|\z)`},
	{"auth.bearer", `(?i)\bbearer +[0-9a-z._~+/-]{16,}=*`},
	{"auth.basic", `(?i)\bbasic +[0-9a-z+/]{8,}={1,2}`},
	{"auth.cookie", `(?i)\b(?:set-)?cookie: *[^\s\[][^\r\n]*`},
	{"auth.key", `(?i)(?:token|secret|api[_-]?key|access[_-]?key|private[_-]?key)["']?[:=] *["']?[0-9a-z._~+/=-]{16,}`},
	{"pw.key", `(?i)(?:password|passwd|passphrase|pwd)["']?[:=] *["']?[^\s"'\[{<*][^\s"'&,;]{3,}`},
	{"pw.url", `[A-Za-z][0-9A-Za-z+.-]*://[^\s/:@\[]*:[^\s@/\[][^\s@/]*@`},
	{"pw.hash", `\$(?:2[abxy]\$[0-9]{2}\$[./0-9A-Za-z]{53}|argon2(?:id|i|d)\$[^\s"']{20,}|[156]\$[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{22,86})`},
	{"financial.pan", `\b(?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|6(?:011|5[0-9]{2}))(?:[ -]?[0-9]{4}){3}\b|\b3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}\b`},
	{"financial.iban", `\b[A-Z]{2}[0-9]{2}(?: ?[0-9A-Z]{4}){3,7}(?: ?[0-9A-Z]{1,3})?\b`},
	{"pii.email", `[0-9A-Za-z._%+-]+@[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*\.[A-Za-z]{2,}`},
	{"pii.ssn", `\b[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}\b`},
	{"pii.phone", `\+[1-9][0-9]{0,2}[ .-]?\(?[0-9]{2,4}\)?(?:[ .-]?[0-9]{2,4}){2,4}\b`},
}

// keyRules is the keys that it is told of: the plain ones. Words that
// mean something else with another word before them (next_token, sort key) are
// left out, as a regular expression cannot except them; so are those that a
// semantic convention uses for something else (session.id).
var keyRules = []struct {
	rule string
	keys []string
}{
	{"pw.key", []string{"password", "passwd", "pwd", "passphrase", "passcode"}},
	{"auth.key", []string{
		"authorization", "access token", "refresh token", "id token", "auth token", "session token", "api token", "bearer token", "csrf token", "jwt",
		"api key", "access key", "secret key", "private key", "signing key", "encryption key", "client secret", "shared secret", "credentials", "otp",
	}},
	{"auth.cookie", []string{"cookie", "set cookie"}},
	{"financial.key", []string{
		"card number", "credit card", "cvv", "cvc", "csc", "card expiry", "iban", "account number", "routing number", "sort code", "salary", "income", "cardholder name",
	}},
	{"health.key", []string{
		"diagnosis", "icd 10", "symptoms", "allergies", "medication", "medications", "prescription", "blood type", "lab results", "pregnancy", "disability", "medical history",
		"patient name", "patient id", "medical record number", "mrn", "insurance number", "nhs number", "medicare number",
	}},
	{"pii.key", []string{
		"email", "email address", "phone", "phone number", "mobile number", "ssn", "social security number", "national id", "tax id", "passport number", "birth date", "date of birth", "dob",
		"first name", "last name", "full name", "maiden name", "home address", "street address", "driver license", "nationality", "religion", "gender",
	}},
}
