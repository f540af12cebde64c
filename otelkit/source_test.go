package otelkit

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
)

// keeper is a processor that keeps the records themselves, as it may.
type keeper struct {
	recorder

	kept []*sdklog.Record
}

func (k *keeper) OnEmit(_ context.Context, r *sdklog.Record) error {
	k.kept = append(k.kept, r)
	return nil
}

// TestRecordsOfProcessors gives each record of a foreign processor memory of its
// own, though the handler would use it again.
func TestRecordsOfProcessors(t *testing.T) {
	t.Parallel()
	k := &keeper{}
	kit, _ := start(t, WithLogProcessor(k))
	for i := range 3 {
		kit.Logger("shop").Info(fmt.Sprint("event_", i), "n", i)
	}
	var got []string
	for _, r := range k.kept {
		got = append(got, r.Body().AsString())
	}
	if diff := cmp.Diff([]string{"event_0", "event_1", "event_2"}, got); diff != "" {
		t.Errorf("kept records (-want +got):\n%s", diff)
	}
}

// TestSourceLikeTheSDK emits one record by the handler and by a logger of the SDK
// and compares what processors see.
func TestSourceLikeTheSDK(t *testing.T) {
	t.Parallel()
	kit, rec := start(t, WithServiceName("shop"))
	ctx, span := kit.TracerProvider().Tracer("test").Start(t.Context(), "request")
	defer span.End()

	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	line := slog.NewRecord(at, slog.LevelWarn, "order_paid", 0)
	line.Add("n", 1, "tier", "gold", "a", 2, "b", 3, "c", 4, "d", 5)
	if err := kit.Logger("shop.payment").Handler().Handle(ctx, line); err != nil {
		t.Fatal(err)
	}
	var r log.Record
	r.SetTimestamp(at)
	r.SetObservedTimestamp(at)
	r.SetSeverity(log.SeverityWarn)
	r.SetSeverityText("WARN")
	r.SetBody(attribute.StringValue("order_paid"))
	r.AddAttributes(attribute.Int("n", 1), attribute.String("tier", "gold"),
		attribute.Int("a", 2), attribute.Int("b", 3), attribute.Int("c", 4), attribute.Int("d", 5))
	kit.LoggerProvider().Logger("shop.payment").Emit(ctx, r)

	if len(rec.records) != 2 {
		t.Fatalf("%d records, want 2", len(rec.records))
	}
	if diff := cmp.Diff(view(&rec.records[1]), view(&rec.records[0])); diff != "" {
		t.Errorf("record (-of the SDK +of the handler):\n%s", diff)
	}
}

func view(r *sdklog.Record) map[string]any {
	attrs := map[string]string{}
	for kv := range r.WalkAttributes {
		attrs[string(kv.Key)] = kv.Value.String()
	}
	return map[string]any{
		"times": []time.Time{r.Timestamp(), r.ObservedTimestamp()}, "severity": r.Severity(), "text": r.SeverityText(),
		"body": r.Body().String(), "attributes": attrs, "dropped": r.DroppedAttributes(), "event": r.EventName(),
		"ids": fmt.Sprint(r.TraceID(), r.SpanID(), r.TraceFlags()), "resource": r.Resource().String(),
		"scope": r.InstrumentationScope().Name,
	}
}

// TestSourceAfterShutdown hands nothing to processors that have ended, and does
// not mind loggers that are made then.
func TestSourceAfterShutdown(t *testing.T) {
	t.Parallel()
	rec := &recorder{}
	kit, err := Init(t.Context(), WithoutGlobals(), WithDiagnostics(io.Discard), WithConsole(ConsoleOff), WithLogProcessor(rec))
	if err != nil {
		t.Fatal(err)
	}
	before := kit.Logger("shop")
	before.Info("event")
	if err := kit.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	before.Error("too_late")
	kit.Logger("new").Error("too_late")
	if n := len(rec.records); n != 1 {
		t.Errorf("%d records, want 1", n)
	}
}

// TestLineMemory bounds what a line of five fields takes: the collection of
// garbage is most of what a line costs beside its own work.
func TestLineMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	defer receiver.Close()
	kit, err := Init(t.Context(), WithoutGlobals(), WithDiagnostics(io.Discard), WithEndpoint(receiver.URL), WithoutRuntimeMetrics())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kit.Shutdown(context.WithoutCancel(t.Context())) }()
	l := kit.Logger("shop")
	ctx := t.Context()
	const lines = 2000
	log := func() {
		for range lines {
			l.LogAttrs(ctx, slog.LevelInfo, "order_paid", slog.String("order_id", "ord-2f9c41"), slog.Int("items", 3),
				slog.String("tier", "gold"), slog.Float64("weight_kg", 12.75), slog.Bool("express", true))
		}
		if err := kit.ForceFlush(ctx); err != nil {
			t.Fatal(err)
		}
	}
	log() // buffers grow to their size
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	log()
	runtime.ReadMemStats(&after)
	got := (after.TotalAlloc - before.TotalAlloc) / lines
	if got > 250 { // about 100; 1,400 and more where each line is a record of the SDK
		t.Errorf("a line takes %d bytes", got)
	}
}

func TestLastOfEach(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ in, want string }{
		{"", ""}, {"a", "a"}, {"abc", "abc"}, {"aa", "a"}, {"abca", "bca"}, {"aabbcc", "abc"}, {"abab", "ab"},
	} {
		var kvs []attribute.KeyValue
		for i, c := range test.in {
			kvs = append(kvs, attribute.Int(string(c), i))
		}
		got := ""
		for _, kv := range lastOfEach(slices.Clone(kvs)) {
			got += string(kv.Key)
			if last := kvs[lastIndex(kvs, kv.Key)]; last != kv {
				t.Errorf("%q: %s is %v, want the last", test.in, kv.Key, kv.Value)
			}
		}
		if got != test.want {
			t.Errorf("%q: %q, want %q", test.in, got, test.want)
		}
	}
}

func lastIndex(kvs []attribute.KeyValue, key attribute.Key) int {
	for i := range slices.Backward(kvs) {
		if kvs[i].Key == key {
			return i
		}
	}
	return -1
}

// Memory that waits for the next line holds nothing of the last one.
func TestReleasedLineHoldsNothing(t *testing.T) {
	t.Parallel()
	l := &line{errs: []error{io.EOF}}
	l.Attributes = []attribute.KeyValue{attribute.String("a", "b"), attribute.String("c", "d")}
	attrs, errs := l.Attributes, l.errs
	l.release()
	if attrs[0].Valid() || attrs[1].Valid() || errs[0] != nil {
		t.Errorf("%v, %v", attrs, errs)
	}
}
