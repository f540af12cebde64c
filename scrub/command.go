package scrub

import "strings"

var ruleCommand = builtin("pw.command", Password, "manuals of curl, mysql, sshpass, psexec, redis-cli, ldapsearch, docker login")

// commands take a password behind a flag of one letter. What is attached
// (-psecret) counts where glued says so.
var commands = map[string]struct {
	flags string
	glued bool
	pair  bool // user:password or user%password
	login bool // the command is to log in
}{
	"curl":       {flags: "uU", pair: true},
	"wget":       {flags: "u", pair: true},
	"smbclient":  {flags: "U", pair: true},
	"mysql":      {flags: "p", glued: true},
	"mysqldump":  {flags: "p", glued: true},
	"mysqladmin": {flags: "p", glued: true},
	"mongo":      {flags: "p"},
	"mongosh":    {flags: "p"},
	"mongodump":  {flags: "p"},
	"psexec":     {flags: "p"},
	"sshpass":    {flags: "p", glued: true},
	"docker":     {flags: "p", login: true},
	"podman":     {flags: "p", login: true},
	"helm":       {flags: "p", login: true},
	"oras":       {flags: "p", login: true},
	"az":         {flags: "p", login: true},
	"redis-cli":  {flags: "a"},
	"rdesktop":   {flags: "p", glued: true},
	"unzip":      {flags: "P", glued: true},
	"ldapsearch": {flags: "w"},
	"ldapmodify": {flags: "w"},
	"sqlcmd":     {flags: "P"},
}

// maxCommand is how far behind its name a command is read.
const maxCommand = 300

// mayBeCommand tells whether the word text[i:end] may start what command finds
// something in.
func mayBeCommand(name, text string, i, end int) bool {
	if verbs[name] != nil {
		return csUp.has(text[i]) && csUp.has(text[end-1]) && end+1 < len(text) && (text[end] == ' ' || text[end] == '"') && !csSpace.has(text[end+1])
	}
	if documents[name].rule != nil {
		return i > 0 && text[i-1] == '"'
	}
	if phrases := diagnoses[name]; phrases != nil {
		p := skipBlank(text, end)
		if name == "prescribed" {
			return doseEnd(text, p) > p
		}
		return isWord(text, p, phrases[0]) || isWord(text, p, phrases[len(phrases)-1])
	}
	if name == "your" {
		_, _, ok := codeBefore(text, i)
		return ok
	}
	rest := text[end:min(len(text), end+maxCommand)]
	return strings.Contains(rest, " -") || strings.Contains(rest, "\n-")
}

// command looks at the flags of a command line.
func (sc *scan) command(name string, i int) {
	if verb := verbs[name]; verb != nil {
		if csUp.only(sc.text[i : i+len(name)]) {
			verb(sc, i)
		}
		return
	}
	if d, ok := documents[name]; ok {
		sc.document(d, i, i+len(name))
		return
	}
	if phrase := diagnoses[name]; phrase != nil {
		sc.diagnosed(name, phrase, i+len(name))
		return
	}
	if name == "your" {
		sc.received(i)
		return
	}
	if i < sc.commanded {
		return
	}
	c := commands[name]
	text := sc.text
	end := i + len(name)
	limit := min(len(text), end+maxCommand)
	sc.commanded = end + 1
	p := end
	for p < limit {
		dash := strings.Index(text[p:limit], " -")
		if line := strings.Index(text[p:limit], "\n-"); line >= 0 && (dash < 0 || line < dash) {
			dash = line
		}
		if dash < 0 || strings.ContainsAny(text[p:p+dash], ";|") {
			break
		}
		p += dash + 2
		sc.steps += dash + 2
		if p >= limit {
			continue
		}
		start := p + 1
		if rest, ok := strings.CutPrefix(text[p:limit], "-user"); ok && c.pair && rest != "" && (rest[0] == ' ' || rest[0] == '=') {
			start += len("-user") // --user
		} else if strings.IndexByte(c.flags, text[p]) < 0 {
			continue
		}
		switch {
		case start >= limit:
			return
		case text[start] == ' ':
			start = skipBlank(text, start)
		case !c.glued && !c.pair:
			continue
		}
		quote := byte(' ')
		if start < limit && (text[start] == '"' || text[start] == '\'') {
			quote = text[start]
			start++
		}
		stop := start
		for stop < limit && text[stop] != quote && text[stop] != '\n' && (quote != ' ' || text[stop] != '"') {
			stop++
		}
		sc.steps += stop - start
		if c.pair {
			at := strings.IndexAny(text[start:stop], ":%")
			if at < 0 {
				continue
			}
			start += at + 1
		}
		if value := text[start:stop]; value != "" && !placeholder(value) && value[0] != '-' && value[0] != '/' && (!c.login || (!csDigit.has(value[0]) || strings.IndexByte(value, ':') < 0) && strings.Contains(text[i:min(len(text), i+24)], " login")) {
			sc.ahead(ruleCommand, start, stop)
		}
		p = stop
	}
	sc.commanded = p
}
