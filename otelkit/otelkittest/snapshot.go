package otelkittest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/internal/golden"
)

// Snapshot fails the test if the story of what was recorded differs from the
// file testdata/name: the trees of spans with the lines logged within them,
// lines outside of spans, metrics, Sentry events. A person can read it from top
// to bottom. Run with UPDATE_GOLDEN=1 in the environment it writes the file
// instead; read the difference before you commit it.
//
// What differs from run to run is levelled: times and durations are left out or
// named, ids and UUIDs are numbered, of stack traces only their first function
// stays, ports of loopback are named. The values under the keys of levelled are
// named, too. Spans and lines stand in the order in which they began, so work
// that is done in parallel has to begin in one order, or the story varies.
// Metrics of otelkit itself are left out.
//
// A server is done with a request only after its client has the response: close the
// server first. Spans that are open are waited for, for a second, and then named. The
// test fails if nothing was recorded at all.
func (k *Kit) Snapshot(t testing.TB, name string, levelled ...string) {
	t.Helper()
	golden.Equal(t, name, []byte(k.Story(levelled...)))
}

// Story returns what [Kit.Snapshot] compares.
func (k *Kit) Story(levelled ...string) string {
	k.tb.Helper()
	k.spans.settle()
	k.flush()
	k.assertRecorded(k.tb)
	spans, logs := k.Spans(), k.Logs()
	s := &story{level: newLeveller(levelled, idsOf(spans, logs))}
	s.section("spans that are still open", func() {
		for _, name := range k.spans.stillOpen() {
			s.printf(1, "%s", name)
		}
	})
	for _, root := range spans.Roots() {
		s.span(0, root, logs)
	}
	s.section("outside of spans", func() {
		for _, line := range logs {
			if !slices.ContainsFunc(spans, func(span *Span) bool { return span.holds(line) }) {
				s.line(1, line)
			}
		}
	})
	s.section("metrics", func() {
		metrics := k.metrics.all()
		// Scopes come in any order, since the SDK holds them in a map.
		slices.SortStableFunc(metrics, func(a, b Metric) int { return strings.Compare(a.Name, b.Name) })
		for _, m := range metrics {
			s.metric(m)
		}
	})
	s.section("sentry", func() {
		for _, e := range k.sentry.all() {
			s.event(e)
		}
	})
	return s.text.String()
}

// assertRecorded fails the test if nothing has reached the kit: what is expected of
// nothing is always so.
func (k *Kit) assertRecorded(t testing.TB) {
	t.Helper()
	measured := slices.ContainsFunc(k.metrics.all(), func(m Metric) bool { return !strings.HasPrefix(m.Name, ownMetrics) })
	if !measured && len(k.Spans())+len(k.spans.stillOpen())+len(k.Logs())+len(k.sentry.all()) == 0 {
		t.Error("otelkittest: nothing was recorded: give otelkit.WithKit(kit.Kit) to the middleware, or use NewGlobal")
	}
}

// ownMetrics begin the names of metrics that otelkit has of itself.
const ownMetrics = "otelkit."

// idsOf are the ids of the traces and spans that were seen.
func idsOf(spans Spans, logs Logs) map[string]bool {
	ids := map[string]bool{}
	for _, s := range spans {
		ids[s.TraceID.String()], ids[s.SpanID.String()], ids[s.ParentID.String()] = true, true, true
		for _, l := range s.Links {
			ids[l.TraceID().String()], ids[l.SpanID().String()] = true, true
		}
	}
	for _, l := range logs {
		ids[l.TraceID.String()], ids[l.SpanID.String()] = true, true
	}
	return ids
}

func (s *Span) holds(line Log) bool { return line.TraceID == s.TraceID && line.SpanID == s.SpanID }

// story is a snapshot in the making.
type story struct {
	text  strings.Builder
	level *leveller
}

func (s *story) printf(depth int, format string, args ...any) {
	s.text.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(&s.text, format, args...)
	s.text.WriteByte('\n')
}

// section writes a heading if write has something to say.
func (s *story) section(heading string, write func()) {
	before := s.text.String()
	s.text.Reset()
	write()
	body := s.text.String()
	s.text.Reset()
	s.text.WriteString(before)
	if body != "" {
		s.printf(0, "%s", heading)
		s.text.WriteString(body)
	}
}

func (s *story) span(depth int, span *Span, logs Logs) {
	head := "span " + span.Name
	if span.Kind != trace.SpanKindInternal {
		head += " (" + span.Kind.String() + ")"
	}
	if span.Status != codes.Unset {
		head += ": " + strings.TrimSpace(strings.ToLower(span.Status.String())+" "+s.level.text("", span.StatusMessage))
	}
	s.printf(depth, "%s", head)
	s.attributes(depth+2, "", span.Attributes)
	for _, l := range span.Links {
		s.printf(depth+2, "link to %s", s.level.id(l.TraceID().String(), "trace"))
	}
	for _, e := range span.Events {
		s.printf(depth+1, "event %s", e.Name)
		s.attributes(depth+3, "", e.Attributes)
	}
	// What happened within the span, in its order.
	lines, children := logs.In(span), span.Children
	for len(lines)+len(children) > 0 {
		if len(children) == 0 || len(lines) > 0 && lines[0].order < children[0].started {
			s.line(depth+1, lines[0])
			lines = lines[1:]
		} else {
			s.span(depth+1, children[0], logs)
			children = children[1:]
		}
	}
}

func (s *story) line(depth int, line Log) {
	s.printf(depth, "%-5s %s", line.Level, s.level.text("", line.Event))
	s.attributes(depth+2, "", line.Attributes)
}

// attributes writes one attribute a line, those of groups by their path.
func (s *story) attributes(depth int, within string, attrs Attributes) {
	for _, key := range slices.Sorted(maps.Keys(attrs)) {
		path := strings.TrimPrefix(within+"."+key, ".")
		if group, ok := attrs[key].(Attributes); ok {
			s.attributes(depth, path, group)
			continue
		}
		s.printf(depth, "%s: %s", path, s.level.value(path, attrs[key]))
	}
}

func (s *story) metric(m Metric) {
	if strings.HasPrefix(m.Name, ownMetrics) {
		return
	}
	for _, p := range m.Points {
		var labels []string
		for _, key := range slices.Sorted(maps.Keys(p.Attributes)) {
			labels = append(labels, key+"="+s.level.value(key, p.Attributes[key]))
		}
		value := fmt.Sprintf("%v", p.Value)
		if m.Kind == Histogram {
			value = fmt.Sprintf("%d times", p.Count)
		}
		s.printf(1, "%s{%s} %s", m.Name, strings.Join(labels, ", "), value)
	}
}

func (s *story) event(e SentryEvent) {
	s.printf(1, "%s %s", e.Level, s.level.text("", e.Title))
	if e.Transaction != "" {
		s.printf(3, "transaction: %s", e.Transaction)
	}
	if !e.Handled {
		s.printf(3, "not handled")
	}
	for _, b := range e.Breadcrumbs {
		s.printf(3, "before: %s", s.level.text("", b))
	}
}
