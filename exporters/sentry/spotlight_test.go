package sentry_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/otelkit/otelkit-go/exporters/sentry"
	"github.com/otelkit/otelkit-go/internal/sentrytest"
)

// viewer stands for Spotlight: it keeps the event item of what it is sent.
func viewer(t *testing.T) (address string, event func() map[string]json.RawMessage) {
	t.Helper()
	bodies := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/stream" {
			bodies <- string(raw)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, func() map[string]json.RawMessage {
		t.Helper()
		lines := strings.Split(<-bodies, "\n")
		if strings.Contains(lines[0], `"dsn"`) {
			t.Errorf("the header holds the DSN: %s", lines[0])
		}
		var event map[string]json.RawMessage
		if err := json.Unmarshal([]byte(lines[2]), &event); err != nil {
			t.Fatal(err)
		}
		var header struct{ Length int }
		if err := json.Unmarshal([]byte(lines[1]), &header); err != nil || header.Length != len(lines[2]) {
			t.Errorf("item header %s, payload of %d bytes", lines[1], len(lines[2]))
		}
		return event
	}
}

func nested(t *testing.T, event map[string]json.RawMessage, lists ...string) {
	t.Helper()
	for _, list := range lists {
		if raw := string(event[list]); !strings.HasPrefix(raw, `{"values":[`) {
			t.Errorf("%s is %.40s, want a list under values", list, raw)
		}
	}
}

func TestSpotlightAlone(t *testing.T) {
	t.Parallel()
	address, event := viewer(t)
	sink, err := sentry.New(sentry.WithSpotlight(address))
	if err != nil {
		t.Fatal(err)
	}
	tracer := newTracer(sink)
	ctx, span := tracer.Start(t.Context(), "job")
	emitInfo(ctx, sink, "job_started")
	sink.CaptureError(ctx, errors.New("disk full"))
	span.End()
	if err := sink.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	nested(t, event(), "exception", "breadcrumbs")
	if n := sink.Stats().Delivered; n != 1 {
		t.Errorf("%d delivered, want 1", n)
	}
}

func TestSpotlightBesideSentry(t *testing.T) {
	t.Parallel()
	address, event := viewer(t)
	s := newService(t, with(sentry.WithSpotlight(address)))
	s.log.ErrorContext(t.Context(), "lost")
	if e := s.event(); e.Message != "lost" {
		t.Errorf("Sentry got %q", e.Message)
	}
	nested(t, event(), "threads")
}

func TestSpotlightThatDoesNotRunIsNoLoss(t *testing.T) {
	t.Parallel()
	closed := strings.TrimSuffix(strings.Replace(sentrytest.ClosedDSN(t), "publickey@", "", 1), "/1")
	s := newService(t, with(sentry.WithSpotlight(closed)))
	s.log.ErrorContext(t.Context(), "lost")
	s.event()
}
