package detect

import "strings"

// calls are functions and constructors that take a secret by its place, and
// which argument it is.
var calls = map[string]int{
	"login": 2, "authenticate": 2, "basic": 2, "httpbasic": 2, "basicauth": 2, "ftp_login": 3, "imap_open": 3, "ldap_bind": 3,
	"plainauth": 3, "mysqli": 3, "mysqli_connect": 3, "mysql_connect": 3, "pdo": 3, "getconnection": 3, "directoryentry": 3,
	"passwordauthentication": 2, "usernamepasswordcredentials": 2, "usernamepasswordauthenticationtoken": 2,
	"basicawscredentials": 2, "newstaticcredentials": 2, "newstaticcredentialsprovider": 2, "newstaticv4": 2,
	"createhmac": 2, "hash_hmac": 3, "fernet": 1, "createcipheriv": 2, "createdecipheriv": 2, "plaincredentials": 2, "sequelize": 3, "create_user": 3,
	"pbekeyspec": 1, "secretkeyspec": 1, "cookieparser": 1, "password_verify": 1, "bearer_auth": 1, "bearerauth": 1,
	"credentials": 4, "clientsecretcredential": 3, "storagesharedkeycredential": 2, "sharedkeycredential": 2, "newsharedkeycredential": 2, "azurekeycredential": 1,
}

// methods are calls whose name says too little without that before it.
var methods = map[string]int{
	"jwt.sign": 2, "jwt.encode": 2, "jwt.decode": 2, "jwt.verify": 2, "hmac.new": 1, "bcrypt.hash": 1, "bcrypt.hashsync": 1, "bcrypt.compare": 1, "bcrypt.comparesync": 1,
	"bcrypt.hashpw": 1, "bcrypt.checkpw": 1, "bcrypt.generatefrompassword": 1,
}

// method returns which argument of the method behind the word that ends at end
// is the secret, and where the arguments start. It is 0 if it is none of
// methods.
func method(name, text string, end int) (at, args int) {
	if end >= len(text) || text[end] != '.' {
		return 0, 0
	}
	p := end + 1
	for p < len(text) && p-end < 24 && csLetter.has(text[p]) {
		p++
	}
	if p >= len(text) || text[p] != '(' || len(name)+p-end > 32 {
		return 0, 0
	}
	var low [32]byte
	n := copy(low[:], name)
	for i := end; i < p; i++ {
		low[n] = text[i] | 0x20
		n++
	}
	low[len(name)] = '.'
	return methods[string(low[:n])], p + 1
}

// holders are the words before the methods.
var holders = wordSet("jwt hmac bcrypt")

// makers are vendors whose clients are made of a key without a prefix; what is
// called besides the name itself.
var makers = wordSet(`algoliasearch algolia amplitude analytics bugsnag cohere deepgram deepl ipinfo linebot logtail lyricsgenius mailjet mandrill messagebird mistral mistralclient mixpanel newrelic opentok pagerduty plivo postmark qiniu recurly
	rollbar shodan sparkpost spotifyclientcredentials streamchat tinify todoistapi tweepy twilio iamauthenticator telegramclient binance applitools elevenlabs assemblyai honeybadger
	wandb ably dropbox github gitlab genius influxdb cosmosclient ghostadminapi appcenter`)

// making are the last words of such calls.
var making = wordSet(`new init start client clientv2 newclient newrestclient create configure config configlicense load setup login connect apiconnect auth handler gethandler restclient serverclient accountclient oauthhandler translator getinstance realtime rest setapikey`)

// maxCall is how far the literals of a call are looked for.
const maxCall = 256

// wordy tells that value is made of words and nothing else.
func wordy(value string) bool { return (csLetter | csDash | csUnder | csDot).only(value) }

// mayBeCall tells whether a call may follow the word that ends at end.
func mayBeCall(k starter, name, text string, end int) bool {
	if k&(startsCall|startsMethod|startsClient) == 0 || end >= len(text) {
		return false
	}
	if start := end - len(name); k&startsCall != 0 {
		if start > 0 && text[start-1] == '_' {
			return false
		}
		return arguments(text, end) > end
	}
	if k&startsMethod != 0 {
		at, _ := method(name, text, end)
		return at > 0
	}
	return callee(text, end) > 0
}

// arguments returns where those of the call stand whose name ends at end, or end.
func arguments(text string, end int) int {
	for _, open := range [...]string{"(", "->__construct("} { // the latter of PHP
		if strings.HasPrefix(text[end:], open) {
			return end + len(open)
		}
	}
	return end
}

// callee returns where the arguments start of what is called by the word that
// ends at end and others behind it: amplitude.getInstance().init(. It is 0 if
// that makes no client.
func callee(text string, end int) int {
	p, last := end, end
	for limit := min(len(text), end+48); p < limit; p++ {
		switch c := text[p]; {
		case c == '.' || c == ':':
			last = p + 1
		case c == '(' && !strings.HasPrefix(text[p:], "()."):
			if last == end || folded(making, text[last:p]) || folded(makers, text[last:p]) {
				return p + 1
			}
			return 0
		case c == '(' || c == ')' || csWord.has(c):
		default:
			return 0
		}
	}
	return 0
}

// call looks at the literals of a call of name, which ends at end, and reports
// whether there is one.
func (sc *scan) call(k starter, name string, end int) bool {
	text := sc.text
	if !mayBeCall(k, name, text, end) {
		return false
	}
	at, args := method(name, text, end)
	if calls[name] > 0 {
		at, args = calls[name], arguments(text, end)
	}
	if at > 0 {
		start, stop := sc.literal(args, at)
		value := text[start:stop]
		if stop > start && strings.IndexByte(value, ' ') < 0 && len(value) > 2 && !placeholder(value) && (at == 3 || holders[name] || !wordy(value)) && !code(value) && value[0] != '$' && value[0] != '<' && !folded(benignValues, value) && !strings.Contains(value, "://") {
			sc.ahead(keyPassword, start, stop)
		}
		sc.keyed = max(sc.keyed, stop) // "password" is no key there
		return stop > start
	}
	sc.made(callee(text, end))
	return true
}

// made notes the last literal of the call whose arguments start at p that looks
// like a token. Those before are ids.
func (sc *scan) made(p int) {
	text := sc.text
	from, to := 0, 0
	for limit, depth := min(len(text), p+maxCall), 0; p < limit && depth >= 0 && text[p] != ';' && text[p] != '\n'; p++ {
		sc.steps++
		switch c := text[p]; {
		case csQuote.has(c):
			end := sc.quoteEnd(c, 0, p+1)
			if markerAt(text, p+1) >= end && end > p+1 {
				return
			}
			if tokenLike(text[p+1 : end]) {
				from, to = p+1, end
			}
			p = end
		case c == '(' || c == '{' || c == '[':
			depth++
		case c == ')' || c == '}' || c == ']':
			depth--
		}
	}
	sc.ahead(keyAuth, from, to)
}

// argumentName tells whether the sign at p says that an argument has a name, and no place:
// login(password="x"), login(password: "x").
func argumentName(text string, p int) bool {
	return text[p] == '=' && p+1 < len(text) && text[p+1] != '=' && text[p+1] != '>' || text[p] == ':' && csWord.has(text[p-1]) && p+1 < len(text) && text[p+1] == ' '
}

// literal returns the bounds of the argument at p that is the nth, if that is a
// literal and none before has a name.
func (sc *scan) literal(p, nth int) (start, end int) {
	text := sc.text
	limit := min(len(text), p+maxCall)
	depth := 0
	for n := 1; p < limit; {
		q := skipSpace(text, p)
		if q < limit && n == nth && depth == 0 {
			q = unwrapped(text, q)
		}
		if q < limit && n == nth && depth == 0 && q+1 < limit && (text[q] == 'r' || text[q] == 'b' || text[q] == 'u' || text[q] == '@') && csQuote.has(text[q+1]) {
			q++
		}
		slashes := min(slashesAt(text, q), 8)
		if q+slashes < limit && csQuote.has(text[q+slashes]) {
			start = q + slashes + 1
			end = sc.quoteEnd(text[start-1], slashes, start)
			if n == nth && depth == 0 {
				return start, end
			}
			p = end + slashes + 1
			continue
		}
		switch p = q; {
		case p >= limit, depth == 0 && argumentName(text, p):
			return 0, 0
		case text[p] == '(' || text[p] == '[' || text[p] == '{':
			depth++
		case text[p] == ')' || text[p] == ']' || text[p] == '}':
			if depth--; depth < 0 {
				return 0, 0
			}
		case text[p] == ',' && depth == 0:
			n++
			if n > nth {
				return 0, 0
			}
		case text[p] == ';' || text[p] == '\n':
			return 0, 0
		}
		sc.steps++
		p++
	}
	return 0, 0
}
