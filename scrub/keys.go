package scrub

import (
	"hash/maphash"
	"strings"
	"sync/atomic"
)

// keyVerdict is what a key says of its value before the value is read.
type keyVerdict struct {
	rule  *Rule // not nil: the value is sensitive whatever it is
	allow bool  // the value passes unread
	sql   bool  // the value is an SQL statement
}

var (
	keyAuth      = builtin("auth.key", Auth, "held under a key of an authorization token")
	keyPassword  = builtin("password.key", Password, "held under a key of a password")
	keyFinancial = builtin("financial.key", Financial, "held under a key of financial data")
	keyHealth    = builtin("health.key", Health, "held under a key of health data")
	keyPII       = builtin("pii.key", PII, "held under a key of personal data")
)

// cacheSlots bounds the memory of a Scrubber: keys that share a slot push
// each other out.
const cacheSlots = 4096

type keyCache [cacheSlots]atomic.Pointer[cachedKey]

type cachedKey struct {
	key     string
	verdict keyVerdict
}

var keySeed = maphash.MakeSeed()

// verdict returns what key says of its value. Keys repeat, so verdicts are
// kept.
func (s *Scrubber) verdict(key string) keyVerdict {
	slot := &s.cache[maphash.String(keySeed, key)%cacheSlots]
	if c := slot.Load(); c != nil && c.key == key {
		return c.verdict
	}
	v := s.judge(key)
	slot.Store(&cachedKey{key: strings.Clone(key), verdict: v})
	return v
}

func (s *Scrubber) judge(key string) keyVerdict {
	if s.allowKeys[key] {
		return keyVerdict{allow: true}
	}
	for _, e := range s.extra {
		for _, k := range e.keys {
			if k == key {
				return keyVerdict{rule: e.rule}
			}
		}
	}
	v := keyVerdict{rule: keyRule(words(key)), sql: key == "db.query.text" || key == "db.statement"}
	if v.rule != nil && s.off[v.rule.Category] {
		v.rule = nil
	}
	return v
}

// words splits a key into its lower-case words: dbPassword2 → db password 2.
func words(key string) []string {
	var out []string
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, strings.ToLower(key[start:end]))
			start = -1
		}
	}
	for i := 0; i < len(key); i++ {
		c := key[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 0x80, c >= '0' && c <= '9':
			if start < 0 {
				start = i
			}
		case c >= 'A' && c <= 'Z':
			lower := i > 0 && key[i-1] >= 'a' && key[i-1] <= 'z'
			hump := i > 0 && i+1 < len(key) && key[i-1] >= 'A' && key[i-1] <= 'Z' && key[i+1] >= 'a' && key[i+1] <= 'z'
			if lower || hump {
				flush(i)
			}
			if start < 0 {
				start = i
			}
		default:
			flush(i)
		}
	}
	flush(len(key))
	return out
}

var keyPhrases = map[string]*Rule{
	"authorization": keyAuth, "token": keyAuth, "apikey": keyAuth, "api key": keyAuth, "secret": keyPassword,
	"secret key": keyAuth, "private key": keyAuth, "client secret": keyAuth, "cookie": keyAuth, "jwt": keyAuth, "credentials": keyAuth,
	"password": keyPassword, "passwd": keyPassword, "pwd": keyPassword, "pass": keyPassword, "passphrase": keyPassword, "pin": keyPassword,
	"card number": keyFinancial, "cvv": keyFinancial, "cvc": keyFinancial, "iban": keyFinancial, "account number": keyFinancial,
	"diagnosis": keyHealth, "mrn": keyHealth, "medication": keyHealth,
	"email": keyPII, "ssn": keyPII, "phone": keyPII, "phone number": keyPII, "national id": keyPII, "full name": keyPII,
}

func keyRule(w []string) *Rule {
	if len(w) == 0 {
		return nil
	}
	if len(w) > 1 {
		if r := keyPhrases[w[len(w)-2]+" "+w[len(w)-1]]; r != nil {
			return r
		}
	}
	return keyPhrases[w[len(w)-1]]
}
