package scrub

import (
	"encoding/json"
	"strings"
	"testing"
)

// besides are texts in which a secret stands beside something that may be taken
// for a part of it, or hide it. Exactly what stands between ‹ and › goes. {+} is
// nothing, so that no scanner takes this file for a leak.
var besides = []string{
	// An escape of JSON before it.
	`{"msg":"err\n‹greta@posteo{+}.de›"}`,
	`{"msg":"err\t‹greta@posteo{+}.de›","n":1}`,
	`{"msg":"a\b‹greta@posteo{+}.de›"}`,
	`{"msg":"to\\‹ngreta@posteo{+}.de›"}`,
	`{"msg":"\r\n‹4111222{+}333444550›\r\n"}`,
	`{"msg":"\n‹DE8937040044{+}0532013000›\n"}`,
	`\n‹4111222{+}333444550›\n`,
	// Colours, raw and in JSON.
	"\x1b[36mk=\x1b[0m‹sk_{+}live_q7Zt4WkP9xLmB2vRn8YcD6hJ› \x1b[36mn=\x1b[0m1",
	"\x1b[36mk=\x1b[0m‹DE8937040044{+}0532013000›",
	"\x1b[36mk=\x1b[0m‹078-05-{+}1121›",
	"\x1b[36mk=\x1b[0m‹+49151{+}23456789›",
	"\x1b[36mk=\x1b[0m‹greta@posteo{+}.de›\x1b[0m",
	"\x1b[1;31m‹greta@posteo{+}.de›\x1b[0m",
	`{"msg":"\u001b[36m‹greta@posteo{+}.de›\u001b[0m"}`,
	`{"msg":"\u001b[36mk=\u001b[0m‹sk_{+}live_q7Zt4WkP9xLmB2vRn8YcD6hJ›"}`,
	`{"msg":"\u001b[36mpassword=\u001b[0m‹hunter{+}2x›"}`,
	// Escapes of an address.
	`q=%22‹4111222{+}333444550›%22`,
	`q=%3A‹4111222{+}333444550›%2C`,
	`q=card%20‹4111222{+}333444550›%20x`,
	// Signs that are none of ASCII.
	"api_key：‹q7Zt4WkP9xLm{+}B2vRn8YcD6hJs3FgT5aE›",
	"password：‹hunter{+}2x›",
	"卡号：‹4111222{+}333444550›，无效",
	"邮箱：‹greta@posteo{+}.de›",
	"‹greta@posteo{+}.de›登录失败",
	"‘‹greta@posteo{+}.de›’ unknown",
	"«‹greta@posteo{+}.de›» inconnu",
	"→‹078-05-{+}1121›←",
	// Blanks of an address.
	`?q=‹4111%20{+}2223%203344%204550›&n=1`,
	`?q=‹DE89%20{+}3704%200044%200532%200130%2000›&n=1`,
	`?q=‹NL91%20{+}ABNA%200417%201643%2000›&n=1`,
	`?q=‹NL91+ABNA{+}+0417+1643+00›&n=1`,
	`?address=‹12+Elm{+}+Street›&n=1`,
	`?address=‹12%20Elm{+}%20Street›&n=1`,
	`\n‹NL91 ABNA{+} 0417 1643 00›`,
	`\n‹274918365:{+}AAq7Zt4WkP9xLmB2vRn8YcD6hJs3FgT5aEu›`,
	// A key that would be taken for the end of the value before it.
	"diagnosis=‹E11.{+}9›\tn=\"metformin 500mg\"",
	"address: ‹12 Elm{+} Street›\tn: x9",
	// The commas of a hash.
	`?hash=‹$argon2id{+}$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21l$RdescudvJCsgt3ub+b27WRAbPQzTQKd3JQ›&n=1`,
	`password_hash: ‹$argon2id{+}$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21l$RdescudvJCsgt3ub+b27WRAbPQzTQKd3JQ›, next`,
	`h=%22‹$argon2id{+}$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21l$RdescudvJCsgt3ub+b27WRAbPQzTQKd3JQ›%22`,
	`hash=‹$2b$12${+}KIXQ7Zt4WkP9xLmB2vRn8uYcD6hJs3FgT5aEuQ1wXoKiVyMb0NdGa›,n=1`,
	`‹$argon2id{+}$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21l$RdescudvJCsgt3ub+b27WRAbPQzTQKd3JQ›,n: 1`,
	// What is no part of a number.
	`salary: ‹845{+}00›|x-api-version-name=1`,
	`expiry_date=‹09/{+}27›|x`,
	// An & of a password is none of a form.
	`password: ‹Tr0ub4{+}dor&3›`,
	`password=‹hunter{+}2x›&lang=de`,
	// A number in a path.
	`GET /Lookups/v1/PhoneNumbers/‹+14155{+}550132›`,
	`GET /users/‹+14155{+}550132›/messages 200`,
	// A number behind a name of another one.
	`sms_sent to=‹+14155{+}550132› status=ok`,
	`?from=‹+49151{+}23456789›&n=1`,
	// What a column is compared with.
	`select id from users where last_name like '‹Lindq{+}vist%›'`,
	`select id from users where password <> '‹hunter{+}2x›' and n=1`,
	`ENV secret ‹Kq7Zt{+}Wk9pp›`,
	// A capital that starts a word behind another one.
	`-DPasswort=‹Geheim{+}123›`,
}

// TestTwoKeys holds the values of both of two keys to go, with the key of the
// second between them.
func TestTwoKeys(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	one, two := "q7Zt4WkP9xLm"+"B2vRn8Yc", "Kq7Zt"+"Wk9pp"
	for _, format := range []string{
		"token: 1/secret: 2", `token=1/secret="2"`, "token=1&secret: 2", `token=1|root.password="2"`, `pass phrase: 1	api_key="2"`,
		`{"m":"token=1/secret=\"2\""}`, "passphrase=1\tsecret='2'",
		"where password in ('1','2')", "WHERE n=3 AND password IN ('1', '2') LIMIT 5", "where password not like '1' and secret <> '2'",
	} {
		text := strings.NewReplacer("1", one, "2", two).Replace(format)
		got := s.String(text)
		if strings.Contains(got, one) || strings.Contains(got, two) || strings.Count(got, "[REDACTED:") != 2 {
			t.Errorf("%s became %s", text, got)
		}
		if json.Valid([]byte(text)) && !json.Valid([]byte(got)) {
			t.Errorf("no JSON any more: %s", got)
		}
	}
}

// TestBeside holds each secret to be found alone and whole wherever it stands in
// the blocks of the scanner, and JSON to stay JSON.
func TestBeside(t *testing.T) {
	t.Parallel()
	var s *Scrubber
	for _, marked := range besides {
		marked = strings.ReplaceAll(marked, "{+}", "")
		before, rest, _ := strings.Cut(marked, "‹")
		secret, after, _ := strings.Cut(rest, "›")
		for n := range 130 {
			pad := strings.Repeat("\n", n)
			got := s.String(pad + before + secret + after)
			mask, _ := strings.CutPrefix(got, pad+before)
			mask, ok := strings.CutSuffix(mask, after)
			if !ok || !strings.HasPrefix(mask, "[REDACTED:") || strings.IndexByte(mask, ']') != len(mask)-1 {
				t.Errorf("behind %d bytes, %q became %q", n, before+secret+after, got[min(n, len(got)):])
				break
			}
			if json.Valid([]byte(before+secret+after)) && !json.Valid([]byte(got)) {
				t.Errorf("no JSON any more: %s", got)
			}
		}
	}
}
