package sentry

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// draft is an event on its way to the client.
type draft struct {
	event *sentrygo.Event
	scope sentrygo.EventModifier
	err   error
}

// identity is what the issue of candidates is told apart by.
type identity struct {
	best        *candidate
	stack       stacks
	origin      stackOrigin
	fingerprint []string
	key         string // of the rate limit
}

func (s *Sink) identify(g []*candidate, root sdktrace.ReadOnlySpan) identity {
	id := identity{best: representative(g)}
	id.stack, id.origin = s.stackOf(id.best, g)
	service := ""
	if v, ok := s.resourceOf(id.best).Set().Value("service.name"); ok {
		service = v.String()
	}
	id.fingerprint = id.best.fingerprintOf(id.origin, service, root)
	id.key = groupKey(id.fingerprint, id.stack.main())
	return id
}

// rpcOf is the method that c was called by or, if that is not known, the one
// that root answers; empty if there is none.
func rpcOf(c *candidate, root sdktrace.ReadOnlySpan) string {
	rpc := factsOf(c.attributes).rpc
	if rpc == "" && root != nil {
		rpc = factsOf(root.Attributes()).rpc
	}
	return rpc
}

// resourceOf is the service in which c was seen.
func (s *Sink) resourceOf(c *candidate) *resource.Resource {
	if c.resource != nil {
		return c.resource
	}
	return s.resource.Load()
}

// draft makes an event of candidates with one cause.
func (s *Sink) draft(g []*candidate, id identity, o occasion) draft {
	best, first := id.best, earliest(g)
	labels := labelsOf(s.resourceOf(best), best, first)
	e := sentrygo.NewEvent()
	e.Timestamp = first.time
	e.Level = worst(g)
	e.Logger = best.scope
	e.Contexts["otel"] = otelContext(g, labels.resource)
	e.Breadcrumbs = breadcrumbs(o.story)

	e.Fingerprint = id.fingerprint
	s.describe(e, id, bodyOf(g), panicked(g))
	e.Transaction = first.spanName
	if o.root != nil {
		e.Transaction = o.root.Name()
		e.Request = s.request(o.root.Attributes())
		labels.addRoot(o.root.Attributes())
		labels.addRoute(o.root.Name())
	}
	labels.apply(e, s.config)

	return draft{event: e, scope: s.traceScope(first, e), err: best.err}
}

// representative is the candidate that knows most about the cause.
func representative(g []*candidate) *candidate {
	return slices.MaxFunc(g, func(a, b *candidate) int {
		return cmp.Or(
			cmp.Compare(len(a.fingerprint), len(b.fingerprint)),
			compareBool(a.err != nil, b.err != nil),
			cmp.Compare(len(a.chain), len(b.chain)),
			cmp.Compare(len(a.texts[0]), len(b.texts[0])),
			cmp.Compare(a.source, b.source),
		)
	})
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	default:
		return -1
	}
}

// earliest is the candidate whose span the event links to.
func earliest(g []*candidate) *candidate {
	return slices.MinFunc(g, func(a, b *candidate) int {
		return cmp.Or(compareBool(b.spanID.IsValid(), a.spanID.IsValid()), a.time.Compare(b.time))
	})
}

func worst(g []*candidate) sentrygo.Level {
	rank := map[sentrygo.Level]int{sentrygo.LevelWarning: 1, sentrygo.LevelError: 2, sentrygo.LevelFatal: 3}
	return slices.MaxFunc(g, func(a, b *candidate) int { return cmp.Compare(rank[a.level], rank[b.level]) }).level
}

func panicked(g []*candidate) bool {
	return slices.ContainsFunc(g, func(c *candidate) bool { return c.source == fromPanic })
}

// bodyOf is what a log record among g says.
func bodyOf(g []*candidate) string {
	for _, c := range g {
		if c.body != "" {
			return c.body
		}
	}
	return ""
}

// traceScope links an event to its span, in the event and in the header of its
// envelope.
func (s *Sink) traceScope(first *candidate, e *sentrygo.Event) sentrygo.EventModifier {
	scope := sentrygo.NewScope()
	if !first.traceID.IsValid() {
		return scope
	}
	scope.SetPropagationContext(sentrygo.PropagationContext{
		TraceID:      sentrygo.TraceID(first.traceID),
		SpanID:       sentrygo.SpanID(first.spanID),
		ParentSpanID: sentrygo.SpanID(first.parentID),
		// Else sentry-go would take release and environment from the
		// client, which does not know those of the resource.
		DynamicSamplingContext: sentrygo.DynamicSamplingContext{Frozen: true, Entries: filled(map[string]string{
			"trace_id":    first.traceID.String(),
			"public_key":  s.publicKey,
			"release":     s.clean(e.Release),
			"environment": s.clean(e.Environment),
		})},
	})
	extra := sentrygo.Context{"status": "internal_error"}
	if first.spanName != "" {
		extra["description"] = cut(first.spanName, maxValue)
	}
	if op := opOf(first); op != "" {
		extra["op"] = op
	}
	return traced{scope, extra}
}

// clean scrubs a text that goes into the header of the envelope, which is out
// of reach when the event is scrubbed.
func (s *Sink) clean(text string) string {
	if s.config.scrubber == nil {
		return text
	}
	return s.config.scrubber.String(text)
}

// filled returns m without its empty values.
func filled(m map[string]string) map[string]string {
	maps.DeleteFunc(m, func(_, v string) bool { return v == "" })
	return m
}

// traced adds to contexts.trace what a propagation context cannot hold.
type traced struct {
	*sentrygo.Scope
	extra sentrygo.Context
}

func (t traced) ApplyToEvent(e *sentrygo.Event, hint *sentrygo.EventHint, c *sentrygo.Client) *sentrygo.Event {
	if e = t.Scope.ApplyToEvent(e, hint, c); e == nil {
		return nil
	}
	maps.Copy(e.Contexts["trace"], t.extra)
	return e
}

// opOf names the kind of work of a span in Sentry's words.
func opOf(c *candidate) string {
	if c.spanKind == trace.SpanKindUnspecified {
		return ""
	}
	side := map[trace.SpanKind]string{trace.SpanKindServer: ".server", trace.SpanKindClient: ".client"}[c.spanKind]
	for _, kv := range c.attributes {
		switch key := string(kv.Key); {
		case strings.HasPrefix(key, "http.") && side != "":
			return "http" + side
		case strings.HasPrefix(key, "rpc.") && side != "":
			return "rpc" + side
		case strings.HasPrefix(key, "db."):
			return "db"
		case strings.HasPrefix(key, "messaging."):
			return "queue." + c.spanKind.String()
		}
	}
	return c.spanKind.String()
}

// otelContext shows the attributes as OpenTelemetry has them.
func otelContext(g []*candidate, res *resource.Resource) sentrygo.Context {
	attributes := map[string]any{}
	for _, c := range g {
		for _, kv := range c.attributes {
			if _, ok := attributes[string(kv.Key)]; !ok {
				attributes[string(kv.Key)] = jsonValue(kv.Value, 0)
			}
		}
	}
	ctx := sentrygo.Context{"attributes": attributes}
	if res != nil {
		resources := map[string]any{}
		for _, kv := range res.Attributes() {
			resources[string(kv.Key)] = jsonValue(kv.Value, 0)
		}
		ctx["resource"] = resources
	}
	return ctx
}

func breadcrumbs(story []crumb) []*sentrygo.Breadcrumb {
	slices.SortStableFunc(story, func(a, b crumb) int { return a.time.Compare(b.time) })
	out := make([]*sentrygo.Breadcrumb, 0, len(story))
	for i := range story {
		c := &story[i]
		b := &sentrygo.Breadcrumb{
			Type:      "default",
			Category:  c.category,
			Message:   c.message,
			Level:     c.level,
			Timestamp: c.time,
		}
		if attributes := c.attributes(); len(attributes) > 0 {
			b.Data = make(map[string]any, len(attributes))
			for _, kv := range attributes {
				b.Data[string(kv.Key)] = jsonValue(kv.Value, 0)
			}
		}
		out = append(out, b)
	}
	return out
}
