package scrub

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	sentrygo "github.com/getsentry/sentry-go"
	sentryattr "github.com/getsentry/sentry-go/attribute"
	"go.opentelemetry.io/otel/attribute"

	"github.com/otelkit/otelkit-go/internal/attrvalue"
)

// errSentryEvent means that an event could not be vouched for.
var errSentryEvent = errors.New("otelkit: scrubbing the Sentry event failed")

// SentryEvent replaces the sensitive parts of ev in place. Call it in
// BeforeSend and BeforeSendTransaction, and drop the event on an error: it may
// still hold secrets then.
//
// It covers message, transaction, exceptions, threads, modules, stack frames with
// their paths, variables and source lines, breadcrumbs, tags, contexts, user, request,
// fingerprint, server name, spans, logs, metrics, check-ins, loaded images and
// attachments. An attachment that is no text is emptied, as nobody can look
// into it. Ids, addresses of memory, times, levels, kinds, release, environment
// and SDK stay. Maps, slices and what they point to are replaced, never changed: the scope may share them
// with other events.
//
// Values of any type within contexts, breadcrumbs and variables become maps,
// lists, text and finite numbers, so that the event can always be encoded: NaN
// and infinities become text.
//
// A nil ev is no error; a nil s has default options.
func (s *Scrubber) SentryEvent(ev *sentrygo.Event) (err error) {
	defer func() {
		if recover() != nil {
			s.failed(sigSentry)
			err = errSentryEvent
		}
	}()
	if ev == nil {
		return nil
	}
	e := sentryEvent{s.orDefault()}
	e.texts(&ev.Message, &ev.Transaction, &ev.Logger, &ev.ServerName)
	ev.Fingerprint = e.lines(ev.Fingerprint)
	ev.Tags = e.table(ev.Tags)
	ev.User = e.user(ev.User)
	ev.Request = e.request(ev.Request)
	ev.Exception = e.exceptions(ev.Exception)
	ev.Threads = e.threads(ev.Threads)
	ev.Modules = e.modules(ev.Modules)
	ev.Breadcrumbs = e.breadcrumbs(ev.Breadcrumbs)
	ev.Contexts = e.contexts(ev.Contexts)
	ev.Attachments = e.attachments(ev.Attachments)
	ev.Spans = e.spans(ev.Spans)
	ev.Logs = e.logs(ev.Logs)
	ev.Metrics = e.metrics(ev.Metrics)
	ev.DebugMeta = e.images(ev.DebugMeta)
	if ev.CheckIn != nil {
		c := *ev.CheckIn
		e.texts(&c.MonitorSlug)
		ev.CheckIn = &c
	}
	return nil
}

// sentryEvent is a Scrubber that walks an event. Its methods return copies.
type sentryEvent struct{ *Scrubber }

func (e sentryEvent) clean(text string) string {
	out, _ := e.text(sigSentry, "", text)
	return out
}

// named scrubs the text of a field that has a name.
func (e sentryEvent) named(key, text string) string {
	out, _ := e.text(sigSentry, key, text)
	return out
}

func (e sentryEvent) texts(fields ...*string) {
	for _, f := range fields {
		*f = e.clean(*f)
	}
}

func (e sentryEvent) lines(in []string) []string {
	return each(in, e.clean)
}

// each returns the results of f, nil for nil.
func each[T any](in []T, f func(T) T) []T {
	if in == nil {
		return nil
	}
	out := make([]T, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}

// table scrubs a map of texts. An entry that is to be dropped, or whose key
// gives something away, is left out.
func (e sentryEvent) table(in map[string]string) map[string]string {
	if in == nil {
		return nil
	}
	out := make(map[string]string, len(in))
	for k, v := range in {
		clean, hit := e.text(sigSentry, k, v)
		if _, tells := e.text(sigSentry, "", k); tells || hit && clean == "" {
			continue
		}
		out[k] = clean
	}
	return out
}

// data scrubs a map of anything.
func (e sentryEvent) data(in map[string]any) map[string]any {
	if in == nil {
		return nil
	}
	out := make(map[string]any, len(in))
	for k, v := range in {
		clean, hit := e.keyValue(sigSentry, attribute.KeyValue{Key: attribute.Key(k), Value: attrvalue.Of(v)})
		if _, tells := e.text(sigSentry, "", k); tells || hit && gone(clean) {
			continue
		}
		out[k] = finite(toGo(clean.Value))
	}
	return out
}

// finite replaces the numbers that JSON does not know. One of them makes
// sentry-go lose all contexts of the event without a word.
func finite(v any) any {
	switch v := v.(type) {
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprint(v)
		}
	case []float64:
		out := make([]any, len(v))
		for i, f := range v {
			out[i] = finite(f)
		}
		return out
	case []any:
		for i := range v {
			v[i] = finite(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = finite(v[k])
		}
	case []byte:
		return string(v)
	}
	return v
}

func (e sentryEvent) user(u sentrygo.User) sentrygo.User {
	return sentrygo.User{
		ID:        e.named("user.id", u.ID),
		Email:     e.named("user.email", u.Email),
		IPAddress: e.named("client.address", u.IPAddress),
		Username:  e.named("user.name", u.Username),
		Name:      e.named("user.full_name", u.Name),
		Data:      e.table(u.Data),
	}
}

func (e sentryEvent) request(r *sentrygo.Request) *sentrygo.Request {
	if r == nil {
		return nil
	}
	return &sentrygo.Request{
		URL:         e.named("url.full", r.URL),
		Method:      e.clean(r.Method),
		Data:        e.clean(r.Data),
		QueryString: e.named("url.query", r.QueryString),
		Cookies:     e.named("cookie", r.Cookies),
		Headers:     e.table(r.Headers),
		Env:         e.table(r.Env),
	}
}

func (e sentryEvent) exceptions(in []sentrygo.Exception) []sentrygo.Exception {
	return each(in, func(x sentrygo.Exception) sentrygo.Exception {
		e.texts(&x.Type, &x.Value, &x.Module)
		x.Stacktrace = e.stacktrace(x.Stacktrace)
		if x.Mechanism != nil {
			m := *x.Mechanism
			e.texts(&m.Type, &m.Description, &m.HelpLink, &m.Source)
			m.Data = e.data(m.Data)
			x.Mechanism = &m
		}
		return x
	})
}

func (e sentryEvent) threads(in []sentrygo.Thread) []sentrygo.Thread {
	return each(in, func(t sentrygo.Thread) sentrygo.Thread {
		e.texts(&t.ID, &t.Name)
		t.Stacktrace = e.stacktrace(t.Stacktrace)
		return t
	})
}

// modules scrubs names and versions as texts: a module that is called token
// makes no secret of its version.
func (e sentryEvent) modules(in map[string]string) map[string]string {
	if in == nil {
		return nil
	}
	out := make(map[string]string, len(in))
	for name, version := range in {
		out[e.clean(name)] = e.clean(version)
	}
	return out
}

// stacktrace scrubs names and paths, too: an event may be made by hand.
func (e sentryEvent) stacktrace(st *sentrygo.Stacktrace) *sentrygo.Stacktrace {
	if st == nil {
		return nil
	}
	out := *st
	out.Frames = each(st.Frames, func(f sentrygo.Frame) sentrygo.Frame {
		f.Vars = e.data(f.Vars)
		e.texts(&f.Function, &f.Symbol, &f.Module, &f.Filename, &f.AbsPath, &f.Package, &f.ContextLine)
		f.PreContext, f.PostContext = e.lines(f.PreContext), e.lines(f.PostContext)
		return f
	})
	return &out
}

func (e sentryEvent) breadcrumbs(in []*sentrygo.Breadcrumb) []*sentrygo.Breadcrumb {
	return each(in, func(b *sentrygo.Breadcrumb) *sentrygo.Breadcrumb {
		if b == nil {
			return nil
		}
		out := *b
		e.texts(&out.Type, &out.Category, &out.Message)
		out.Data = e.data(b.Data)
		return &out
	})
}

// images scrubs the paths of what was loaded.
func (e sentryEvent) images(in *sentrygo.DebugMeta) *sentrygo.DebugMeta {
	if in == nil {
		return nil
	}
	out := *in
	out.Images = each(in.Images, func(i sentrygo.DebugMetaImage) sentrygo.DebugMetaImage {
		e.texts(&i.CodeFile, &i.DebugFile)
		return i
	})
	return &out
}

// contexts leaves the ids of the trace context alone: they may be anything
// hexadecimal.
func (e sentryEvent) contexts(in map[string]sentrygo.Context) map[string]sentrygo.Context {
	if in == nil {
		return nil
	}
	out := make(map[string]sentrygo.Context, len(in))
	for name, c := range in {
		if _, sensitive := e.SensitiveKey(name); sensitive {
			clean, hit := e.keyValue(sigSentry, attribute.KeyValue{Key: attribute.Key(name), Value: attrvalue.Of(c)})
			if !hit || !gone(clean) {
				out[name] = sentrygo.Context{"value": finite(toGo(clean.Value))}
			}
			continue
		}
		out[name] = e.data(c)
		if name == "trace" {
			for _, id := range []string{"trace_id", "span_id", "parent_span_id"} {
				if v, ok := c[id]; ok {
					out[name][id] = v
				}
			}
		}
	}
	return out
}

func (e sentryEvent) attachments(in []*sentrygo.Attachment) []*sentrygo.Attachment {
	return each(in, func(a *sentrygo.Attachment) *sentrygo.Attachment {
		if a == nil {
			return nil
		}
		out := *a
		e.texts(&out.Filename, &out.ContentType)
		if utf8.Valid(a.Payload) {
			out.Payload = []byte(e.clean(string(a.Payload)))
		} else {
			out.Payload = nil
		}
		return &out
	})
}

// spans makes new spans, as those of the event may still be in use.
func (e sentryEvent) spans(in []*sentrygo.Span) []*sentrygo.Span {
	return each(in, func(sp *sentrygo.Span) *sentrygo.Span {
		if sp == nil {
			return nil
		}
		return &sentrygo.Span{
			TraceID: sp.TraceID, SpanID: sp.SpanID, ParentSpanID: sp.ParentSpanID,
			Name:        e.clean(sp.Name),
			Op:          e.clean(sp.Op),
			Description: e.clean(sp.Description),
			Status:      sp.Status,
			Tags:        e.table(sp.Tags),
			StartTime:   sp.StartTime,
			EndTime:     sp.EndTime,
			Data:        e.data(sp.Data),
			Sampled:     sp.Sampled, Source: sp.Source, Origin: sp.Origin,
		}
	})
}

func (e sentryEvent) logs(in []sentrygo.Log) []sentrygo.Log {
	return each(in, func(l sentrygo.Log) sentrygo.Log {
		e.texts(&l.Body)
		l.Attributes = e.sentryAttributes(l.Attributes)
		return l
	})
}

func (e sentryEvent) metrics(in []sentrygo.Metric) []sentrygo.Metric {
	return each(in, func(m sentrygo.Metric) sentrygo.Metric {
		e.texts(&m.Name, &m.Unit)
		m.Attributes = e.sentryAttributes(m.Attributes)
		return m
	})
}

func (e sentryEvent) sentryAttributes(in map[string]sentryattr.Value) map[string]sentryattr.Value {
	if in == nil {
		return nil
	}
	out := make(map[string]sentryattr.Value, len(in))
	for k, v := range in {
		clean, hit := e.keyValue(sigSentry, attribute.KeyValue{Key: attribute.Key(k), Value: attrvalue.Of(v.AsInterface())})
		_, tells := e.text(sigSentry, "", k)
		switch {
		case tells || hit && gone(clean):
		case hit:
			out[k] = sentryattr.StringValue(clean.Value.String())
		default:
			out[k] = v
		}
	}
	return out
}
