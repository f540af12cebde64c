package sentry

import (
	"reflect"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/attribute"
)

// cause is what is remembered of an issue to recognise it when it is seen
// again.
type cause struct {
	links []link
	texts []string
	lines []string // of the first text
	// failed means that the first text is that of an error or a panic.
	failed bool
	// told are texts that a record without an error has under the key of an
	// error, mentioned those that it has under other keys.
	told, mentioned []string
}

// causeOf needs the texts of the candidate to be prepared.
func causeOf(c *candidate) cause {
	return cause{c.chain, c.texts, c.lines, c.failed(), c.told, c.mentioned}
}

// same reports whether a and b have one root cause: they share an error value,
// or one of them says what the other says, perhaps with more in front, or more
// behind if that one is an error value, or among the lines of several errors, or
// in the attributes of a record.
func (a cause) same(b cause) bool {
	return shareIdentity(a.links, b.links) || related(a.texts, b.texts) ||
		a.quotes(b) || b.quotes(a) || a.cites(b) || b.cites(a)
}

// cites reports whether a is a record that has the text of b among its
// attributes: slog.Error("failed", "reason", err.Error()). A single word is no
// more than a coincidence unless it is all that b says and has the key of an
// error.
func (a cause) cites(b cause) bool {
	says := func(text string) bool { return len(b.texts) > 0 && text == b.texts[0] }
	return slices.ContainsFunc(a.told, says) || b.failed && slices.ContainsFunc(a.mentioned, says) ||
		slices.ContainsFunc(a.told, func(text string) bool {
			return isPhrase(text) && (b.failed && related([]string{text}, b.texts) ||
				slices.ContainsFunc(b.told, func(other string) bool { return wraps(text, other) && isPhrase(other) }))
		})
}

func isPhrase(text string) bool { return strings.Contains(text, " ") }

// quotes reports whether a line of a is what b says, the way errors.Join puts
// it, or what its error value says with more behind, the way of
// fmt.Errorf("%w (attempt 3)").
func (a cause) quotes(b cause) bool {
	if len(b.texts) == 0 || b.texts[0] == "" {
		return false
	}
	return slices.ContainsFunc(a.lines, func(line string) bool {
		return wraps(line, b.texts[0]) || len(b.links) > 0 && goesOn(line, b.texts[0])
	})
}

// goesOn reports whether line is text with more behind it, and perhaps context
// in front.
func goesOn(line, text string) bool {
	at := strings.Index(line, text)
	if at < 0 || !wraps(line[:at+len(text)], text) {
		return false
	}
	rest := line[at+len(text):]
	return slices.ContainsFunc(goingOn, func(sign string) bool { return strings.HasPrefix(rest, sign) })
}

// goingOn is what stands between an error and what is said about it.
var goingOn = []string{" (", " [", ": ", "; ", ", "}

// related compares the whole text of each with all texts of the other's chain.
func related(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	return wraps(a[0], b[0]) || wraps(b[0], a[0]) || slices.Contains(b, a[0]) || slices.Contains(a, b[0])
}

// wraps reports whether outer is inner with context in front, the way
// fmt.Errorf("context: %w") puts it.
func wraps(outer, inner string) bool {
	before, ok := strings.CutSuffix(outer, inner)
	return ok && (before == "" || strings.HasSuffix(before, ": "))
}

func shareIdentity(a, b []link) bool { return share(a, b, isUnique) }

// shareWrapper is shareIdentity for errors that wrap others.
func shareWrapper(a, b []link) bool {
	return share(a, b, func(l link) bool { return !l.leaf && isUnique(l) })
}

// share reports whether an error value that counts is in a and b.
func share(a, b []link, counts func(link) bool) bool {
	for i := range a {
		if !counts(a[i]) {
			continue
		}
		for j := range b {
			if counts(b[j]) && sameValue(a[i].err, b[j].err) {
				return true
			}
		}
	}
	return false
}

// isUnique reports whether meeting the value of l twice means that it is the
// same failure. It does for a pointer made when something failed. It does not
// for sentinels such as io.EOF or syscall.ENOENT, which are shared by all
// failures of a kind: these are values, or pointers to a bare text.
func isUnique(l link) bool {
	v := reflect.ValueOf(l.err)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Type().Elem().Size() == 0 {
		return false
	}
	return !l.leaf || !nameless[v.Type().String()]
}

// prepare computes the texts by which the cause of c is compared. Error values
// are raw and span events are scrubbed, so both are scrubbed here.
func (c *candidate) prepare(s Scrubber) {
	if c.texts != nil {
		return
	}
	raw := []string{c.text()}
	for _, l := range c.chain {
		if !slices.Contains(raw, l.text) {
			raw = append(raw, l.text)
		}
	}
	if c.sdkText != "" {
		raw = append(raw, c.sdkText)
	}
	for i, text := range raw {
		raw[i] = readable(text, s)
	}
	if strings.Contains(raw[0], "\n") {
		c.lines = linesOf(raw[0])
	}
	for i, text := range raw {
		raw[i] = oneLine(text)
	}
	c.texts = raw
	if c.lines == nil {
		c.lines = raw[:1]
	}
	if c.source == fromLog && !c.failed() {
		c.cite(c.attributes, s, 1)
	}
}

// maxCited is how many attributes of a record are compared with what errors say.
const maxCited = 8

// cite takes the texts that a record without an error has among its attributes,
// or in a group of them.
func (c *candidate) cite(attributes []attribute.KeyValue, s Scrubber, groups int) {
	for _, kv := range attributes {
		if kv.Value.Type() == attribute.MAP && groups > 0 {
			c.cite(kv.Value.AsMap(), s, groups-1)
		}
		text := kv.Value.AsString()
		if text == "" || len(c.told)+len(c.mentioned) == maxCited {
			continue
		}
		switch {
		case errorKeys[kv.Key]:
			c.told = append(c.told, oneLine(readable(text, s)))
		case isPhrase(text):
			c.mentioned = append(c.mentioned, oneLine(readable(text, s)))
		}
	}
}

// errorKeys are the attributes in which records without an error value tell
// what the error said: slog.Error("failed", "error", err.Error()).
var errorKeys = map[attribute.Key]bool{
	"error": true, "err": true, "cause": true, "reason": true, "exception": true, "panic": true,
	"error.message": true, "error_message": true,
}

// maxCompared is how much of a text is compared, in bytes.
const maxCompared = 4096

// maxLines is how many lines of a text are compared.
const maxLines = 32

// readable is the end of text as it may be shown.
func readable(text string, s Scrubber) string {
	text = tail(text, maxCompared)
	if s != nil {
		text = s.String(text)
	}
	return text
}

// oneLine is text with single spaces.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// linesOf returns the lines of text that are not blank.
func linesOf(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = oneLine(line); line != "" && len(lines) < maxLines {
			lines = append(lines, line)
		}
	}
	return lines
}
