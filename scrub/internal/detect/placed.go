package detect

import "strings"

// placements are commands that take a secret by its place: the words behind the
// name, and which argument behind them is the secret.
var placements = map[string][]struct {
	verb string
	at   int
}{
	"rabbitmqctl":    {{" add_user", 2}, {" change_password", 2}, {" authenticate_user", 2}},
	"htpasswd":       {{" ", 3}},
	"wpa_passphrase": {{" ", 2}},
	"wandb":          {{" login", 1}},
	"snyk":           {{" auth", 1}},
	"shodan":         {{" init", 1}},
	"cloudflared":    {{" service install", 1}},
	"b2":             {{" authorize-account", 2}, {" authorize_account", 2}, {" account authorize", 2}},
	"mc":             {{" alias set", 4}, {" config host add", 4}},
	"doveadm":        {{" auth test", 2}, {" auth login", 2}},
	"ansible":        {{"-vault encrypt_string ", 1}},
	"snmp":           {{"-server community ", 1}},
	"tacacs":         {{"-server key ", 1}},
	"radius":         {{"-server key ", 1}, {"-server host ", 3}},
	"net":            {{" use", 0}, {" user", 2}},
}

// piped are commands that read a secret from the pipe that echo writes to.
var piped = [...]string{"sudo -S", "chpasswd", "passwd --stdin", "--password-stdin", "--passphrase-fd", "cryptsetup ", "kinit", "--with-token", "gcloud secrets ", "smbpasswd ", "--data-file=-", "openssl passwd"}

// mayBePlaced tells whether the word text[i:end] may start what placed looks at.
func mayBePlaced(k starter, name, text string, i, end int) bool {
	if k&(startsOperands|startsPlace) == 0 {
		return false
	}
	rest := text[end:min(len(text), end+maxCommand)]
	if args, ok := placements[name]; ok {
		for _, a := range args {
			if strings.HasPrefix(rest, a.verb) {
				return true
			}
		}
		return false
	}
	switch name {
	case "echo", "printf":
		return strings.Contains(rest, "|")
	case "securestring":
		return converts(text, i, end) || typedValue(text, end) > end
	case "wifi":
		return strings.HasPrefix(rest, ":")
	case "pgpass":
		return text[i-min(i, 1)] == '.'
	case "duplicate":
		return strings.HasPrefix(rest, duplicateEntry)
	case "key":
		return strings.HasPrefix(rest, " (")
	case "keyvault":
		return strings.HasPrefix(rest, " secret set ")
	case "setvariable":
		return strings.HasPrefix(rest, " ") && strings.IndexByte(rest, ']') > 0
	}
	return false
}

// otherPlaces are words besides the names of placements that stand by a secret.
var otherPlaces = [...]string{"echo", "printf", "securestring", "wifi", "pgpass", "duplicate", "key", "keyvault", "setvariable"}

// placed looks at what has a place of its own behind the word at i, and reports
// whether the word is one of those.
func (sc *scan) placed(k starter, name string, i int) bool {
	end := i + len(name)
	if !mayBePlaced(k, name, sc.text, i, end) {
		return false
	}
	if _, ok := placements[name]; ok {
		sc.operands(name, end)
		return true
	}
	switch name {
	case "echo", "printf":
		sc.echo(end)
	case "securestring":
		sc.secureString(i, end)
	case "wifi":
		sc.wifi(end)
	case "pgpass":
		sc.passFile(i)
	case "duplicate":
		sc.duplicate(end)
	case "key":
		sc.conflict(end)
	case "keyvault": // az keyvault secret set --name x --value y
		sc.worded(" --value ", "", end, min(len(sc.text), end+maxCommand))
	case "setvariable":
		sc.setVariable(end)
	default:
		return false
	}
	return true
}

// setVariable looks at the variable of Azure Pipelines that is set behind p, and is
// no key: ##vso[task.setvariable variable=x;issecret=true]y.
func (sc *scan) setVariable(p int) {
	limit := min(len(sc.text), p+maxCommand)
	inside := upTo(sc.text, p, maxCommand, "]\n")
	sc.steps += len(inside)
	end := p + len(inside)
	sc.keyed = max(sc.keyed, end)
	if sc.byteAt(end) == ']' && strings.Contains(strings.ToLower(inside), "issecret=true") {
		sc.credential("", end+1, limit)
	}
}

// operands looks at the arguments behind a command of placements.
func (sc *scan) operands(name string, p int) {
	text := sc.text
	for _, place := range placements[name] {
		rest, ok := strings.CutPrefix(text[p:], place.verb)
		if !ok || rest == "" || rest[0] != ' ' && !strings.HasSuffix(place.verb, " ") {
			continue
		}
		q := len(text) - len(rest)
		limit := min(len(text), q+maxCommand)
		share, batch := false, name != "htpasswd"
		for n := 1; n < 9; {
			q = skipBlank(text, q)
			if q >= limit || strings.IndexByte("\n|;<>&", text[q]) >= 0 {
				return
			}
			start, end := sc.operand(q, limit)
			q = end + start - q
			value := text[start:end]
			switch {
			case value == "":
				return
			case !batch: // htpasswd -b file user password, without a file to standard output
				if value[0] != '-' || strings.IndexByte(value, 'b') < 0 {
					return
				}
				batch = true
				n += strings.Count(value, "n")
				continue
			case place.verb == " use":
				if share && value[0] != '/' && value[0] != '*' {
					sc.operandFound(start, end)
					return
				}
				share = share || strings.HasPrefix(value, `\\`)
			case value[0] == '-' || name == "net" && value[0] == '/':
				continue
			case n == place.at:
				sc.operandFound(start, end)
				return
			}
			n++
		}
	}
}

// operandFound notes the argument of a command, unless it stands for something.
func (sc *scan) operandFound(start, end int) {
	if value := sc.text[start:end]; len(value) > 2 && !placeholder(value) && value[0] != '*' && value[0] != '/' {
		sc.ahead(ruleCommand, start, end)
	}
}

// echo looks at what echo writes to a command of piped.
func (sc *scan) echo(p int) {
	text := sc.text
	line := upTo(text, p, maxCommand, "\n")
	sc.steps += len(line)
	bar := strings.IndexByte(line, '|')
	if bar < 0 {
		return
	}
	sink := ""
	for _, name := range piped {
		if strings.Contains(line[bar:], name) {
			sink = name
			break
		}
	}
	if sink == "" {
		return
	}
	q := skipBlank(text, p)
	for q < p+bar && text[q] == '-' {
		q = skipBlank(text, q+len(wordOf(text[q:])))
	}
	start, end := sc.operand(q, p+bar)
	value := strings.TrimSuffix(strings.TrimRight(text[start:end], " "), `\n`)
	end = start + len(value)
	if sink == "chpasswd" {
		colon := strings.IndexByte(value, ':')
		if colon < 0 {
			return
		}
		start += colon + 1
	}
	sc.operandFound(start, end)
}

// converts tells whether text[i:end] ends the name of ConvertTo-SecureString.
func converts(text string, i, end int) bool {
	return strings.HasPrefix(text[end:], " ") && endsFold(text[:i], "ConvertTo-")
}

// typedValue returns where the name of the member ends that holds a value, behind
// its type, which ends at p: "Type":"SecureString","Value":"x". It is p if there is
// none.
func typedValue(text string, p int) int {
	if q := memberAt(text, p); q > p && isWord(text, q, "Value") {
		return q + len("Value")
	}
	return p
}

// secureString looks at the text that ConvertTo-SecureString is given, or at the
// parameter of that type of AWS, whose name is text[i:p].
func (sc *scan) secureString(i, p int) {
	text := sc.text
	if !converts(text, i, p) {
		var a assignment
		if sc.namedValue(&a, typedValue(text, p)) && !placeholder(text[a.start:a.end]) {
			sc.found(keyPassword, a.start, sc.whole(&a))
		}
		return
	}
	limit := min(len(text), p+maxCommand)
	for range 4 {
		p = skipBlank(text, p)
		if p >= limit || strings.IndexByte("$(|\n)", text[p]) >= 0 {
			return
		}
		if text[p] == '-' {
			p += len(wordOf(text[p:]))
			continue
		}
		start, end := sc.operand(p, limit)
		sc.operandFound(start, end)
		return
	}
}

// wifi looks at the field of the password in WIFI:S:name;T:WPA;P:x;;, as codes
// that phones read hold it.
func (sc *scan) wifi(p int) {
	text := sc.text
	line := text[p:min(len(text), p+maxCommand)]
	sc.steps += len(line)
	at := strings.Index(line, ";P:")
	if strings.HasPrefix(line, ":P:") {
		at = 0
	}
	if at < 0 || !strings.Contains(line, "S:") {
		return
	}
	start := p + at + len(";P:")
	end := start
	for end < len(text) && end-start < 64 && text[end] != ';' && text[end] != '"' && text[end] != '\n' {
		if text[end] == '\\' {
			end++
		}
		end++
	}
	sc.operandFound(start, min(end, len(text)))
}

// passFile looks at the row of a password file of PostgreSQL that is written on
// the line of its name, which starts at i.
func (sc *scan) passFile(i int) {
	start := sc.rowStart(i)
	line := sc.text[start:i]
	quote := strings.IndexAny(line, `"'`)
	sc.steps += len(line)
	if quote >= 0 {
		start += quote + 1
		if n := strings.IndexByte(sc.text[start:i], line[quote]); n >= 0 {
			sc.passRow(start, start+n)
		}
		return
	}
	if _, row, ok := strings.Cut(line, "echo "); ok {
		sc.passRow(i-len(row), i-len(row)+len(wordOf(row)))
	}
}

// rowStart returns where the line starts that i is on.
func (sc *scan) rowStart(i int) int {
	low := max(sc.done, i-maxCommand)
	return low + strings.LastIndexByte(sc.text[low:i], '\n') + 1
}

// passRow notes the password of host:port:database:user:password. PostgreSQL
// documentation, section 34.16.
func (sc *scan) passRow(start, end int) {
	fields := strings.SplitN(sc.text[start:end], ":", 5)
	sc.steps += end - start
	if len(fields) != 5 || fields[1] != "*" && !(csDigit.only(fields[1]) && len(fields[1]) >= 4) {
		return
	}
	for _, f := range fields[:4] {
		if f == "" || strings.ContainsAny(f, " \t/") {
			return
		}
	}
	if password := fields[4]; password != "" && !placeholder(password) && strings.IndexByte(password, ' ') < 0 {
		sc.ahead(ruleCommand, end-len(password), end)
	}
}
