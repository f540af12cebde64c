package sentry_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	sentrygo "github.com/getsentry/sentry-go"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/internal/sentrytest"
)

// What a stranger's code may do to a Sink.

// circular wraps itself.
type circular struct{ text string }

func (c *circular) Error() string { return c.text }
func (c *circular) Unwrap() error { return c }

// crowd wraps itself many times over.
type crowd struct{}

func (c *crowd) Error() string   { return "crowd" }
func (c *crowd) Unwrap() []error { return []error{c, nil, c, c} }

// rude panics whatever it is asked.
type rude struct{}

func (rude) Error() string        { panic("Error") }
func (rude) Unwrap() error        { panic("Unwrap") }
func (rude) Is(error) bool        { panic("Is") }
func (rude) SQLState() string     { panic("SQLState") }
func (rude) StackTrace() []string { panic("StackTrace") }

// mapError cannot be compared.
type mapError map[string]int

func (mapError) Error() string { return "map error" }

func TestErrorsOfAllKinds(t *testing.T) {
	t.Parallel()
	var typedNil *declined
	for name, err := range map[string]error{
		"wraps itself":           &circular{"circular"},
		"wraps itself, in front": fmt.Errorf("load: %w", &circular{"circular"}),
		"wraps itself often":     &crowd{},
		"panics":                 fmt.Errorf("%w", errors.Join(rude{})),
		"nil pointer":            typedNil,
		"not comparable":         fmt.Errorf("load: %w", mapError{"a": 1}),
		"empty text":             errors.New(""),
		"invalid UTF-8":          errors.New("disk \xff\xfe full"),
		"joined":                 errors.Join(slices.Repeat([]error{errors.New("one of many")}, 10_000)...),
		"large":                  errors.New(strings.Repeat("x", 1<<24)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if strings.HasPrefix(name, "panics") {
				err = rude{}
			}
			s := newService(t)
			ctx, span := s.tracer.Start(t.Context(), "job")
			s.sink.CaptureError(ctx, err)
			span.End()
			if e := s.event(); e.Outermost().Type == "" {
				t.Errorf("event is %+v", e)
			}
			if n := len(s.receiver.Raw()); n > 201_000 {
				t.Errorf("%d bytes, want 200 kB at most", n)
			}
		})
	}
}

// reentrant waits for a lock in all methods that no logger calls.
type reentrant struct{ mu *sync.Mutex }

func (r *reentrant) wait() { r.mu.Lock(); defer r.mu.Unlock() }

func (r *reentrant) Error() string        { return "busy" }
func (r *reentrant) Is(error) bool        { r.wait(); return false }
func (r *reentrant) SQLState() string     { r.wait(); return "40001" }
func (r *reentrant) StackTrace() []string { r.wait(); return nil }

// An error that waits for a lock holds up neither its caller nor other issues.
func TestErrorThatWaitsForALock(t *testing.T) {
	t.Parallel()
	s := newService(t)
	var mu sync.Mutex
	mu.Lock()
	for i := range 3 {
		s.sink.CaptureError(t.Context(), fmt.Errorf("attempt %d: %w", i, &reentrant{&mu}))
	}
	s.sink.CaptureError(t.Context(), errors.New("disk full"))
	if events := s.events(); len(events) != 4 {
		t.Errorf("%d events, want 4", len(events))
	}
	mu.Unlock()
}

// A client must not be able to hide what it does behind a request that makes the
// event too large.
func TestLargeTextsInEveryPlace(t *testing.T) {
	t.Parallel()
	s := newService(t, with(sentry.WithPersonalData(), sentry.WithBeforeSend(
		func(e *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
			e.Tags["large"] = e.Transaction
			e.User.Data = map[string]string{"large": e.Transaction, e.Transaction: "large"}
			e.Exception[0].Stacktrace = &sentrygo.Stacktrace{Frames: []sentrygo.Frame{{Function: e.Transaction}}}
			return e
		})))
	large := strings.Repeat("x1 ", 1<<19)
	ctx, root := s.tracer.Start(t.Context(), large, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", large), attribute.String("http.route", large), attribute.String("url.path", large),
		attribute.String("url.query", large), attribute.String("user_agent.original", large), attribute.String("user.id", large),
		attribute.String("user.email", large), attribute.String(large, large),
	))
	root.AddEvent("exception", trace.WithAttributes(attribute.String("exception.type", large),
		attribute.String("exception.message", large), attribute.String("exception.stacktrace", large+"()\n\t/"+large+":7\n")))
	s.log.InfoContext(ctx, large, large, large)
	silently(root)
	e := s.event()
	if n := len(s.receiver.Raw()); n > 201_000 {
		t.Errorf("%d bytes, want 200 kB at most", n)
	}
	if !strings.HasPrefix(e.Transaction, "x1 x1") || !strings.HasPrefix(e.Request.QueryString, "x1 x1") {
		t.Errorf("transaction %.20q, request %.20q", e.Transaction, e.Request.QueryString)
	}
}

func TestPanicValuesOfAllKinds(t *testing.T) {
	t.Parallel()
	loop := map[string]any{}
	loop["self"] = loop
	list := []any{nil}
	list[0] = list
	for name, value := range map[string]any{
		"map in itself":   loop,
		"slice in itself": &list,
		"struct":          struct{ A, B int }{1, 2},
		"rude error":      rude{},
		"func":            func() {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			func() {
				defer func() { s.sink.CapturePanic(t.Context(), recover()) }()
				panic(value)
			}()
			if e := s.event(); e.Level != "fatal" {
				t.Errorf("level is %q", e.Level)
			}
		})
	}
	t.Run("nil", func(t *testing.T) {
		t.Parallel()
		s := newService(t)
		func() {
			defer func() { s.sink.CapturePanic(t.Context(), recover()) }()
			panic(nil) //nolint:govet // that is the case
		}()
		if e := s.event(); e.Outermost().Type != "*runtime.PanicNilError" {
			t.Errorf("event is %q", e.Title())
		}
	})
}

// One failure, told in every way that people tell failures.
func TestOneIssueHoweverToldOf(t *testing.T) {
	t.Parallel()
	err := &declined{"insufficient funds"}
	for name, tell := range map[string]func(context.Context, *service){
		"wrapped in one goroutine, joined in another": func(ctx context.Context, s *service) {
			var wg sync.WaitGroup
			wg.Go(func() { _ = s.fail(ctx, "a", func(context.Context) error { return fmt.Errorf("a: %w", err) }) })
			wg.Go(func() { _ = s.fail(ctx, "b", func(context.Context) error { return errors.Join(err) }) })
			wg.Wait()
			s.log.ErrorContext(ctx, "failed", "error", fmt.Errorf("both: %w", err))
		},
		"as text in a record": func(ctx context.Context, s *service) {
			_ = s.fail(ctx, "a", func(context.Context) error { return errors.New("disk full") })
			s.log.ErrorContext(ctx, "order failed", "error", "disk full")
		},
		"as text of any key, before it is captured": func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "order failed", "order", "7 of 9", "outcome", err.Error())
			s.sink.CaptureError(ctx, err)
		},
		"as text of any key, after it was captured": func(ctx context.Context, s *service) {
			s.sink.CaptureError(ctx, err)
			s.log.ErrorContext(ctx, "order failed", "outcome", err.Error())
		},
		"as text of three wrappers": func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "charge failed", "reason", err.Error())
			s.log.ErrorContext(ctx, "order failed", "reason", fmt.Sprint("charge: ", err))
			s.sink.CaptureError(ctx, fmt.Errorf("request: charge: %w", err))
		},
		"as text in a group": func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "order failed", slog.Group("payment", "card", "debit", "reason", err.Error()))
			s.sink.CaptureError(ctx, fmt.Errorf("charge: %w", err))
		},
		"in the message of a record": func(ctx context.Context, s *service) {
			_ = s.fail(ctx, "a", func(context.Context) error { return errors.New("disk full") })
			s.log.ErrorContext(ctx, "order failed: disk full")
		},
		"in a record after the end of its span": func(ctx context.Context, s *service) {
			ctx, span := s.tracer.Start(ctx, "a")
			span.RecordError(err)
			span.End()
			span.End()
			s.log.ErrorContext(ctx, "failed", "error", err)
		},
		"as a recovered panic with text": func(ctx context.Context, s *service) {
			func() {
				defer func() { s.log.ErrorContext(ctx, "recovered", "panic", fmt.Sprint(recover())) }()
				_, span := s.tracer.Start(ctx, "a")
				defer span.End()
				panic("out of cheese")
			}()
		},
		"as a recovered panic with an error": func(ctx context.Context, s *service) {
			func() {
				defer func() { s.log.ErrorContext(ctx, "recovered", "panic", recover()) }()
				_, span := s.tracer.Start(ctx, "a")
				defer span.End()
				explode(nil, 3)
			}()
		},
		"as a panic that middleware wraps and captures": func(ctx context.Context, s *service) {
			func() {
				defer func() { s.sink.CapturePanic(ctx, fmt.Errorf("handler: %v", recover())) }()
				_, span := s.tracer.Start(ctx, "a")
				defer span.End()
				explode(nil, 3)
			}()
		},
		"as a panic that is thrown again": func(ctx context.Context, s *service) {
			func() {
				defer func() { _ = recover() }()
				ctx, outer := s.tracer.Start(ctx, "outer")
				defer outer.End()
				defer s.sink.Recover(ctx)
				_, span := s.tracer.Start(ctx, "a")
				defer span.End()
				panic(struct{ Code int }{7})
			}()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			ctx, root := s.tracer.Start(t.Context(), "root", trace.WithSpanKind(trace.SpanKindServer))
			tell(ctx, s)
			root.SetStatus(codes.Error, "")
			root.End()
			if e := s.event(); strings.HasPrefix(e.Outermost().Type, ".") {
				t.Errorf("title is %q", e.Title())
			}
		})
	}
}

// A panic that two layers report and throw on is one, with a trace and without;
// the same panic of two goroutines is two.
func TestPanicOfTwoLayers(t *testing.T) {
	t.Parallel()
	layers := func(s *service, ctx context.Context, value any) {
		defer func() { _ = recover() }()
		defer s.sink.Recover(ctx)
		defer func() {
			r := recover()
			s.sink.CapturePanic(ctx, r)
			panic(r)
		}()
		defer s.sink.Recover(ctx)
		panic(value)
	}
	for name, value := range map[string]any{
		"text": "out of cheese", "error": errors.New("out of cheese"), "struct": struct{ Code int }{7}, "nil": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			layers(s, t.Context(), value)
			s.event()
			layers(s, t.Context(), value)
			if events := s.events(); len(events) != 2 {
				t.Errorf("%d events, want one for each panic", len(events))
			}
			s = newService(t)
			ctx, span := s.tracer.Start(t.Context(), "job")
			layers(s, ctx, value)
			span.End()
			s.event()
		})
	}
}

// What is alike by chance is two issues.
func TestTwoIssuesThatLookAlike(t *testing.T) {
	t.Parallel()
	for name, tell := range map[string]func(context.Context, *service){
		"labels": func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "login failed", "reason", "user", "cause", "timeout")
			s.log.ErrorContext(ctx, "logout failed", "reason", "user", "cause", "timeout")
		},
		"a label and an error that ends with it": func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "login failed", "reason", "EOF")
			s.sink.CaptureError(ctx, fmt.Errorf("read body: %w", io.EOF))
		},
		"a label and an error that is a word": func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "login failed", "state", "timeout")
			s.sink.CaptureError(ctx, errors.New("timeout"))
		},
		"what another record says": func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "login failed")
			s.log.ErrorContext(ctx, "rollback failed", "after", "login failed")
		},
		"reasons that only end alike": func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "charge failed", "reason", "gift card declined")
			s.sink.CaptureError(ctx, errors.New("card declined"))
		},
		"the text of a cause, elsewhere": func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "charge failed", "hint", "card declined")
			s.sink.CaptureError(ctx, fmt.Errorf("refund: %w", errors.New("card declined")))
		},
		"no text": func(ctx context.Context, s *service) {
			s.log.ErrorContext(ctx, "charge failed", "reason", "")
			s.sink.CaptureError(ctx, errors.New(""))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			ctx, root := s.tracer.Start(t.Context(), "root")
			tell(ctx, s)
			root.End()
			if events := s.events(); len(events) != 2 {
				t.Errorf("%d events, want 2", len(events))
			}
		})
	}
}

// A record that comes when its request is over is no news, and neither is one
// of a goroutine that outlives it.
func TestRecordAfterTheRoot(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, root := s.tracer.Start(t.Context(), "root")
	err := errors.New("disk full")
	s.log.ErrorContext(ctx, "failed", "error", err)
	root.End()
	s.event()
	s.log.ErrorContext(ctx, "failed once more", "error", fmt.Errorf("cleaning up: %w", err))
	s.event()
	s.log.ErrorContext(ctx, "failed in another way", "error", errors.New("no such file"))
	if events := s.events(); len(events) != 2 {
		t.Errorf("%d events, want 2", len(events))
	}
}

// Two services, two issues: each holds what it saw itself, in one trace.
func TestTwoServices(t *testing.T) {
	t.Parallel()
	caller, called := newService(t), newService(t)
	ctx, root := caller.tracer.Start(t.Context(), "caller")
	_ = called.fail(trace.ContextWithRemoteSpanContext(t.Context(), trace.SpanContextFromContext(ctx)), "called",
		func(context.Context) error { return errors.New("disk full") })
	_ = caller.fail2(ctx, "call", trace.SpanKindClient, errors.New("502 Bad Gateway"))
	root.SetStatus(codes.Error, "")
	root.End()
	a, b := caller.event(), called.event()
	if a.Contexts["trace"]["trace_id"] != b.Contexts["trace"]["trace_id"] {
		t.Error("the issues are not in one trace")
	}
}

// Errors whose texts hold ids and times are one issue in Sentry.
func TestFingerprintsOfVaryingTexts(t *testing.T) {
	t.Parallel()
	s := newService(t, with(sentry.WithRate(1000, time.Second)))
	for i := range 20 {
		_, span := s.tracer.Start(t.Context(), "job")
		span.RecordError(fmt.Errorf("session %08x of user-%d at %s (took %v): gone",
			i*7919+0x7fff, i, time.Unix(int64(i)*1e6, int64(i)).Format(time.RFC3339Nano), time.Duration(i)*777*time.Microsecond))
		span.End()
	}
	seen := map[string]bool{}
	for _, e := range s.events() {
		seen[strings.Join(e.Fingerprint, "|")] = true
	}
	if len(seen) != 1 {
		t.Errorf("%d fingerprints, want 1: %v", len(seen), seen)
	}
}

// A secret in every place that a service can put one into.
func TestSecretInEveryPlace(t *testing.T) {
	t.Parallel()
	r := sentrytest.New(t)
	type form struct {
		Name string
		Key  []byte
		Bad  []byte
		Deep []any
	}
	sink, err := sentry.New(
		sentry.WithDSN(r.DSN()),
		sentry.WithScrubber(fakeScrubber{}),
		sentry.WithRelease("1.0+"+secret),
		sentry.WithEnvironment("env-"+secret),
		sentry.WithPersonalData(),
		sentry.WithBeforeSend(func(e *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
			f := form{"ann", []byte(secret), append([]byte{0xff}, secret...), []any{[]byte(secret), &form{Key: []byte("k " + secret)}}}
			e.Contexts["form"] = sentrygo.Context{"value": f, "pointer": &f, "list": []form{f}, "map": map[string]form{"a": f}, "raw": []byte(secret)}
			e.Breadcrumbs = append(e.Breadcrumbs, &sentrygo.Breadcrumb{Message: secret, Data: map[string]any{"form": f}})
			for i := range e.Exception {
				e.Exception[i].Module = secret
				e.Exception[i].Mechanism = &sentrygo.Mechanism{Type: "generic", Data: map[string]any{"form": f}}
				if st := e.Exception[i].Stacktrace; st != nil {
					for j := range st.Frames {
						st.Frames[j].Vars = map[string]any{"form": f}
					}
				}
			}
			return e
		}),
	)
	if err != nil {
		t.Fatal(err)
	}
	res := resource.NewSchemaless(
		attribute.String("service.name", "shop "+secret), attribute.String("service.instance.id", "host "+secret))
	provider := sdktrace.NewTracerProvider(sdktrace.WithResource(res), sdktrace.WithSpanProcessor(sink.SpanProcessor()))
	ctx, span := provider.Tracer("scope "+secret).Start(t.Context(), "GET /"+secret, trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(
			attribute.String("http.request.method", "GET"), attribute.String("url.path", "/"+secret),
			attribute.String("url.query", "?token="+secret), attribute.String("user_agent.original", secret),
			attribute.String("server.address", secret+".example"), attribute.String("user.id", secret),
			attribute.String("user.email", secret), attribute.String("client.address", secret),
			attribute.String("error.type", secret), attribute.ByteSlice("bytes", []byte(secret)),
		))
	span.AddEvent("exception", trace.WithAttributes(
		attribute.String("exception.type", "type "+secret), attribute.String("exception.message", "message "+secret),
		attribute.String("exception.stacktrace", "goroutine 1 [running]:\nmain."+secret+"()\n\t/src/"+secret+".go:7 +0x1d\n")))
	span.SetStatus(codes.Error, secret)
	sink.CaptureError(ctx, fmt.Errorf("other failure with %s", secret),
		sentry.WithFingerprint(secret), sentry.WithAttributes(attribute.String("a", secret)))
	span.End()
	if err := sink.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(r.Events()); n != 2 {
		t.Fatalf("%d events arrived, want 2", n)
	}
	raw := string(r.Raw())
	for _, form := range []string{
		secret,
		base64.StdEncoding.EncodeToString([]byte(secret)),
		base64.StdEncoding.EncodeToString([]byte("k " + secret)),
		base64.StdEncoding.EncodeToString(append([]byte{0xff}, secret...)),
	} {
		if i := strings.Index(raw, form); i >= 0 {
			t.Errorf("%q left the process: …%s…", form, raw[max(0, i-80):min(len(raw), i+80)])
		}
	}
}

// Values that JSON cannot express, or has no end for.
func TestContextsOfAllKinds(t *testing.T) {
	t.Parallel()
	type loop map[string]any
	endless := loop{}
	endless["self"] = endless
	type ring struct{ Next *ring }
	circle := &ring{}
	circle.Next = circle
	s := newService(t, with(sentry.WithBeforeSend(func(e *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
		e.Contexts["mine"] = sentrygo.Context{
			"loop": endless, "ring": circle, "func": func() {}, "chan": make(chan int),
			"rude": rude{}, "mutex": &sync.Mutex{}, "ints": make([]int, 10_000),
			"key": map[[2]int]string{{1, 2}: "x"}, "strings": []string{"a", "b"}, "error": errors.New("text"),
		}
		return e
	})))
	s.log.ErrorContext(t.Context(), "lost")
	e := s.event()
	if got := fmt.Sprint(e.Contexts["mine"]["strings"]); got != "[a b]" {
		t.Errorf("strings are %s", got)
	}
	if n := len(s.receiver.Raw()); n > 201_000 {
		t.Errorf("%d bytes, want 200 kB at most", n)
	}
}

// Everything at once, while the Sink is shut down.
func TestShutdownAmongCaptures(t *testing.T) {
	t.Parallel()
	s := newService(t)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for j := range 200 {
				ctx, span := s.tracer.Start(t.Context(), "job")
				err := fmt.Errorf("failure %d of %d", j, i)
				s.log.ErrorContext(ctx, "failed", "error", err)
				s.sink.CaptureError(ctx, err)
				_ = s.sink.Stats()
				span.End()
			}
		})
	}
	for range 3 {
		wg.Go(func() { _ = s.sink.Shutdown(t.Context()) })
	}
	wg.Wait()
	arrived := len(s.receiver.Events())
	s.sink.CaptureError(t.Context(), errors.New("too late"))
	if err := s.sink.ForceFlush(t.Context()); err != nil {
		t.Error(err)
	}
	if n := len(s.receiver.Events()); n != arrived {
		t.Errorf("%d events arrived after Shutdown", n-arrived)
	}
}
