package sentry

import (
	"reflect"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// cause is what is remembered of an issue to recognise it when it is seen
// again.
type cause struct {
	links []link
	texts []string
	lines []string // of the first text
	// failed means that the first text is that of an error or a panic.
	failed bool
	// made are those texts that belong to error values made for one failure.
	made []string
	// told are texts that a record without an error has under the key of one.
	told []string
	// spans are the one in which it was seen, its parent and its local root, as
	// far as they are known.
	spans [3]trace.SpanID
}

// causeOf needs the texts of the candidate to be prepared.
func causeOf(c *candidate) cause {
	return cause{c.chain, c.texts, c.lines, c.failed(), c.made, c.told, [3]trace.SpanID{c.spanID, c.parentID, c.around}}
}

// same reports whether a and b have one root cause: they share an error value,
// or one of them says what the other says, perhaps with more in front, or more
// behind if that one is an error value, or among the lines of several errors.
func (a cause) same(b cause) bool {
	return shareIdentity(a.links, b.links) || related(a.texts, b.texts) || a.quotes(b) || b.quotes(a)
}

// cites returns the text by which the record a tells of the failure b:
// slog.Error("failed", "reason", err.Error()). It is empty if a does not. The text
// is that of all of b or, if that is no coincidence, of one of its errors that was
// made for b, perhaps with some of what wraps it. What merely ends alike, or is
// said elsewhere in the trace, is another failure.
func (a cause) cites(b cause) string {
	if a.failed || !b.failed || !a.inLineWith(b) {
		return ""
	}
	for _, text := range a.told {
		if text == b.texts[0] || isSpecific(text) && wraps(b.texts[0], text) &&
			slices.ContainsFunc(b.made, func(inner string) bool { return wraps(text, inner) }) {
			return text
		}
	}
	return ""
}

// inLineWith reports whether a and b were seen in one span, or one of them in a
// span around that of the other. Of these, the parent and the local root are
// known.
func (a cause) inLineWith(b cause) bool {
	in := func(span trace.SpanID, spans [3]trace.SpanID) bool {
		return span.IsValid() && slices.Contains(spans[:], span)
	}
	return in(a.spans[0], b.spans) || in(b.spans[0], a.spans)
}

// isSpecific reports whether a text on one line says so much that nobody uses it
// as a label.
func isSpecific(text string) bool { return strings.Count(text, " ") >= 2 || len(text) >= 24 }

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
	unique := map[int]bool{}
	for _, l := range c.chain {
		i := slices.Index(raw, l.text)
		if i < 0 {
			i, raw = len(raw), append(raw, l.text)
		}
		unique[i] = unique[i] || isUnique(l)
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
		if unique[i] {
			c.made = append(c.made, raw[i])
		}
	}
	c.texts = raw
	if c.lines == nil {
		c.lines = raw[:1]
	}
	if c.source == fromLog && !c.failed() {
		c.cite(c.attributes, s, 1)
	}
}

// maxTold is how many attributes of a record are compared with what errors say.
const maxTold = 4

// cite takes what a record without an error tells of one in its attributes, or in
// a group of them.
func (c *candidate) cite(attributes []attribute.KeyValue, s Scrubber, groups int) {
	for _, kv := range attributes {
		if len(c.told) == maxTold {
			return
		}
		if kv.Value.Type() == attribute.MAP && groups > 0 {
			c.cite(kv.Value.AsMap(), s, groups-1)
		}
		if !errorKeys[kv.Key] && !reasonKeys[kv.Key] {
			continue
		}
		text := oneLine(readable(kv.Value.AsString(), s))
		if text != "" && (errorKeys[kv.Key] || isSpecific(text)) {
			c.told = append(c.told, text)
		}
	}
}

// errorKeys are the attributes in which records without an error value tell
// what the error said: slog.Error("failed", "error", err.Error()).
var errorKeys = map[attribute.Key]bool{
	"error": true, "err": true, "exception": true, "panic": true,
	"error.message": true, "error_message": true, "error_msg": true,
}

// reasonKeys are those in which they tell it too, beside much else: a text has to
// be specific.
var reasonKeys = map[attribute.Key]bool{"reason": true, "cause": true, "root_cause": true, "failure": true}

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
