package otelkittest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/otelkit/otelkit-go/otelkit"
)

// failed is a testing.TB that notes whether the test would have failed.
type failed struct {
	testing.TB
	errors []string
}

func (f *failed) Error(args ...any) { f.errors = append(f.errors, args[0].(string)) }

// What was recorded nowhere breaks no convention and has no story.
func TestNothingRecorded(t *testing.T) {
	t.Parallel()
	kit := New(t)
	// The middleware works for the kit of the process, as nobody has said otherwise.
	h := otelkit.HTTPMiddleware()(http.NotFoundHandler())
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	f := &failed{TB: t}
	kit.AssertConventions(f)
	kit.tb = f
	_ = kit.Story()
	if len(f.errors) != 2 || !strings.Contains(f.errors[0], "WithKit") {
		t.Errorf("failures %q", f.errors)
	}
	kit.tb = t

	counter, err := kit.MeterProvider().Meter("shop").Int64Counter("shop.orders")
	if err != nil {
		t.Fatal(err)
	}
	counter.Add(t.Context(), 1)
	if story := kit.Story(); !strings.Contains(story, "shop.orders") {
		t.Errorf("story %s", story)
	}
}

// A story waits for spans that are about to end, and names those that do not.
func TestStoryOfOpenSpans(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		kit := New(t)
		tracer := kit.TracerProvider().Tracer("shop")
		ctx, outer := tracer.Start(t.Context(), "outer")
		_, inner := tracer.Start(ctx, "inner")
		if got, want := kit.Story(), "spans that are still open\n  outer\n  inner\n"; got != want {
			t.Error(cmp.Diff(want, got))
		}
		go func() {
			inner.End()
			outer.End()
		}()
		if got, want := kit.Story(), "span outer\n  span inner\n"; got != want {
			t.Error(cmp.Diff(want, got))
		}
	})
}

// Only what is an id of the kit is levelled, not all that has the form of one.
func TestStoryLevelsItsOwnIDs(t *testing.T) {
	t.Parallel()
	kit := New(t)
	ctx, span := kit.TracerProvider().Tracer("shop").Start(t.Context(), "pay")
	sc := span.SpanContext()
	kit.Logger("shop").InfoContext(ctx, "order_paid", "amount", int64(1234567890123456), "hash", "deadbeefdeadbeefdeadbeefdeadbeef",
		"trace", sc.TraceID().String(), "under", sc.SpanID().String())
	span.End()
	want := strings.Join([]string{
		"span pay", "  INFO  order_paid", "      amount: 1234567890123456", "      hash: deadbeefdeadbeefdeadbeefdeadbeef",
		"      trace: <trace 1>", "      under: <span 1>", "",
	}, "\n")
	if diff := cmp.Diff(want, kit.Story()); diff != "" {
		t.Error(diff)
	}
}
