package sentry

import (
	"cmp"
	"maps"
	"slices"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/attribute"
)

// maxFrameText bounds the names of a frame, in bytes.
const maxFrameText = 512

// levels are those that Sentry knows.
var levels = []sentrygo.Level{
	sentrygo.LevelDebug, sentrygo.LevelInfo, sentrygo.LevelWarning, sentrygo.LevelError, sentrygo.LevelFatal,
}

// trim cuts the texts of e that may come from anywhere: a client chooses the path
// and the headers of its request, and an event that is too large is lost. What
// e shares with the application is copied first.
func trim(e *sentrygo.Event) {
	for _, text := range []*string{
		&e.Transaction, &e.Logger, &e.Release, &e.Environment, &e.ServerName, &e.Dist,
		&e.User.ID, &e.User.Email, &e.User.IPAddress, &e.User.Username, &e.User.Name,
	} {
		*text = cut(*text, maxValue)
	}
	if !slices.Contains(levels, e.Level) {
		e.Level = sentrygo.LevelError
	}
	e.Message = cut(e.Message, maxText)
	e.Fingerprint = slices.Clone(e.Fingerprint)
	for i, part := range e.Fingerprint {
		e.Fingerprint[i] = cut(part, maxValue)
	}
	e.Tags = trimmed(e.Tags, keptTags)
	e.User.Data = trimmed(e.User.Data, nil)
	if e.Request != nil {
		own := *e.Request
		for _, text := range []*string{&own.Method, &own.URL, &own.QueryString, &own.Cookies, &own.Data} {
			*text = cut(*text, maxText)
		}
		own.Headers, own.Env = trimmed(own.Headers, nil), trimmed(own.Env, nil)
		e.Request = &own
	}
	for i := range e.Exception {
		x := &e.Exception[i]
		x.Type, x.Value, x.Module = cut(x.Type, maxValue), cut(x.Value, maxText), cut(x.Module, maxValue)
		trimStack(x.Stacktrace)
	}
	for i := range e.Threads {
		trimStack(e.Threads[i].Stacktrace)
	}
}

// trimmed returns a copy of m with maxItems of its values, cut: those under the
// keys of first, then those whose keys sort first, so that all events keep the same.
func trimmed(m map[string]string, first map[attribute.Key]bool) map[string]string {
	if m == nil {
		return nil
	}
	keys := slices.SortedFunc(maps.Keys(m), func(a, b string) int {
		return cmp.Or(compareBool(first[attribute.Key(b)], first[attribute.Key(a)]), cmp.Compare(a, b))
	})
	own := make(map[string]string, min(len(m), maxItems))
	for _, k := range keys {
		if len(own) == maxItems {
			break
		}
		if len(k) <= maxValue {
			own[k] = cut(m[k], maxValue)
		}
	}
	return own
}

func trimStack(st *sentrygo.Stacktrace) {
	if st == nil {
		return
	}
	for i := range st.Frames {
		f := &st.Frames[i]
		for _, text := range []*string{&f.Function, &f.Module, &f.Filename, &f.AbsPath} {
			*text = cut(*text, maxFrameText)
		}
		if f.Vars != nil {
			f.Vars, _ = tidy(f.Vars, 0).(map[string]any)
		}
	}
}
