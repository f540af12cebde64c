package sentry

import (
	"maps"
	"slices"

	sentrygo "github.com/getsentry/sentry-go"
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
	e.Tags = trimmed(e.Tags)
	e.User.Data = trimmed(e.User.Data)
	if e.Request != nil {
		own := *e.Request
		for _, text := range []*string{&own.Method, &own.URL, &own.QueryString, &own.Cookies, &own.Data} {
			*text = cut(*text, maxText)
		}
		own.Headers, own.Env = trimmed(own.Headers), trimmed(own.Env)
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

// trimmed returns a copy of m with maxItems of its values, cut.
func trimmed(m map[string]string) map[string]string {
	m = maps.Clone(m)
	for k, v := range m {
		if len(k) > maxValue || len(m) > maxItems {
			delete(m, k)
			continue
		}
		m[k] = cut(v, maxValue)
	}
	return m
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
