package otelkit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/otelkit/otelkit-go/otelkit"
)

// line returns the only line of event.
func (o *observed) line(t *testing.T, event string) map[string]string {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	var found []map[string]string
	for _, l := range o.lines {
		if l["msg"] == event {
			found = append(found, l)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%s was logged %d times", event, len(found))
	}
	return found[0]
}

var errSold = errors.New("sold out")

// Each way in which a task can end.
func TestTaskOutcomes(t *testing.T) {
	t.Parallel()
	const started = "INFO task_started"
	for _, test := range []struct {
		name   string
		run    func(context.Context) error
		story  []string
		has    map[string]string
		absent []string
		err    string
		status codes.Code
		issues []string
	}{
		{
			name: "succeeded", run: func(context.Context) error { return nil },
			story: []string{started, "INFO task_succeeded"}, absent: []string{"error", "reason", "exception.type"},
		},
		{
			name: "failed", run: func(context.Context) error { return fmt.Errorf("charge: %w", errGone) },
			story: []string{started, "ERROR task_failed"}, err: "charge: disk gone",
			has:    map[string]string{"error": "charge: disk gone", "exception.message": "charge: disk gone"},
			status: codes.Error, issues: []string{"error charge: disk gone"},
		},
		{
			name: "failed with what was captured", run: store,
			story: []string{started, "ERROR exception_captured", "ERROR task_failed"}, err: "disk gone",
			status: codes.Error, issues: []string{"error disk gone"},
		},
		{
			name: "captured, and yet no error", run: func(ctx context.Context) error { _ = store(ctx); return nil },
			story: []string{started, "ERROR exception_captured", "ERROR task_failed"}, has: map[string]string{"error": "disk gone"},
			status: codes.Error, issues: []string{"error disk gone"},
		},
		{
			name: "expected", run: func(context.Context) error { return fmt.Errorf("reserve: %w", errSold) },
			story: []string{started, "INFO task_failed"}, err: "reserve: sold out",
			has: map[string]string{"error": "reserve: sold out"}, absent: []string{"exception.stacktrace", "exception.type"},
		},
		{
			name: "retrying", run: func(context.Context) error { return otelkit.Retry(errGone) },
			story: []string{started, "WARN task_retrying"}, err: "disk gone", has: map[string]string{"reason": "disk gone"},
		},
		{
			name: "panic", run: func(context.Context) error { breakDown(); return nil },
			story: []string{started, "ERROR task_failed"}, err: "panic: boom",
			status: codes.Error, issues: []string{"fatal string: boom"},
		},
		{
			name: "panic with a nil error", run: func(context.Context) error { panic(nilError()) },
			story: []string{started, "ERROR task_failed"}, err: "panic: panic called with nil argument",
			status: codes.Error, issues: []string{"fatal nil"},
		},
		{
			name: "cancelled", run: func(ctx context.Context) error { return fmt.Errorf("wait: %w", ctx.Err()) },
			story: []string{started, "WARN task_cancelled"}, err: "wait: context canceled", has: map[string]string{"reason": "context canceled"},
		},
		{
			name: "cancelled, and done all the same", run: func(context.Context) error { return nil },
			story: []string{started, "INFO task_succeeded"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := observe(t)
			ctx, cancel := context.WithCancel(o.ctx)
			defer cancel()
			if strings.HasPrefix(test.name, "cancelled") {
				cancel()
			}
			envelope := map[string]string{"otelkit-task-id": "t-1"}
			err := otelkit.RunTask(ctx, "bill_order", envelope, test.run, otelkit.WithExpectedErrors(errSold), otelkit.WithAttempt(2))
			if fmt.Sprint(err) != wantError(test.err) {
				t.Errorf("error %v, want %s", err, test.err)
			}
			if got := otelkit.IsRetry(err); got != (test.name == "retrying") {
				t.Errorf("IsRetry(%v) = %v", err, got)
			}
			checkIssues(t, o, test.issues)
			if diff := cmp.Diff(test.story, o.story()); diff != "" {
				t.Error(diff)
			}
			last := o.lines[len(o.lines)-1]
			for key, want := range test.has {
				if last[key] != want {
					t.Errorf("%s = %q, want %q", key, last[key], want)
				}
			}
			for _, key := range test.absent {
				if v, ok := last[key]; ok {
					t.Errorf("%s = %q, want none", key, v)
				}
			}
			for _, l := range o.lines {
				if l["task"] != "bill_order" || l["task_id"] != "t-1" || l["attempt"] != "2" {
					t.Errorf("%s: %v", l["msg"], l)
				}
			}
			if last["duration_ms"] == "" || o.lines[0]["duration_ms"] != "" {
				t.Error("the last line, and no other, has a duration")
			}
			span := o.spans.Ended()[0]
			if span.Name() != "run bill_order" || span.SpanKind() != trace.SpanKindConsumer || span.Status().Code != test.status {
				t.Errorf("span %q, %v, %v", span.Name(), span.SpanKind(), span.Status())
			}
			if want := len(test.issues); len(span.Events()) != want {
				t.Errorf("%d exceptions on the span, want %d", len(span.Events()), want)
			}
		})
	}
}

// checkIssues wants as many issues as there are words to find in them.
func checkIssues(t *testing.T, o *observed, want []string) {
	t.Helper()
	var got []string
	for _, e := range o.sent(t) {
		got = append(got, e.Level+" "+e.Title())
	}
	if len(got) != len(want) {
		t.Fatalf("issues %q, want %q", got, want)
	}
	for i := range want {
		level, words, _ := strings.Cut(want[i], " ")
		if !strings.HasPrefix(got[i], level+" ") || !strings.Contains(got[i], words[strings.LastIndex(words, ": ")+1:]) {
			t.Errorf("issue %q, want %q", got[i], want[i])
		}
	}
}

// What is bound where a task is enqueued is on the lines of the task, scrubbed,
// with its type; and what must not be published is not.
func TestTaskEnvelope(t *testing.T) {
	t.Parallel()
	for _, parented := range []bool{false, true} {
		o := observe(t, otelkit.WithIDs(func() string { return "id-1" }))
		ctx, end := o.start("request")
		ctx = otelkit.Bind(ctx, "user_id", "u1", "cart", 3, "vip", true, "rate", 0.5, "password", "pa55"+"word",
			"tenant", "t1", "request_id", "r1", "correlation_id", "c1", slog.Group("group", "a", 1))
		var published map[string]string
		publish := func(_ context.Context, envelope map[string]string) error {
			published = maps.Clone(envelope)
			return nil
		}
		if err := otelkit.EnqueueTask(ctx, "bill_order", publish, otelkit.WithEnvelopeFilter(func(e map[string]string) {
			delete(e, "otelkit-bound-tenant")
		})); err != nil {
			t.Fatal(err)
		}
		end()
		keys := slices.Sorted(maps.Keys(published))
		if diff := cmp.Diff([]string{
			"otelkit-bound-cart", "otelkit-bound-correlation_id", "otelkit-bound-password", "otelkit-bound-rate",
			"otelkit-bound-user_id", "otelkit-bound-vip", "otelkit-task-id", "traceparent",
		}, keys); diff != "" {
			t.Error(diff)
		}
		if strings.Contains(fmt.Sprint(published), "pa55"+"word") {
			t.Errorf("a password was published: %v", published)
		}

		var opts []otelkit.TaskOption
		if parented {
			opts = append(opts, otelkit.WithTaskParent())
		}
		if err := otelkit.RunTask(o.ctx, "bill_order", published, func(context.Context) error { return nil }, opts...); err != nil {
			t.Fatal(err)
		}
		enqueued, succeeded := o.line(t, "task_enqueued"), o.line(t, "task_succeeded")
		for key, want := range map[string]string{"user_id": "u1", "cart": "3", "vip": "true", "rate": "0.5", "correlation_id": "c1", "task_id": "id-1"} {
			if succeeded[key] != want || enqueued[key] != want {
				t.Errorf("%s: %q where it was enqueued, %q where it ran, want %q", key, enqueued[key], succeeded[key], want)
			}
		}
		if succeeded["tenant"] != "" || succeeded["request_id"] != "" {
			t.Errorf("tenant %q, request_id %q", succeeded["tenant"], succeeded["request_id"])
		}
		producer, consumer := o.spans.Ended()[0], o.spans.Ended()[2]
		if producer.Name() != "enqueue bill_order" || producer.SpanKind() != trace.SpanKindProducer {
			t.Errorf("span %q, %v", producer.Name(), producer.SpanKind())
		}
		if parented != (consumer.Parent().SpanID() == producer.SpanContext().SpanID()) {
			t.Errorf("parented %v: parent %v", parented, consumer.Parent().SpanID())
		}
		if linked := len(consumer.Links()) == 1 && consumer.Links()[0].SpanContext.SpanID() == producer.SpanContext().SpanID(); linked == parented {
			t.Errorf("parented %v: links %v", parented, consumer.Links())
		}
	}
}

// An envelope may have been anywhere.
func TestTaskEnvelopeIsNotTrusted(t *testing.T) {
	t.Parallel()
	o := observe(t, otelkit.WithIDs(func() string { return "made" }))
	envelope := map[string]string{
		"otelkit-task-id": "two words", "traceparent": "nonsense", "otelkit-bound-a": "{", "otelkit-bound-b": `{"c":1}`,
		"otelkit-bound-long": `"` + strings.Repeat("x", 2000) + `"`, "otelkit-bound-bad key": "1", "otelkit-bound-ok": "1",
	}
	for i := range 1000 {
		envelope[fmt.Sprintf("otelkit-bound-z%d", i)] = "1"
	}
	if err := otelkit.RunTask(o.ctx, "t", envelope, func(context.Context) error { return nil }); err != nil {
		t.Fatal(err)
	}
	l := o.line(t, "task_started")
	if l["task_id"] != "made" || l["ok"] != "1" || l["long"] != "" || l["a"] != "" || l["b"] != "" || l["bad key"] != "" || len(l) > 70 {
		t.Errorf("%d attributes: %v", len(l), l)
	}
}

func TestTaskNotEnqueued(t *testing.T) {
	t.Parallel()
	o := observe(t)
	err := otelkit.EnqueueTask(o.ctx, "bill_order", func(context.Context, map[string]string) error { return errGone })
	if !errors.Is(err, errGone) {
		t.Errorf("error %v", err)
	}
	if l := o.line(t, "task_enqueue_failed"); l["level"] != "WARN" || l["error"] != "disk gone" || l["task"] != "bill_order" {
		t.Errorf("line %v", l)
	}
	if s := o.spans.Ended()[0].Status(); s.Code != codes.Error {
		t.Errorf("status %v", s)
	}
}

// Late attributes of a task belong to it alone.
func TestTaskScope(t *testing.T) {
	t.Parallel()
	o := observe(t)
	run := func(ctx context.Context) error {
		otelkit.BindScope(ctx, "order", 7)
		return otelkit.RunTask(ctx, "inner", nil, func(ctx context.Context) error {
			otelkit.BindScope(ctx, "inner_only", 1)
			return nil
		})
	}
	if err := otelkit.RunTask(o.ctx, "outer", nil, run); err != nil {
		t.Fatal(err)
	}
	inner, outer := o.lines[2], o.lines[3]
	if inner["order"] != "7" || inner["inner_only"] != "1" || inner["task"] != "inner" || outer["order"] != "7" || outer["inner_only"] != "" || outer["task"] != "outer" {
		t.Errorf("inner %v\nouter %v", inner, outer)
	}
}

func wantError(text string) string {
	if text == "" {
		return "<nil>"
	}
	return text
}
