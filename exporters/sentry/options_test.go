package sentry_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/codes"

	"github.com/otelkit/otelkit-go/exporters/sentry"
)

func TestOffWithoutDestination(t *testing.T) {
	t.Setenv("SENTRY_DSN", "http://fromenvironment@127.0.0.1:1/1")
	before := runtime.NumGoroutine()
	off, err := sentry.New(sentry.WithDSN(""), sentry.WithRelease("1"))
	if err != nil {
		t.Fatal(err)
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines more, want none", after-before)
	}
	for name, sink := range map[string]*sentry.Sink{"off": off, "nil": nil} {
		t.Run(name, func(t *testing.T) {
			if sink.Client() != nil {
				t.Error("it has a client")
			}
			ctx, span := newTracer(sink).Start(t.Context(), "job")
			span.RecordError(errors.New("unheard"))
			span.SetStatus(codes.Error, "")
			span.End()
			fatal(ctx, sink)
			sink.CaptureError(ctx, errors.New("unheard"))
			sink.CapturePanic(ctx, "unheard")
			if got := sink.Stats(); got.Delivered != 0 || got.Dropped != nil {
				t.Errorf("stats are %+v", got)
			}
			for _, f := range []func(context.Context) error{
				sink.ForceFlush, sink.Shutdown, sink.Shutdown,
				sink.SpanProcessor().ForceFlush, sink.LogProcessor().Shutdown,
			} {
				if err := f(t.Context()); err != nil {
					t.Error(err)
				}
			}
			var passed any
			func() {
				defer func() { passed = recover() }()
				defer sink.Recover(ctx)
				panic("goes on")
			}()
			if passed != "goes on" {
				t.Errorf("Recover let %v pass, want the panic", passed)
			}
		})
	}
}

func TestWrongOptions(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("k3y", 8)
	for name, tt := range map[string]struct {
		option sentry.Option
		want   string
	}{
		"DSN without key":       {sentry.WithDSN("https://o1.ingest.example/1"), "DSN is not of the form"},
		"DSN without project":   {sentry.WithDSN("https://" + key + "@o1.ingest.example"), "DSN is not of the form"},
		"DSN that is no URL":    {sentry.WithDSN("https://" + key + "@%zz/1"), "DSN is not of the form"},
		"DSN of another scheme": {sentry.WithDSN("ftp://" + key + "@host/1"), "DSN is not of the form"},
		"DSN with a bad port":   {sentry.WithDSN("http://" + key + "@host:99999999999999999999/1"), "DSN is not of the form"},
		"bad pattern":           {sentry.WithIgnorePatterns("("), "WithIgnorePatterns"},
		"bad rate":              {sentry.WithRate(0, time.Second), "WithRate: burst 0"},
		"bad total rate":        {sentry.WithTotalRate(-1), "WithTotalRate: -1"},
		"bad Spotlight":         {sentry.WithSpotlight("localhost:8969"), `WithSpotlight: "localhost:8969"`},
		"nil error to ignore":   {sentry.WithIgnoreErrors(nil), "WithIgnoreErrors"},
		"nil type to ignore":    {sentry.WithIgnoreTypes(nil), "WithIgnoreTypes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := sentry.New(tt.option, sentry.WithTotalRate(0))
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "otelkit: sentry: ") {
				t.Fatalf("error is %v, want one with %q", err, tt.want)
			}
			if !strings.Contains(err.Error(), "WithTotalRate: 0") {
				t.Errorf("error is %v, want that the second wrong option is named too", err)
			}
			if strings.Contains(err.Error(), key) {
				t.Errorf("error %q contains the key", err)
			}
		})
	}
}

func TestIgnored(t *testing.T) {
	t.Parallel()
	errQuota := errors.New("quota exceeded")
	for name, option := range map[string]sentry.Option{
		"by value":   sentry.WithIgnoreErrors(errQuota),
		"by type":    sentry.WithIgnoreTypes(&declined{}),
		"by pattern": sentry.WithIgnorePatterns("^(quota|insufficient) "),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, with(option))
			ctx, span := s.tracer.Start(t.Context(), "job")
			s.log.ErrorContext(ctx, "kept", "error", errors.New("disk full"))
			s.log.ErrorContext(ctx, "refused", "error", joined(errQuota, &declined{"insufficient funds"}))
			span.SetStatus(codes.Error, "")
			span.End()
			if e := s.event(); e.Message != "kept" {
				t.Errorf("event is %q", e.Title())
			}
			if n := s.sink.Stats().Dropped["ignored"]; n != 1 {
				t.Errorf("%d ignored, want 1", n)
			}
		})
	}
}

// joined is an error that all of the rules of TestIgnored match.
func joined(quota, declined error) error {
	return &both{[]error{quota, declined}}
}

type both struct{ errs []error }

func (b *both) Error() string   { return "quota exceeded or insufficient funds" }
func (b *both) Unwrap() []error { return b.errs }

func TestIgnoredErrorExplainsTheFailure(t *testing.T) {
	t.Parallel()
	s := newService(t, with(sentry.WithIgnoreTypes(&declined{})))
	ctx, span := s.tracer.Start(t.Context(), "job")
	s.log.ErrorContext(ctx, "refused", "error", &declined{"insufficient funds"})
	span.SetStatus(codes.Error, "refused")
	span.End()
	if events := s.events(); len(events) != 0 {
		t.Errorf("unexpected event %q", events[0].Title())
	}
}

func TestErrorLogWithoutError(t *testing.T) {
	t.Parallel()
	t.Run("is an issue by its body", func(t *testing.T) {
		t.Parallel()
		s := newService(t)
		s.log.ErrorContext(t.Context(), "order 17 lost")
		e := s.event()
		if e.Message != "order 17 lost" || len(e.Exception) != 0 {
			t.Errorf("message %q, exceptions %v", e.Message, e.Exception)
		}
		if f := e.LastFrame(); !strings.Contains(f.Function, "TestErrorLogWithoutError") {
			t.Errorf("last frame is %+v", f)
		}
		if got := strings.Join(e.Fingerprint, "|"); !strings.HasSuffix(got, "|order # lost") {
			t.Errorf("fingerprint is %q", got)
		}
	})
	t.Run("can be switched off", func(t *testing.T) {
		t.Parallel()
		s := newService(t, with(sentry.WithoutBodyIssues()))
		s.log.ErrorContext(t.Context(), "order 17 lost")
		if events := s.events(); len(events) != 0 {
			t.Errorf("unexpected event %q", events[0].Title())
		}
	})
}

func TestPersonalDataIsOptIn(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		options []sentry.Option
		email   any
	}{
		"by default": {nil, nil},
		"opted in":   {[]sentry.Option{sentry.WithPersonalData()}, "ann@shop.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, with(tt.options...))
			s.log.ErrorContext(t.Context(), "lost", "user.id", "u-7", "user.email", "ann@shop.example")
			e := s.event()
			if e.User["id"] != "u-7" || e.User["email"] != tt.email {
				t.Errorf("user is %v", e.User)
			}
		})
	}
}

func TestReleaseAndEnvironmentOfOptions(t *testing.T) {
	t.Setenv("SENTRY_RELEASE", "from environment")
	t.Setenv("SENTRY_ENVIRONMENT", "from environment")
	s := newService(t, with(sentry.WithRelease("9.9"), sentry.WithEnvironment("staging")))
	s.log.ErrorContext(t.Context(), "lost")
	if e := s.event(); e.Release != "9.9" || e.Environment != "staging" {
		t.Errorf("release %q, environment %q", e.Release, e.Environment)
	}
}

func TestOTLPTraces(t *testing.T) {
	t.Parallel()
	for dsn, want := range map[string]string{
		"https://k@o1.ingest.sentry.io/42":        "https://o1.ingest.sentry.io/api/42/integration/otlp/v1/traces/",
		"http://k:s@sentry.internal:9000/team/42": "http://sentry.internal:9000/team/api/42/integration/otlp/v1/traces/",
	} {
		endpoint, headers, err := sentry.OTLPTraces(dsn)
		if err != nil || endpoint != want || headers["X-Sentry-Auth"] != "Sentry sentry_version=7, sentry_key=k" || len(headers) != 1 {
			t.Errorf("OTLPTraces(%q) = %q, %v, %v", dsn, endpoint, headers, err)
		}
	}
	if _, _, err := sentry.OTLPTraces("https://host/1"); err == nil {
		t.Error("no error for a DSN without key")
	}
}
