package canary

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
)

// Secret is a fake secret, and where it was planted.
type Secret struct {
	Place    string // where in the telemetry: "span event attribute"
	Category string // auth, password, financial, health, pii
	Form     string // how it is written there: "under its key", "in free text"

	needles []string // each gives the secret away
}

// Book makes secrets and remembers them. Each is made from its place and form
// alone, so that it is the same in every run and occurs nowhere else. They are
// put together here, since scanners of source code would rightly stumble over
// them. A Book is safe for concurrent use.
type Book struct {
	mu      sync.Mutex
	secrets []Secret
}

// Secrets returns what has been planted.
func (b *Book) Secrets() []Secret {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.secrets
}

// add notes a secret. Most of it gives it away as well: three quarters of a
// needle, from either end.
func (b *Book) add(place, category, form string, needles ...string) {
	for _, n := range needles {
		if most := len(n) * 3 / 4; most >= prefix {
			needles = append(needles, n[:most], n[len(n)-most:])
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.secrets = append(b.secrets, Secret{Place: place, Category: category, Form: form, needles: needles})
}

// source is a stream of letters and digits that a place and a form determine.
type source struct {
	seed [sha256.Size]byte
	next int
}

func seed(place, form string) *source {
	return &source{seed: sha256.Sum256([]byte(place + "\x00" + form))}
}

func (s *source) from(alphabet string, n int) string {
	var out strings.Builder
	for range n {
		if s.next == len(s.seed) {
			s.seed, s.next = sha256.Sum256(s.seed[:]), 0
		}
		out.WriteByte(alphabet[int(s.seed[s.next])%len(alphabet)])
		s.next++
	}
	return out.String()
}

const (
	digits = "0123456789"
	// Without vowels nothing spells a word that a rule may know.
	small   = "bcdfghjkmnpqrstvwxz"
	capital = "BCDFGHJKMNPQRSTVWXZ"
)

// word is a value that looks like nothing: only its key tells that it is
// sensitive.
func (b *Book) word(place, category, key string) string {
	w := seed(place, "key "+key).from(small, 14)
	b.add(place, category, "under the key "+key, w)
	return w
}

// jwt is a JSON web token, RFC 7519.
func (b *Book) jwt(place, form string) string {
	s := seed(place, form)
	part := base64.RawURLEncoding.EncodeToString
	payload := part(fmt.Appendf(nil, `{"sub":%q,"iat":1516239022}`, s.from(small, 12)))
	signature := s.from(small+capital+digits, 43)
	b.add(place, "auth", form, payload, signature)
	return part([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + payload + "." + signature
}

// opaque is a token without a form of its own.
func (b *Book) opaque(place, form string) string {
	t := mixed(seed(place, form), 32)
	b.add(place, "auth", form, t)
	return t
}

// password is one as password managers make them.
func (b *Book) password(place, form string) string {
	p := mixed(seed(place, form), 16)
	b.add(place, "password", form, p)
	return p
}

// mixed has n letters of both cases and digits in turn.
func mixed(s *source, n int) string {
	var out strings.Builder
	for out.Len() < n {
		out.WriteString(s.from(capital, 1) + s.from(digits, 1) + s.from(small, 2))
	}
	return out.String()[:n]
}

// card is the number of a Visa card, with its check digit (ISO/IEC 7812-1).
func (b *Book) card(place, form string) int64 {
	n := "4539" + seed(place, form).from(digits, 11)
	sum := 0
	for i := range n {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	n += strconv.Itoa((10 - sum%10) % 10)
	number, _ := strconv.ParseInt(n, 10, 64) // 16 digits fit
	b.add(place, "financial", form, n, grouped(n), n[:1]+"."+strings.TrimRight(n[1:], "0"),
		string(binary.AppendUvarint(nil, uint64(number))), // as protobuf has an int64
		string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(float64(number)))))
	return number
}

// grouped is a card number as it stands on the card.
func grouped(n string) string { return n[:4] + " " + n[4:8] + " " + n[8:12] + " " + n[12:] }

// record is the number of a patient's record.
func (b *Book) record(place, form string) string {
	s := seed(place, form)
	n := s.from(capital, 3) + s.from(digits, 8)
	b.add(place, "health", form, n)
	return n
}

// mail is an address. Its first part gives it away.
func (b *Book) mail(place, form string) string {
	name := seed(place, form).from(small, 12)
	b.add(place, "pii", form, name)
	return name + "@" + "mail.example.org"
}
