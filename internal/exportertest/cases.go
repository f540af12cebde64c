package exportertest

import (
	"context"
	"encoding/base64"
	"errors"
	"math"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/log"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"
)

// cases is what an exporter has to keep.
var cases = []struct {
	name string
	why  string
	run  func(testing.TB, *rig)
}{
	{"arrives", "a flush that returns nil has delivered what was recorded before it", arrives},
	{"scrubbed", "an exporter sends what scrub hands it, and nothing that it got hold of otherwise", scrubbed},
	{"shutdown delivers", "a service that ends properly loses nothing", shutdownDelivers},
	{"shutdown twice", "a deferred Shutdown and one by hand are no error", shutdownTwice},
	{"after shutdown", "what is recorded after Shutdown does no harm and goes nowhere", afterShutdown},
	{"one signal ends", "providers are shut down one after the other; the first must not silence the others", oneSignalEnds},
	{"refusing", "a receiver that refuses costs the recording call nothing", func(t testing.TB, r *rig) { suffers(t, r, Refusing) }},
	{"gone", "a receiver that is not there costs the recording call nothing", func(t testing.TB, r *rig) { suffers(t, r, Gone) }},
	{"hanging", "a receiver that hangs costs the recording call nothing", func(t testing.TB, r *rig) { suffers(t, r, Hanging) }},
	{"deadline", "ForceFlush and Shutdown keep their deadline, and say that they did not get through", deadline},
	{"cancelled", "ForceFlush and Shutdown with a context that is done return at once", cancelled},
	{"concurrent", "everything may be called at the same time", concurrent},
	{"zero values", "a record that says nothing, or what cannot be encoded, does not stop the others", zeroValues},
}

func arrives(t testing.TB, r *rig) {
	markers := manyMarkers(3)
	for _, m := range markers {
		r.record(t.Context(), m)
	}
	if err := r.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.missing(markers); err != nil {
		t.Error(err)
	}
	r.mustArrive(t, "after a flush")
}

func scrubbed(t testing.TB, r *rig) {
	marker := newMarker()
	plant(t.Context(), r, marker)
	if err := r.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !r.receiver.Contains(marker) {
		t.Fatal("nothing has arrived, so nothing is proved")
	}
	for _, form := range []string{Secret(), base64.StdEncoding.EncodeToString([]byte(Secret()))} {
		if r.receiver.Contains(form) {
			t.Errorf("the planted secret has arrived as %s…", form[:8])
		}
	}
}

// plant records a span, a log record and a measurement that hold the secret in
// every place that can hold text.
func plant(ctx context.Context, r *rig, marker string) {
	s := Secret()
	err := errors.New("cannot " + marker + " with " + s)
	attrs := []attribute.KeyValue{
		attribute.String("planted.string", "token "+s),
		attribute.StringSlice("planted.strings", []string{"one", s}),
		attribute.Slice("planted.mixed", attribute.IntValue(1), attribute.StringValue(s)),
		attribute.Map("planted.group", attribute.Map("deeper", attribute.String("token", s))),
		attribute.ByteSlice("planted.bytes", []byte(s)),
	}
	ctx, span := r.tracer.Start(ctx, "exercise "+marker+" "+s, trace.WithNewRoot(), trace.WithAttributes(attrs...))
	span.AddEvent("event "+s, trace.WithAttributes(attrs...))
	span.AddLink(trace.Link{SpanContext: span.SpanContext(), Attributes: attrs})
	span.RecordError(err)
	span.SetStatus(codes.Error, err.Error())
	r.log(ctx, marker+" "+s, err, attrs...)
	span.End()
	r.counter.Add(ctx, 1, metric.WithAttributes(append(attrs, attribute.String("marker", marker))...))
}

func shutdownDelivers(t testing.TB, r *rig) {
	marker := newMarker()
	r.record(t.Context(), marker)
	r.within(t, "Shutdown", func() {
		if err := errors.Join(r.metrics.ForceFlush(t.Context()), r.exporter.Shutdown(t.Context())); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	})
	if !r.receiver.Contains(marker) {
		t.Error("what was recorded before Shutdown has not arrived when it returns")
	}
}

func shutdownTwice(t testing.TB, r *rig) {
	r.record(t.Context(), newMarker())
	r.within(t, "Shutdown", func() {
		for range 2 {
			if err := r.exporter.Shutdown(t.Context()); err != nil {
				t.Errorf("Shutdown: %v", err)
			}
		}
		_ = r.exporter.ForceFlush(t.Context())
	})
}

func afterShutdown(t testing.TB, r *rig) {
	if err := r.exporter.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	marker := newMarker()
	r.within(t, "recording after Shutdown", func() {
		r.record(t.Context(), marker)
		_ = r.flush(t.Context()) // may say that it is too late
	})
	if r.receiver.Contains(marker) {
		t.Error("what was recorded after Shutdown has arrived")
	}
}

func oneSignalEnds(t testing.TB, r *rig) {
	if r.exporter.LogProcessor() == nil || r.exporter.SpanProcessor() == nil {
		return // there is no other signal
	}
	r.within(t, "shutting down the TracerProvider", func() {
		if err := r.spans.Shutdown(t.Context()); err != nil {
			t.Errorf("TracerProvider.Shutdown: %v", err)
		}
	})
	marker := newMarker()
	r.log(t.Context(), marker, errors.New("cannot "+marker))
	if err := r.exporter.ForceFlush(t.Context()); err != nil {
		t.Errorf("ForceFlush: %v", err)
	}
	if !r.receiver.Contains(marker) {
		t.Error("a log record has not arrived after the TracerProvider was shut down")
	}
}

// suffers holds that recording goes on while the receiver is at fault, and
// that delivery resumes afterwards.
func suffers(t testing.TB, r *rig, f Fault) {
	r.receiver.Break(f)
	r.within(t, "recording while the receiver is "+f.String(), func() {
		for range 100 {
			r.record(t.Context(), newMarker())
		}
	})
	r.receiver.Break(Healthy)
	marker := newMarker()
	r.record(t.Context(), marker)
	ctx, cancel := context.WithTimeout(t.Context(), 3*r.watchdog)
	defer cancel()
	_ = r.flush(ctx) // may still fail; what counts is that it arrives
	if err := r.receiver.WaitFor(ctx, marker); err != nil {
		t.Errorf("nothing arrives after the receiver was %v: %v", f, err)
	}
}

func deadline(t testing.TB, r *rig) {
	r.receiver.Break(Hanging)
	r.record(t.Context(), newMarker())
	checkDeadline(t, r, "ForceFlush", r.exporter.ForceFlush)
	checkDeadline(t, r, "Shutdown", r.exporter.Shutdown)
}

func checkDeadline(t testing.TB, r *rig, name string, f func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	r.within(t, name, func() {
		if err := f(ctx); err == nil {
			t.Errorf("%s returned nil although the receiver hangs", name)
		}
	})
}

func cancelled(t testing.TB, r *rig) {
	r.receiver.Break(Hanging)
	r.record(t.Context(), newMarker())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r.within(t, "ForceFlush and Shutdown", func() {
		_ = r.exporter.ForceFlush(ctx)
		_ = r.exporter.Shutdown(ctx)
	})
}

func concurrent(t testing.TB, r *rig) {
	const goroutines, each = 8, 10
	markers := manyMarkers(goroutines * each)
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			for i := range each {
				r.record(t.Context(), markers[g*each+i])
			}
			_ = r.flush(t.Context())
		})
	}
	r.within(t, "concurrent recording and flushing", all.Wait)
	if err := r.flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := r.missing(markers); err != nil {
		t.Error(err)
	}
	all.Go(func() { r.record(t.Context(), newMarker()) })
	all.Go(func() { _ = r.flush(t.Context()) })
	for range 2 {
		all.Go(func() { _ = r.exporter.Shutdown(t.Context()) })
	}
	r.within(t, "recording, flushing and shutting down at the same time", all.Wait)
}

func zeroValues(t testing.TB, r *rig) {
	r.logger.Emit(t.Context(), log.Record{})
	_, span := r.tracer.Start(t.Context(), "")
	span.End()

	odd := []attribute.KeyValue{
		{},
		{Key: "empty"},
		attribute.String("", ""), attribute.String("invalid", "\xff\xfe"),
		attribute.Float64("nan", math.NaN()), attribute.Float64("inf", math.Inf(-1)),
		attribute.Map("map"), attribute.Slice("slice"), attribute.ByteSlice("bytes", nil), attribute.StringSlice("strings", nil),
	}
	ctx, span := r.tracer.Start(t.Context(), "\xff", trace.WithAttributes(odd...))
	span.AddEvent("", trace.WithAttributes(odd...))
	span.AddLink(trace.Link{})
	span.SetStatus(codes.Error, "")
	var rec log.Record
	rec.SetSeverity(-1)
	rec.SetSeverityText("\xff")
	rec.SetBody(attribute.MapValue(odd...))
	rec.AddAttributes(odd...)
	r.logger.Emit(ctx, rec)
	span.End()
	r.counter.Add(ctx, 0)

	r.mustArrive(t, "after zero values")
}
