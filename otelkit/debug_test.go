package otelkit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// DEBUG lines are exported if the request fails, the last ones of them, in order
// and with the time at which they were logged; and not otherwise.
func TestDebugOnError(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		status int
		value  any // to panic with
		want   []string
	}{
		{"succeeds", 200, nil, nil},
		{"client's fault", 404, nil, nil},
		{"fails", 500, nil, []string{"DEBUG step_2", "DEBUG step_3", "DEBUG step_4"}},
		{"panics", 0, "boom", []string{"DEBUG step_2", "DEBUG step_3", "DEBUG step_4"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, WithDebugOnError(3))
			h := HTTPMiddleware(WithKit(s.kit))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				log := s.kit.Logger("shop")
				for i := range 5 {
					log.DebugContext(r.Context(), fmt.Sprintf("step_%d", i), "i", i)
				}
				log.Log(r.Context(), slog.LevelDebug-4, "below_debug")
				if test.value != nil {
					panic(test.value)
				}
				w.WriteHeader(test.status)
			}))
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
			story := s.story()
			if diff := cmp.Diff(test.want, slices.Clip(story[1:len(story)-1]), cmp.Transformer("none", func(s []string) []string { return append([]string{}, s...) })); diff != "" {
				t.Error(diff)
			}
			if n := s.kit.kept.Load(); n != 0 {
				t.Errorf("%d lines are still kept", n)
			}
			if test.want == nil {
				return
			}
			all := s.lines.all()
			first, last := all[1], all[len(all)-1]
			if first["i"] != int64(2) || first["request_id"] != last["request_id"] || first["trace_id"] != last["trace_id"] {
				t.Errorf("a line that was kept: %v", first)
			}
			if last["debug_lines_lost"] != int64(2) {
				t.Errorf("debug_lines_lost = %v, want 2", last["debug_lines_lost"])
			}
		})
	}
}

// Without a scope, or without the option, nothing is kept, and Enabled says so.
func TestDebugIsNotKept(t *testing.T) {
	t.Parallel()
	s := newService(t, WithDebugOnError(3))
	if s.kit.Logger("shop").Enabled(t.Context(), slog.LevelDebug) {
		t.Error("DEBUG is enabled outside of a request")
	}
	plain := newService(t)
	HTTPMiddleware(WithKit(plain.kit))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if plain.kit.Logger("shop").Enabled(r.Context(), slog.LevelDebug) {
			t.Error("DEBUG is enabled without the option")
		}
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
}

// All rings together are bounded too.
func TestDebugIsBounded(t *testing.T) {
	t.Parallel()
	s := newService(t, WithDebugOnError(maxKept))
	first, second := s.kit.newRing(), s.kit.newRing()
	for range maxKept {
		first.add(keptLine{})
	}
	second.add(keptLine{})
	if n := s.kit.kept.Load(); n != maxKept || len(second.lines) != 0 || second.lost != 1 {
		t.Errorf("%d lines are kept, %d in the second ring, %d lost", n, len(second.lines), second.lost)
	}
	first.close(false)
	second.add(keptLine{})
	if len(second.lines) != 1 {
		t.Error("there is no room when the first ring has gone")
	}
	second.close(false)
	second.add(keptLine{})
	if n := s.kit.kept.Load(); n != 0 {
		t.Errorf("%d lines are kept by rings that are closed", n)
	}
}

// With sampled logs, what matters is exported whatever the sampler says, and
// Sentry has its story.
func TestSampledLogs(t *testing.T) {
	t.Parallel()
	for _, sampled := range []bool{false, true} {
		sampler := sdktrace.NeverSample()
		if sampled {
			sampler = sdktrace.AlwaysSample()
		}
		s := newService(t, WithSampledLogs(), WithDebugOnError(10), WithSampler(sampler))
		log := s.kit.Logger("shop")
		log.Info("outside")
		ctx, span := s.kit.TracerProvider().Tracer("test").Start(t.Context(), "work")
		log.InfoContext(ctx, "inside")
		log.WarnContext(ctx, "odd")
		_ = RunTask(s.kit.Context(ctx), "job", nil, func(ctx context.Context) error {
			log.DebugContext(ctx, "detail")
			return errors.New("out of paper")
		})
		span.End()
		want := []string{"INFO outside", "WARN odd", "DEBUG detail", "ERROR task_failed"}
		if sampled {
			want = []string{"INFO outside", "INFO inside", "WARN odd", "INFO task_started", "DEBUG detail", "ERROR task_failed"}
		}
		checkTitles(t, s.titles(t), []string{"error out of paper"})
		if diff := cmp.Diff(want, s.story()); diff != "" {
			t.Errorf("sampled %v: %s", sampled, diff)
		}
		if crumbs := s.issues.Events()[0].Breadcrumbs; len(crumbs) == 0 || crumbs[0].Message != "inside" {
			t.Errorf("sampled %v: breadcrumbs %v", sampled, crumbs)
		}
	}
}
