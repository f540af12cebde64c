package scrub

import (
	"strings"
	"testing"
)

// TestLinear counts the work beyond the pass itself. Twice the text may cost
// twice as much and no more.
func TestLinear(t *testing.T) {
	t.Parallel()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	units := []string{
		"token ", "token=", "token:", "token = \"", "\"token\":\"", "password", "password is ", "api key ", "eyJ", "eyJ.", "eyJ-", "eyJhbGciOiJIUzI1NiJ9.", "1", "4111 ", "4111111111111111", "123-45-", "+1 ", "+", "(415) ",
		"@", "a@", "a@b.", "://", "://a:", "://a:b@", "a:b@tcp(", "$", "$2a$", "$2a$10$", "-----BEGIN PRIVATE KEY-----", "-----", "-----BEGIN ", "!", "00D!", "00DE0X0A0M0PeLE!", "%", "%40", "%3D", "\\", "\\\\\"", "\\u0022", "\\n", "{", "[", "<password>", "<password",
		"cookie: a=b; ", "cookie: ", "Authorization: Digest ", "Authorization: ", "Bearer ", "Basic ", "name=password,", "\"password\",", "key=", "key='", "key=\"", "\"\"\"password=\"\"\"", "-password ", "--password ", "AKIA", "ghp_", "xoxb-", "sk-", "hooks.slack.com/services/",
		`"password":{`, `"password":[`, `"password":{"`, `"password":{}`, `"key":{`, "IDENTIFIED BY ", "GRANT IDENTIFIED BY '", "USER IDENTIFIED ", "jdbc:oracle:a/b@", "jdbc:oracle:@", "bot123456:", "пароль", "пароль=", "密码：", "token a1B2", "cvv 1", "?token=", "email=", "exp=password=", "tel='",
		"DE89 3704 ", "DE89", "GB82WEST", "phone ", "phone 1", "ssn 123 ", "patient ", "diagnosis: ", "diagnosis: a ", "date of birth ", "[REDACTED:", "[REDACTED:auth.jwt]", "123456789:A", "NRAL", "AZDO", "a_", "a-", "A", "aA", "é", " ", "\n", "\t", "\x00",
	}
	steps := func(unit string, size int) int {
		sc := scan{s: s, text: strings.Repeat(unit, size/len(unit))}
		sc.run(0)
		return sc.steps
	}
	const small, large = 64 << 10, 1 << 20
	for _, unit := range units {
		a, b := steps(unit, small), steps(unit, large)
		if limit := large / small * (a + small) * 11 / 10; b > limit {
			t.Errorf("%q: %d steps for %d bytes, %d for %d", unit, a, small, b, large)
		}
		if a > 600*small {
			t.Errorf("%q: %d steps for %d bytes", unit, a, small)
		}
	}
}
