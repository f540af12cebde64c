// Package collector writes what the rules find as a configuration of the
// OpenTelemetry Collector.
package collector

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/otelkit/otelkit-go/scrub/internal/detect"
)

// Config returns a configuration of the OpenTelemetry Collector that redacts by
// the rules of f.
func Config(f *detect.Finder) string {
	w := &writer{f: f, written: map[string]bool{}}
	values, keys := w.values(), w.keys()
	ignored := w.ignored(keys)
	var only []string
	for _, r := range f.Rules {
		if !w.written[r.Name] && !f.Off(r) {
			only = append(only, r.Name)
		}
	}
	slices.Sort(only)
	return fmt.Sprintf(head, comment(strings.Join(only, ", "))) +
		w.list("Values that pass: what the services have masked, and those that the policy allows.", "allowed_values", w.allowed()) +
		w.list("Keys whose values are not looked at: those that the policy allows, and conventions that only sound sensitive.", "ignored_keys", ignored) +
		w.list("The value of a key that ends so is masked whole.", "blocked_key_patterns", keys) +
		w.list("In every other value, what matches is masked.", "blocked_values", values) +
		tail
}

type writer struct {
	f       *detect.Finder
	written map[string]bool // rules
}

// entry is an item of a list, with the rule it comes from.
type entry struct{ rule, text string }

func (w *writer) add(to []entry, r *detect.Rule, pattern string) []entry {
	if w.f.Off(r) {
		return to
	}
	w.written[r.Name] = true
	return append(to, entry{r.Name, pattern})
}

func (w *writer) values() (out []entry) {
	for _, p := range patterns {
		out = w.add(out, w.rule(p.rule), p.pattern)
	}
	for _, r := range w.f.Rules {
		for _, pattern := range r.Expressions() {
			out = w.add(out, r, pattern)
		}
	}
	for _, p := range w.f.Patterns {
		out = w.add(out, p.Rule, p.Expr.String())
	}
	return out
}

func (w *writer) rule(name string) *detect.Rule {
	i := slices.IndexFunc(w.f.Rules, func(r *detect.Rule) bool { return r.Name == name })
	return w.f.Rules[i]
}

// keys returns a pattern for each rule of keys: the phrase at the end of a key,
// behind a separator (api_key) or where a capital starts it (userApiKey).
func (w *writer) keys() (out []entry) {
	for _, k := range keyRules {
		out = w.add(out, w.rule(k.rule), keyPattern(k.keys))
	}
	added := map[string][]string{}
	for _, phrase := range slices.Sorted(maps.Keys(w.f.Keys)) {
		name := w.f.Keys[phrase].Name
		added[name] = append(added[name], phrase)
	}
	for _, name := range slices.Sorted(maps.Keys(added)) {
		out = w.add(out, w.rule(name), keyPattern(added[name]))
	}
	return out
}

func keyPattern(phrases []string) string {
	var loose, camel []string
	for _, p := range phrases {
		parts := strings.Fields(p)
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		loose = append(loose, strings.Join(parts, "[^A-Za-z0-9]?"))
		for i := range parts {
			parts[i] = strings.ToUpper(parts[i][:1]) + parts[i][1:]
		}
		camel = append(camel, strings.Join(parts, ""))
	}
	return `(?:^|[^A-Za-z0-9])(?i:` + strings.Join(loose, "|") + `)$|[a-z0-9](?:` + strings.Join(camel, "|") + `)$`
}

// ignored returns the keys that the patterns would be wrong about, and those
// that are allowed.
func (w *writer) ignored(patterns []entry) (out []entry) {
	names := maps.Clone(w.f.AllowKeys)
	for _, p := range patterns {
		re := regexp.MustCompile(p.text)
		for _, key := range detect.Conventions() {
			if re.MatchString(key) {
				names[key] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		out = append(out, entry{"", name})
	}
	return out
}

func (w *writer) allowed() []entry {
	out := []entry{{"", `^\[REDACTED(?::(?:auth|pw|financial|health|pii)\.[0-9a-z._-]+(?::[0-9A-Za-z:_-]+)?)?\]$`}}
	for _, v := range slices.Sorted(maps.Keys(w.f.AllowValues)) {
		out = append(out, entry{"", `^` + regexp.QuoteMeta(v) + `$`})
	}
	return out
}

// list writes entries under name, with a comment wherever the rule changes.
func (w *writer) list(about, name string, entries []entry) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n    # %s\n    %s:", about, name)
	if len(entries) == 0 {
		b.WriteString(" []")
	}
	b.WriteByte('\n')
	last := ""
	for _, e := range entries {
		if e.rule != last {
			fmt.Fprintf(&b, "      # %s\n", e.rule)
			last = e.rule
		}
		// The Collector takes a dollar for the start of a variable.
		fmt.Fprintf(&b, "      - %s\n", scalar(strings.ReplaceAll(e.text, "$", "$$")))
	}
	return b.String()
}

// scalar is text in the quotes of YAML: single ones, in which nothing has to be
// escaped but themselves, if it can stand on one line.
func scalar(text string) string {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return strconv.QuoteToASCII(text)
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// comment breaks text into lines of a comment.
func comment(text string) string {
	var b strings.Builder
	width := 200
	for word := range strings.FieldsSeq(text) {
		if width+len(word) > 100 {
			b.WriteString("\n#    ")
			width = 0
		}
		b.WriteString(" " + word)
		width += len(word) + 1
	}
	return b.String()
}

const head = `# The second wall: the Collector masks, by the same rules, what reaches it all
# the same, from services that do not scrub or by a mistake. Generated from the
# scrub policy by ` + "`make redaction`" + `; do not edit it.
#
# It adds to agent.yaml, so both are given, this one last:
#
# Run it:    bin/otelcol --config collector-config/agent.yaml --config collector-config/redaction.yaml
# Check it:  bin/otelcol validate --config collector-config/agent.yaml --config collector-config/redaction.yaml
#
# What the redaction processor (0.158) looks at: attributes of resources, scopes,
# spans, span events, log records and data points, of every type; the body of
# log records, whether text, number, map or list.
#
# What it cannot reach, so that only the services can keep it clean:
#   - names of spans, span events, scopes and metrics, and the event name of log records
#   - versions of scopes, schema URLs, severity texts, descriptions and units of metrics
#   - status messages, trace state, and attributes of links
#   - exemplars, and numbers that are metric values
#   - keys inside attributes that are maps: these are matched as one JSON text
#   - SQL: its sanitizer would take each log body for a statement, so it is off
#   - data points whose attributes become equal: they are not merged
# What it cannot do:
#   - check digits, issuers, neighbours and entropy: patterns are narrower than
#     the rules and still mask a number now and then that only looks like a card
#   - replace the secret alone: "password=x" becomes "****" with its name
#   - look at values under ignored_keys at all (the keys that the policy allows)
#   - name the rule: everything becomes "****"
# Rules without a pattern here, so in the services only:%s

processors:
  redaction:
    # Without it every attribute that is not listed would be removed.
    allow_all_keys: true
    # Numbers, lists and maps as well. They become text only if something in them is masked.
    redact_all_types: true
    # info counts what was masked in attributes of the record: it shows which
    # service leaks, but it also splits the series of metrics.
    summary: silent
`

const tail = `
service:
  pipelines:
    traces:
      processors: [memory_limiter, redaction]
    metrics:
      processors: [memory_limiter, redaction]
    logs:
      processors: [memory_limiter, redaction]
`
