package otelkittest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// leveller makes what differs from run to run the same, and keeps what is equal
// equal: the same id has the same number throughout a story.
type leveller struct {
	keys  []string
	known map[string]bool // ids of traces and spans
	ids   map[string]string
	last  map[string]int
}

func newLeveller(keys []string, known map[string]bool) *leveller {
	return &leveller{keys: keys, known: known, ids: map[string]string{}, last: map[string]int{}}
}

// id returns the number of an id among those of its kind.
func (l *leveller) id(id, kind string) string {
	if l.ids[id] == "" {
		l.last[kind]++
		l.ids[id] = fmt.Sprintf("<%s %d>", kind, l.last[kind])
	}
	return l.ids[id]
}

// knownID is id for what has the form of one: a number of 16 digits has it too.
func (l *leveller) knownID(text, kind string) string {
	if !l.known[text] {
		return text
	}
	return l.id(text, kind)
}

// value is how the value of an attribute is shown.
func (l *leveller) value(key string, v any) string {
	if name, ok := l.byKey(key); ok {
		return name
	}
	switch v := v.(type) {
	case string:
		return l.text(key, v)
	case []byte:
		return fmt.Sprintf("%d bytes", len(v))
	default:
		return l.text(key, fmt.Sprint(v))
	}
}

// byKey names values whose key tells that they differ from run to run.
func (l *leveller) byKey(key string) (name string, ok bool) {
	last := key[strings.LastIndexByte(key, '.')+1:]
	switch {
	case slices.Contains(l.keys, key):
		return "<" + key + ">", true
	case slices.Contains([]string{"duration", "elapsed", "latency", "uptime"}, last),
		strings.HasPrefix(last, "duration_"), strings.HasSuffix(last, "_duration"), strings.HasSuffix(last, "_ms"), strings.HasSuffix(last, "_seconds"):
		return "<duration>", true
	case strings.HasSuffix(key, ".port"):
		return "<port>", true
	}
	return "", false
}

var (
	uuidForm     = regexp.MustCompile(`\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b`)
	traceForm    = regexp.MustCompile(`\b[0-9a-f]{32}\b`)
	spanForm     = regexp.MustCompile(`\b[0-9a-f]{16}\b`)
	timeForm     = regexp.MustCompile(`\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?`)
	loopbackForm = regexp.MustCompile(`(127\.0\.0\.1|\[::1\]|localhost):\d+`)
)

// text levels what stands in a text. Of stack traces it keeps the first
// function only: the rest changes with Go itself.
func (l *leveller) text(key, text string) string {
	if strings.HasSuffix(key, "stacktrace") {
		first, _, _ := strings.Cut(strings.TrimPrefix(text, "goroutine "), "\n")
		return "<stack of " + strings.TrimSuffix(first, "()") + ">"
	}
	if _, err := time.ParseDuration(text); err == nil && strings.ContainsAny(text, "hmsµn") {
		return "<duration>"
	}
	text = timeForm.ReplaceAllString(text, "<time>")
	text = uuidForm.ReplaceAllStringFunc(text, func(id string) string { return l.id(id, "uuid") })
	text = traceForm.ReplaceAllStringFunc(text, func(id string) string { return l.knownID(id, "trace") })
	text = spanForm.ReplaceAllStringFunc(text, func(id string) string { return l.knownID(id, "span") })
	text = loopbackForm.ReplaceAllString(text, "$1:<port>")
	return strings.ReplaceAll(text, "\n", "⏎")
}
