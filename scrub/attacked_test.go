package scrub

import (
	"strings"
	"testing"

	"go.opentelemetry.io/otel/attribute"
)

// attacked are texts that kept a secret once; what stands between « and » must
// go. A key may stand before =>, as of an attribute.
var attacked = []string{
	// What names a secret as a value is no key of the next.
	`{"access_token":"«ya29x-kX9-opaque-77zz»","token_type":"Bearer","refresh_token":"«1xZq-refresh-kk99LpQ»","expiry":"x"}`,
	`{"event":"change_password","old_password":"«hunter2-zebra»"}`, `{'event': 'password', 'new_password': '«hunter2-zebra»'}`, `{"event"=>"password", "new_password"=>"«hunter2-zebra»"}`,
	`["password","«hunter2-zebra»"]`, `{"type":"password","value":"«hunter2-zebra»"}`, `{"name":"password","type":"string","value":"«hunter2-zebra»"}`, `{"k":"password","v":"«hunter2-zebra»"}`,
	// Values as Go prints them.
	`url.Values{"password":[]string{"«hunter2-zebra»"}}`, `http.Header{"X-Api-Key":[]string{"«kX9-opaque-77zz»", "«kX8-opaque-66zz»"}}`, `map[password:[a «SECOND»]]`, `map[api_key:[kX9-opaque-77zz «SECOND»] n:1]`, `Password:(*string)(0xc000012340)("«hunter2-zebra»")`, `Password: (string) (len=13) "«hunter2-zebra»"`,
	// JSON says as much as an attribute.
	`{"secret":"«kestrelmoon»"}`, `{"api_key":"«kestrelmoon»"}`, `{"access_token":"«kestrelmoon»"}`, `{"private_key":"«kestrelmoon»"}`, `{"authorization":"«kestrelmoon»"}`, `{"token":"«123456»"}`, `{"token":«123456»}`, `{"tokens":["«kX9-opaque-77zz»"]}`, `{"secret":"«changeme»"}`,
	// Statements in texts.
	"INSERT INTO users (name,password) VALUES ('alice','«hunter2-zebra»')", "pq: INSERT INTO users (name,ssn) VALUES ('alice','«078051120»')", "[rows:1] INSERT INTO `users` (`name`,`password`) VALUES (\"alice\",\"«hunter2-zebra»\")",
	`sql=> INSERT INTO users (name,password) VALUES ('al,ice','«hunter2-zebra»'), ('bob','«o''hara99»')`, "insert into users (password, name) values ('«hunter2, zebra»', 'x')",
	// Phones that are announced.
	"phone=«+55 11 91234-5678»", "phone=(«11) 91234-5678»", "Tel.: «030/901820123»", "Telefon: «030 / 90 18 20»",
	// Colours of a terminal.
	"\x1b[36mpassword\x1b[0m=«hunter2-zebra»", "\x1b[36mtoken=\x1b[0m«kX9-opaque-77zz»", "\x1b[1;36mapi_key\x1b[0m: \x1b[33m«kX9-opaque-77zz»\x1b[0m", "\x1b[90m10:23AM\x1b[0m \x1b[32mINF\x1b[0m login \x1b[36mpassword=\x1b[0m«hunter2-zebra» x=1",
	// Keys of more than one.
	"private_key_pem=> «MIIEp»", "recovery_codes=> «1234-5678»", "backup_codes=> «1234-5678»", "medical_condition=> «flu»", "took 5 ms, card «4111111111111111»",
	// Fields that are asked for twice.
	"password1=> «hunter2-zebra»", "newPassword1=> «hunter2-zebra»", "token1=> «abc»", "ssn1=> «078051120»", "email1=> «ada»", "phone2=> «5551234»", "apiKey2=> «abc»", "password2=«hunter2-zebra»", `{"password1":"«hunter2-zebra»"}`,
	// An encoded sign belongs to the value.
	"q=1&password=«p%26Zq9secret»", "a=1&password=«p%22Zq9secret»&b=2", "/x?password=«p%3DZq9+secret»&b=2", `?filter=%7B%22password%22%3A%22«pw99»%22%7D`,
	// A piece of the value behind a mask.
	"password=> «***hunter2»", "password=> «<hunter2>»", "password=> «${hunter2»", "ssn=> ***-**-«1120»", "first_name=> «***Ada»", "password=> «none»", "password=> «true»",
	// No marker of ours hides what follows its opening.
	"[REDACTED:password=«hunter2-zebra»",
}

func TestAttacked(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	for _, line := range attacked {
		key, text, ok := strings.Cut(line, "=> ")
		if !ok || strings.ContainsAny(key, " \"") {
			key, text = "", line
		}
		plain := strings.NewReplacer("«", "", "»", "").Replace(text)
		out := s.String(plain)
		if key != "" {
			out = s.KeyValue(attribute.String(key, plain)).Value.AsString()
		}
		for rest := text; ; {
			_, after, more := strings.Cut(rest, "«")
			if !more {
				break
			}
			secret, next, _ := strings.Cut(after, "»")
			if strings.Contains(out, secret) {
				t.Errorf("%q stays in %s %q", secret, key, out)
			}
			rest = next
		}
		if again := s.String(out); key == "" && again != out {
			t.Errorf("not idempotent: %q %q", out, again)
		}
	}
}

// spared are texts and attributes that lost something once and must not.
var spared = []string{
	`{"token_type":"Bearer","expires_in":3599}`, `{"kind":"Secret","apiVersion":"v1"}`, `"eventName":"GetSecretValue","requestParameters":{}`, `"grant_type":"password","client_id":"web"`, `{"field":"password","message":"too short"}`,
	`{"required":["email","password","first_name"]}`, `{"missing":["password","email"],"code":422}`, "token_type=Bearer expires_in=3600", "auth=Bearer user_id=12345", "token created_at=2026-01-01", "secret rotated_at=2026-01-01",
	`{"token":"expired"}`, `{"token":null,"secret":true}`, "type User { password: String! token: String! }", `{"password":{"type":"string"},"email":{"type":"string"}}`, `{"token":12}`, `map[status:[200 OK]]`,
	"credentials=> none", "INSERT INTO users (name,password) VALUES (?,?)", "INSERT INTO users (name,password) VALUES ($1, $2)", "INSERT INTO users (name,password) SELECT a, b FROM c", "phone=ios 12 2026-01-01", "mobile=ios",
	"--- PASS: TestLogin (0.01s)", "PASS: 12/12", "condition=> ready", "symptom=> latency", "project_key=> JIRA", "race=gt3", "took 6215109154277740 ns",
	"\x1b[36mlevel\x1b[0m=info \x1b[36mpassword_length\x1b[0m=12 \x1b[1mtoken\x1b[0m expired",
	"refresh_token=[REDACTED:auth.key] caller=2026-01-01T00:00:00Z",
	"oauth2=> enabled", "sha256=> abc", "md5=> abc", "ipv4=> 10.0.0.1", "utf8=> on", "base64=> x", "eth0=> up", "s3=> x", "ec2=> x", "x509=> x", "route53=> x", "k8s=> x", "p99=> 12", "h2=> x", "auth0=> x",
	"password=> ***", "password=> [REDACTED]", "password=> <redacted>", "password=> ${DB_PASSWORD}", "password=> %s", "password=> null", "password=> {{ .x }}",
}

func TestSpared(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	for _, line := range spared {
		key, text, ok := strings.Cut(line, "=> ")
		if !ok || strings.ContainsAny(key, " \"") {
			key, text = "", line
		}
		out := s.String(text)
		if key != "" {
			out = s.KeyValue(attribute.String(key, text)).Value.AsString()
		}
		if out != text {
			t.Errorf("changed %s %q to %q", key, text, out)
		}
	}
}
