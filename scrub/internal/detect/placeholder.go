package detect

import "strings"

// placeholder tells that value stands for a secret that is not there: a
// mask, a variable, a verb of a format, nothing.
func placeholder(value string) bool {
	if value == "" {
		return true
	}
	if inside, ok := strings.CutPrefix(value, "${"); ok && csAlnum.only(inside) && guarded(inside) && !standIn(inside) {
		return false // ${hunter2
	}
	switch value[0] {
	case '$':
		if len(value) > 1 && (value[1] == '{' || value[1] == '(' || (csUp|csUnder|csDigit).only(value[1:]) && csUp.has(value[1]) || variable(value)) {
			return true
		}
	case '\'', '"':
		if n := len(value); n > 4 && value[1] == '$' && value[n-1] == value[0] { // "'$X'"
			return placeholder(value[1 : n-1])
		}
	case '{':
		if strings.HasPrefix(value, "{{") && strings.HasSuffix(value, "}}") || len(value) == 1 || value[len(value)-1] == '}' || value[1] == '"' {
			return true
		}
	case '<':
		if value[len(value)-1] == '>' || strings.HasPrefix(value, "<nil") || strings.HasPrefix(value, "<%") {
			return true
		}
	case '%':
		if len(value) <= 3 || value[len(value)-1] == '%' && csWord.only(value[1:len(value)-1]) {
			return true // %s, %DB_PASSWORD%
		}
	case '[', '(':
		if strings.HasPrefix(value, "[REDACTED") || stand(value) {
			return true
		}
	case '?', '*', 'x', 'X', '.', '-', '_', '#':
		if strings.HasPrefix(value, "#{") || strings.Count(value, value[:1]) == len(value) && (len(value) > 2 || !csLetter.has(value[0])) {
			return true
		}
	}
	if pointer(value) {
		return true
	}
	if len(value) <= 9 {
		switch strings.ToLower(value) {
		case "null", "nil", "none", "true", "false", "undefined", "nan", "redacted", "filtered", "<empty>", "<none>", "n/a":
			return true
		}
	}
	if noLog[value] || fillIn(value) {
		return true
	}
	return strings.HasPrefix(value, "***") && classes(strings.Trim(value, "*"))&csAlnum == 0 || strings.HasPrefix(value, "***") && stand("<"+strings.Trim(value, "*")+">")
}

// noLog is what Ansible prints for what is not to be logged.
var noLog = wordSet(`NOT_LOGGING_PASSWORD VALUE_SPECIFIED_IN_NO_LOG_PARAMETER`)

// fillIn tells whether value is a name in capitals between two marks that a
// deployment fills in: __TOKEN__, @@TOKEN@@.
func fillIn(value string) bool {
	if len(value) < 6 || len(value) > 64 || value[0] != '_' && value[0] != '@' || value[1] != value[0] || value[len(value)-2:] != value[:2] {
		return false
	}
	return csUp.has(value[2]) && (csUp | csUnder | csDigit).only(value[2:len(value)-2])
}

// stores are where pointer looks for a secret by its name.
var stores = wordSet("env file fd vault ssm secretsmanager awssm sm op keyring keychain kv azurekeyvault gcpsm secretref sops")

// pointer tells whether value says where the secret is kept: env:PGPASSWORD,
// vault:secret/data/x#key, op://vault/item/field.
func pointer(value string) bool {
	n := strings.IndexByte(value[:min(len(value), 16)], ':')
	if n < 2 || len(value) > maxCode || !stores[value[:n]] || len(value) < n+2 {
		return false
	}
	name := value[n+1:]
	return (csUp|csUnder|csDigit).only(name) && csUp.has(name[0]) || value[:n] == "fd" && csDigit.only(name) ||
		strings.IndexByte(name, '/') >= 0 && changes(name)*2 < len(name)
}

// variable tells whether value is a variable of a shell that is named like a
// secret: $db_password.
func variable(value string) bool {
	if len(value) > 64 || !csWord.only(value[1:]) || strings.IndexByte(value, '_') < 0 {
		return false
	}
	return standIn(value)
}

// standIn tells whether a name says what it stands for.
func standIn(name string) bool {
	for _, w := range [...]string{"pass", "pwd", "secret", "token", "key"} {
		if strings.Contains(name, w) {
			return true
		}
	}
	return false
}

// Settled tells that a value under a key of rule r needs no mask any more.
func (f *Finder) Settled(r *Rule, text string) bool {
	if text == "" || f.AllowValues[text] || markerAt(text, 0) == len(text) || stand(text) || noLog[text] || fillIn(text) {
		return true
	}
	if len(text) > len("unspecified") {
		return false
	}
	switch r.Category {
	case Password:
		return false
	case Health:
		return folded(statusValues, text)
	default:
		return folded(without, text)
	}
}

// without says that there is none, or is a flag: no secret but that of a careless
// user is called so.
var without = wordSet(`none true false missing unset unknown undefined unavailable absent empty unspecified`)

// stand tells whether all of text stands for a value that is not there. What
// only starts so may go on with a piece of the value: ***-**-1120.
func stand(text string) bool {
	if len(text) > 64 {
		return false
	}
	inside := func(open, end string) bool {
		rest, ok := strings.CutPrefix(text, open)
		rest, closed := strings.CutSuffix(rest, end)
		return ok && closed && !strings.ContainsAny(rest, open[:1]+end)
	}
	switch text[0] {
	case '*', 'x', 'X', '-', '_', '?', '#', '.':
		return strings.Count(text, text[:1]) == len(text) && (len(text) > 2 || !csLetter.has(text[0]))
	case '$':
		name := strings.Trim(text[1:], "{}()")
		return (inside("${", "}") || inside("$(", ")")) && name != "" && csUp.has(name[0]) && (csUp | csDigit | csUnder).only(name)
	case '{':
		return text == "{}" || inside("{{", "}}") && strings.ContainsAny(text, ".$")
	case '%':
		return len(text) == 2 && strings.IndexByte("svqdxTUX", text[1]) >= 0 || text == "%+v" || text == "%#v"
	case '<', '[', '(':
		switch strings.ToLower(strings.Trim(text, "<>[]()")) {
		case "", "redacted", "filtered", "masked", "hidden", "removed", "scrubbed", "empty", "none", "nil", "null", "secret", "token", "password", "sensitive", "undefined":
			return true
		}
		return false
	}
	switch strings.ToLower(text) {
	case "null", "nil", "undefined", "redacted", "filtered", "n/a":
		return true
	}
	return false
}

// afterSign tells whether the bracket at i opens what stands for a value that is
// not there, as in token=<token>.
func afterSign(text string, i int) bool {
	for i > 0 && text[i-1] == ' ' {
		i--
	}
	return i > 0 && (text[i-1] == '=' || text[i-1] == ':')
}
