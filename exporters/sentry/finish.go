package sentry

import (
	"encoding/json"
	"maps"

	sentrygo "github.com/getsentry/sentry-go"
)

type beforeSend = func(*sentrygo.Event, *sentrygo.EventHint) *sentrygo.Event

// maxEvent is the largest event that is sent, in bytes of JSON.
const maxEvent = 200_000

// finish returns the last step before an event leaves the process. Order is
// important here: the user's functions may add anything, so what they return
// is made safe to encode, then cut, and the scrubber sees what remains.
func (s *Sink) finish(before ...beforeSend) beforeSend {
	return func(e *sentrygo.Event, hint *sentrygo.EventHint) *sentrygo.Event {
		for _, f := range before {
			if f == nil {
				continue
			}
			if e = s.guarded(f, e, hint); e == nil {
				s.stats.drop(reasonBeforeSend)
				return nil
			}
		}
		if !s.makeSafe(e) {
			s.stats.drop(reasonTooLarge)
			return nil
		}
		if !s.scrubbed(e) {
			s.stats.drop(reasonScrub)
			return nil
		}
		return e
	}
}

// guarded calls code of the user.
func (s *Sink) guarded(f beforeSend, e *sentrygo.Event, hint *sentrygo.EventHint) (out *sentrygo.Event) {
	defer func() {
		if recover() != nil {
			out = nil
		}
	}()
	return f(e, hint)
}

// scrubbed reports whether e may leave: it does not when scrubbing fails.
func (s *Sink) scrubbed(e *sentrygo.Event) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	if s.config.scrubber == nil {
		return true
	}
	// A scrubber may take these for names, which they are if nobody has put
	// together a release of something else.
	for _, name := range []*string{&e.Release, &e.Environment, &e.Dist} {
		*name = s.clean(*name)
	}
	return s.config.scrubber.SentryEvent(e) == nil
}

// makeSafe makes e encodable, its own and small enough: no value in it is
// shared with another event or with the application, so that the scrubber may
// write to all of them.
func (s *Sink) makeSafe(e *sentrygo.Event) bool {
	if e.Release == noRelease {
		e.Release = ""
	}
	contexts := make(map[string]sentrygo.Context, len(e.Contexts))
	for name, c := range e.Contexts {
		contexts[name], _ = tidy(c, 0).(map[string]any)
	}
	e.Contexts = contexts
	e.Modules = maps.Clone(e.Modules)
	trim(e)
	crumbs := make([]*sentrygo.Breadcrumb, 0, len(e.Breadcrumbs))
	for _, b := range e.Breadcrumbs {
		if b == nil {
			continue
		}
		own := *b
		own.Category, own.Message = cut(b.Category, maxCrumbText), cut(b.Message, maxCrumbText)
		if b.Data != nil {
			own.Data, _ = tidy(b.Data, 0).(map[string]any)
		}
		crumbs = append(crumbs, &own)
	}
	e.Breadcrumbs = crumbs
	for i := range e.Exception {
		if m := e.Exception[i].Mechanism; m != nil && m.Data != nil {
			own := *m
			own.Data, _ = tidy(m.Data, 0).(map[string]any)
			e.Exception[i].Mechanism = &own
		}
	}
	return shrink(e)
}

// shrink takes from e what is least missed until it is small enough.
func shrink(e *sentrygo.Event) bool {
	for _, less := range []func(){
		func() {},
		func() { e.Modules = nil },
		func() {
			for _, b := range e.Breadcrumbs {
				b.Data = nil
			}
		},
		func() { e.Breadcrumbs = e.Breadcrumbs[max(0, len(e.Breadcrumbs)-10):] },
		func() { delete(e.Contexts, "otel") },
		func() { e.Breadcrumbs = nil },
		func() {
			for i := range e.Exception {
				e.Exception[i].Value = cut(e.Exception[i].Value, maxText/8)
			}
		},
	} {
		less()
		if raw, err := json.Marshal(e); err == nil && len(raw) <= maxEvent {
			return true
		}
	}
	return false
}
