package detect

import (
	"iter"
	"maps"
	"slices"
	"strings"
)

var ruleCommand = builtin("pw.command", Password, "manuals of curl, mysql, sshpass, psexec, redis-cli, ldapsearch, docker login")

// commands take a password behind a flag of one letter. What is attached
// (-psecret) counts where glued says so.
var commands = map[string]struct {
	flags string
	glued bool
	pair  string // what stands between user and password
	verb  string // the command must be this one: docker login
	words string // or behind this
}{
	"curl":              {flags: "uUE", pair: ":", words: " --proxy-user "},
	"wget":              {flags: "u", pair: ":"},
	"etcdctl":           {flags: "u", pair: ":"},
	"smbclient":         {flags: "U", pair: "%"},
	"rpcclient":         {flags: "U", pair: "%"},
	"lftp":              {flags: "u", pair: ",:"},
	"mysql":             {flags: "p", glued: true},
	"mariadb":           {flags: "p", glued: true},
	"mysqldump":         {flags: "p", glued: true},
	"mysqladmin":        {flags: "p", glued: true},
	"mysqlimport":       {flags: "p", glued: true},
	"mysqlcheck":        {flags: "p", glued: true},
	"mysqlshow":         {flags: "p", glued: true},
	"mongo":             {flags: "p"},
	"mongosh":           {flags: "p"},
	"mongodump":         {flags: "p"},
	"mongorestore":      {flags: "p"},
	"mongoexport":       {flags: "p"},
	"mongoimport":       {flags: "p"},
	"psexec":            {flags: "p"},
	"sshpass":           {flags: "p", glued: true},
	"docker":            {flags: "p", verb: "login"},
	"podman":            {flags: "p", verb: "login"},
	"helm":              {flags: "p", verb: "login"},
	"oras":              {flags: "p", verb: "login"},
	"az":                {flags: "p", verb: "login"},
	"cf":                {flags: "p", verb: "login"},
	"oc":                {flags: "p", verb: "login"},
	"redis-cli":         {flags: "a"},
	"rdesktop":          {flags: "p", glued: true},
	"xfreerdp":          {flags: "p", glued: true, words: " /p:"},
	"schtasks":          {words: " /rp "},
	"zip":               {flags: "P", glued: true},
	"unzip":             {flags: "P", glued: true},
	"rar":               {flags: "p", glued: true, words: " -hp"},
	"unrar":             {flags: "p", glued: true},
	"ldapsearch":        {flags: "w"},
	"ldapmodify":        {flags: "w"},
	"ldapadd":           {flags: "w"},
	"ldapdelete":        {flags: "w"},
	"ldapwhoami":        {flags: "w"},
	"ldapcompare":       {flags: "w"},
	"ldappasswd":        {flags: "wsa"},
	"sqlcmd":            {flags: "P", glued: true},
	"bcp":               {flags: "P", glued: true},
	"tsql":              {flags: "P"},
	"snowsql":           {flags: "p"},
	"cqlsh":             {flags: "p"},
	"cypher-shell":      {flags: "p"},
	"beeline":           {flags: "p"},
	"rabbitmqadmin":     {flags: "p"},
	"mosquitto_pub":     {flags: "P"},
	"mosquitto_sub":     {flags: "P"},
	"ipmitool":          {flags: "P"},
	"ncftpput":          {flags: "p"},
	"ncftpget":          {flags: "p"},
	"evil-winrm":        {flags: "p"},
	"crackmapexec":      {flags: "p"},
	"netexec":           {flags: "p"},
	"smbmap":            {flags: "p"},
	"snmpwalk":          {flags: "cAX"},
	"snmpget":           {flags: "cAX"},
	"snmpset":           {flags: "cAX"},
	"snmpbulkwalk":      {flags: "cAX"},
	"openssl":           {flags: "kK", verb: "enc"},
	"twine":             {flags: "p"},
	"codecov":           {flags: "t"},
	"chromatic":         {flags: "t"},
	"browserstacklocal": {flags: "k"},
}

// asks are commands that ask for the password if it is not attached to its flag.
var asks = wordSet("mysql mariadb mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow")

// maxCommand is how far behind its name a command is read.
const maxCommand = 300

// starter says what a word may start that is no key.
type starter uint16

const (
	startsFlags     starter = 1 << iota // a command with a flag for a password
	startsOperands                      // a command that takes one by its place
	startsPlace                         // another place of a secret
	startsVerb                          // a command of a protocol
	startsCall                          // a call that takes a secret by its place
	startsMethod                        // the same, by what stands behind a dot
	startsClient                        // a call that makes the client of a vendor
	startsDocument                      // a member that says what the others hold
	startsDiagnosis                     // a sentence about a diagnosis
	startsReceived                      // "your", behind a code
)

// starters is all words that start something.
var starters = func() map[string]starter {
	out := map[string]starter{"your": startsReceived}
	add := func(k starter, names iter.Seq[string]) {
		for name := range names {
			out[name] |= k
		}
	}
	add(startsFlags, maps.Keys(commands))
	add(startsOperands, maps.Keys(placements))
	add(startsPlace, slices.Values(otherPlaces[:]))
	add(startsVerb, slices.Values(verbNames[:]))
	add(startsCall, maps.Keys(calls))
	add(startsMethod, maps.Keys(holders))
	add(startsClient, maps.Keys(makers))
	add(startsDocument, maps.Keys(documents))
	add(startsDiagnosis, maps.Keys(diagnoses))
	return out
}()

// mayBeCommand tells whether the word text[i:end] may start what command finds
// something in.
func mayBeCommand(name, text string, i, end int) bool {
	k := starters[name]
	switch {
	case k&startsVerb != 0 && csUp.has(text[i]) && csUp.has(text[end-1]) && end+1 < len(text) && (text[end] == ' ' || text[end] == '"') && !csSpace.has(text[end+1]),
		mayBeCall(k, name, text, end), mayBePlaced(k, name, text, i, end):
		return true
	case k&startsDocument != 0:
		return i > 0 && text[i-1] == '"'
	case k&startsDiagnosis != 0:
		p, phrases := skipBlank(text, end), diagnoses[name]
		if name == "prescribed" {
			return doseEnd(text, p) > p
		}
		return isWord(text, p, phrases[0]) || isWord(text, p, phrases[len(phrases)-1])
	case k&startsReceived != 0:
		_, _, ok := codeBefore(text, i)
		return ok
	case k&startsFlags != 0:
		rest, words := text[end:min(len(text), end+maxCommand)], commands[name].words
		return nextFlag(rest) >= 0 || words != "" && strings.Contains(rest, words)
	}
	return false
}

// command looks at what a word starts that is no key.
func (sc *scan) command(name string, i int) {
	k := starters[name]
	switch {
	case sc.call(k, name, i+len(name)), sc.placed(k, name, i):
	case k&startsVerb != 0:
		if csUp.only(sc.text[i : i+len(name)]) {
			verbs[name](sc, i)
		}
	case k&startsDocument != 0:
		sc.document(documents[name], i, i+len(name))
	case k&startsDiagnosis != 0:
		sc.diagnosed(name, diagnoses[name], i+len(name))
	case k&startsReceived != 0:
		sc.received(i)
	case k&startsFlags != 0 && i >= sc.commanded:
		sc.flags(name, i)
	}
}

// flags looks at the flags of the command at i.
func (sc *scan) flags(name string, i int) {
	c := commands[name]
	text := sc.text
	end := i + len(name)
	limit := min(len(text), end+maxCommand)
	sc.commanded = end + 1
	if c.verb != "" && !strings.Contains(text[i:min(len(text), i+24)], " "+c.verb) {
		return
	}
	if c.words != "" {
		sc.worded(c.words, c.pair, end, limit)
	}
	p := end
	for p < limit {
		dash := nextFlag(text[p:limit])
		if dash < 0 || strings.ContainsAny(text[p:p+dash], ";|") {
			break
		}
		quoted := csQuote.has(text[p+dash]) // ["curl", "-u", "x"]
		p += dash + 2
		sc.steps += dash + 2
		if p >= limit {
			continue
		}
		start := p + 1
		if rest, ok := strings.CutPrefix(text[p:limit], "-user"); ok && c.pair != "" && rest != "" && (rest[0] == ' ' || rest[0] == '=') {
			start += len("-user") // --user
		} else if strings.IndexByte(c.flags, text[p]) < 0 {
			continue
		}
		switch {
		case start >= limit:
			return
		case quoted && csQuote.has(text[start]) && sc.byteAt(start+1) == ',':
			start = skipBlank(text, start+2)
		case quoted && c.glued:
			p = sc.credential(c.pair, start, max(start, min(limit, start+strings.IndexAny(text[start:limit]+`"`, `"'`))))
			continue
		case text[start] == ' ':
			start = skipBlank(text, start)
			if asks[name] && !guarded(blankless(text, start)) {
				continue
			}
		case text[start] == '=' && (!c.glued || c.pair != "" || csQuote.has(sc.byteAt(start+1))):
			start++
		case !c.glued && c.pair == "":
			continue
		}
		p = sc.credential(c.pair, start, limit)
	}
	sc.commanded = p
}

// nextFlag returns where the blank, line feed or quote stands before the next
// flag, or -1.
func nextFlag(text string) int {
	for i := 0; ; i++ {
		dash := strings.IndexByte(text[i:], '-')
		if dash < 0 {
			return -1
		}
		if i += dash; i > 0 && strings.IndexByte(" \n\"'", text[i-1]) >= 0 {
			return i - 1
		}
	}
}

// worded looks at the flag of more than a letter that takes a password.
func (sc *scan) worded(flag, pair string, p, limit int) {
	at := strings.Index(sc.text[p:limit], flag)
	sc.steps += limit - p
	if at >= 0 && !strings.ContainsAny(sc.text[p:p+at], ";|\n") {
		sc.credential(pair, p+at+len(flag), limit)
	}
}

// credential notes the password in the argument of a command at p, and returns
// where the argument ends. If a user stands before the password, and there is
// none, the user may be a token.
func (sc *scan) credential(pair string, p, limit int) int {
	text := sc.text
	start, stop := sc.operand(p, limit)
	from, to := start, stop
	if pair != "" {
		for to = start; to < stop && strings.IndexByte(pair, text[to]) < 0; to++ {
			to = max(to, markerAt(text, to)-1)
		}
		if to >= stop {
			return stop
		}
		if user := text[start:to]; stop-to <= 2 && strings.HasSuffix(user, "]") && markerAt(text, start) == to {
			return stop
		} else if stop-to <= 2 && len(user) >= 20 && mixed(user) && csTok.only(user) {
			sc.ahead(ruleCommand, start, to)
			return stop
		}
		from, to = to+1, stop
	}
	if value := text[from:to]; value != "" && !placeholder(value) && value[0] != '-' && value[0] != '/' && !(value[0] == '$' && code(value)) && !(csDigit.has(value[0]) && portPair(value)) {
		sc.ahead(ruleCommand, from, to)
	}
	return stop
}

// portPair tells whether value maps a port: -p 8080:80.
func portPair(value string) bool {
	return strings.IndexByte(value, ':') > 0 && (csDigit | csDot).only(strings.ReplaceAll(value, ":", ""))
}

// operand returns the bounds of the argument of a command line at p, without its
// quotes.
func (sc *scan) operand(p, limit int) (start, end int) {
	text := sc.text
	quote := byte(' ')
	if p+1 < limit && text[p] == '\\' && csQuote.has(text[p+1]) {
		p++ // in a string of JSON
	}
	if p < limit && (text[p] == '"' || text[p] == '\'') {
		quote = text[p]
		p++
	}
	end = p
	for end < limit && text[end] != quote && text[end] != '\n' && (quote != ' ' || text[end] != '"') {
		end++
	}
	sc.steps += end - p
	if end < limit && csQuote.has(text[end]) {
		end -= min(slashesBefore(text, end), end-p)
	}
	return p, end
}
