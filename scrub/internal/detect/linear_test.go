package detect

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestLinear counts the work beyond the pass itself. Twice the text may cost
// twice as much and no more. The texts are what a detector stops at, again and
// again, from 64 KiB to 1 MiB; then pairs of these, and each trigger.
func TestLinear(t *testing.T) {
	t.Parallel()
	f := New(Config{Rules: builtins})
	units := []string{
		"token ", "token=", "token:", "token = \"", "\"token\":\"", "password", "password is ", "api key ", "eyJ", "eyJ.", "eyJ-", "eyJhbGciOiJIUzI1NiJ9.", "1", "4111 ", "4111111111111111", "123-45-", "+1 ", "+", "(415) ",
		"@", "a@", "a@b.", "://", "://a:", "://a:b@", "a:b@tcp(", "$", "$2a$", "$2a$10$", "-----BEGIN PRIVATE KEY-----", "-----", "-----BEGIN ", "!", "00D!", "00DE0X0A0M0PeLE!", "%", "%40", "%3D", "\\", "\\\\\"", "\\u0022", "\\n", "{", "[", "<password>", "<password",
		"cookie: a=b; ", "cookie: ", "Authorization: Digest ", "Authorization: ", "Bearer ", "Basic ", "name=password,", "\"password\",", "key=", "key='", "key=\"", "\"\"\"password=\"\"\"", "-password ", "--password ", "AKIA", "ghp_", "xoxb-", "sk-", "hooks.slack.com/services/",
		`"password":{`, `"password":[`, `"password":{"`, `"password":{}`, `"key":{`, "IDENTIFIED BY ", "GRANT IDENTIFIED BY '", "USER IDENTIFIED ", "jdbc:oracle:a/b@", "jdbc:oracle:@", "bot123456:", "пароль", "пароль=", "密码：", "token a1B2", "cvv 1", "?token=", "email=", "exp=password=", "tel='",
		"DE89 3704 ", "DE89", "GB82WEST", "phone ", "phone 1", "ssn 123 ", "patient ", "diagnosis: ", "diagnosis: a ", "date of birth ", "[REDACTED:", "[REDACTED:auth.jwt]", "123456789:A", "NRAL", "AZDO", "a_", "a-", "A", "aA", "é", " ", "\n", "\t", "\x00",
		"insert into a (", "INSERT INTO a (password) VALUES (", "INSERT INTO a (password) VALUES ('x'), ", "password IN ('x', ",
		"login(\"u\", ", "connect(", "net use x ", "echo x | sudo -S ", "| password | x |", "password: |\n", "password:\n  ", "ENV API_KEY x\n", "NM1*IL*1*", "PID|1|", "BEGIN:VCARD\n", "P<UTO", "{1:F01", "dni 1", "suffers from ",
	}
	detectors := len(units)
	steps := func(unit string, size int) int {
		sc := scan{f: f, text: strings.Repeat(unit, size/len(unit))}
		sc.run(0)
		return sc.steps
	}
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		units = append(units, units[r.IntN(len(units))]+units[r.IntN(len(units))])
	}
	units = append(units, "Cookie:", "Set-Cookie:", "patient.nhs_number=>", `{"password">`, `{"password":{`, `{\"token\":{`, "sk_live_", "rk_live_", "shippo_live_", "live_reload_")
	check := func(t *testing.T, unit string, sizes ...int) {
		t.Helper()
		a := steps(unit, sizes[0])
		for i, large := range sizes[1:] {
			small, b := sizes[i], steps(unit, large)
			if limit := large / small * (a + 16*small); a < 0 || a > 64 && b < a || b > limit {
				t.Errorf("%q: %d steps for %d bytes, %d for %d", unit, a, small, b, large)
			}
			if b > maxSteps(large)+4*maxValue*128 {
				t.Errorf("%q: %d steps for %d bytes", unit, b, large)
			}
			a = b
		}
	}
	sizes := []int{64 << 10, 1 << 20}
	if raceEnabled {
		sizes[1] = 128 << 10 // the race detector finds nothing in counting
	}
	for _, unit := range units[:detectors] {
		check(t, unit, sizes...)
	}
	for _, unit := range units[detectors:] {
		check(t, unit, 32<<10, 64<<10)
	}
	seps := []string{"", "=", ":", "=>", "\">", "\":{", "=\"", " ", "\",\""}
	for half := range 2 {
		t.Run(fmt.Sprint("triggers", half), func(t *testing.T) {
			t.Parallel()
			for i, tr := range f.dict.all {
				if tr.form != &discordForm && i%2 == half && (!raceEnabled || i%20 < 2) {
					check(t, tr.text+seps[i%len(seps)], 20<<10, 40<<10)
				}
			}
		})
	}
}

// TestStepsBound holds that what takes too much work is not passed on.
func TestStepsBound(t *testing.T) {
	t.Parallel()
	got := scrubbed(New(Config{Rules: builtins}), strings.Repeat("Cookie:é", 64<<10))
	if !strings.HasSuffix(got, Bound.Marker) || !utf8.ValidString(got) {
		t.Errorf("a text that takes too much work ends in %q", got[len(got)-40:])
	}
}

// TestRunSlots holds that no two sets take turns in one slot.
func TestRunSlots(t *testing.T) {
	t.Parallel()
	sets := map[charset]bool{}
	for _, r := range builtins {
		for _, f := range r.forms {
			sets[f.set] = true
		}
	}
	for _, g := range signatures {
		sets[g.set] = true
	}
	if others := 6; len(sets)+others > runSlots {
		t.Errorf("%d sets, %d slots", len(sets), runSlots)
	}
}
