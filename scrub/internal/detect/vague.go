package detect

import "strings"

// vague are keys of attributes that may mean anything, and when their value
// shows that they mean nothing sensitive.
var vague = map[string]func(value string) bool{
	"pass":       func(v string) bool { return len(v) <= 3 && csDigit.only(v) },
	"sid":        small,
	"sig":        small,
	"session":    small,
	"mobile":     fewer(5),
	"cell":       fewer(5),
	"cc":         cardless,
	"card":       cardless,
	"tarjeta":    cardless,
	"cep":        fewer(5),
	"psc":        fewer(5),
	"plz":        fewer(4),
	"born":       fewer(6),
	"pan":        fewer(8),
	"tin":        fewer(8),
	"treatment":  func(v string) bool { return folded(trialGroups, v) },
	"gender":     func(v string) bool { return v == "neuter" || v == "common" }, // of a noun
	"swift":      func(v string) bool { return !bic(strings.ReplaceAll(v, " ", "")) },
	"race":       func(v string) bool { return digits(v) > 0 },
	"pwd":        func(v string) bool { return pathLike(v) || v != "" && v[0] == '/' && csLow.only(v[1:]) },
	"session id": small,
	"sessionid":  small,
	"vin":        func(v string) bool { return len(v) < 8 },
	"pin":        func(v string) bool { return len(v) <= 2 && csDigit.only(v) },
	"pin number": func(v string) bool { return len(v) <= 2 && csDigit.only(v) },

	"credentials": pathLike,
	"full name":   func(v string) bool { return strings.IndexByte(v, '/') > 0 && strings.IndexByte(v, ' ') < 0 }, // of a repository
	"latitude":    nowhere, "longitude": nowhere,

	"dsn":               func(v string) bool { return !strings.ContainsAny(v, "@:=;") || openURL(v) },
	"connection string": openURL, "database url": openURL, "redis url": openURL, "amqp url": openURL, "broker url": openURL,
	"mongo uri": openURL, "mongodb uri": openURL, "webhook url": openHook,

	"condition":  func(v string) bool { return !ill(v) },
	"conditions": func(v string) bool { return !ill(v) },
	"symptom":    func(v string) bool { return !ill(v) },
}

func init() { //nolint:gochecknoinits // many keys that are alike
	for key := range wordSet("mobil mob gsm portable callee telp tlf movil") {
		vague[key] = fewer(7)
	}
	for _, key := range [...]string{"to number", "from number"} {
		vague[key] = fewer(7)
	}
	for _, key := range [...]string{"fname", "lname", "imie", "titular", "mother name", "birth name", "holder name", "guest name", "child name", "preferred name", "student name"} {
		vague[key] = nameless
	}
}

// fewer returns a test that tells of what has fewer than n digits.
func fewer(n int) func(string) bool {
	return func(value string) bool { return digits(value) < n }
}

// singleKeys are keys of one number that may be of an object, too, whose members
// say themselves what they are.
var singleKeys = wordSet("card cc tarjeta")

// trialGroups are the groups of an experiment.
var trialGroups = wordSet("control treatment variant baseline holdout a b on off default")

// ordinaryOf returns the test of vague for a key of these words, nil if the
// key says enough.
func ordinaryOf(w []string) func(string) bool {
	n := len(w)
	if n == 0 || hasAny(w[:n-1], healthWords) {
		return nil
	}
	for k := max(0, n-maxPhrase); k < n-1; k++ {
		last := strings.Join(w[k:], " ")
		if _, ok := phrases[last]; ok {
			return vague[last]
		}
	}
	return vague[w[n-1]]
}

// cardless tells that value is no number of a card.
func cardless(value string) bool {
	return digits(value) < 12 || !(csDigit | csSpace | csDash | csDot).only(value)
}

// nameless tells that value is no name of a person, which starts with a capital
// and is nothing but letters.
func nameless(value string) bool {
	if value == "" || csLow.has(value[0]) {
		return true
	}
	for i := range len(value) {
		c := value[i]
		if !csLetter.has(c) && c < 0x80 && c != ' ' && c != '-' && c != '\'' && (c != '.' || i+1 < len(value) && value[i+1] != ' ') {
			return true
		}
	}
	return false
}

// nowhere tells whether value is the place of a device that does not know its own.
func nowhere(value string) bool { return strings.Trim(value, "-0.") == "" }

// small tells whether value is a small number or a short word, and no token.
func small(value string) bool {
	return len(value) < 10 && (csDigit.only(value) || csLetter.only(value))
}
