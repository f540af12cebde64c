package canary

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
)

// keys is a sensitive key of each category, under which any value is.
var keys = []struct{ category, key string }{
	{"auth", "access_token"},
	{"password", "password"},
	{"financial", "account_number"},
	{"health", "diagnosis"},
	{"pii", "full_name"},
}

// keyed returns attributes whose keys, and nothing else, say that they are
// sensitive.
func (b *Book) keyed(place string) []attribute.KeyValue {
	out := make([]attribute.KeyValue, len(keys))
	for i, k := range keys {
		out[i] = attribute.String(k.key, b.word(place, k.category, k.key))
	}
	return out
}

// text returns a sentence with a secret of each category, as programs write
// them into messages.
func (b *Book) text(place string) string {
	const form = "in free text"
	return fmt.Sprintf("call with %s failed: password=%s, card %d, mrn=%s, asked by %s",
		b.jwt(place, form), b.password(place, form), b.card(place, form), b.record(place, form), b.mail(place, form))
}

// short returns texts with a secret each, for places that hold one only.
func (b *Book) short(place string) map[string]string {
	const form = "as the value"
	return map[string]string{"jwt": b.jwt(place, form), "card": grouped(strconv.FormatInt(b.card(place, form), 10)), "mail": b.mail(place, form)}
}

// attributes returns attributes of every type and form, under keys that say
// nothing and keys that say it all.
func (b *Book) attributes(place string) []attribute.KeyValue {
	kvs := b.keyed(place)
	kvs = append(kvs, attribute.String("note", b.text(place)))
	for _, f := range forms {
		kvs = append(kvs, attribute.String(f.key, f.text(b, place, f.name)))
	}
	return append(kvs, b.containers(place)...)
}

// containers returns attributes whose secrets are not in a string, or are deep
// inside of something.
func (b *Book) containers(place string) []attribute.KeyValue {
	in := func(form string) string { return place + ", " + form }
	return []attribute.KeyValue{
		attribute.Bool("seen "+b.mail(place, "in a key"), true),
		attribute.Map("by_mail", attribute.Int(b.mail(place, "in a key of a map"), 1)),
		attribute.Int64("reference", b.card(place, "as an int64")),
		attribute.Float64("amount_reference", float64(b.card(place, "as a float64"))),
		attribute.Int64Slice("references", []int64{7, b.card(place, "in a list of int64")}),
		attribute.StringSlice("notes", []string{"ok", "token " + b.jwt(place, "in a list of strings")}),
		attribute.StringSlice("headers", []string{
			"Accept: */*",
			"Authorization: Bearer " + b.opaque(place, "in a list of headers"),
			"Cookie: sid=" + b.opaque(place, "in a cookie in a list of headers"),
		}),
		attribute.StringSlice("http.request.header.authorization", []string{"Bearer " + b.opaque(place, "under a header's own key")}),
		attribute.ByteSlice("body", []byte(b.text(in("bytes")))),
		attribute.Map("inside", append([]attribute.KeyValue{
			attribute.String("note", b.text(in("map"))),
			attribute.Map("deeper", append(b.keyed(in("map in a map")),
				attribute.Slice("list", attribute.StringValue(b.text(in("list in a map in a map"))), attribute.MapValue(b.keyed(in("map in a list"))...)))...),
		}, b.keyed(in("map"))...)...),
		attribute.Slice("list", attribute.IntValue(1), attribute.StringValue(b.text(in("list"))), attribute.ByteSliceValue([]byte(b.text(in("bytes in a list"))))),
		attribute.Slice("header_pairs", attribute.StringSliceValue([]string{"Accept", "*/*"}), attribute.StringSliceValue([]string{"X-Api-Key", b.opaque(place, "in a list of pairs")})),
		attribute.Map("pair", attribute.String("name", "password"), attribute.String("value", b.word(place, "password", "name=password in a pair"))),
	}
}

// forms is how secrets are written inside a string.
var forms = []struct {
	name, key string
	text      func(b *Book, place, form string) string
}{
	{"in JSON", "payload", func(b *Book, place, form string) string {
		return fmt.Sprintf(`{"user":{"password":%q,"email":%q},"card_number":"%d","ok":true}`, b.password(place, form), b.mail(place, form), b.card(place, form))
	}},
	{"in JSON inside JSON", "envelope", func(b *Book, place, form string) string {
		inner := fmt.Sprintf(`{"client_secret":%q,"diagnosis":%q}`, b.opaque(place, form), b.record(place, form))
		outer, _ := json.Marshal(map[string]string{"body": inner}) // strings always marshal
		return string(outer)
	}},
	{"in a query string", "target", func(b *Book, place, form string) string {
		return "https://api.example.org/v1/orders?page=2&access_token=" + b.opaque(place, form) + "&email=" + url.QueryEscape(b.mail(place, form)) + "&sort=asc"
	}},
	{"in a form body", "form", func(b *Book, place, form string) string {
		return url.Values{
			"login":    {"yes"},
			"password": {b.password(place, form)},
			"email":    {b.mail(place, form)},
		}.Encode()
	}},
	{"in a DSN", "store", func(b *Book, place, form string) string {
		return "postgres://shop:" + b.password(place, form) + "@db.internal:5432/shop?sslmode=require"
	}},
	{"in a DSN of key=value pairs", "legacy_store", func(b *Book, place, form string) string {
		return "Server=db.internal;Database=shop;User Id=shop;Pwd=" + b.password(place, form) + ";"
	}},
	{"in userinfo", "url.full", func(b *Book, place, form string) string {
		return "https://shop:" + b.password(place, form) + "@api.example.org/v1"
	}},
	{"in a list of name and value pairs", "fields", func(b *Book, place, form string) string {
		return fmt.Sprintf(`[{"name":"city","value":"Ghent"},{"name":"password","value":%q}]`, b.password(place, form))
	}},
	{"in an Authorization header", "request", func(b *Book, place, form string) string {
		return "GET /v1 HTTP/1.1 Authorization: Bearer " + b.opaque(place, form)
	}},
	{"in a Basic header", "call", func(b *Book, place, form string) string {
		// The canary unpacks base64, so the password is what gives it away.
		return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("shop:"+b.password(place, form)))
	}},
	{"in a Set-Cookie header", "answer", func(b *Book, place, form string) string {
		return "Set-Cookie: session=" + b.opaque(place, form) + "; Path=/; HttpOnly"
	}},
	{"as an argument", "started", func(b *Book, place, form string) string {
		return "migrate --user shop --password " + b.password(place, form) + " --verbose"
	}},
	{"in SQL", "db.query.text", func(b *Book, place, form string) string {
		return "SELECT id FROM users WHERE email = '" + b.mail(place, form) + "' AND active"
	}},
	{"in a private key", "certificate", func(b *Book, place, form string) string {
		key := mixed(seed(place, form), 64)
		b.add(place, "auth", form, key)
		return "-----BEGIN " + "PRIVATE KEY-----\n" + key + "\n" + mixed(seed(place, form+"2"), 64) + "\n-----END " + "PRIVATE KEY-----\n"
	}},
}
