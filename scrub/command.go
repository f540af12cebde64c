package scrub

import "strings"

var ruleCommand = builtin("pw.command", Password, "manuals of curl, mysql, sshpass, psexec, redis-cli, ldapsearch, docker login")

// commands take a password behind a flag of one letter. What is attached
// (-psecret) counts where glued says so.
var commands = map[string]struct {
	flags string
	glued bool
	pair  bool // user:password or user%password
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
	"docker":     {flags: "p"},
	"ldapsearch": {flags: "w"},
	"ldapmodify": {flags: "w"},
	"sqlcmd":     {flags: "P"},
}

// maxCommand is how far behind its name a command is read.
const maxCommand = 300

// command looks at the flags of a command line.
func (sc *scan) command(name string, i int) {
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
		if p >= limit || strings.IndexByte(c.flags, text[p]) < 0 {
			continue
		}
		start := p + 1
		switch {
		case start >= limit:
			return
		case text[start] == ' ':
			start = skipBlank(text, start)
		case !c.glued:
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
		if value := text[start:stop]; value != "" && !placeholder(value) && value[0] != '-' && value[0] != '/' && (name != "docker" || !csDigit.has(value[0]) || strings.IndexByte(value, ':') < 0) {
			if name != "docker" || strings.Contains(text[i:min(len(text), i+16)], "login") {
				sc.ahead(ruleCommand, start, stop)
			}
		}
		p = stop
	}
	sc.commanded = p
}
