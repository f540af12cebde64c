package scrub

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

// maxPolicy is the size in bytes of a policy file and of a key file.
const maxPolicy = 1 << 20

// WithPolicy reads further settings from the YAML file at path:
//
//	without: [health, financial.iban]  # categories and rules that are off
//	allow:
//	  keys: [build.author.email]       # exactly these keys
//	  values: [noreply@example.com]    # exactly these values
//	rules:
//	  - name: pii.crew                 # starts with its category; for passwords with pw
//	    keys: [crew id]                # in any spelling: crew_id, crewId, crew.id
//	    trigger: CREW-                 # the pattern runs only on texts that hold it
//	    pattern: CREW-([0-9]{6})       # RE2; its first group, or the whole match, goes
//	actions:                           # of a rule or a category
//	  financial.pan: keep-last-4       # or mask, drop, truncate, pseudonym
//	  pii.email: pseudonym
//	pseudonym:
//	  id: k1                           # printed with each pseudonym
//	  key_file: pseudonym.key          # beside the policy; 16 bytes or more
//	dry_run: false                     # true: count, change nothing
//
// All of it is optional. Rules of one name are one rule, which may have several
// patterns. New returns an error for a file that cannot be read and for every
// field that is unknown, given twice or wrong, by file, line and field; a text
// that is no YAML has no fields, only a line. Values of allow and keys of
// pseudonyms are not in it. The file is read once; a change needs a new
// Scrubber. Actions may name rules that earlier options have added. A file is at
// most 1 MiB large.
func WithPolicy(path string) Option {
	return optionFunc(func(c *config) error {
		text, err := readBounded(path)
		if err != nil {
			return fmt.Errorf("scrub: policy %s: %w", path, err)
		}
		p := &policy{config: c, path: path}
		p.read(text)
		return errors.Join(p.errs...)
	})
}

// policy is a policy file while it is read into a config.
type policy struct {
	*config
	path string
	errs []error

	pseudonym Action
	keyed     bool     // the field pseudonym is there, right or wrong
	later     []func() // actions, put off until the rules and the key are known
}

func readBounded(path string) ([]byte, error) {
	f, err := os.Open(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, errors.Unwrap(err) // the caller says the path
	}
	defer func() { _ = f.Close() }()
	text, err := io.ReadAll(io.LimitReader(f, maxPolicy+1))
	switch {
	case err != nil:
		return nil, errors.Unwrap(err)
	case len(text) > maxPolicy:
		return nil, fmt.Errorf("larger than %d bytes", maxPolicy)
	}
	return text, nil
}

func (p *policy) fail(n *yaml.Node, field, format string, args ...any) {
	p.errs = append(p.errs, fmt.Errorf("scrub: policy %s:%d: %s: %s", p.path, n.Line, field, fmt.Sprintf(format, args...)))
}

func (p *policy) read(text []byte) {
	var doc, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(text))
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) { // nothing but comments
		return
	}
	if err == nil && !errors.Is(d.Decode(&more), io.EOF) {
		err = errors.New("more than one document, or text behind it")
	}
	if err != nil {
		p.errs = append(p.errs, fmt.Errorf("scrub: policy %s:%s", p.path, unreadable(text, err)))
		return
	}
	if doc.Content[0].Tag == "!!null" { // nothing behind ---
		return
	}
	p.mapping(doc.Content[0], "policy", map[string]reader{
		"without": p.list(p.without),
		"allow": p.fields(map[string]reader{
			"keys":   p.list(func(n *yaml.Node, _ string) { p.detection.AllowKeys[n.Value] = true }),
			"values": p.list(func(n *yaml.Node, _ string) { p.detection.AllowValues[n.Value] = true }),
		}),
		"rules":     p.rulesList,
		"actions":   p.actionMap,
		"pseudonym": p.pseudonymKey,
		"dry_run":   p.dryRunFlag,
	})
	for _, act := range p.later {
		act()
	}
}

// unreadable says what is wrong with text that is no YAML, behind the line that
// it is on. It repeats nothing that the text holds.
func unreadable(text []byte, err error) string {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	if name, ok := strings.CutPrefix(msg, "unknown anchor '"); ok {
		name = strings.TrimSuffix(name, "' referenced")
		before, _, _ := strings.Cut(string(text), "*"+name)
		return fmt.Sprintf("%d: an alias of nothing", 1+strings.Count(before, "\n"))
	}
	if rest, ok := strings.CutPrefix(msg, "line "); ok {
		return rest
	}
	if strings.HasPrefix(msg, "more than one") {
		return " " + msg
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		n++
		switch indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]; {
		case !utf8.ValidString(line):
			return fmt.Sprintf("%d: not valid UTF-8", n)
		case strings.ContainsFunc(strings.TrimRight(line, "\r\n"), func(r rune) bool { return unicode.IsControl(r) && r != '\t' && r != '\u0085' }):
			return fmt.Sprintf("%d: a control character", n)
		case strings.Contains(indent, "\t"):
			return fmt.Sprintf("%d: a tab where blanks are to stand", n)
		}
	}
	return "1: " + msg
}

// reader reads the node of a field.
type reader func(n *yaml.Node, field string)

// mapping calls the reader of each key of n.
func (p *policy) mapping(n *yaml.Node, field string, known map[string]reader) {
	p.each(n, field, func(key, value *yaml.Node, name string) {
		if read, ok := known[key.Value]; ok {
			read(value, name)
			return
		}
		p.fail(key, name, "unknown field")
	})
}

// each calls f for every key of n, once.
func (p *policy) each(n *yaml.Node, field string, f func(key, value *yaml.Node, name string)) {
	if n.Kind != yaml.MappingNode {
		p.fail(n, field, "must be a mapping")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		name := fieldName(key)
		if field != "policy" {
			name = field + "." + name
		}
		if seen[key.Value] {
			p.fail(key, name, "given twice")
			continue
		}
		seen[key.Value] = true
		f(key, n.Content[i+1], name)
	}
}

// fieldName is what an error calls a key of a mapping. What does not look like
// the name of a field or rule may be a value in the wrong place.
func fieldName(key *yaml.Node) string {
	plain := func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' || r == '_' || r == '-' }
	if detect.RuleName(key.Value) || key.Value != "" && len(key.Value) <= 16 && strings.TrimFunc(key.Value, plain) == "" {
		return key.Value
	}
	return "(no name)"
}

func (p *policy) fields(known map[string]reader) reader {
	return func(n *yaml.Node, field string) { p.mapping(n, field, known) }
}

// list reads a sequence of texts. Aliases are refused everywhere: nothing here
// is worth one.
func (p *policy) list(item reader) reader {
	return func(n *yaml.Node, field string) {
		if n.Kind != yaml.SequenceNode {
			p.fail(n, field, "must be a list")
			return
		}
		for i, n := range n.Content {
			field := fmt.Sprintf("%s[%d]", field, i)
			if _, ok := p.text(n, field); ok {
				item(n, field)
			}
		}
	}
}

func (p *policy) text(n *yaml.Node, field string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Value == "" {
		p.fail(n, field, "must be a text")
		return "", false
	}
	return n.Value, true
}

func (p *policy) without(n *yaml.Node, field string) {
	if !p.known(n.Value) {
		p.fail(n, field, "no category or rule %q", n.Value)
		return
	}
	p.detection.Without[n.Value] = true
}

func (p *policy) dryRunFlag(n *yaml.Node, field string) {
	if err := n.Decode(&p.dryRun); err != nil || n.Tag != "!!bool" {
		p.fail(n, field, "must be true or false")
	}
}

func (p *policy) rulesList(n *yaml.Node, field string) {
	if n.Kind != yaml.SequenceNode {
		p.fail(n, field, "must be a list")
		return
	}
	for i, n := range n.Content {
		p.rule(n, fmt.Sprintf("%s[%d]", field, i))
	}
}

// rule reads one rule. A wrong field is said; the rest is read all the same,
// so that everything wrong is said at once.
func (p *policy) rule(n *yaml.Node, field string) {
	got := map[string]*yaml.Node{}
	keep := func(n *yaml.Node, name string) {
		if _, ok := p.text(n, name); ok {
			got[name[len(field)+1:]] = n
		}
	}
	var keys []*yaml.Node
	before := len(p.errs)
	p.mapping(n, field, map[string]reader{
		"name": keep, "trigger": keep, "pattern": keep,
		"keys": p.list(func(n *yaml.Node, name string) {
			if detect.Spelling(n.Value) == "" {
				p.fail(n, name, "holds no word")
			}
			keys = append(keys, n)
		}),
	})
	if len(p.errs) > before {
		return
	}
	switch {
	case got["name"] == nil:
		p.fail(n, field+".name", "is missing")
	case got["pattern"] == nil && got["trigger"] != nil:
		p.fail(n, field+".pattern", "is missing beside the trigger")
	case got["pattern"] == nil && len(keys) == 0:
		p.fail(n, field, "needs keys, or a pattern with its trigger")
	case got["pattern"] != nil && got["trigger"] == nil:
		p.fail(n, field+".trigger", "is missing beside the pattern")
	default:
		p.define(got, keys, field)
	}
}

// define adds the rule whose fields are all there.
func (p *policy) define(got map[string]*yaml.Node, keys []*yaml.Node, field string) {
	name := got["name"]
	if slices.ContainsFunc(detect.Builtins(), func(r *detect.Rule) bool { return r.Name == name.Value }) {
		p.fail(name, field+".name", "%q is built in: a rule of your own needs another name", name.Value)
		return
	}
	r, err := p.add(name.Value, categoryOf(name.Value), filepath.Base(p.path))
	if err != nil {
		p.fail(name, field+".name", "%q: must be auth, pw, financial, health or pii, a dot, and small letters", name.Value)
		return
	}
	for i, k := range keys {
		phrase := detect.Spelling(k.Value)
		if other := p.detection.Keys[phrase]; other != nil && other != r {
			p.fail(k, fmt.Sprintf("%s.keys[%d]", field, i), "is a key of rule %s already", other.Name)
			continue
		}
		p.detection.Keys[phrase] = r
	}
	if got["pattern"] == nil {
		return
	}
	if err := checkTrigger(got["trigger"].Value); err != nil {
		p.fail(got["trigger"], field+".trigger", "%s", err)
	}
	re, err := compilePattern(got["pattern"].Value)
	if err != nil {
		p.fail(got["pattern"], field+".pattern", "%s", err)
		return
	}
	p.detection.Patterns = append(p.detection.Patterns, detect.Pattern{Rule: r, Trigger: got["trigger"].Value, Expr: re})
}

// categoryOf returns the category that the name of a rule starts with.
func categoryOf(rule string) Category {
	name, _, _ := strings.Cut(rule, ".")
	for _, c := range Categories() {
		if prefix(c) == name {
			return c
		}
	}
	return ""
}

func (p *policy) actionMap(n *yaml.Node, field string) {
	p.each(n, field, func(key, value *yaml.Node, name string) {
		if _, ok := p.text(value, name); ok {
			p.later = append(p.later, func() { p.act(key, value, name) })
		}
	})
}

// act sets the action of one rule or category.
func (p *policy) act(key, value *yaml.Node, field string) {
	a, ok := map[string]Action{
		"mask": Mask(), "keep-last-4": KeepLast4(), "drop": Drop(), "truncate": Truncate(), "pseudonym": p.pseudonym,
	}[value.Value]
	switch {
	case !ok:
		p.fail(value, field, "no action %q: must be mask, keep-last-4, pseudonym, drop or truncate", value.Value)
	case value.Value == "pseudonym" && a.kind != actPseudonym && p.keyed: // what is wrong with it has been said
	case value.Value == "pseudonym" && a.kind != actPseudonym:
		p.fail(value, field, "needs the field pseudonym with id and key_file")
	default:
		if err := p.safe(key.Value, a); err != nil {
			p.fail(value, field, "%s", strings.TrimPrefix(err.Error(), "scrub: "))
			return
		}
		p.actions[key.Value] = a
	}
}

func (p *policy) pseudonymKey(n *yaml.Node, field string) {
	var id, file *yaml.Node
	p.keyed = true
	p.mapping(n, field, map[string]reader{
		"id":       func(n *yaml.Node, _ string) { id = n },
		"key_file": func(n *yaml.Node, _ string) { file = n },
	})
	if id == nil || file == nil {
		p.fail(n, field, "needs id and key_file")
		return
	}
	name, ok := p.text(file, field+".key_file")
	if !ok {
		return
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(filepath.Dir(p.path), name)
	}
	key, err := readBounded(name)
	if err != nil {
		p.fail(file, field+".key_file", "%s: %s", name, err)
		return
	}
	a := Pseudonym(id.Value, bytes.TrimSpace(key))
	if err := a.usable(); err != nil {
		wrong, name := id, field+".id"
		if len(a.key) < minPseudonymKey {
			wrong, name = file, field+".key_file"
		}
		p.fail(wrong, name, "%s", err)
		return
	}
	p.pseudonym = a
}

// known tells whether name is a category or a rule.
func (c *config) known(name string) bool {
	return slices.ContainsFunc(c.detection.Rules, func(r *detect.Rule) bool { return r.Name == name || string(r.Category) == name })
}
