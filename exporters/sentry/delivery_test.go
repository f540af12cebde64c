package sentry_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	sentrygo "github.com/getsentry/sentry-go"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/internal/sentrytest"
)

// What became of an event is counted as the server told, not as sentry-go
// believes.
func TestDeliveryIsToldTruthfully(t *testing.T) {
	t.Parallel()
	for day, want := range map[sentrytest.Day]string{
		sentrytest.Limited:  "server_rate_limit",
		sentrytest.Broken:   "server_error",
		sentrytest.TooLarge: "too_large",
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			var heard []error
			s := newService(t, with(sentry.WithErrorHandler(func(err error) { heard = append(heard, err) })))
			s.receiver.Behave(day)
			for i := range 3 {
				s.sink.CaptureError(t.Context(), fmt.Errorf("failure %d", i))
			}
			if err := s.sink.ForceFlush(t.Context()); err == nil {
				t.Error("ForceFlush returned nil, want that events were lost")
			}
			st := s.sink.Stats()
			if st.Delivered != 0 || st.Dropped[want] != 3 {
				t.Errorf("stats are %+v, want 3 dropped for %s", st, want)
			}
			if day == sentrytest.Limited && s.receiver.Requests() != 1 {
				t.Errorf("%d requests, want 1: the server asked for a minute of silence", s.receiver.Requests())
			}
			if len(heard) != 1 {
				t.Errorf("the error handler heard %q, want one complaint", heard)
			}

			s.receiver.Behave(sentrytest.Good)
			if err := s.sink.ForceFlush(t.Context()); err != nil {
				t.Errorf("ForceFlush repeats old losses: %v", err)
			}
		})
	}
}

func TestClosedPort(t *testing.T) {
	t.Parallel()
	s := newService(t, func(set *settings) { set.dsn = sentrytest.ClosedDSN(t) })
	s.sink.CaptureError(t.Context(), errors.New("nobody listens"))
	if err := s.sink.ForceFlush(t.Context()); err == nil {
		t.Error("ForceFlush returned nil, want that an event was lost")
	}
	if st := s.sink.Stats(); st.Dropped["network"] != 1 {
		t.Errorf("stats are %+v", st)
	}
}

// The application goes on while the server holds a request: none of these
// calls may wait for it.
func TestBlackHoleDoesNotHoldTheApplication(t *testing.T) {
	t.Parallel()
	s := newService(t, with(sentry.WithTotalRate(1_000_000), sentry.WithRate(1_000_000, time.Second)))
	s.receiver.Behave(sentrytest.BlackHole)
	s.sink.CaptureError(t.Context(), errors.New("first"))
	s.receiver.WaitRequests(t, 1)
	for i := range 5000 {
		ctx, span := s.tracer.Start(t.Context(), "job")
		s.log.ErrorContext(ctx, "failed", "error", fmt.Errorf("failure %d", i))
		s.sink.CaptureError(ctx, fmt.Errorf("captured %d", i))
		span.End()
	}
	st := s.sink.Stats()
	if st.Dropped["outbox_full"] == 0 && st.Dropped["queue_full"] == 0 {
		t.Errorf("stats are %+v, want that what did not fit is counted", st)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.sink.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("Shutdown returned %v, want the end of its context", err)
	}
}

// hole is a server that takes a request and never answers.
type hole struct{ asked chan struct{} }

func (h hole) RoundTrip(r *http.Request) (*http.Response, error) {
	close(h.asked)
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestShutdownReturnsAtItsDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := hole{asked: make(chan struct{})}
		sink, err := sentry.New(
			sentry.WithDSN("http://publickey@127.0.0.1/1"),
			sentry.WithHTTPClient(&http.Client{Transport: h}),
			sentry.WithErrorHandler(func(error) {}),
		)
		if err != nil {
			t.Fatal(err)
		}
		sink.CaptureError(t.Context(), errors.New("swallowed"))
		<-h.asked
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err = sink.SpanProcessor().Shutdown(ctx)
		if took := time.Since(start); took != time.Second {
			t.Errorf("Shutdown took %v, want its deadline", took)
		}
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1 events not delivered") {
			t.Errorf("Shutdown returned %v", err)
		}
		if again := sink.LogProcessor().Shutdown(t.Context()); again != err { //nolint:errorlint // the very same
			t.Errorf("second Shutdown returned %v, want the result of the first", again)
		}
	})
}

// TestShutdownWithNothingToSend ends a Sink whose time is over, and has no
// complaint.
func TestShutdownWithNothingToSend(t *testing.T) {
	t.Parallel()
	for range 20 {
		sink, err := sentry.New(sentry.WithDSN("http://publickey@127.0.0.1/1"), sentry.WithErrorHandler(func(error) {}))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := sink.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	}
}

// answer is a server that is content with everything.
type answer struct{}

func (answer) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: r}, nil
}

func newSink(t *testing.T, transport http.RoundTripper, options ...sentry.Option) *sentry.Sink {
	t.Helper()
	sink, err := sentry.New(append([]sentry.Option{
		sentry.WithDSN("http://publickey@127.0.0.1/1"),
		sentry.WithHTTPClient(&http.Client{Transport: transport}),
		sentry.WithErrorHandler(func(error) {}),
	}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	return sink
}

func TestHeldForFiveSecondsAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sink := newSink(t, answer{})
		defer func() { _ = sink.Shutdown(t.Context()) }()
		tracer := newTracer(sink)
		_, span := tracer.Start(t.Context(), "long")
		ctx, child := tracer.Start(withSpan(t, span), "child")
		child.RecordError(errors.New("early"))
		child.End()
		_ = ctx

		time.Sleep(5*time.Second - time.Millisecond)
		synctest.Wait()
		if n := sink.Stats().Delivered; n != 0 {
			t.Errorf("%d events before the time", n)
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		if n := sink.Stats().Delivered; n != 1 {
			t.Errorf("%d events after 5 seconds, want 1", n)
		}

		// The root records the same failure later.
		span.RecordError(errors.New("early"))
		span.End()
		time.Sleep(time.Minute)
		synctest.Wait()
		if st := sink.Stats(); st.Delivered != 1 || st.Duplicates != 1 {
			t.Errorf("stats are %+v, want the late duplicate only counted", st)
		}
	})
}

func TestFatalWaitsTwoSecondsAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sink := newSink(t, hole{asked: make(chan struct{})})
		start := time.Now()
		fatal(t.Context(), sink)
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("the FATAL record took %v, want 2s", took)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_ = sink.Shutdown(ctx)
	})
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var last *sentrygo.Event
		sink := newSink(t, answer{}, sentry.WithBeforeSend(func(e *sentrygo.Event, _ *sentrygo.EventHint) *sentrygo.Event {
			last = e
			return e
		}))
		defer func() { _ = sink.Shutdown(t.Context()) }()
		for range 20 {
			sink.CaptureError(t.Context(), errors.New("again"))
		}
		synctest.Wait()
		if st := sink.Stats(); st.Delivered != 5 || st.Dropped["rate_limit"] != 15 {
			t.Errorf("stats are %+v, want a burst of 5", st)
		}
		time.Sleep(10 * time.Second)
		sink.CaptureError(t.Context(), errors.New("again"))
		synctest.Wait()
		if n := sink.Stats().Delivered; n != 6 {
			t.Fatalf("%d delivered after 10 seconds more, want 6", n)
		}
		if got := last.Contexts["otelkit"]["suppressed"]; got != 15 {
			t.Errorf("the event says %v were suppressed, want 15", got)
		}
	})
}

func TestTotalRateLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sink := newSink(t, answer{})
		defer func() { _ = sink.Shutdown(t.Context()) }()
		for i := range 80 {
			sink.CaptureError(t.Context(), errors.New("e"), sentry.WithFingerprint(fmt.Sprint(i)))
		}
		synctest.Wait()
		if n := sink.Stats().Delivered; n != 50 {
			t.Errorf("%d delivered in one second, want 50", n)
		}
	})
}

func TestAfterShutdownNothingHappens(t *testing.T) {
	t.Parallel()
	s := newService(t)
	if err := s.sink.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, span := s.tracer.Start(t.Context(), "late")
	s.log.ErrorContext(ctx, "late", "error", errors.New("late"))
	s.sink.CaptureError(ctx, errors.New("late"))
	s.sink.CapturePanic(ctx, "late")
	span.End()
	if err := s.sink.ForceFlush(t.Context()); err != nil {
		t.Error(err)
	}
	if events := s.receiver.Events(); len(events) != 0 {
		t.Errorf("%d events arrived after Shutdown", len(events))
	}
}

func TestShutdownDelivers(t *testing.T) {
	t.Parallel()
	s := newService(t)
	ctx, span := s.tracer.Start(t.Context(), "never ended")
	span.RecordError(errors.New("seen on a span that does not end"))
	s.log.ErrorContext(ctx, "failed", "error", errors.New("last words"))
	if err := s.traces.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if events := s.receiver.Events(); len(events) != 1 || events[0].Outermost().Value != "last words" {
		t.Errorf("events are %+v", events)
	}
}

func newTracer(sink *sentry.Sink) tracer {
	return sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(sink.SpanProcessor())).Tracer("test")
}
